import type { ExpectedPerson } from '../sessions/state.ts';

/** Up to so many people, and characters of each text: as in tokens. */
const MOST = 2000;
const LONGEST = { id: 128, name: 200, team: 128 } as const;

/**
 * The host's list of expected people, read strictly: the whole list is refused when something is wrong in it, so that nobody is missing unnoticed.
 * @param value whatever the host set; null and undefined are an empty list
 * @throws TypeError that says what is wrong, and where
 */
export function readExpected(value: unknown): readonly ExpectedPerson[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new TypeError('`expected` is no array.');
  if (value.length > MOST) throw new TypeError(`\`expected\` has ${value.length} people; it can have ${MOST}.`);
  const seen = new Set<string>();
  return value.map((one: unknown, index) => {
    const { id, name, team = '' }: Record<string, unknown> = Object(one);
    const text = (key: keyof typeof LONGEST, value: unknown, shortest: number): string => {
      const longest = LONGEST[key];
      if (typeof value === 'string' && value.length >= shortest && value.length <= longest) return value;
      throw new TypeError(`\`expected[${index}].${key}\` is no text of ${shortest} to ${longest} characters.`);
    };
    const checked = { id: text('id', id, 1), name: text('name', name, 1), team: text('team', team, 0) };
    if (seen.has(checked.id)) throw new TypeError(`\`expected[${index}].id\` is there twice: "${checked.id}".`);
    seen.add(checked.id);
    return checked;
  });
}
