import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import type { ResultOf } from '../bus-protocol.ts';
import type { CommercialRow } from '../bus-rows.ts';
import { BusScene, settled } from '../testing/bus-scene.ts';
import { Clock } from '../testing/clock.ts';
import { AGAIN_MS, CatchUp } from './catch-up.ts';

let scene: BusScene;
beforeEach(() => {
  scene = new BusScene();
});
afterEach(() => scene.close());

const row = (id: string, equipe: string, version: number): CommercialRow => ({
  id,
  version,
  name: id,
  equipe,
  present: true,
  listenerCount: 0,
  helpForMs: null,
  stream: null,
  ended: null,
});

const page = (asOf: number, ...rows: readonly CommercialRow[]): ResultOf<'snapshot'> => ({
  asOf,
  rows: [...rows],
  listeners: [],
  more: false,
});

/** A node that asks another one, which answers when it is let. */
async function start(wants: (equipe: string) => boolean = () => true) {
  const [asker, asked] = [scene.node('a'), scene.node('b')];
  await scene.meet(asker, asked);
  const questions: { equipes: readonly string[]; answer: (result: ResultOf<'snapshot'> | Error) => void }[] = [];
  asked.answer('snapshot', ({ id }, { equipes }) => {
    assert.equal(id, 'a');
    return new Promise((resolve, reject) => {
      questions.push({ equipes, answer: (result) => (result instanceof Error ? reject(result) : resolve(result)) });
    });
  });
  const taken: string[] = [];
  const completed: { equipes: string[]; seen: string[]; asOf: number }[] = [];
  const catchUp = new CatchUp({
    bus: asker,
    timers: scene.timers,
    logger: pino({ level: 'silent' }),
    node: asked.self,
    wants,
    take: ({ id }) => void taken.push(id),
    complete: (equipes, seen, asOf) => void completed.push({ equipes: [...equipes], seen: [...seen], asOf }),
  });
  return { catchUp, questions, taken, completed };
}

describe('what may have been missed of a node', () => {
  it('is asked for in one question at a time, with all teams that have come together', async () => {
    const { catchUp, questions, taken, completed } = await start();
    for (const equipe of ['Nord', 'Sud', 'Nord']) catchUp.want(equipe);
    await settled();
    for (const equipe of ['Est', 'Ouest', 'Sud']) catchUp.want(equipe);
    await settled();
    assert.deepEqual(
      questions.map(({ equipes }) => equipes),
      [['Nord', 'Sud']],
    );
    questions[0]?.answer(page(7, row('cleo', 'Nord', 3), row('hugo', 'Sud', 5)));
    await settled();
    assert.deepEqual(questions[1]?.equipes, ['Est', 'Ouest', 'Sud']);
    assert.deepEqual(taken, ['cleo', 'hugo']);
    assert.deepEqual(completed, [{ equipes: ['Nord', 'Sud'], seen: ['cleo', 'hugo'], asOf: 7 }]);
    questions[1]?.answer(page(8));
    await settled();
    assert.equal(completed.length, 2);
    assert.equal(questions.length, 2);
  });

  it('is asked for again when it was refused, once, and not for what nobody wants any more', async (t) => {
    const clock = new Clock();
    t.after(() => clock.stop());
    let wanted = true;
    const { catchUp, questions, completed } = await start((equipe) => wanted || equipe === 'Sud');
    catchUp.want('Nord');
    catchUp.want('Sud');
    await settled();
    wanted = false;
    questions[0]?.answer(new Error('not now'));
    await settled();
    await clock.advance(AGAIN_MS);
    assert.deepEqual(questions[1]?.equipes, ['Sud']);
    questions[1]?.answer(page(1));
    await settled();
    assert.deepEqual(completed, [{ equipes: ['Sud'], seen: [], asOf: 1 }]);
  });

  it('brings nobody back who went meanwhile, and nobody of a team that was not asked for', async () => {
    const { catchUp, questions, taken } = await start();
    catchUp.want('Nord');
    await settled();
    catchUp.gone('cleo', 4);
    catchUp.gone('otto', 4);
    questions[0]?.answer(page(5, row('cleo', 'Nord', 3), row('hugo', 'Sud', 5), row('otto', 'Nord', 5)));
    await settled();
    assert.deepEqual(taken, ['otto']);
  });
});
