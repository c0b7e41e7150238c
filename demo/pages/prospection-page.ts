import type { DayFigures, Door } from '../server/doors.ts';
import { VISIT_STATES } from '../server/doors.ts';
import { type Html, html } from '../server/html.ts';
import type { CommercialPerson } from '../server/people.ts';
import { streamButton, widgetScripts } from './embed.ts';
import { avatar, brand, layout, type PageContext } from './layout.ts';
import type { DemoWords } from './words.ts';

interface ProspectionPage {
  readonly person: CommercialPerson;
  readonly token: string;
  readonly doors: readonly Door[];
  readonly figures: DayFigures;
}

/** The commercial's page, made for a phone in the hand: today's doors, and the button. */
export function prospectionPage(context: PageContext, { person, token, doors, figures }: ProspectionPage): string {
  const { words } = context;
  return layout(context, {
    title: `${words.doors_title} · ${person.name}`,
    kind: 'field',
    head: html`${widgetScripts(context)}<script type="module" src="/public/doors.js"></script>`,
    body: html`<header class="bar">
        ${brand(context)}
        <span class="who">${avatar(person.name)}<span class="who-name">${person.name}<small>${person.equipe}</small></span></span>
      </header>
      <main>
        <div class="title">
          <h1>${words.doors_title}</h1>
          <p>${words.sector} ${person.sector}</p>
        </div>
        <dl class="figures" aria-label="${words.my_day}">
          ${figure('visited', words.visited, figures.visited, `/ ${figures.total}`)}
          ${figure('interested', words.interested, figures.interested)}
          ${figure('signed', words.signed, figures.signed)}
        </dl>
        <progress class="progress" max="${figures.total}" value="${figures.visited}" aria-label="${words.doors_visited}"></progress>
        <h2>${words.my_doors}</h2>
        <ul class="doors">
          ${doors.map((door) => doorRow(door, words))}
        </ul>
        <p class="more"><a href="transparency">${words.transparency_link}</a></p>
        ${streamButton(context, token)}
      </main>`,
  });
}

function figure(key: string, label: string, value: number, rest = ''): Html {
  return html`<div class="figure">
    <dt>${label}</dt>
    <dd><strong data-figure="${key}">${value}</strong> ${rest}</dd>
  </div>`;
}

function doorRow(door: Door, words: DemoWords): Html {
  return html`<li class="door">
    <span class="door-where"><strong>${door.address}</strong><small>${door.detail}</small></span>
    <span class="door-when"><time>${door.visitedAt ?? ''}</time></span>
    <select class="chip" name="etat" data-door="${door.number}" data-state="${door.state}" aria-label="${words.result_of} ${door.address}">
      ${VISIT_STATES.map(
        (state) =>
          html`<option value="${state}"${state === door.state ? html` selected` : null}>${words[`visit_${state}`]}</option>`,
      )}
    </select>
  </li>`;
}
