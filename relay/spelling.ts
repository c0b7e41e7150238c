/** How many letters to add, leave out, change or swap (Damerau–Levenshtein, neighbours only). Infinite when lengths differ by more than 2. */
export function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? Number.POSITIVE_INFINITY;
}

/** The name of these that was probably meant: the nearest, when it is near and the only one that is so near; else null. */
export function nearestName(given: string, names: readonly string[]): string | null {
  const spelt = given.toLowerCase().replace(/[^a-z0-9*]/g, '');
  const far = names.map((name) => ({ name, steps: distance(spelt, name.toLowerCase()) }));
  const near = far.filter(({ name, steps }) => steps <= (name.length < 5 ? 1 : 2)).sort((a, b) => a.steps - b.steps);
  return near[0] && near[0].steps !== near[1]?.steps ? near[0].name : null;
}
