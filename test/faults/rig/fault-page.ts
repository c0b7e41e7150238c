import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import { newWatchedPage } from '../../harness/browser.ts';
import type { Flow } from '../../harness/network/flow.ts';
import type { ImpairedLink } from '../../harness/network/impaired-link.ts';
import { waitUntil } from '../../harness/wait.ts';
import {
  type AudioDelta,
  type AudioSample,
  audioDelta,
  heardAgainAt,
  longestSilence,
} from '../measure/audio-timeline.ts';
import { installPageProbe } from '../measure/page-probe.ts';

export type Tag = 'prospect-stream-button' | 'prospect-listen-panel';

export interface FaultPageOptions {
  readonly browser: Browser | BrowserContext;
  readonly tag: Tag;
  /** The host page. */
  readonly url: string;
  readonly token: string;
  /** The page's own way to the relay's signalling. */
  readonly signalling: ImpairedLink;
}

/** One element in a page of its own, with its own way to the relay, watched from its first moment. */
export class FaultPage {
  readonly page: Page;
  readonly tag: Tag;
  readonly signalling: ImpairedLink;
  /** Console errors and uncaught errors so far. */
  readonly problems: string[];
  readonly #ufrags = new Set<string>();
  readonly #samples: AudioSample[] = [];

  static async open(options: FaultPageOptions): Promise<FaultPage> {
    const { page, problems } = await newWatchedPage(options.browser);
    const opened = new FaultPage(page, problems, options);
    await page.exposeFunction('faultProbeUfrag', (ufrag: string) => void opened.#ufrags.add(ufrag));
    await page.evaluateOnNewDocument(installPageProbe);
    await page.goto(options.url);
    await page.evaluate(
      (tag, token, relayUrl) => {
        const element = document.createElement(tag);
        element.setAttribute('lang', 'en');
        element.setAttribute('relay-url', relayUrl);
        element.setAttribute('token', token);
        document.body.append(element);
      },
      options.tag,
      options.token,
      `http://${options.signalling.host}:${options.signalling.port}`,
    );
    return opened;
  }

  private constructor(page: Page, problems: string[], { tag, signalling }: FaultPageOptions) {
    this.page = page;
    this.problems = problems;
    this.tag = tag;
    this.signalling = signalling;
  }

  /** True for the media flows of this page. */
  readonly owns = (flow: Flow): boolean => flow.ufrag !== null && this.#ufrags.has(flow.ufrag);

  /** The element's `state`. */
  async state(): Promise<string> {
    return this.page.$eval(this.tag, (element) => element.getAttribute('state') ?? '');
  }

  async waitForState(wanted: string | readonly string[], timeoutMs = 30_000): Promise<void> {
    const accepted = typeof wanted === 'string' ? [wanted] : wanted;
    let state = '';
    try {
      await waitUntil(
        accepted.join(' or '),
        async () => {
          state = await this.state();
          return accepted.includes(state);
        },
        timeoutMs,
      );
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`${this.tag} is "${state}": ${why}\n${this.problems.join('\n')}`, { cause: error });
    }
  }

  /** Every state that the element had since a moment (milliseconds since the epoch), the one at that moment first. */
  async statesSince(from: number): Promise<string[]> {
    const states = await this.page.evaluate(() => faultProbe.states.map(({ at, state }) => ({ at, state })));
    const before = states.findLast(({ at }) => at <= from);
    return [...(before ? [before] : []), ...states.filter(({ at }) => at > from)].map(({ state }) => state);
  }

  /** The element's events since a moment: name, and code of an error. */
  async eventsSince(from: number, type: string): Promise<{ at: number; code: string | null }[]> {
    const events = await this.page.evaluate(() => faultProbe.events.map((event) => ({ ...event })));
    return events.filter((event) => event.at >= from && event.type === type).map(({ at, code }) => ({ at, code }));
  }

  setToken(token: string): Promise<void> {
    return this.page.$eval(this.tag, (element, value) => element.setAttribute('token', value), token);
  }

  /** Clicks the button's own button: a real click, so that the browser counts it as the user's. */
  async click(): Promise<void> {
    const button = await this.page.waitForSelector(`${this.tag} >>> button`, { visible: true });
    await button?.click();
  }

  /** What the page received so far, every 50 ms. */
  async samples(): Promise<readonly AudioSample[]> {
    const fresh = await this.page.evaluate((from) => faultProbe.samples.slice(from), this.#samples.length);
    this.#samples.push(...fresh);
    return this.#samples;
  }

  /** Waits until a voice is heard for a while. @returns since when, milliseconds after `from`; null when the time is up */
  async heardAfter(from: number, timeoutMs: number): Promise<number | null> {
    let heard: number | null = null;
    await waitUntil(
      'the voice',
      async () => {
        heard = heardAgainAt(await this.samples(), from);
        return heard !== null;
      },
      timeoutMs,
    ).catch(() => undefined);
    return heard === null ? null : heard - from;
  }

  async longestSilence(from: number, to = Date.now()): Promise<number> {
    return longestSilence(await this.samples(), from, to);
  }

  async audioDelta(from: number, to = Date.now()): Promise<AudioDelta> {
    return audioDelta(await this.samples(), from, to);
  }

  /** How often this page connected, restarted ICE, and asked for the microphone. */
  counts(): Promise<{ connections: number; ufrags: number; microphoneRequests: number }> {
    return this.page.evaluate(() => ({
      connections: faultProbe.connections.length,
      ufrags: faultProbe.ufrags.length,
      microphoneRequests: faultProbe.microphoneRequests,
    }));
  }

  /** SSRCs of the sound that the page now sends and receives: the same ones mean the same producer and consumer. */
  ssrcs(): Promise<number[]> {
    return this.page.evaluate(async () => {
      const connection = faultProbe.connections.findLast(({ connectionState }) => connectionState !== 'closed');
      const stats = connection ? [...(await connection.getStats()).values()] : [];
      return stats.filter(({ type }) => /^(in|out)bound-rtp$/.test(type)).map(({ ssrc }) => Number(ssrc));
    });
  }

  /** Figures of the sending side: what the relay asked for again, what was sent again. */
  sent(): Promise<{ packets: number; nacks: number; retransmitted: number }> {
    return this.page.evaluate(async () => {
      const sum = { packets: 0, nacks: 0, retransmitted: 0 };
      for (const connection of faultProbe.connections) {
        if (connection.connectionState === 'closed') continue;
        for (const stats of (await connection.getStats()).values()) {
          if (stats.type !== 'outbound-rtp') continue;
          sum.packets += stats.packetsSent ?? 0;
          sum.nacks += stats.nackCount ?? 0;
          sum.retransmitted += stats.retransmittedPacketsSent ?? 0;
        }
      }
      return sum;
    });
  }

  /** The transport protocol of the selected candidate pair, `udp` or `tcp`; null when nothing is connected. */
  mediaProtocol(): Promise<string | null> {
    return this.page.evaluate(async () => {
      const connection = faultProbe.connections.findLast(({ connectionState }) => connectionState === 'connected');
      const stats = connection ? await connection.getStats() : null;
      if (!stats) return null;
      const pairId = [...stats.values()].find(({ type }) => type === 'transport')?.selectedCandidatePairId;
      return stats.get(stats.get(pairId)?.localCandidateId)?.protocol ?? null;
    });
  }
}
