/** What a transport counts. */
export interface TransportCounts {
  /** Messages that were taken. */
  readonly published: number;
  /** Messages that were not taken, or of which that is not known. */
  readonly failed: number;
  /** Messages that came in. */
  readonly received: number;
  /** Connections that were made anew after a loss. */
  readonly reconnects: number;
  /** How long the last message to itself took through the server and back; null without a connection, or without a server. */
  readonly roundTripMs: number | null;
}

/**
 * Carries texts between nodes by named channels, at most once, in order within a channel. It knows nothing of what it carries,
 * and promises nothing: a message may be lost, or come late, also one that was reported as failed.
 */
export interface BusTransport {
  /** Is there a connection? True says little: a frozen server keeps it. */
  readonly up: boolean;
  /** Never rejects. False: it was not taken, or nobody can say. */
  publish(channel: string, text: string): Promise<boolean>;
  /**
   * Receives what is published there, from this node too. `standing` is called once the subscription stands, and again after each
   * reconnection: what was published before may have been missed. Returns how to stop.
   */
  subscribe(channel: string, handler: (text: string) => void, standing?: () => void): () => void;
  /** Called when the connection is there, at first and after each loss. Returns how to stop. */
  onUp(handler: () => void): () => void;
  counts(): TransportCounts;
  /** Idempotent. Nothing is received any more once it was called. */
  close(): Promise<void>;
}
