import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { admin, Scene } from '../streams/testing/scene.ts';
import { WishSession } from './wish-session.ts';

const fragment = (ufrag: string): string => `a=ice-ufrag:${ufrag}\r\na=ice-pwd:${'p'.repeat(22)}\r\n`;

describe('a player that has the relay’s own offer', () => {
  let scene: Scene;
  let done: string[];
  let player: WishSession;
  beforeEach(() => {
    scene = new Scene();
    done = [];
    player = new WishSession({
      session: scene.join(admin('ada')).session,
      ice: null,
      mid: null,
      restartIce: async () => {
        done.push('restarted');
        return 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n';
      },
      accept: async (sdp) => {
        await Promise.resolve();
        done.push(sdp);
      },
      end: () => undefined,
    });
  });
  afterEach(() => scene.registry.close());

  it('may tell of candidates, with the credentials of its answer to come, before it answers', async () => {
    assert.deepEqual(await player.patchIce(fragment('mine'), player.etag), { restarted: false });
    await player.accept(fragment('mine'));
    assert.deepEqual(await player.patchIce(fragment('mine'), player.etag), { restarted: false });
    assert.deepEqual(done, [fragment('mine')]);
  });

  it('answers once, also with two answers and candidates at a time', async () => {
    const { etag } = player;
    const [first, second, candidates] = await Promise.allSettled([
      player.accept(fragment('mine')),
      player.accept(fragment('other')),
      player.patchIce(fragment('mine'), etag),
    ]);
    assert.equal(first.status, 'fulfilled');
    assert.equal(second.status === 'rejected' && second.reason.code, 'answered');
    assert.deepEqual(candidates.status === 'fulfilled' && candidates.value, { restarted: false });
    assert.deepEqual(done, [fragment('mine')]);
    assert.equal((await player.patchIce(fragment('newer'), etag)).restarted, true);
    assert.equal(done.length, 2);
  });
});
