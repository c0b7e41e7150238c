/** As of the protocol: the longest text, in characters. */
export const MAX_CUE_CHARACTERS = 80;
/** More are a list to be read, while somebody stands at a door. */
const MOST = 3;

const warned = new WeakSet<object>();

/** The host's own texts that can be used: the first three; what is no text, is empty or too long is left out, and the console says so once. */
export function presetsOf(given: unknown): readonly string[] {
  if (given === null || given === undefined) return [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const texts = list.flatMap((each) => (typeof each === 'string' ? [each.replace(/\s+/g, ' ').trim()] : []));
  const usable = texts.filter((text) => text !== '' && text.length <= MAX_CUE_CHARACTERS).slice(0, MOST);
  if (usable.length < list.length && !warned.has(list)) {
    warned.add(list);
    console.warn(
      `cues: ${usable.length} of ${list.length} are used: up to ${MOST} texts of 1 to ${MAX_CUE_CHARACTERS} characters.`,
    );
  }
  return usable;
}
