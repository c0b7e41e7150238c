import { type Html, html } from '../server/html.ts';
import { type PageContext, WIDGETS_PATH } from './layout.ts';

/**
 * What a host puts into `<head>`: the widgets' script, served by the relay so that it always fits, and the few lines
 * that renew the token. `crossorigin` is implied by `type="module"`.
 */
export function widgetScripts(context: PageContext): Html | null {
  if (!context.relay) return null;
  return html`<script type="module" src="${context.relay.origin}${WIDGETS_PATH}"></script>
    <script type="module" src="/public/token-refresh.js"></script>
    ${context.sealed ? html`<script type="module" src="/public/sealed.js"></script>` : null}`;
}

/** `relay-url` is needed only where the relay is not at its usual port of the page's own host name. */
function relayUrl(context: PageContext): Html | null {
  return context.relay && !context.relay.isDefault ? html` relay-url="${context.relay.origin}"` : null;
}

/** The commercial's element. */
export function streamButton(context: PageContext, token: string): Html {
  return html`<prospect-stream-button token="${token}"${relayUrl(context)}></prospect-stream-button>`;
}

/** The admin's element. */
export function listenPanel(context: PageContext, token: string): Html {
  return html`<prospect-listen-panel token="${token}"${relayUrl(context)}></prospect-listen-panel>`;
}
