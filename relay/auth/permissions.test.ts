import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RequestName, requests, type SessionUser } from '../protocol/messages.ts';
import { mayContinueAs, mayHear, mayRequest, maySee } from './permissions.ts';

const anna: SessionUser = { role: 'commercial', id: 'c-1', name: 'Anna', equipe: 'nord' };
const bruno: SessionUser = { role: 'admin', id: 'a-1', name: 'Bruno', equipes: ['nord', 'est'] };
const nobodys: SessionUser = { role: 'admin', id: 'a-2', name: 'Chloé', equipes: [] };

describe('who may hear and see whom', () => {
  const table: readonly (readonly [user: SessionUser, equipe: string, allowed: boolean])[] = [
    [bruno, 'nord', true],
    [bruno, 'est', true],
    [bruno, 'sud', false],
    [bruno, 'Nord', false],
    [bruno, 'nord ', false],
    [bruno, '', false],
    [bruno, '*', false],
    [{ ...bruno, equipes: ['*'] }, 'nord', false],
    [nobodys, 'nord', false],
    [anna, 'nord', false],
    [anna, 'sud', false],
  ];
  for (const [user, equipe, allowed] of table) {
    const teams = user.role === 'admin' ? user.equipes.join('+') || 'no team' : user.equipe;
    it(`${user.role} of ${teams} ${allowed ? 'may' : 'may not'} hear "${equipe}"`, () => {
      assert.equal(mayHear(user, equipe), allowed);
      assert.equal(maySee(user, equipe), allowed);
    });
  }
});

it('each role sends its own requests only', () => {
  const allowed = (user: SessionUser) =>
    (Object.keys(requests) as RequestName[]).filter((name) => mayRequest(user, name)).sort();
  assert.deepEqual(allowed(anna), [
    'consent:give',
    'demand:seen',
    'help:ask',
    'publish:offer',
    'session:refresh',
    'stream:capture',
    'stream:pause',
    'stream:start',
    'stream:stop',
    'stream:stop-elsewhere',
    'stream:voice',
    'whisper:allow',
    'whisper:answer',
    'whisper:connect',
    'whisper:disconnect',
    'whisper:shown',
    'whisper:stop',
  ]);
  assert.deepEqual(allowed(bruno), [
    'listen:answer',
    'listen:connect',
    'listen:disconnect',
    'listen:opening',
    'listen:select',
    'listen:stop',
    'roster:pace',
    'session:refresh',
    'whisper:answer',
    'whisper:begin',
    'whisper:connect',
    'whisper:cue',
    'whisper:disconnect',
    'whisper:offer',
    'whisper:seen',
    'whisper:stop',
  ]);
});

it('a session goes on as the same user in the same role only', () => {
  assert.equal(mayContinueAs(bruno, { ...bruno, name: 'B.', equipes: ['sud'] }), true);
  assert.equal(mayContinueAs(bruno, nobodys), false);
  assert.equal(mayContinueAs(anna, { role: 'admin', id: 'c-1', name: 'Anna', equipes: [] }), false);
});
