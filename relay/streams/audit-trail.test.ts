/** What the log keeps of listening: who heard whom, and for how long, by ids alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { z } from 'zod';
import { admin, commercial, Scene } from './testing/scene.ts';

const line = z.looseObject({ msg: z.string(), admin: z.string(), commercial: z.string() });
const ended = z.looseObject({ forMs: z.int().nonnegative(), why: z.string() });

function auditedScene() {
  const lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (text: string) => void lines.push(text) });
  const trail = () => lines.filter((text) => text.includes('"listening ')).map((text) => line.parse(JSON.parse(text)));
  return { scene: new Scene({ logger }), lines, trail };
}

test('selecting and stopping are logged with both ids and the time, without names', async () => {
  const { scene, lines, trail } = auditedScene();
  await scene.live(commercial('cleo', 'Nord', 'Cléo Secret'));
  const ada = await scene.listening(admin('ada', ['Nord'], 'Ada Secret'));
  scene.registry.listening.select(ada.session, 'cleo');
  scene.registry.listening.select(ada.session, 'cleo'); // sent again: nothing new
  scene.registry.listening.stop(ada.session);
  scene.registry.listening.stop(ada.session);
  const steps = trail();
  assert.deepEqual(
    steps.map((step) => [step.msg, step.admin, step.commercial]),
    [
      ['listening selected', 'ada', 'cleo'],
      ['listening ended', 'ada', 'cleo'],
    ],
  );
  assert.equal(ended.parse(steps[1]).why, 'asked');
  assert.ok(!lines.join('').includes('Secret'));
  scene.registry.close();
});

test('a switch, and a newer page that takes over, end what was heard before', async () => {
  const { scene, trail } = auditedScene();
  await scene.live(commercial('cleo'));
  await scene.live(commercial('hugo'));
  const older = await scene.listening(admin('ada'));
  scene.registry.listening.select(older.session, 'cleo');
  scene.registry.listening.select(older.session, 'hugo');
  const newer = await scene.listening(admin('ada'));
  scene.registry.listening.select(newer.session, 'cleo');
  const steps = trail();
  assert.deepEqual(
    steps.map((step) => [step.msg, step.commercial]),
    [
      ['listening selected', 'cleo'],
      ['listening ended', 'cleo'],
      ['listening selected', 'hugo'],
      ['listening ended', 'hugo'],
      ['listening selected', 'cleo'],
    ],
  );
  assert.deepEqual(
    [steps[1], steps[3]].map((step) => ended.parse(step).why),
    ['asked', 'replaced'],
  );
  scene.registry.close();
});
