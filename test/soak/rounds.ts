/** Rounds: somebody joins, comes to some state, and leaves, most often without a word. */
import { ANSWER, OFFER, RESTART_ANSWER, RESTART_OFFER } from '../../relay/media/testing/media-fixtures.ts';
import type { RtpPages } from '../../relay/media/testing/rtp-pages.ts';
import type { SessionUser } from '../../relay/protocol/messages.ts';
import { admin, commercial } from '../../relay/streams/testing/scene.ts';
import { realToken } from '../harness/relay/real-relay.ts';
import { type Leaving, SoakPage } from './soak-page.ts';

/** What a round is played with. */
export interface RoundContext {
  readonly url: string;
  /** Tells apart the users of rounds that are played at the same time. */
  readonly place: number;
  /** Pages with real ICE, DTLS and SRTP. */
  readonly pages: RtpPages;
  /** Answers that must never come, in words. */
  readonly failures: string[];
}

/** Brings a page to a state. `also` takes everything else that must leave with it. */
type Play = (page: SoakPage, context: RoundContext & { also: (() => void)[] }, user: SessionUser) => Promise<void>;

/** A state in which somebody can leave. */
export interface RoundState {
  readonly name: string;
  readonly role: SessionUser['role'];
  readonly play: Play;
}

const CONNECT = { mode: 'connect', sdp: OFFER };

async function goLive(page: SoakPage): Promise<void> {
  await page.ask('publish:offer', CONNECT);
  await page.ask('stream:start');
}

async function connectListening(page: SoakPage): Promise<void> {
  await page.ask('listen:connect', { mode: 'connect' });
  await page.ask('listen:answer', { sdp: ANSWER });
}

/** Another page that is live, for admins to hear; it leaves with the round. */
async function liveCommercial({ url, place, failures, also }: Parameters<Play>[1]): Promise<SoakPage> {
  const page = new SoakPage(url, commercial(`heard-${place}`), failures);
  also.push(() => page.leave('cut'));
  await page.ready();
  await goLive(page);
  return page;
}

function textOf(data: unknown): string {
  return typeof data === 'object' && data !== null && 'sdp' in data ? String(data.sdp) : '';
}

const ofCommercials: Record<string, Play> = {
  'before it was let in': async () => undefined,
  connected: async (page) => void (await page.ready()),
  'its offer under way': async (page) => {
    await page.ready();
    page.send('publish:offer', CONNECT);
  },
  negotiated: async (page) => {
    await page.ready();
    await page.ask('publish:offer', CONNECT);
  },
  'its start under way': async (page) => {
    await page.ready();
    await page.ask('publish:offer', CONNECT);
    page.send('stream:start');
  },
  live: async (page) => {
    await page.ready();
    await goLive(page);
  },
  'live, paused': async (page) => {
    await page.ready();
    await goLive(page);
    await page.ask('stream:pause', { paused: true });
  },
  'live, interrupted': async (page) => {
    await page.ready();
    await goLive(page);
    await page.ask('stream:capture', { interruption: 'hidden' });
  },
  'ICE restart under way': async (page) => {
    await page.ready();
    await goLive(page);
    page.send('publish:offer', { mode: 'restart-ice', sdp: RESTART_OFFER });
  },
  'stopped and started again three times': async (page) => {
    await page.ready();
    for (let times = 0; times < 3; times += 1) {
      await goLive(page);
      await page.ask('stream:stop');
    }
  },
  'stop under way': async (page) => {
    await page.ready();
    await goLive(page);
    page.send('stream:stop');
  },
  'replaced by a newer page': async (page, { url, failures, also }, user) => {
    await page.ready();
    await goLive(page);
    const newer = new SoakPage(url, user, failures);
    also.push(() => newer.leave('reset'));
    await newer.ready();
    await goLive(newer);
  },
  'resumed after a cut': async (page, { url, failures, also }, user) => {
    const sessionId = await page.ready();
    await goLive(page);
    page.leave('reset');
    const back = new SoakPage(url, user, failures, sessionId);
    also.push(() => back.leave('cut'));
    await back.ready();
    await back.ask('stream:start', { again: true });
  },
  'its token being refreshed': async (page, _context, user) => {
    await page.ready();
    await goLive(page);
    page.send('session:refresh', { token: realToken(user) });
  },
};

const ofAdmins: Record<string, Play> = {
  'before it was let in': async () => undefined,
  connected: async (page) => void (await page.ready()),
  'its transport under way': async (page) => {
    await page.ready();
    page.send('listen:connect', { mode: 'connect' });
  },
  'its answer under way': async (page) => {
    await page.ready();
    await page.ask('listen:connect', { mode: 'connect' });
    page.send('listen:answer', { sdp: ANSWER });
  },
  'ready to listen': async (page) => {
    await page.ready();
    await connectListening(page);
  },
  'waiting for somebody': async (page, { place }) => {
    await page.ready();
    await connectListening(page);
    await page.ask('listen:select', { commercialId: `nobody-${place}` });
  },
  hearing: async (page, context) => {
    await page.ready();
    await liveCommercial(context);
    await connectListening(page);
    await page.ask('listen:select', { commercialId: `heard-${context.place}` });
  },
  'its selection under way': async (page, context) => {
    await page.ready();
    await liveCommercial(context);
    await connectListening(page);
    page.send('listen:select', { commercialId: `heard-${context.place}` });
  },
  'heard, and then the commercial left first': async (page, context) => {
    await page.ready();
    const heard = await liveCommercial(context);
    await connectListening(page);
    await page.ask('listen:select', { commercialId: `heard-${context.place}` });
    heard.leave('cut');
  },
  'ICE restart under way': async (page) => {
    await page.ready();
    await connectListening(page);
    await page.ask('listen:connect', { mode: 'restart-ice' });
    page.send('listen:answer', { sdp: RESTART_ANSWER });
  },
  'listened and stopped three times': async (page, context) => {
    await page.ready();
    await liveCommercial(context);
    for (let times = 0; times < 3; times += 1) {
      await connectListening(page);
      await page.ask('listen:select', { commercialId: `heard-${context.place}` });
      await page.ask('listen:stop');
      if (times === 1) await page.ask('listen:disconnect');
    }
  },
  'selected anew in another tab': async (page, { url, place, failures, also }, user) => {
    await page.ready();
    await page.ask('listen:select', { commercialId: `nobody-${place}` });
    const other = new SoakPage(url, user, failures);
    also.push(() => other.leave('cut'));
    await other.ready();
    await other.ask('listen:select', { commercialId: `nobody-${place}` });
  },
  'resumed after a cut': async (page, { url, place, failures, also }, user) => {
    const sessionId = await page.ready();
    await connectListening(page);
    await page.ask('listen:select', { commercialId: `nobody-${place}` });
    page.leave('reset');
    const back = new SoakPage(url, user, failures, sessionId);
    also.push(() => back.leave('cut'));
    await back.ready();
  },
  'its teams taken away': async (page, context) => {
    await page.ready();
    await liveCommercial(context);
    await connectListening(page);
    await page.ask('listen:select', { commercialId: `heard-${context.place}` });
    page.send('session:refresh', { token: realToken(admin(`admin-${context.place}`, ['Sud'])) });
  },
  'hearing real audio': async (page, context) => {
    await page.ready();
    const { url, place, failures, pages, also } = context;
    const speaking = new SoakPage(url, commercial(`voice-${place}`), failures);
    also.push(() => speaking.leave('reset'));
    const [voice, ear] = await Promise.all([pages.publisher(), pages.listener()]);
    also.push(
      () => voice.close(),
      () => ear.close(),
    );
    await speaking.ready();
    await voice.speak(textOf(await speaking.ask('publish:offer', { mode: 'connect', sdp: await voice.offer() })));
    await speaking.ask('stream:start');
    const offer = textOf(await page.ask('listen:connect', { mode: 'connect' }));
    await page.ask('listen:answer', { sdp: await ear.answer(offer) });
    await page.ask('listen:select', { commercialId: `voice-${place}` });
    for (const end = Date.now() + 10_000; ear.received < 3; ) {
      if (Date.now() > end) {
        failures.push('real audio was not heard');
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  },
};

/** Every state in which somebody may leave. */
export const roundStates: readonly RoundState[] = [
  ...Object.entries(ofCommercials).map(([name, play]) => ({ name, role: 'commercial' as const, play })),
  ...Object.entries(ofAdmins).map(([name, play]) => ({ name, role: 'admin' as const, play })),
];

/** The ways to leave; without a word is more frequent than in life. */
export const leavings: readonly Leaving[] = ['reset', 'cut', 'goodbye'];

/** Joins, comes to the state, leaves. */
export async function playRound({ role, play }: RoundState, leaving: Leaving, context: RoundContext): Promise<void> {
  const { url, place, failures } = context;
  const user = role === 'admin' ? admin(`admin-${place}`) : commercial(`commercial-${place}`);
  const page = new SoakPage(url, user, failures);
  const also: (() => void)[] = [];
  try {
    await play(page, { ...context, also }, user);
  } finally {
    page.leave(leaving);
    for (const leave of also) leave();
  }
}
