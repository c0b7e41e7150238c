import { z } from 'zod';
import { RelayError } from '../errors.ts';
import { type ExpectedPerson, expectedPerson, type SessionUser, sessionUser } from '../protocol/messages.ts';
import { mayHear } from './permissions.ts';
import { hiddenIn, plainText } from './plain-text.ts';
import type { VerifiedReader, VerifiedVisitor } from './user.ts';

const [commercialUser] = sessionUser.options;

/** The year 5138 in seconds; the same number in milliseconds is 1973. What is beyond is not in seconds, or no date. */
const LAST_EXP = 100_000_000_000;
/** The year 2286 in milliseconds. */
const LAST_MS = 10_000_000_000_000;

/** Seconds since 1970, a fraction too (RFC 7519, 2: NumericDate). */
const numericDate = z
  .number({ error: 'must be a number: seconds since 1970' })
  .nonnegative()
  .superRefine((value, context) => {
    const message = misreadDate(value);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

/** Says when a date is not in seconds, as a clause; null when it can be. */
export function misreadDate(value: number): string | null {
  if (value <= LAST_EXP) return null;
  return value < LAST_MS
    ? 'seems to be in milliseconds, but must be in seconds since 1970 (RFC 7519): divide it by 1000'
    : 'is no date: it must be in seconds since 1970 (RFC 7519)';
}

const NOTHING = 'Holds nothing that can be seen';

/** Shown to others, so that what is hidden in it is taken out. */
const name = z.string().transform(plainText).pipe(z.string().min(1, NOTHING).max(200));

/** Compared, never changed: with something hidden in it, it would look like another. */
function exact(schema: z.ZodString): z.ZodString {
  return schema.superRefine((text, context) => {
    const hidden = hiddenIn(text);
    if (hidden) context.addIssue({ code: 'custom', message: `${hidden}; write it without` });
  });
}

/** Streams that are sealed from end to end, and no others: sent by this commercial, or heard by this admin. */
const e2ee = z.literal('required', { error: 'must be "required", or left out' }).optional();

const sub = exact(commercialUser.shape.id);
const equipe = exact(commercialUser.shape.equipe);

/** More than a token of 8 KiB has room for. */
const MOST_EXPECTED = 200;

/** All or nothing: a list with something wrong in it would have somebody missing whom nobody misses. */
const expected = z
  .array(
    z
      .strictObject({ id: sub, name: z.string().transform(plainText).refine(Boolean, NOTHING), equipe })
      .pipe(expectedPerson),
  )
  .max(MOST_EXPECTED)
  .refine((people) => new Set(people.map(({ id }) => id)).size === people.length, { error: 'names an id twice' });

/**
 * The claims that the relay needs, beside those that jsonwebtoken has checked. Claims that are not named here are let pass,
 * because the host's tokens serve its own servers too. Lengths are those of the protocol, so that what is accepted here
 * always fits a message.
 */
export const tokenClaims = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('commercial'),
    /** Who this is, for good: the same person has the same `sub` in every token. */
    sub,
    /** Shown to the admins. */
    name,
    /** The team whose admins may hear this commercial. */
    equipe,
    /** The version of the policy's text that the commercial has acknowledged at the host. */
    consent: z.string().max(64).optional(),
    e2ee,
    exp: numericDate,
  }),
  z.object({
    role: z.literal('admin'),
    sub,
    /** Shown to the commercial while this admin listens. */
    name,
    /** The teams that this admin may hear. An empty list hears nobody; without the claim the token is refused. */
    equipes: z.array(equipe).max(1000),
    e2ee,
    /** May whisper to those whom they hear: into the ear of a commercial who allows it. */
    whisper: z.boolean().optional(),
    /** People who stand in this admin's list as offline also while they were never connected; `id` is their `sub`. */
    expected: expected.optional(),
    exp: numericDate,
  }),
]);

/**
 * The claims of a token that opens the page /doctor and nothing else: it names nobody who could be heard or hear, so that it may be handed
 * to whoever looks for a fault.
 */
export const doctorClaims = z.object({ role: z.literal('doctor'), sub, exp: numericDate });

/** The claims of a token that reads the audit trail of its teams (`GET /api/audit`) and does nothing else: it neither hears nor is heard. */
export const auditorClaims = z.object({
  role: z.literal('auditor'),
  sub,
  /** The teams of whose commercials it may read. */
  equipes: z.array(equipe).max(1000),
  exp: numericDate,
});

/** What a verified token says: the user, and the time at which it ends (milliseconds since the epoch). */
export interface ReadClaims {
  readonly user: SessionUser;
  readonly expiresAt: number;
  readonly consent?: string;
  /** What they say or hear must be sealed from end to end (docs/e2ee.md). */
  readonly e2ee?: 'required';
  readonly whisper?: boolean;
  /** Of the teams that this admin may hear. */
  readonly expected?: readonly ExpectedPerson[];
}

/**
 * Reads the payload of a token whose signature was verified.
 * @throws RelayError token_claims_invalid, which names each claim that is missing or wrong, without its value
 */
export function readClaims(payload: unknown): ReadClaims {
  for (const { role, opens } of SPECIAL_ROLES) {
    if (roleOf(payload) !== role) continue;
    throw new RelayError(
      'token_claims_invalid',
      `The token's claims cannot be used: role: ${role} ${opens} and nothing else.`,
    );
  }
  const claims = parse(tokenClaims, payload);
  const expiresAt = endOf(claims);
  const sealed = claims.e2ee && { e2ee: claims.e2ee };
  if (claims.role === 'commercial') {
    const user = { role: 'commercial', id: claims.sub, name: claims.name, equipe: claims.equipe } as const;
    return { user, expiresAt, ...(claims.consent !== undefined && { consent: claims.consent }), ...sealed };
  }
  const equipes = [...new Set(claims.equipes)];
  const user = { role: 'admin', id: claims.sub, name: claims.name, equipes } as const;
  const expected = claims.expected?.filter(({ equipe }) => mayHear(user, equipe));
  return { user, expiresAt, ...(claims.whisper && { whisper: true }), ...(expected && { expected }), ...sealed };
}

/** The same for the loop-back, which the role `doctor` opens too. @throws RelayError token_claims_invalid */
export function readVisitor(payload: unknown): VerifiedVisitor {
  if (roleOf(payload) !== 'doctor') {
    const { user, expiresAt } = readClaims(payload);
    return { role: user.role, id: user.id, expiresAt };
  }
  const claims = parse(doctorClaims, payload);
  return { role: claims.role, id: claims.sub, expiresAt: endOf(claims) };
}

/** The same for the audit trail, which the role `auditor` reads too. @throws RelayError token_claims_invalid */
export function readReader(payload: unknown): VerifiedReader {
  if (roleOf(payload) !== 'auditor') {
    const { user, expiresAt } = readClaims(payload);
    const equipes = user.role === 'admin' ? user.equipes : [user.equipe];
    return { role: user.role, id: user.id, equipes, expiresAt };
  }
  const claims = parse(auditorClaims, payload);
  return { role: claims.role, id: claims.sub, equipes: claims.equipes, expiresAt: endOf(claims) };
}

/** Roles that no session has, and what each is for. */
const SPECIAL_ROLES = [
  { role: 'doctor', opens: 'opens the page /doctor' },
  { role: 'auditor', opens: 'reads the audit trail' },
] as const;

function roleOf(payload: unknown): unknown {
  return z.object({ role: z.unknown() }).safeParse(payload).data?.role;
}

function parse<T>(schema: z.ZodType<T>, payload: unknown): T {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'payload'}: ${issue.message}`);
  throw new RelayError('token_claims_invalid', `The token's claims cannot be used: ${problems.join('; ')}.`);
}

/** In milliseconds since the epoch. */
function endOf({ exp }: { readonly exp: number }): number {
  return Math.floor(exp * 1000);
}
