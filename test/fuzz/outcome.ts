/**
 * How one case ended. `granted`: it was a good request after all. `error`: a stable code and a text. `disconnect`: the relay
 * closed the connection. `silence`: nothing was asked that could be answered, and the relay goes on.
 */
export type Outcome = 'granted' | 'error' | 'disconnect' | 'silence';

/** How often each outcome was seen. */
export type Outcomes = Record<Outcome, number>;
