import { NODE_PIPE_ERROR_CODES, NodePipeError } from '../../media/node-pipe-error.ts';
import type { ClusterBus } from '../bus/cluster-bus.ts';
import type { BodyOf, NodeRef, ResultOf } from '../bus-protocol.ts';
import { ClusterError } from '../cluster-error.ts';

/** A home that does not answer in this time is asked again later, by whoever still listens. */
const PIPE_OPEN_MS = 3_000;

/** Asks a source's node to pass it on. @throws NodePipeError with the code that the node refused with; else what the bus says */
export async function askForPipe<K extends 'pipe-open' | 'whisper-pipe'>(
  bus: Pick<ClusterBus, 'request'>,
  home: NodeRef,
  kind: K,
  body: BodyOf<K>,
): Promise<ResultOf<K>> {
  try {
    return await bus.request(home, kind, body, PIPE_OPEN_MS);
  } catch (error) {
    const reason = error instanceof ClusterError ? error.reason : null;
    const code = NODE_PIPE_ERROR_CODES.find((known) => known === reason);
    throw code ? new NodePipeError(code, 'The source’s node refuses the pipe.', { cause: error }) : error;
  }
}
