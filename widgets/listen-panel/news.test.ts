import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CommercialStatus } from '../../relay/protocol/messages.ts';
import { commercial } from '../ui/testing/fake-sessions.ts';
import { News } from './news.ts';

const roster = (...statuses: CommercialStatus[]) =>
  statuses.map((status, index) => commercial(`c${index}`, { status }));

describe('news', () => {
  it('tell who of the watched ones went live, until they are seen or no longer live', () => {
    const news = new News();
    const before = roster('ready', 'offline', 'ready');
    const now = roster('live', 'live', 'ready');
    assert.equal(news.look(now, before, ['c0', 'c2']), true);
    assert.deepEqual(
      news.of(now).map(({ id }) => id),
      ['c0'],
    );
    assert.deepEqual(news.of(roster('paused', 'live', 'ready')), []);
    news.drop('c0');
    assert.deepEqual(news.of(now), []);
  });

  it('are none where nobody is watched, where somebody goes on after a pause, or is live when the page comes', () => {
    const news = new News();
    assert.equal(news.look(roster('live'), roster('ready'), []), false);
    assert.equal(news.look(roster('live'), roster('paused'), ['c0']), false);
    assert.equal(news.look(roster('live'), [], ['c0']), false);
  });

  it('are of three at most', () => {
    const news = new News();
    const all = ['c0', 'c1', 'c2', 'c3'];
    const now = roster('live', 'live', 'live', 'live');
    news.look(now, roster('ready', 'ready', 'ready', 'ready'), all);
    assert.deepEqual(
      news.of(now).map(({ id }) => id),
      ['c1', 'c2', 'c3'],
    );
  });
});
