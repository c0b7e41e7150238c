/** A command line that cannot be understood. The message says why, and where all options are listed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
