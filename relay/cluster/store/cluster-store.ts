/** Who holds a claim: a session of a life of a node, and the number that says which claim is newer. */
export interface ClaimHolder {
  readonly node: string;
  readonly epoch: number;
  /** A hash that stands for the session. */
  readonly session: string;
  /** Greater for each later claim of the same name. Microseconds since 1970, when the claim was not made sooner than that. */
  readonly order: number;
}

/** What a claim asks for. */
export interface ClaimWish {
  readonly node: string;
  readonly epoch: number;
  readonly session: string;
  /** Not a new wish: it is taken only when nobody holds it, or this session or `predecessor` does. */
  readonly again: boolean;
  /** The hash of the session that this one goes on for. */
  readonly predecessor: string | null;
}

/** What became of a claim. `previous`: who held it until now, with this session too. */
export type ClaimOutcome =
  | { readonly taken: true; readonly order: number; readonly previous: ClaimHolder | null }
  | { readonly taken: false; readonly holder: ClaimHolder };

/** What became of a claim that was to be kept. `other`: who held it until now, or, when it is not kept, who holds it. */
export interface KeepOutcome {
  readonly kept: boolean;
  readonly other: ClaimHolder | null;
}

/** A claim under its names: one for each secret of the cluster, of which the current one's comes first. */
export interface NamedHolder {
  readonly names: readonly string[];
  readonly holder: ClaimHolder;
}

/**
 * What the nodes of a cluster keep in one place besides their messages. All of it runs out by itself, and may be gone at any time.
 * Each method is one atomic step, and rejects with ClusterError (`bus_down`, `bus_timeout`) when that is not known to be done; it may
 * be done all the same, also later.
 */
export interface ClusterStore {
  /**
   * Holds `name` with `value` for `ttlMs`, when nobody holds it, or `value` itself does, or the value `over`, which the caller has
   * found to be worth nothing. Null: held. Else: the value that stands there.
   */
  hold(name: string, value: string, ttlMs: number, over: string | null): Promise<string | null>;
  /** Ends `hold`, if that value holds it. */
  letGo(name: string, value: string): Promise<void>;
  /** A number that is greater than each that it gave for that name within `ttlMs`, and `least` or more; near to `least` in any case. */
  next(name: string, least: number, ttlMs: number): Promise<number>;
  /** Takes the claim, with an order above the one that holds it. */
  claim(names: readonly string[], wish: ClaimWish, ttlMs: number): Promise<ClaimOutcome>;
  /**
   * Keeps claims, in one go: each is written with its order, unless somebody else holds it with a higher one (of equals, the greater
   * node and session).
   */
  keep(claims: readonly NamedHolder[], ttlMs: number): Promise<readonly KeepOutcome[]>;
  /** Ends a claim, if that session of that node holds it. */
  release(names: readonly string[], holder: Pick<ClaimHolder, 'node' | 'epoch' | 'session'>): Promise<void>;
}

/** How far above `least` a number of `ClusterStore.next` may be: what is higher was not counted, but written by somebody. */
export const NEXT_REACH = 86_400_000;

/** The greatest order. What is above was not counted, but written by somebody, and counts as nothing. */
export const MAX_ORDER = 9_000_000_000_000_000;
