import { createReadStream } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import { NOT_LISTENING } from '../../widgets/sessions/listening-parts.ts';
import { NOT_STREAMING } from '../../widgets/sessions/streaming-parts.ts';
import { listeningStates, PRESSED, streamingStates } from '../../widgets/ui/testing/fake-sessions.ts';
import { freePort } from './network/free-port.ts';

const DIST = fileURLToPath(new URL('../../widgets/dist/', import.meta.url));

/** How a page with the elements is looked at. */
export interface StateView {
  readonly lang: string;
  readonly dir?: 'ltr' | 'rtl';
  /** Of the pages around the elements; light when left out. */
  readonly scheme?: 'light' | 'dark';
  /** Of the place that each element gets, which is a window of its own for what is fixed in it. */
  readonly width: number;
  readonly height?: number;
  readonly buttons?: readonly string[];
  readonly panels?: readonly string[];
}

/** The built bundles, served to pages of tests that want the elements in states which only a fake session has at will. */
export class StatePages {
  readonly #server: Server;
  /** Of an empty page beside the bundles. */
  readonly url: string;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<StatePages> {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      if (!/^\/(?:(?:locales|parts)\/)?[\w.-]+\.js$/.test(path)) {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end('<!doctype html><title>States</title><body></body>');
        return;
      }
      response.setHeader('content-type', 'text/javascript; charset=utf-8');
      createReadStream(DIST + path.slice(1))
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return new StatePages(server, port);
  }

  /** A page with one element for each state, in boxes one beside the other, when all have their words. */
  async open(browser: Browser, view: StateView): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(this.url);
    const buttons = Object.entries(streamingStates())
      .filter(([name]) => view.buttons?.includes(name) ?? true)
      .map(([name, state]): State => [name, { ...NOT_STREAMING, ...state }]);
    const panels = Object.entries(listeningStates())
      .filter(([name]) => view.panels?.includes(name) ?? true)
      .map(([name, state]): State => [name, { ...NOT_LISTENING, ...state }]);
    await page.evaluate(mountStates, { ...view, buttons, panels, pressed: PRESSED });
    return page;
  }

  /** An empty page beside the bundles. */
  async empty(browser: Browser): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(this.url);
    return page;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

type State = [name: string, state: object];
type Mount = Omit<StateView, 'buttons' | 'panels'> &
  Record<'buttons' | 'panels', readonly State[]> & { readonly pressed: typeof PRESSED };

/** Runs in the page. Each element has a frame of its own, which is its window. */
async function mountStates({
  lang,
  dir = 'ltr',
  scheme = 'light',
  width,
  height = 620,
  buttons,
  panels,
  pressed,
}: Mount): Promise<void> {
  document.body.style.cssText =
    'margin: 0; display: flex; flex-wrap: wrap; gap: 12px; padding: 12px; background: Canvas';
  document.documentElement.style.colorScheme = scheme;
  const nothing = () => undefined;
  const idle = new Proxy({}, { get: () => nothing });
  const session = (state: object) =>
    new Proxy(
      {},
      {
        get(_, name) {
          if (name === 'ear' || name === 'whisper') return idle;
          return name === 'getState' ? () => state : () => nothing;
        },
      },
    );
  const address = '/prospect-live.js';
  const show = async (tag: string, [name, state]: State) => {
    const frame = document.createElement('iframe');
    frame.title = `${tag} ${name}`;
    frame.style.cssText = `width: ${width}px; height: ${height}px; border: 1px dashed gray`;
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    frame.src = '/frame';
    document.body.append(frame);
    await loaded;
    const { contentDocument: inner, contentWindow: view } = frame;
    if (!inner || !view) throw new Error('no frame');
    Object.assign(inner.documentElement, { lang, dir });
    inner.documentElement.style.colorScheme = scheme;
    inner.body.style.margin = '0';
    const load = Reflect.get(view, 'eval') as (code: string) => Promise<Record<string, unknown>>;
    const module = await load(`import('${address}')`);
    const type = module[tag === 'prospect-stream-button' ? 'ProspectStreamButton' : 'ProspectListenPanel'];
    await (module.setLocale as (locale: string) => Promise<void>)(lang);
    Reflect.set(type as object, 'sessionFactory', () => session(state));
    const element = inner.createElement(tag);
    if (tag.endsWith('panel')) element.style.height = '100vh';
    inner.body.append(element);
    await Reflect.get(element, 'updateComplete');
    // What a policy brings, and what is opened, is loaded when it is wanted, and rows come a frame later: all is looked at when it is there.
    const [presses, opened] = pressed[name] ?? [[], null];
    const people = (Reflect.get(state, 'commercials') as readonly unknown[] | undefined)?.length ?? 0;
    const rows = people > 0 ? '.row' : null;
    const shown = opened ?? (Reflect.get(state, 'policy') ? '[part=card], [part=terms], [part=barred]' : rows);
    if (!shown) return;
    const find = (selector: string) => element.shadowRoot?.querySelector<HTMLElement>(selector);
    for (let wait = 0; wait < 250 && !find(shown); wait += 1) {
      presses.map(find).find(Boolean)?.click();
      await new Promise((done) => setTimeout(done, 20));
    }
    await new Promise((done) => setTimeout(done, 50));
  };
  for (const state of buttons) await show('prospect-stream-button', state);
  for (const state of panels) await show('prospect-listen-panel', state);
}
