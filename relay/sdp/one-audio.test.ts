import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parse } from 'sdp-transform';
import { RelayError } from '../errors.ts';
import { oneAudio } from './one-audio.ts';
import { producerParameters, readOffer } from './read-offer.ts';
import { DEVICE_OFFERS, deviceOffer } from './testing/device-fixtures.ts';
import { fixtureNames, readFixture } from './testing/fixtures.ts';
import { anyLine, mutatedDescription } from './testing/mutated-descriptions.ts';
import { writeAnswer } from './write-answer.ts';
import type { LocalTransport } from './write-sdp.ts';

const RUNS = Number(process.env.FUZZ_RUNS ?? 300);
const encoding = { audioBitrate: 32_000, audioPacketMs: 20 };
const local: LocalTransport = {
  sessionId: '1',
  sessionVersion: 1,
  iceParameters: { usernameFragment: 'abcd', password: 'x'.repeat(22) },
  iceCandidates: (['udp', 'tcp'] as const).map((protocol) => ({
    foundation: `${protocol}candidate`,
    protocol,
    priority: 1_076_558_079,
    ip: '192.0.2.1',
    address: '192.0.2.1',
    port: 44_400,
    type: 'host' as const,
    ...(protocol === 'tcp' && { tcpType: 'passive' as const }),
  })),
  fingerprints: [{ algorithm: 'sha-256', value: Array(32).fill('00').join(':') }],
};

function answerTo(text: string): string {
  const audio = oneAudio(text);
  return audio.answer(writeAnswer(readOffer(audio.offer), local, encoding));
}

/** What FFmpeg 8 makes of an answer: as `parse_answer` of libavformat/whip.c reads it. */
function readAsFfmpeg(answer: string): { ufrag: string; pwd: string; host: string; port: number } {
  const lines = answer.split('\r\n');
  const after = (start: string) => lines.find((line) => line.startsWith(start))?.slice(start.length) ?? '';
  const line = lines.find((each) => each.startsWith('a=candidate:') && /udp.*host/i.test(each)) ?? '';
  const [protocol, priority, host, port] = line.slice(line.toLowerCase().indexOf('udp')).split(' ');
  assert.equal(protocol?.toLowerCase(), 'udp');
  assert.match(priority ?? '', /^\d+$/);
  return { ufrag: after('a=ice-ufrag:'), pwd: after('a=ice-pwd:'), host: host ?? '', port: Number(port) };
}

describe('one audio of an offer', () => {
  for (const name of DEVICE_OFFERS) {
    it(`is found in that of ${name}, and answered with one m-line for each that was offered`, () => {
      const text = deviceOffer(name);
      const offered = parse(text).media;
      const answer = parse(answerTo(text));
      assert.deepEqual(
        answer.media.map(({ type, port, mid }) => [type, port > 0, mid]),
        offered.map(({ type, mid }) => [type, type === 'audio', mid]),
      );
      const audio = answer.media.find(({ type }) => type === 'audio');
      assert.equal(audio?.direction, 'recvonly');
      assert.equal(String(answer.groups?.[0]?.mids), String(audio?.mid));
      const [opus] = audio?.rtp ?? [];
      assert.equal(opus?.payload, offered.find(({ type }) => type === 'audio')?.rtp[0]?.payload);
    });

    it(`of ${name} is asked for in mono, and listeners are told of no stereo`, () => {
      const audio = oneAudio(deviceOffer(name));
      assert.match(answerTo(deviceOffer(name)), /;stereo=0;sprop-stereo=0;/);
      const { parameters } = producerParameters(readOffer(audio.offer), encoding).codecs[0] ?? {};
      assert.equal(parameters?.stereo, 0);
      assert.equal(parameters?.['sprop-stereo'], 0);
    });
  }

  it('is answered so that FFmpeg finds the address', () => {
    const { ufrag, pwd, host, port } = readAsFfmpeg(answerTo(deviceOffer('ffmpeg-8-audio-offer')));
    assert.deepEqual(
      { ufrag, pwd, host, port },
      { ufrag: 'abcd', pwd: 'x'.repeat(22), host: '192.0.2.1', port: 44_400 },
    );
  });

  it('lets FFmpeg, which is a DTLS server only, be one', () => {
    assert.match(answerTo(deviceOffer('ffmpeg-8-audio-offer')), /^a=setup:active\r$/m);
    assert.match(answerTo(deviceOffer('obs-31-offer')), /^a=setup:passive\r$/m);
  });

  it('that leaves ICE and DTLS to the first m-section of its bundle has them from there', () => {
    const [head = '', audio = '', video = ''] = deviceOffer('obs-31-offer').split(/(?=^m=)/m);
    const bare = audio
      .replace(/^a=(?:ice-ufrag|ice-pwd|setup|rtcp-mux).*\r\n/gm, '')
      .replace(/^m=audio \d+/, 'm=audio 0');
    const text = `${head}${video}${bare}a=bundle-only\r\n`;
    assert.equal(readOffer(oneAudio(text).offer).iceUfrag, '9/BB');
    assert.deepEqual(
      parse(answerTo(text)).media.map(({ type, port }) => [type, port > 0]),
      [
        ['video', false],
        ['audio', true],
      ],
    );
  });

  it('of a browser page is as it was', () => {
    for (const name of fixtureNames('offer')) {
      const text = readFixture(name);
      assert.deepEqual(readOffer(oneAudio(text).offer), readOffer(text));
    }
  });

  const broken: Readonly<Record<string, string>> = {
    'without audio': deviceOffer('obs-31-offer').replace(/^m=audio[\s\S]*?(?=^m=video)/m, ''),
    'with two audios': deviceOffer('obs-31-offer').replace('m=video', 'm=audio'),
    'with too many m-lines': deviceOffer('obs-31-offer') + 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\n'.repeat(8),
    'with an m-line that is none': deviceOffer('obs-31-offer').replace(/^m=video .*/m, 'm=video x'),
    'that is longer than 64 KiB': `${deviceOffer('obs-31-offer')}a=x:${'y'.repeat(65_536)}\r\n`,
    'with too many lines': deviceOffer('obs-31-offer') + 'a=x\r\n'.repeat(2_000),
    'that is empty': '',
  };
  for (const [what, text] of Object.entries(broken)) {
    it(`${what} is refused`, () => {
      assert.throws(() => oneAudio(text), { code: 'sdp_invalid' });
    });
  }

  it('is refused with sdp_invalid or answered with as many m-lines, whatever comes', () => {
    const texts = fc.oneof(
      mutatedDescription.map(String),
      fc.array(anyLine).map((lines) => ['v=0', ...lines].join('\r\n')),
      fc.constantFrom(...DEVICE_OFFERS).chain((name) => {
        const lines = deviceOffer(name).split('\r\n');
        return fc.shuffledSubarray(lines, { minLength: lines.length - 3 }).map((some) => some.join('\r\n'));
      }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const answer = answerTo(text);
          assert.equal(answer.match(/^m=/gm)?.length, text.match(/^m=/gm)?.length);
        } catch (error) {
          assert.ok(error instanceof RelayError && error.code === 'sdp_invalid', String(error));
        }
      }),
      { numRuns: RUNS },
    );
  });
});
