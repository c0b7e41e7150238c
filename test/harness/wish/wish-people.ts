/** Commercials with a page, devices and players at real relays, as tests of WHIP and WHEP need them. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { RtpPages } from '../../../relay/media/testing/rtp-pages.ts';
import type { ListenerInfo, SessionUser } from '../../../relay/protocol/messages.ts';
import type { LivePage } from '../../../relay/signalling/testing/live-page.ts';
import { eventually, type RealRelay, realToken } from '../relay/real-relay.ts';
import { WeriftDevice, WeriftPlayer } from './werift-peers.ts';
import { offerTo, sessionUrl, type WishAnswer } from './wish-request.ts';

/** A commercial who streams from a page, which shows who listens. */
export interface StreamingPage {
  readonly page: LivePage;
  /** Listeners whom the page was told of, each as often as they came. */
  readonly joined: () => ListenerInfo[];
  /** Ids of those whom it was told of as gone. */
  readonly left: () => string[];
}

/** Goes live from a page. */
export async function streamFromPage(
  t: TestContext,
  relay: RealRelay,
  pages: RtpPages,
  user: SessionUser,
): Promise<StreamingPage> {
  const page = await relay.join(user);
  const voice = await pages.publisher();
  t.after(() => {
    page.socket.disconnect();
    voice.close();
  });
  const { sdp } = await page.request('publish:offer', { mode: 'connect', sdp: await voice.offer() });
  await voice.speak(sdp);
  await page.request('stream:start');
  const lists = () => page.all('demand:changed');
  return {
    page,
    joined: () => lists().flatMap((list) => list.joined),
    left: () => lists().flatMap((list) => list.left),
  };
}

/** A device's session. */
export interface PublishingDevice {
  readonly device: WeriftDevice;
  readonly token: string;
  readonly answer: WishAnswer;
  /** Of the session. */
  readonly url: string;
}

/** Goes live from a device, which sends; resolves once it is connected. @param at the relay's URL */
export async function streamFromDevice(
  t: TestContext,
  at: string,
  user: SessionUser,
  token = realToken(user),
): Promise<PublishingDevice> {
  const device = new WeriftDevice();
  t.after(() => device.close());
  const answer = await offerTo(`${at}/whip`, token, await device.offer());
  assert.equal(answer.status, 201, answer.text);
  await device.speak(answer.text);
  // Also because werift goes on with a handshake that nobody answers for half a minute after it was closed.
  await eventually('the device is connected', () => device.state === 'connected');
  return { device, token, answer, url: sessionUrl(`${at}/whip`, answer) };
}

/** A player that was answered with 201. */
export interface ListeningPlayer {
  readonly player: WeriftPlayer;
  readonly who: SessionUser;
  readonly token: string;
  readonly answer: WishAnswer;
  /** Of the session. */
  readonly url: string;
}

/** Listens with a player; resolves once it is connected. @param at the relay's URL */
export async function listenWithPlayer(
  t: TestContext,
  at: string,
  commercialId: string,
  who: SessionUser,
  token = realToken(who),
): Promise<ListeningPlayer> {
  const player = new WeriftPlayer();
  t.after(() => player.close());
  const endpoint = `${at}/whep/${commercialId}`;
  const answer = await offerTo(endpoint, token, await player.offer());
  assert.equal(answer.status, 201, answer.text);
  await player.answered(answer.text);
  await eventually('the player is connected', () => player.state === 'connected');
  return { player, who, token, answer, url: sessionUrl(endpoint, answer) };
}

/** The offer of a player that goes no further. */
export async function aPlayersOffer(): Promise<string> {
  const player = new WeriftPlayer();
  const offer = await player.offer();
  await player.close();
  return offer;
}

/** Packets come, after those that had come before. */
export async function hears(player: WeriftPlayer): Promise<void> {
  const before = player.received;
  await eventually('the player hears', () => player.received > before + 5);
}

/** Not one packet, after what is under way has arrived. */
export async function hearsNothing(player: WeriftPlayer): Promise<void> {
  await wait(100);
  const before = player.received;
  await wait(400);
  assert.equal(player.received, before);
}
