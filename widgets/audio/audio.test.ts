import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { foreseeFailure, MicrophoneError, toMicrophoneError } from './microphone-failure.ts';
import { VoiceActivity } from './voice-activity.ts';

describe('microphone failures', () => {
  it('are known before asking where the page cannot have a microphone', () => {
    const fine = { secureContext: true, hasMediaDevices: true, policyAllows: true };
    assert.equal(foreseeFailure(fine), null);
    assert.equal(foreseeFailure({ ...fine, policyAllows: null }), null);
    assert.equal(foreseeFailure({ ...fine, policyAllows: false })?.code, 'microphone_blocked_by_policy');
    assert.equal(foreseeFailure({ ...fine, hasMediaDevices: false })?.code, 'microphone_unsupported');
    const insecure = { secureContext: false, hasMediaDevices: false, policyAllows: false };
    assert.equal(foreseeFailure(insecure)?.code, 'insecure_context');
  });

  it('have one code each', () => {
    const cases = {
      NotAllowedError: 'microphone_denied',
      NotFoundError: 'microphone_not_found',
      NotReadableError: 'microphone_in_use',
      SecurityError: 'microphone_blocked_by_policy',
      OverconstrainedError: 'microphone_not_found',
      AbortError: 'microphone_in_use',
      SomethingNew: 'microphone_failed',
    };
    for (const [name, code] of Object.entries(cases)) {
      assert.equal(toMicrophoneError(new DOMException('x', name)).code, code);
    }
    assert.equal(toMicrophoneError('odd').code, 'microphone_failed');
    const already = new MicrophoneError('microphone_ended');
    assert.equal(toMicrophoneError(already), already);
  });
});

describe('voice activity', () => {
  const db = (value: number) => 10 ** (value / 20);
  const run = (levels: readonly number[], stepMs = 100) => {
    const voice = new VoiceActivity();
    return levels.flatMap((level, step) => {
      const report = voice.push(db(level), step * stepMs);
      return report === null ? [] : [report];
    });
  };

  it('reports changes only', () => {
    assert.deepEqual(run([-80, -80, -80]), []);
    assert.deepEqual(run([-80, ...Array<number>(20).fill(-25)]), [3]);
  });

  it('knows four loudnesses', () => {
    assert.deepEqual(
      [-45, -35, -25, -10].map((level) => run([level])[0]),
      [1, 2, 3, 4],
    );
  });

  it('holds over the gaps between words, then falls', () => {
    assert.deepEqual(run([-25, -80, -80, -25, -80, -80, -25]), [3]);
    assert.deepEqual(run([-25, ...Array<number>(8).fill(-80)]), [3, 0]);
  });

  it('does not flicker at a bound', () => {
    assert.deepEqual(run([-27, -29, -27, -29, -27, -29, -31, -27, -29, -31, -31, -31, -31, -31]), [3]);
  });

  it('reports at most four times a second, whatever comes in', () => {
    const wild = Array.from({ length: 1_000 }, (_, index) => (index % 70 < 20 ? -10 : -90));
    assert.ok(run(wild, 10).length <= 41);
  });

  it('falls silent when told', () => {
    const voice = new VoiceActivity();
    voice.push(0.5, 0);
    assert.equal(voice.reset(), 0);
    assert.equal(voice.reset(), null);
    assert.equal(voice.level, 0);
    assert.equal(voice.push(0.5, 1), 4);
  });
});
