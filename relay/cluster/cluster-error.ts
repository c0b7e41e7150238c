/**
 * Why the cluster could not do what was asked. `bus_timeout`: no answer within the deadline, though the question may have been
 * served. `bus_refused`: the other node answered with a refusal, whose own code is `reason`. `bus_down`: the question did not
 * leave this node. `node_id_taken`: another node that is alive has this node's id.
 */
export type ClusterErrorCode = 'bus_timeout' | 'bus_refused' | 'bus_down' | 'node_id_taken';

/** An error between nodes, with a stable code. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly code: ClusterErrorCode;
  /** With `bus_refused`: the code that the other node's handler failed with, such as `not_found`; `internal` when it had none. */
  readonly reason: string | null;

  constructor(code: ClusterErrorCode, message: string, options: ErrorOptions & { readonly reason?: string } = {}) {
    super(message, options);
    this.code = code;
    this.reason = options.reason ?? null;
  }
}
