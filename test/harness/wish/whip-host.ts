import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { deviceOffer } from '../../../relay/sdp/testing/device-fixtures.ts';
import { commercial } from '../../../relay/streams/testing/scene.ts';
import { realToken } from '../relay/real-relay.ts';
import { DEVICES_HEARD, WishRelay } from './wish-relay.ts';
import { offerTo, sessionUrl, type WishAnswer, wish } from './wish-request.ts';

export const OBS_OFFER = deviceOffer('obs-31-offer');

export const FRAGMENT = 'application/trickle-ice-sdpfrag';

/** A fragment as a device sends it (RFC 8840): candidates, of which one can be used. */
export function fragment(ufrag: string, pwd: string): string {
  return [
    'a=group:BUNDLE 0 1',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=mid:0',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    'a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host',
    'a=candidate:2 1 udp 2122260223 no-such-name.local 9 typ host',
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}

/** With the credentials of `OBS_OFFER`. */
export const SAME = fragment('9/BB', 'aZSSrWur5IahyIIsy1BjJe');
/** With others. */
export const NEW = fragment('NeW1', 'bbbbbbbbbbbbbbbbbbbbbbbb');

/** `PATCH` of a session. */
export function patch(
  url: string,
  token: string,
  body: string,
  ifMatch?: string,
  type = FRAGMENT,
): Promise<WishAnswer> {
  return wish('PATCH', url, { token, type, body, headers: ifMatch === undefined ? {} : { 'if-match': ifMatch } });
}

/** A relay for the tests of one file that takes devices, with devices of people of whom nothing was seen before. */
export class WhipHost {
  #relay: WishRelay | null = null;
  #people = 0;

  /** Runs from before the first test of the file until after the last. */
  constructor() {
    before(async () => {
      this.#relay = await WishRelay.start(DEVICES_HEARD, {
        STUN_URLS: 'stun:stun.example.com:3478',
        TURN_URLS: 'turn:turn.example.com:3478?transport=udp',
        TURN_SECRET: 'the same as in turnserver.conf',
        ALLOWED_ORIGINS: 'https://app.example.com',
      });
    });
    after(() => this.relay.close());
  }

  get relay(): WishRelay {
    assert.ok(this.#relay, 'the relay runs');
    return this.#relay;
  }

  /** The endpoint. */
  get whip(): string {
    return `${this.relay.url}/whip`;
  }

  /** A commercial of whom nothing was seen before. */
  somebody() {
    this.#people += 1;
    const user = commercial(`rep-${this.#people}`);
    return { user, token: realToken(user) };
  }

  /** A device's session, of somebody of whom nothing was seen before. */
  async session(offer = OBS_OFFER) {
    const { user, token } = this.somebody();
    const answer = await offerTo(this.whip, token, offer);
    assert.equal(answer.status, 201, answer.text);
    return { user, token, answer, url: sessionUrl(this.whip, answer), etag: answer.headers.get('etag') ?? '' };
  }
}
