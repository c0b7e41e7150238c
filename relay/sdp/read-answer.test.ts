import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RelayError } from '../errors.ts';
import { HEADER_EXTENSIONS } from './opus.ts';
import { readAnswer } from './read-answer.ts';
import { fixtureNames, readFixture } from './testing/fixtures.ts';

const chromium = readFixture('chromium-answer');

function refused(answer: unknown, words: RegExp): void {
  assert.throws(
    () => readAnswer(answer),
    (error) => {
      assert.ok(error instanceof RelayError, String(error));
      assert.equal(error.code, 'sdp_invalid');
      assert.match(error.message, /^The answer cannot be used: /);
      assert.match(error.message, words);
      return true;
    },
  );
}

describe('readAnswer', () => {
  for (const name of fixtureNames('answer')) {
    it(`reads ${name}`, () => {
      const text = readFixture(name);
      const answer = readAnswer(text);
      assert.equal(answer.dtlsRole, 'client');
      assert.ok(text.includes(`a=ice-ufrag:${answer.iceUfrag}\r\n`));
      assert.ok(text.includes(answer.fingerprints[0]?.value ?? 'none'));
      const ids = new Map(answer.headerExtensions.map(({ uri, id }) => [uri, id]));
      assert.equal(ids.get(HEADER_EXTENSIONS.mid), 1);
      assert.equal(ids.get(HEADER_EXTENSIONS.transportCc), 5);
      assert.equal(ids.has(HEADER_EXTENSIONS.absSendTime), !name.startsWith('firefox'));
    });
  }

  it('keeps the certificate over an ICE restart', () => {
    for (const browser of ['chromium', 'firefox']) {
      const before = readAnswer(readFixture(`${browser}-answer`));
      const after = readAnswer(readFixture(`${browser}-answer-ice-restart`));
      assert.notEqual(after.iceUfrag, before.iceUfrag);
      assert.deepEqual(after.fingerprints, before.fingerprints);
    }
  });

  it('takes the page’s DTLS role', () => {
    assert.equal(readAnswer(chromium.replace('setup:active', 'setup:passive')).dtlsRole, 'server');
    refused(chromium.replace('setup:active', 'setup:actpass'), /neither active nor passive/);
  });

  it('refuses an answer that does not take the audio', () => {
    refused(chromium.replace('a=recvonly', 'a=inactive'), /is inactive; a listening page must answer recvonly/);
    refused(chromium.replace('a=recvonly', 'a=sendonly'), /is sendonly/);
    refused(chromium.replace('m=audio 9', 'm=audio 0'), /rejected \(port 0\)/);
    refused(chromium.replaceAll('111', '112'), /did not accept Opus as payload type 111/);
    refused(chromium.replace('opus', 'PCMU'), /did not accept Opus/);
    refused(chromium.replace(/^a=extmap:1 .*\r\n/m, ''), /did not accept the MID/);
  });

  it('refuses an answer to another offer', () => {
    refused(chromium.replace('a=mid:0', 'a=mid:1'), /not the offered 0/);
  });

  it('refuses what is no session description', () => {
    refused(undefined, /not text/);
    refused('', /empty/);
    refused('{"type":"answer"}', /start with v=0/);
  });
});
