import { RelayError } from '../errors.ts';

/** The refusal of a stream or a listener who is new, while the relay has as much to do as it can carry well. */
export function overloaded(): RelayError {
  return new RelayError('capacity', 'The relay has as much to do as it can carry well. Try again in a few seconds.');
}
