/** A commercial's pages over real sockets, on one relay and on two nodes: they know of each other's stream, and may end it. */
import assert from 'node:assert/strict';
import { commercial } from '../streams/testing/scene.ts';
import { eventually, type LivePage } from './testing/live-page.ts';
import { testInAllPlaces } from './testing/live-places.ts';

const elsewhere = (page: LivePage) => page.all('stream:elsewhere').at(-1)?.status ?? null;

testInAllPlaces('a stream is told to the user’s other page, which ends it', async ({ commercials, admins }) => {
  const stranger = await admins.join(commercial('dora', 'Nord'));
  const early = await admins.join(commercial('cleo', 'Nord'));
  const live = await commercials.live(commercial('cleo', 'Nord'));
  await eventually(() => elsewhere(early) === 'live', 'the page that was there is not told');
  const late = await admins.join(commercial('cleo', 'Nord'));
  await eventually(() => elsewhere(late) === 'live', 'the page that came is not told');

  assert.deepEqual(await late.request('stream:stop-elsewhere'), {});
  assert.equal(commercials.signalling.streams.publishing.streamOf('cleo'), null);
  await eventually(() => live.all('stream:ended')[0]?.reason === 'stopped', 'the other page is not told why');
  await eventually(() => elsewhere(early) === null && elsewhere(late) === null, 'the end is not told');
  assert.deepEqual(
    [live, stranger].map(({ heard }) => heard.filter(({ name }) => name === 'stream:elsewhere')),
    [[], []],
  );
});
