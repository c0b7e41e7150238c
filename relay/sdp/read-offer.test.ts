import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RelayError } from '../errors.ts';
import { HEADER_EXTENSIONS } from './opus.ts';
import { producerParameters, readOffer } from './read-offer.ts';
import { fixtureNames, readFixture } from './testing/fixtures.ts';

const chromium = readFixture('chromium-offer-track-gathered');
const firefox = readFixture('firefox-offer-track-gathered');

/** Asserts that an offer is refused with words that fit. */
function refused(offer: unknown, words: RegExp): void {
  assert.throws(
    () => readOffer(offer),
    (error) => {
      assert.ok(error instanceof RelayError, String(error));
      assert.equal(error.code, 'sdp_invalid');
      assert.match(error.message, /^The offer cannot be used: /);
      assert.match(error.message, words);
      return true;
    },
  );
}

describe('readOffer', () => {
  for (const name of fixtureNames('offer')) {
    it(`reads ${name}`, () => {
      const text = readFixture(name);
      const offer = readOffer(text);
      assert.equal(offer.mid, '0');
      assert.equal(offer.dtlsRole, 'client');
      assert.equal(offer.payloadType, name.startsWith('firefox') ? 109 : 111);
      assert.equal(offer.fingerprints.length, 1);
      assert.equal(offer.fingerprints[0]?.algorithm, 'sha-256');
      assert.ok(text.includes(`a=ice-ufrag:${offer.iceUfrag}\r\n`));
      assert.ok(text.includes(`a=ssrc:${offer.ssrc} cname:${offer.cname}\r\n`));
      assert.ok(offer.headerExtensions.some(({ uri }) => uri === HEADER_EXTENSIONS.mid));
    });
  }

  it('reads what Chromium says in full', () => {
    assert.deepEqual(readOffer(chromium), {
      mid: '0',
      iceUfrag: /ice-ufrag:(\S+)/.exec(chromium)?.[1],
      fingerprints: [{ algorithm: 'sha-256', value: /fingerprint:sha-256 (\S+)/.exec(chromium)?.[1] }],
      dtlsRole: 'client',
      payloadType: 111,
      headerExtensions: [
        { uri: HEADER_EXTENSIONS.absSendTime, id: 2 },
        { uri: HEADER_EXTENSIONS.transportCc, id: 3 },
        { uri: HEADER_EXTENSIONS.mid, id: 4 },
      ],
      ssrc: Number(/a=ssrc:(\d+)/.exec(chromium)?.[1]),
      cname: /cname:(\S+)/.exec(chromium)?.[1],
    });
  });

  it('keeps the page’s media over an ICE restart', () => {
    for (const browser of ['chromium', 'firefox']) {
      const before = readOffer(readFixture(`${browser}-offer-track-gathered`));
      const after = readOffer(readFixture(`${browser}-offer-ice-restart`));
      assert.notEqual(after.iceUfrag, before.iceUfrag);
      assert.deepEqual({ ...after, iceUfrag: '' }, { ...before, iceUfrag: '' });
    }
  });

  it('takes the choice of DTLS role from the page', () => {
    assert.equal(readOffer(chromium.replace('setup:actpass', 'setup:active')).dtlsRole, 'client');
    assert.equal(readOffer(chromium.replace('setup:actpass', 'setup:passive')).dtlsRole, 'server');
  });

  it('reads an offer without a=ssrc by its MID', () => {
    const offer = readOffer(chromium.replace(/^a=ssrc.*\r\n/gm, ''));
    assert.equal(offer.ssrc, null);
    assert.equal(offer.cname, null);
    assert.deepEqual(producerParameters(offer, { audioBitrate: 32_000, audioPacketMs: 20 }).encodings, [{ dtx: true }]);
  });

  it('keeps values that look like numbers as they were written', () => {
    const offer = readOffer(chromium.replace(/ice-ufrag:\S+/, 'ice-ufrag:0012').replace('a=mid:0', 'a=mid:007'));
    assert.equal(offer.iceUfrag, '0012');
    assert.equal(offer.mid, '007');
  });

  it('takes every strong fingerprint and leaves weak ones', () => {
    const line = /^a=fingerprint:.*$/m.exec(chromium)?.[0] ?? '';
    const sha1 = `a=fingerprint:sha-1 ${Array(20).fill('aa').join(':')}`;
    const sha512 = `a=fingerprint:SHA-512 ${Array(64).fill('ab').join(':')}`;
    const { fingerprints } = readOffer(chromium.replace(line, [line, sha512, sha1].join('\r\n')));
    assert.deepEqual(
      fingerprints.map(({ algorithm }) => algorithm),
      ['sha-256', 'sha-512'],
    );
    assert.equal(fingerprints[1]?.value, Array(64).fill('AB').join(':'));
    refused(chromium.replace(line, sha1), /no valid a=fingerprint/);
  });

  it('leaves out header extensions that it cannot use', () => {
    const { headerExtensions } = readOffer(
      chromium
        .replace('a=extmap:2 ', 'a=extmap:15 ')
        .replace('a=extmap:3 ', 'a=extmap:3/inactive ')
        .replace('a=extmap:1 ', 'a=extmap:1 urn:ietf:params:rtp-hdrext:encrypt '),
    );
    assert.deepEqual(headerExtensions, [{ uri: HEADER_EXTENSIONS.mid, id: 4 }]);
  });

  it('refuses what is no session description', () => {
    for (const value of [undefined, null, 7, {}, [], true]) refused(value, /not text/);
    refused('', /empty/);
    refused('hello', /start with v=0/);
    refused('v=0\r\n', /no m-line/);
    refused('v=0\nm=', /cannot be read/);
    refused(`v=0\r\n${'a=x\r\n'.repeat(10_000)}`, /longer than 16384/);
    refused(`${chromium}a=mid:${'x'.repeat(2_000)}\r\n`, /longer than 1024/);
    refused(`v=0\r\n${'a=mid:0\r\n'.repeat(500)}`, /more than 400 lines/);
  });

  it('refuses everything but one audio m-line', () => {
    const audio = chromium.slice(chromium.indexOf('m=audio'));
    refused(chromium.replace('m=audio', 'm=video'), /m=video line; exactly one m=audio/);
    refused(`${chromium}${audio}`, /2 m=audio lines/);
    refused(`${chromium}${audio.replace('m=audio', 'm=video')}`, /m=video/);
    refused(`${chromium}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n`, /m=application/);
    refused(chromium.replace(/m=audio \d+/, 'm=audio 0'), /rejected \(port 0\)/);
    refused(chromium.replace(/m=audio \d+/, 'm=audio 99999999999'), /no port/);
    refused(chromium.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'), /DTLS-SRTP/);
  });

  it('refuses an offer without Opus', () => {
    refused(chromium.replace('opus/48000/2', 'opus/16000/2'), /does not offer Opus/);
    refused(chromium.replace('opus/48000/2', 'opus/48000/1'), /does not offer Opus/);
    refused(chromium.replace(/^a=rtpmap:111.*\r\n/m, ''), /does not offer Opus/);
    refused(chromium.replace(/SAVPF 111 /, 'SAVPF '), /does not offer Opus/);
  });

  it('refuses an offer that does not send', () => {
    refused(chromium.replace('a=sendonly', 'a=recvonly'), /is recvonly; a publishing page must offer sendonly/);
    refused(chromium.replace('a=sendonly', 'a=inactive'), /is inactive/);
  });

  it('refuses an offer that lacks what ICE, DTLS and RTP need', () => {
    for (const text of [chromium, firefox]) {
      refused(text.replace(/^a=ice-ufrag.*\r\n/m, ''), /no valid a=ice-ufrag/);
      refused(text.replace(/a=ice-ufrag:\S+/, 'a=ice-ufrag:abc'), /no valid a=ice-ufrag/);
      refused(text.replace(/a=ice-ufrag:\S+/, `a=ice-ufrag:${'a'.repeat(257)}`), /no valid a=ice-ufrag/);
      refused(text.replace(/^a=ice-pwd.*\r\n/m, ''), /no valid a=ice-pwd/);
      refused(text.replace(/a=ice-pwd:\S+/, 'a=ice-pwd:short'), /no valid a=ice-pwd/);
      refused(text.replace(/^a=fingerprint.*\r\n/m, ''), /no valid a=fingerprint/);
      refused(text.replace(/(a=fingerprint:sha-256 ..):/, '$1'), /no valid a=fingerprint/);
      refused(text.replace(/a=fingerprint:sha-256/, 'a=fingerprint:md5'), /no valid a=fingerprint/);
      refused(text.replace(/^a=setup.*\r\n/m, ''), /no a=setup/);
      refused(text.replace('a=setup:actpass', 'a=setup:holdconn'), /none of actpass/);
      refused(text.replace(/^a=mid.*\r\n/m, ''), /no valid a=mid/);
      refused(text.replace('a=mid:0', `a=mid:${'m'.repeat(17)}`), /no valid a=mid/);
      refused(text.replace(/^a=rtcp-mux\r\n/m, ''), /no a=rtcp-mux/);
    }
  });

  it('refuses packets that cannot be told', () => {
    refused(chromium.replace(/^a=(ssrc|extmap).*\r\n/gm, ''), /neither a=ssrc nor the MID/);
    for (const ssrc of ['0', '4294967296', '99999999999999999999999']) {
      refused(chromium.replace(/a=ssrc:\d+/, `a=ssrc:${ssrc}`), /a=ssrc is not a number/);
    }
  });
});

describe('producerParameters', () => {
  it('describes Chromium’s audio to mediasoup', () => {
    const { mid, codecs, encodings, rtcp, headerExtensions } = producerParameters(readOffer(chromium), {
      audioBitrate: 24_000,
      audioPacketMs: 20,
    });
    assert.equal(mid, '0');
    assert.deepEqual(codecs, [
      {
        mimeType: 'audio/opus',
        payloadType: 111,
        clockRate: 48_000,
        channels: 2,
        parameters: {
          minptime: 10,
          useinbandfec: 1,
          usedtx: 1,
          stereo: 0,
          'sprop-stereo': 0,
          maxaveragebitrate: 24_000,
        },
        rtcpFeedback: [{ type: 'nack' }, { type: 'transport-cc' }],
      },
    ]);
    assert.equal(encodings?.length, 1);
    assert.equal(rtcp?.reducedSize, true);
    assert.equal(headerExtensions?.length, 3);
  });

  it('asks for transport-wide feedback only where the page numbers its packets', () => {
    const offer = readOffer(readFixture('safari-15-offer-track'));
    assert.deepEqual(producerParameters(offer, { audioBitrate: 32_000, audioPacketMs: 20 }).codecs[0]?.rtcpFeedback, [
      { type: 'nack' },
    ]);
  });
});
