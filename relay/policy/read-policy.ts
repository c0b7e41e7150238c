import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { nearestName } from '../spelling.ts';
import { decodeText, reasonOf } from '../strict-text.ts';
import {
  auditRules,
  consentRules,
  hoursRules,
  limitsRules,
  noticeRules,
  POLICY_LANGUAGES,
  type PolicyFile,
  policyFile,
  purposeRules,
  teamRules,
  whisperRules,
} from './policy-schema.ts';

/** The largest file that is read. A policy of a thousand teams takes a tenth of it. */
export const MAX_POLICY_BYTES = 1024 * 1024;
/** How often anchors of YAML may be used: enough to say hours once, too few to blow a file up. */
const MAX_ALIASES = 1_000;
/** More problems than a person reads at once. */
const MAX_PROBLEMS = 50;

/** What is wrong with a policy file, by a stable code. */
export type PolicyProblemCode =
  /** There is no such file, or it cannot be read, or is too large, or is no text. */
  | 'policy_file_unreadable'
  /** It is neither JSON nor YAML. */
  | 'policy_syntax'
  /** A key that means nothing: misspelt, or at another place. */
  | 'policy_unknown_key'
  /** A value that is missing. */
  | 'policy_missing'
  /** A value that cannot be. */
  | 'policy_value';

/** One thing that is wrong, and what to do. */
export interface PolicyProblem {
  readonly code: PolicyProblemCode;
  /** Where: keys with points between them; empty for the file itself. */
  readonly path: string;
  /** Counted from 1; null when it has no place in the file. */
  readonly line: number | null;
  readonly message: string;
}

/** A policy as it was read. */
export interface ReadPolicy {
  readonly file: PolicyFile;
  /** SHA-256 of the file's bytes, in hexadecimal: names this policy in log and audit trail. */
  readonly digest: string;
  /** The same for pages: it tells nothing of whom nobody may hear, which few may know. */
  readonly tag: string;
}

/** A policy file cannot be used. Its message lists everything. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly problems: readonly PolicyProblem[];

  constructor(path: string, problems: readonly PolicyProblem[]) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    super(`The policy ${path} has ${count}:\n${problems.map((problem) => `  - ${problemText(problem)}`).join('\n')}`);
    this.problems = problems;
  }
}

/** One problem as a line for people. */
export function problemText({ code, path, line, message }: PolicyProblem): string {
  const place = [path, line === null ? '' : `line ${line}`].filter(Boolean).join(', ');
  return `${place === '' ? '' : `${place}: `}${message} (${code})`;
}

/** Reads a policy file whole, and checks it. @throws PolicyError with every problem */
export function readPolicyFile(path: string): ReadPolicy {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new PolicyError(path, [unreadable(`cannot be read (${reasonOf(error)})`)]);
  }
  return readPolicy(path, bytes);
}

/** The same of bytes. @param name stands for the file in messages. @throws PolicyError with every problem */
export function readPolicy(name: string, bytes: Uint8Array): ReadPolicy {
  if (bytes.length > MAX_POLICY_BYTES) {
    throw new PolicyError(name, [unreadable(`has ${bytes.length} bytes; at most ${MAX_POLICY_BYTES} are read`)]);
  }
  let text: string;
  try {
    text = decodeText(bytes, { mark: 'drop' });
  } catch (error) {
    throw new PolicyError(name, [unreadable(reasonOf(error))]);
  }
  const lines = new LineCounter();
  const { document, value } = parse(name, text, lines);
  const result = policyFile.safeParse(value);
  if (!result.success) {
    const problems = result.error.issues.flatMap((issue) => problemsOf(issue, document, lines));
    throw new PolicyError(name, problems.slice(0, MAX_PROBLEMS));
  }
  const { data: file } = result;
  const known = JSON.stringify(file, (key, value: unknown) => (key === 'nobodyMayHear' ? undefined : value));
  return { file, digest: sha256(bytes), tag: sha256(known).slice(0, 16) };
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** JSON is YAML 1.2, so that one strict parser reads both: no tags, no key twice, a bounded number of aliases. */
function parse(name: string, text: string, lines: LineCounter): { document: Document.Parsed; value: unknown } {
  let problems: PolicyProblem[];
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      uniqueKeys: true,
      strict: true,
      prettyErrors: false,
      lineCounter: lines,
    });
    // A tag that is not known is a warning to the parser. Here it is a value that is not what it says.
    problems = [...document.errors, ...document.warnings].slice(0, MAX_PROBLEMS).map(({ message, pos }) => ({
      code: 'policy_syntax',
      path: '',
      line: lines.linePos(pos[0]).line,
      message: `is neither JSON nor YAML: ${message}`,
    }));
    if (problems.length === 0) return { document, value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    // Nested too deeply for the parser, or aliases of aliases.
    problems = [{ code: 'policy_syntax', path: '', line: null, message: `cannot be parsed: ${reasonOf(error)}` }];
  }
  throw new PolicyError(name, problems);
}

function problemsOf(issue: z.core.$ZodIssue, document: Document.Parsed, lines: LineCounter): PolicyProblem[] {
  const { path } = issue;
  const line = lineOf(path, document, lines);
  const words = path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const known = keysAt(words);
      const meant = nearestName(key, known);
      const hint = meant === null ? `Known here: ${known.join(', ')}.` : `Is ${meant} meant?`;
      return {
        code: 'policy_unknown_key',
        path: [...words, key].join('.'),
        line: lineOf([...path, key], document, lines) ?? line,
        message: `is no key of a policy, so nobody would be held to it. ${hint}`,
      };
    });
  }
  const given = document.getIn(path);
  const isMissing = given === undefined && path.length > 0;
  const message = isMissing ? `is missing: ${issue.message}` : `allowed: ${issue.message}${shown(given)}`;
  return [{ code: isMissing ? 'policy_missing' : 'policy_value', path: words.join('.'), line, message }];
}

/** The line of what stands at that path, else of what should hold it. */
function lineOf(path: readonly PropertyKey[], document: Document.Parsed, lines: LineCounter): number | null {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      return lines.linePos(Number(node.range[0])).line;
    }
  }
  return null;
}

function shown(given: unknown): string {
  const isPlain = given === null || ['string', 'number', 'boolean'].includes(typeof given);
  return isPlain ? `; given: ${JSON.stringify(given).slice(0, 80)}` : '';
}

/** The keys that may stand at a path. */
function keysAt(path: readonly string[]): string[] {
  const last = path.findLast((key) => !/^\d+$/.test(key));
  if (path[0] === 'audit') return Object.keys(auditRules.shape);
  if (path.length < 2) return Object.keys(policyFile.shape);
  if (path.length === 2) return Object.keys(teamRules.shape);
  if (last === 'label' || last === 'text') return [...POLICY_LANGUAGES];
  if (last === 'days') return Object.keys(hoursRules.shape.days.shape);
  const sections = {
    hours: hoursRules,
    limits: limitsRules,
    purposes: purposeRules,
    notice: noticeRules,
    consent: consentRules,
    whisper: whisperRules,
  };
  const section = Object.entries(sections).find(([name]) => name === last);
  return section ? Object.keys(section[1].shape) : [];
}

function unreadable(message: string): PolicyProblem {
  return { code: 'policy_file_unreadable', path: '', line: null, message };
}
