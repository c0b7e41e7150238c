import { z } from 'zod';
import type { TrailPlace } from '../audit/trail-reader.ts';
import { daysBack } from '../audit/trail-reader.ts';
import { RelayError } from '../errors.ts';

/** Without `from`, so many days are read, today included. */
const DAYS = 30;
const MOST = 500;

const day = z.iso.date('a day in UTC, as 2026-11-27');

/** Where the page before ended. It is made by the relay, and means nothing to whoever sends it back. */
const place = z.strictObject({
  day: z.iso.date(),
  seen: z
    .record(z.string().max(64), z.number().int().nonnegative())
    .refine((seen) => Object.keys(seen).length <= 1_000),
});

const query = z.strictObject({
  from: day.optional(),
  to: day.optional(),
  limit: z.coerce.number(`a whole number from 1 to ${MOST}`).int().min(1).max(MOST).default(100),
  after: z
    .string()
    .max(16_384)
    .transform((text, context): TrailPlace => {
      const read = place.safeParse(fromCursor(text));
      if (read.success) return read.data;
      context.addIssue({ code: 'custom', message: 'the "next" of the answer before' });
      return z.NEVER;
    })
    .optional(),
});

/** What is asked for of the trail. */
export interface AuditQuery {
  readonly from: string;
  readonly to: string;
  readonly limit: number;
  readonly after: TrailPlace | null;
}

/** Reads the part of a URL after `?`, strictly: a parameter that is not known would be one that somebody relies on. @throws RelayError bad_request */
export function readAuditQuery(url: string): AuditQuery {
  const { searchParams } = new URL(url, 'http://relay');
  const names = [...searchParams.keys()];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new RelayError('bad_request', `The parameter ${twice.slice(0, 40)} is there twice.`);
  const read = query.safeParse(Object.fromEntries(searchParams));
  if (!read.success) {
    const [issue] = read.error.issues;
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ').slice(0, 80) : null;
    throw new RelayError(
      'bad_request',
      unknown !== null
        ? `There is no parameter ${unknown}; there are from, to, limit and after.`
        : `The parameter ${issue?.path.join('.')} must be ${issue?.message}.`,
    );
  }
  const { from = daysBack(DAYS), to = '9999-12-31', limit, after = null } = read.data;
  return { from, to, limit, after };
}

/** A place as text that goes into a URL as it is. */
export function toCursor(at: TrailPlace): string {
  return Buffer.from(JSON.stringify(at)).toString('base64url');
}

function fromCursor(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return null;
  }
}
