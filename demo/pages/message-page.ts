import { html } from '../server/html.ts';
import { brand, layout, type PageContext } from './layout.ts';

/** A page that says one thing, such as "not found", and leads back. */
export function messagePage(context: PageContext, title: string, text: string): string {
  return layout(context, {
    title,
    kind: 'message',
    body: html`<header class="bar">${brand(context)}</header>
      <main>
        <div class="title"><h1>${title}</h1></div>
        <p>${text} <a href="/">${context.words.back}</a></p>
      </main>`,
  });
}
