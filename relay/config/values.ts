/**
 * The kinds of values that environment variables carry, each a zod schema from text to what the configuration holds.
 * Their messages say what is allowed; `config.ts` adds the variable's name, what was given and an example.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import { parseIceUrl } from '../ice-url.ts';
import { problemOfOrigin } from '../origins.ts';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Fails the parse of one value with this text. */
type Refuse = (message: string) => void;

/** A schema from text through `read`, which calls `refuse` for each thing that is wrong. */
export function text<T>(read: (value: string, refuse: Refuse) => T): z.ZodType<T, string> {
  return z.string().transform((value, context) => {
    let refused = false;
    const result = read(value.trim(), (message) => {
      refused = true;
      context.addIssue({ code: 'custom', message });
    });
    return refused ? z.NEVER : result;
  });
}

/** A whole number from `min` to `max`, both included. */
export function wholeNumber(min: number, max: number): z.ZodType<number, string> {
  return text((value, refuse) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max)) refuse(`a whole number from ${min} to ${max}`);
    return number;
  });
}

/** A part of a whole, from `min` to 1, or 0. A number with more than three decimals is taken for a slip. */
export function share(min: number): z.ZodType<number, string> {
  return text((value, refuse) => {
    const number = /^[01](?:\.\d{1,3})?$/.test(value) ? Number(value) : Number.NaN;
    if (!(number === 0 || (number >= min && number <= 1))) refuse(`0, or a number from ${min} to 1`);
    return number;
  });
}

/** One of these whole numbers. */
export function oneNumberOf(...numbers: readonly number[]): z.ZodType<number, string> {
  return text((value, refuse) => {
    const number = numbers.find((allowed) => String(allowed) === value);
    if (number === undefined) refuse(`one of ${numbers.join(', ')}`);
    return number ?? Number.NaN;
  });
}

/** A port; 0 lets the system pick a free one. */
export const port: z.ZodType<number, string> = wholeNumber(0, 65_535);

/** A port, or `off` (null). */
export const portOrOff: z.ZodType<number | null, string> = text((value, refuse) => {
  if (value === 'off') return null;
  const read = port.safeParse(value);
  if (!read.success) refuse('a port from 0 to 65535 (0: a free one), or off');
  return read.data ?? null;
});

/** A range of ports, such as `45000-45999`, both included. */
export const portRange: z.ZodType<{ readonly first: number; readonly last: number }, string> = text((value, refuse) => {
  const match = /^(\d{1,5})-(\d{1,5})$/.exec(value);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  if (!(first >= 1 && first <= last && last <= 65_535))
    refuse('two ports from 1 to 65535, the lower one first, such as 45000-45999');
  return { first, last };
});

/** A short name of small letters, digits and hyphens. */
export const shortName: z.ZodType<string, string> = text((value, refuse) => {
  if (!/^[a-z0-9-]{1,32}$/.test(value)) refuse('1 to 32 small letters, digits and hyphens');
  return value;
});

/** A duration with its unit, such as `30s`, in milliseconds. A bare number is refused, since it does not say its unit; `0` is clear. */
export function duration(minMs: number, maxMs: number): z.ZodType<number, string> {
  return text((value, refuse) => {
    const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(value);
    const ms = value === '0' ? 0 : Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ''] ?? Number.NaN);
    if (!(ms >= minMs && ms <= maxMs)) {
      refuse(`a number with its unit ms, s, m, h or d, from ${durationText(minMs)} to ${durationText(maxMs)}`);
    }
    return ms;
  });
}

/** Milliseconds as an environment variable would say them: `90000` is `90s`. */
export function durationText(ms: number): string {
  const unit = ['d', 'h', 'm', 's'].find((name) => ms > 0 && ms % (UNIT_MS[name] ?? 1) === 0) ?? 'ms';
  return ms === 0 ? '0' : `${ms / (UNIT_MS[unit] ?? 1)}${unit}`;
}

/** Values separated by commas; spaces around them do not count. */
export function list<T>(item: z.ZodType<T, string>): z.ZodType<readonly T[], string> {
  return text((value, refuse) => {
    const result: T[] = [];
    for (const part of value.split(',').map((piece) => piece.trim())) {
      if (part === '') continue;
      const read = item.safeParse(part);
      if (read.success) result.push(read.data);
      else for (const issue of read.error.issues) refuse(`${issue.message} (not "${part}")`);
    }
    return result;
  });
}

/** One of these words. */
export function oneOf<const T extends string>(...words: readonly T[]): z.ZodType<T, string> {
  return z.enum(words, { error: `one of ${words.join(', ')}` });
}

/** Any text that is not empty; spaces around it do not count. */
export const anyText: z.ZodType<string, string> = text((value) => value);

/** A secret, as it stands: each byte counts. */
export const secretText: z.ZodType<string, string> = z.string().min(1);

/** An IPv4 or IPv6 address; an IPv6 one in its short form (RFC 5952), so that one address has one spelling. */
export const ipAddress: z.ZodType<string, string> = text((value, refuse) => {
  const version = isIP(value);
  if (version === 0) {
    refuse('an IPv4 or IPv6 address');
    return value;
  }
  // A zone belongs to this machine alone, and the URL standard knows none.
  if (version === 4 || value.includes('%')) return value;
  const short = new URL(`http://[${value}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(short);
  if (mapped) {
    const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
    refuse(`the IPv4 address itself: ${[high >> 8, high & 255, low >> 8, low & 255].join('.')}`);
  }
  return short;
});

/** A browser origin (RFC 6454), a pattern of them, or `*` for any. */
export const origin: z.ZodType<string, string> = text((value, refuse) => {
  const problem = problemOfOrigin(value);
  if (problem !== null) refuse(problem);
  return value;
});

/** An http(s) URL. */
export const httpUrl: z.ZodType<string, string> = text((value, refuse) => {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) refuse('an https:// URL');
  else if (url.username !== '' || url.password !== '') refuse('a URL without user name and password');
  return value;
});

/** A STUN or TURN URL with one of these schemes (RFC 7064, RFC 7065). A page with one that cannot be read gets no connection at all. */
export function iceUrl(...schemes: readonly string[]): z.ZodType<string, string> {
  return text((value, refuse) => {
    if (!schemes.includes(parseIceUrl(value)?.scheme ?? '')) refuse(`URLs such as ${schemes[0]}:host.example.com:3478`);
    return value;
  });
}
