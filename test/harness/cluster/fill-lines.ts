/** One line of a documented configuration, and what stands in its place here; null: nothing. */
export type Filling = readonly [documented: RegExp, here: string | null];

/**
 * A configuration as it is documented, with the addresses and files of this machine. Every other line stays as it is.
 * @param fillings the first that fits a line counts
 * @throws Error when one fits no line: the documented file has changed
 */
export function fillLines(documented: string, fillings: readonly Filling[]): string {
  const used = new Set<Filling>();
  const lines = documented.split('\n').flatMap((line) => {
    const filling = fillings.find(([pattern]) => pattern.test(line));
    if (filling === undefined) return [line];
    used.add(filling);
    const [pattern, here] = filling;
    return here === null ? [] : [line.replace(pattern, here)];
  });
  const unused = fillings.find((filling) => !used.has(filling));
  if (unused) throw new Error(`No line of the documented configuration fits ${unused[0].source}.`);
  return lines.join('\n');
}
