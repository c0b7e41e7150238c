import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { tuneOpus } from './opus-sdp.ts';

const lines = (...rest: string[]) => ['v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111 0', ...rest, ''].join('\r\n');
const FIXTURES = new URL('../../relay/sdp/fixtures/', import.meta.url);

describe('tuneOpus', () => {
  it('adds NACK and the parameters for speech beside what is there', () => {
    const tuned = tuneOpus(
      lines('a=rtpmap:111 opus/48000/2', 'a=rtcp-fb:111 transport-cc', 'a=fmtp:111 minptime=10;useinbandfec=1', 'a=x'),
    );
    assert.equal(
      tuned,
      lines(
        'a=rtpmap:111 opus/48000/2',
        'a=rtcp-fb:111 nack',
        'a=rtcp-fb:111 transport-cc',
        'a=fmtp:111 useinbandfec=1;usedtx=1;stereo=0;sprop-stereo=0;minptime=10',
        'a=x',
      ),
    );
  });

  it('makes the fmtp line where there is none', () => {
    const tuned = tuneOpus(lines('a=rtpmap:96 OPUS/48000/2'));
    assert.match(tuned, /a=rtcp-fb:96 nack\r\na=fmtp:96 useinbandfec=1;usedtx=1;stereo=0;sprop-stereo=0\r\n/);
  });

  it('turns stereo off, and keeps a wildcard NACK', () => {
    const tuned = tuneOpus(
      lines('a=rtpmap:111 opus/48000/2', 'a=rtcp-fb:* nack', 'a=fmtp:111 stereo=1; maxaveragebitrate=32000'),
    );
    assert.match(tuned, /stereo=0/);
    assert.match(tuned, /maxaveragebitrate=32000/);
    assert.doesNotMatch(tuned, /rtcp-fb:111/);
  });

  it('changes other payload types and descriptions without Opus not at all', () => {
    const other = lines('a=rtpmap:0 PCMU/8000', 'a=fmtp:110 0-15');
    assert.equal(tuneOpus(other), other);
    assert.equal(tuneOpus(''), '');
  });

  it('changes real descriptions once, line by line', () => {
    const files = readdirSync(FIXTURES).filter((name) => name.endsWith('.sdp'));
    assert.ok(files.length > 0);
    for (const file of files) {
      const sdp = readFileSync(new URL(file, FIXTURES), 'utf8');
      const tuned = tuneOpus(sdp);
      assert.equal(tuneOpus(tuned), tuned, file);
      const before = new Set(sdp.split(/\r?\n/));
      const added = tuned.split(/\r?\n/).filter((line) => !before.has(line));
      assert.ok(added.length <= 2 && added.every((line) => /^a=(fmtp|rtcp-fb):/.test(line)), `${file}: ${added}`);
    }
  });
});
