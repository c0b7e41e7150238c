// As a page of Next.js or Remix would: what the page imports is imported on the server too, the elements' definitions included.
import '@prospect-live/widgets/define';
import { renderToString } from 'react-dom/server';
import { App, type PageProps } from './app.tsx';

/** The page's HTML. */
export function render(props: PageProps): string {
  return renderToString(<App {...props} />);
}
