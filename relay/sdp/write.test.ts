import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { types } from 'mediasoup';
import { parse } from 'sdp-transform';
import { type AudioEncoding, HEADER_EXTENSIONS, type HeaderExtension } from './opus.ts';
import { readAnswer } from './read-answer.ts';
import { readOffer } from './read-offer.ts';
import { fixtureNames, readFixture } from './testing/fixtures.ts';
import { writeAnswer } from './write-answer.ts';
import { writeOffer } from './write-offer.ts';
import type { LocalTransport } from './write-sdp.ts';

const candidate: Omit<types.IceCandidate, 'protocol' | 'foundation' | 'priority'> = {
  ip: '192.0.2.1',
  address: '192.0.2.1',
  port: 44_400,
  type: 'host',
};
const sha256 = Array(32).fill('0F').join(':');
const local: LocalTransport = {
  sessionId: '123456789',
  sessionVersion: 3,
  iceParameters: { usernameFragment: 'relayufrag', password: 'relaypasswordrelaypassword', iceLite: true },
  iceCandidates: [
    { ...candidate, foundation: 'udpcandidate', priority: 1_076_558_079, protocol: 'udp' },
    { ...candidate, foundation: 'tcpcandidate', priority: 1_076_302_079, protocol: 'tcp', tcpType: 'passive' },
  ],
  fingerprints: [
    { algorithm: 'sha-1', value: Array(20).fill('0F').join(':') },
    { algorithm: 'sha-256', value: sha256 },
    { algorithm: 'sha-512', value: Array(64).fill('0F').join(':') },
  ],
};
const encoding: AudioEncoding = { audioBitrate: 32_000, audioPacketMs: 20 };
const extensions: HeaderExtension[] = [
  { uri: HEADER_EXTENSIONS.mid, id: 1 },
  { uri: HEADER_EXTENSIONS.transportCc, id: 5 },
];

const shared = [
  'o=prospect-live 123456789 3 IN IP4 0.0.0.0',
  'a=ice-lite',
  'a=ice-ufrag:relayufrag',
  'a=ice-pwd:relaypasswordrelaypassword',
  `a=fingerprint:sha-256 ${sha256}`,
  'a=candidate:udpcandidate 1 udp 1076558079 192.0.2.1 44400 typ host',
  'a=candidate:tcpcandidate 1 tcp 1076302079 192.0.2.1 44400 typ host tcptype passive',
  'a=end-of-candidates',
  'a=rtcp-mux',
  'a=rtcp-rsize',
  'a=ptime:20',
];

function assertLines(text: string, expected: string[]): void {
  const lines = text.split('\r\n');
  assert.equal(lines.pop(), '', 'ends with CRLF');
  for (const line of expected) assert.ok(lines.includes(line), `${line} is missing in\n${text}`);
}

describe('writeAnswer', () => {
  for (const name of fixtureNames('offer')) {
    it(`answers ${name} with the ids of the offer`, () => {
      const offer = readOffer(readFixture(name));
      const answer = writeAnswer(offer, local, encoding);
      const payloadType = offer.payloadType;
      assertLines(answer, [
        ...shared,
        'a=group:BUNDLE 0',
        'a=mid:0',
        `m=audio 44400 UDP/TLS/RTP/SAVPF ${payloadType}`,
        'a=recvonly',
        'a=setup:passive',
        `a=rtpmap:${payloadType} opus/48000/2`,
        `a=fmtp:${payloadType} minptime=10;useinbandfec=1;usedtx=1;stereo=0;sprop-stereo=0;maxaveragebitrate=32000`,
        `a=rtcp-fb:${payloadType} nack`,
        `a=rtcp-fb:${payloadType} transport-cc`,
        ...offer.headerExtensions.map(({ uri, id }) => `a=extmap:${id} ${uri}`),
      ]);
      assert.equal(parse(answer).media[0]?.ext?.length, offer.headerExtensions.length);
    });

    it(`takes nothing from ${name} that tells in clear how loud somebody speaks`, () => {
      assert.doesNotMatch(writeAnswer(readOffer(readFixture(name)), local, encoding), /audio-level/);
    });
  }

  it('asks for the packet time that is configured, at every negotiation', () => {
    for (const name of ['chromium-offer-no-track', 'chromium-offer-ice-restart', 'firefox-offer-no-track']) {
      const answer = writeAnswer(readOffer(readFixture(name)), local, { ...encoding, audioPacketMs: 60 });
      assertLines(answer, ['a=ptime:60']);
      assert.equal(parse(answer).media[0]?.ptime, 60);
      assert.doesNotMatch(answer, /ptime:20/);
    }
  });

  it('starts DTLS itself when the page will not', () => {
    const offer = readOffer(readFixture('chromium-offer-no-track').replace('setup:actpass', 'setup:passive'));
    assertLines(writeAnswer(offer, local, encoding), ['a=setup:active']);
  });
});

describe('writeOffer', () => {
  const offer = writeOffer(extensions, local, { ...encoding, audioBitrate: 20_000 });

  it('says how long the packets are that it will send', () => {
    assertLines(writeOffer(extensions, local, { ...encoding, audioPacketMs: 40 }), ['a=ptime:40']);
  });

  it('offers one sendonly Opus line with a MID and no SSRC', () => {
    assertLines(offer, [
      ...shared,
      'a=group:BUNDLE 0',
      'a=mid:0',
      'm=audio 44400 UDP/TLS/RTP/SAVPF 111',
      'a=sendonly',
      'a=setup:actpass',
      'a=rtpmap:111 opus/48000/2',
      'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1;stereo=0;sprop-stereo=0;maxaveragebitrate=20000',
      'a=rtcp-fb:111 nack',
      'a=rtcp-fb:111 transport-cc',
      `a=extmap:1 ${HEADER_EXTENSIONS.mid}`,
      `a=extmap:5 ${HEADER_EXTENSIONS.transportCc}`,
      'a=msid:prospect-live audio',
    ]);
    assert.doesNotMatch(offer, /a=ssrc/);
    assert.equal(parse(offer).media.length, 1);
  });

  it('can be read back as an answer with the roles turned', () => {
    const answer = readAnswer(offer.replace('a=sendonly', 'a=recvonly').replace('setup:actpass', 'setup:active'));
    assert.deepEqual(answer, {
      iceUfrag: 'relayufrag',
      fingerprints: [{ algorithm: 'sha-256', value: sha256 }],
      dtlsRole: 'client',
      headerExtensions: extensions,
    });
  });

  it('can be read back as an offer', () => {
    const { ssrc, headerExtensions, payloadType } = readOffer(offer);
    assert.deepEqual(
      { ssrc, headerExtensions, payloadType },
      { ssrc: null, headerExtensions: extensions, payloadType: 111 },
    );
  });
});
