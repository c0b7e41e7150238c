/** What tells a secret that nobody can guess from one that was copied, typed or never filled in. */
import { unseenCharacter } from '../strict-text.ts';
import type { Review } from './problems.ts';
import type { VariableName } from './variables.ts';

/** Hexadecimal where scripts and headers have to carry it, as the kits do. */
const makeOne = (name: VariableName): string =>
  `Make one: openssl rand ${name === 'METRICS_TOKEN' || name === 'TURN_SECRET' ? '-hex 32' : '-base64 48'}`;

/** Parts of values that documentation, templates and shells leave behind. Long enough never to occur in random text. */
const PLACEHOLDERS: readonly RegExp[] = [
  /replace[-_ ]?(?:this|by|me|with)/i,
  /change[-_ ]?(?:this|me|it)|changeit/i,
  /(?:your|my)[-_ ](?:jwt|own|very|super|strong|random|long|secret|token|key|turn|256)/i,
  /(?:a|another)[-_ ]long[-_ ]random/i,
  /long[-_ ]random[-_ ](?:value|secret|string|text)/i,
  /the[-_ ](?:same[-_ ]as|output[-_ ]of)/i,
  /openssl|base64[-_ ]48|placeholder|example|insert[-_ ]|fill[-_ ]?(?:in|me)|to[-_ ]be[-_ ](?:set|done|filled)/i,
  /at[-_ ]least[-_ ]\d+[-_ ](?:bits|char)|string[-_ ]secret|this[-_ ]?is[-_ ]?(?:a|my|the|not)/i,
  /insecure|keyboard[-_ ]cat|(?:dev|development|default)[-_ ](?:only|secret|key|jwt)/i,
  /super[-_ ]?secret|secret[-_ ]?(?:key|value)[-_ ]?here|not[-_ ]?so[-_ ]?secret|do[-_ ]?not[-_ ]?use/i,
  /^<.*>$|^\[.*\]$|^\{\{?.*\}\}?$/s,
  /\$\(|\$\{|^\$[A-Z_]+$|^%[A-Z_]+%$/,
  /…|\.\.\.$/,
];

/** Rows of the keyboards that people run their fingers over. */
const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'azertyuiop', 'qsdfghjklm', 'wxcvbn', 'qwertz', 'yxcvbnm'];

/** A random text of 32 characters or more has this many different ones and more, of decimal digits too. */
const MIN_DIFFERENT = 6;

/** The least length of what a repeated secret repeats, in characters. */
const MIN_PERIOD = 20;

/** How a secret is judged. */
export interface SecretRules {
  /** Fewer are too few. 0 where that is judged elsewhere. */
  readonly leastBytes: number;
  /** In production, a weak one is refused; or warned about, where somebody else has to change it too. */
  readonly weak: 'refuse' | 'warn';
}

/**
 * Judges a secret. In production one that can be known is refused; elsewhere it is warned about, so that trials and tests
 * can have simple ones. The text never shows the secret.
 */
export function reviewSecret(
  secret: string,
  name: VariableName,
  { leastBytes, weak }: SecretRules,
  { production, report, warn }: Pick<Review, 'production' | 'report' | 'warn'>,
): void {
  const judge = production && weak === 'refuse' ? report : warn;
  const bytes = Buffer.byteLength(secret);
  const lack = lackOfVariety(secret);
  if (isPlaceholder(secret)) {
    const tell = production ? report : warn;
    tell(name, `is a placeholder, as documentation and templates have it: everybody can know it. ${makeOne(name)}`);
  } else if (bytes < leastBytes) {
    judge(name, `has ${bytes === 1 ? '1 byte' : `${bytes} bytes`}, but needs at least ${leastBytes}. ${makeOne(name)}`);
  } else if (lack !== null) {
    judge(name, `${lack}, so that it can be guessed. ${makeOne(name)}`);
  }
}

/**
 * What makes a secret another one than it seems in an editor, as a clause: its ends, or a character that cannot be seen.
 * Null when there is nothing.
 */
export function hiddenInSecret(secret: string): string | null {
  const unseen = unseenCharacter(secret);
  if (unseen !== null) {
    return `contains ${unseen}: does it belong to the secret? Other programs may leave it out. Save it as one line of plain text`;
  }
  if (secret !== secret.trim()) return 'begins or ends with a space, which other programs may leave out. Remove it';
  return null;
}

/** Of a random text, even one of digits, far fewer pairs are neighbours. */
const MOST_STEPS = 0.7;

/** Is it what stands in documentation and templates where the real value goes? */
export function isPlaceholder(secret: string): boolean {
  return PLACEHOLDERS.some((pattern) => pattern.test(secret.trim()));
}

/** Why a secret of enough length can be guessed all the same, as a clause; null when it looks random. */
export function lackOfVariety(secret: string): string | null {
  const characters = [...secret];
  const different = new Set(characters).size;
  if (different < MIN_DIFFERENT) return `has only ${different} different character${different === 1 ? '' : 's'}`;
  const period = periodOf(secret);
  if (period < secret.length && period < MIN_PERIOD) return `repeats the same ${period} characters`;
  const lower = secret.toLowerCase();
  let steps = 0;
  for (let i = 1; i < lower.length; i++) if (isStep(lower.slice(i - 1, i + 1))) steps++;
  if (steps > (lower.length - 1) * MOST_STEPS) return 'is mostly a row of neighbours, as in 1234 or qwerty';
  return null;
}

/** The length of the shortest beginning whose repetition is the whole text, the last one perhaps cut. */
function periodOf(text: string): number {
  for (let period = 1; period <= text.length / 2; period++) {
    if (text.slice(period) === text.slice(0, -period)) return period;
  }
  return text.length;
}

/** Two characters that follow each other in the alphabet, on a keyboard, or are the same. */
function isStep(pair: string): boolean {
  if (Math.abs(pair.charCodeAt(1) - pair.charCodeAt(0)) <= 1) return true;
  return ROWS.some((row) => row.includes(pair) || row.includes(`${pair[1]}${pair[0]}`));
}
