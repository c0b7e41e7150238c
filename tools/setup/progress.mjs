/** A set-up step that cannot go on. Its message says what to do; it is printed without a stack. */
export class SetupError extends Error {}

/** Prints one plain line about what set-up is doing. */
export function say(text) {
  console.log(`set-up: ${text}`);
}

/** "4.2 s" or "3 min 12 s" since the time `start` (milliseconds since the epoch). */
export function since(start) {
  const seconds = (Date.now() - start) / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * Runs a command's main function; a SetupError ends the process with its text and code 1.
 * @param {() => Promise<number | void>} main resolves with the exit code, by default 0
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) || 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
