/** The load on a cluster of three relays. */
import { it } from 'node:test';
import { runApart } from '../harness/run-apart.ts';

it('the load on three relays behind one address', () => runApart(new URL('load-on-cluster.ts', import.meta.url)));
