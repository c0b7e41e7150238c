/** Why a node does not pass a source on to another. */
export const NODE_PIPE_ERROR_CODES = [
  /** The source has ended, or was taken back while it was being given. */
  'not_found',
  /** The home closed this link, or knows it with another end: ask again over a fresh one. */
  'link_closed',
  /** The request or answer is not what the protocol between nodes says. */
  'bad_request',
  /** The worker ended just now, or there is no free port for the link. */
  'media_unavailable',
] as const;

export type NodePipeErrorCode = (typeof NODE_PIPE_ERROR_CODES)[number];

/** A pipe between two nodes could not be made. The code crosses the bus; the text is for the log. */
export class NodePipeError extends Error {
  override readonly name = 'NodePipeError';
  readonly code: NodePipeErrorCode;

  constructor(code: NodePipeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
