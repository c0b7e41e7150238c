import type { z } from 'zod';

/** One variable. `T` is what the configuration holds; null stands for "not set" where there is no default. */
export interface Variable<T> {
  readonly group: string;
  /** What it does, for a person who runs the relay. */
  readonly doc: string;
  /** Used when the variable is not set; text as the environment would carry it. Null: no default. */
  readonly default: string | null;
  /** What stands in the documentation in place of a default that depends on the machine, or of none. */
  readonly defaultDoc?: string;
  readonly example: string;
  /** Never print what was given. */
  readonly secret: boolean;
  readonly schema: z.ZodType<T, string>;
}

type Description<T> = Omit<Variable<T>, 'group' | 'secret' | 'default' | 'schema'>;

/** A variable that always has a value. */
export function required<T>(group: string, schema: z.ZodType<T, string>, about: Description<T> & { default: string }) {
  return { group, secret: false, schema, ...about } satisfies Variable<T>;
}

/** A variable that may not be set. */
export function optional<T>(group: string, schema: z.ZodType<T, string>, about: Description<T> & { secret?: boolean }) {
  return { group, secret: false, default: null, schema, ...about } satisfies Variable<T>;
}
