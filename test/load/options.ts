import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { TokenSource } from './tokens.ts';
import { commandTokens, secretTokens } from './tokens.ts';

/** What is put on a relay. */
export interface LoadOptions {
  /** The relay's address or the balancer's, with a path where it has one. */
  readonly url: URL;
  /** Commercials who are live. Those whom nobody hears send no audio. */
  readonly streams: number;
  /** Admins who hear somebody: the first the first stream, and so on, round and round. */
  readonly listeners: number;
  /** Admins who only watch the list. */
  readonly admins: number;
  /** Teams, over which everybody is spread. */
  readonly teams: number;
  /** How long is measured once everybody is there. */
  readonly seconds: number;
  /** How many join in a second. */
  readonly rate: number;
  /** Processes to measure beside those that listen at `url` on this machine. */
  readonly pids: readonly number[];
  /** Print JSON instead of tables. */
  readonly json: boolean;
  readonly tokens: TokenSource;
}

/** The options in words, for `--help`. */
export const USAGE = `npm run load -- --url URL [OPTIONS]

Puts commercials and admins with real WebRTC on a relay, or on several behind one address, and says what they heard and what it cost.

  --url URL             the relay or the balancer, such as https://relay.example.com
  --streams N           commercials who are live (1)
  --listeners N         admins who hear somebody, spread over the streams (1)
  --admins N            admins who only watch the list (0)
  --teams N             teams, over which everybody is spread (1)
  --seconds N           how long to measure, once everybody is there (20)
  --rate N              how many join in a second (20)
  --pids N,N            processes to measure, with their children; by default the one that listens at --url, when it is on this machine
  --json                print JSON instead of tables

Tokens, one of:
  JWT_SECRET            environment variable: the relay's shared secret (HS256)
  --secret-file FILE    a file with it
  --token-command CMD   a shell command that prints a token; TOKEN_SUB, TOKEN_ROLE, TOKEN_NAME and TOKEN_TEAMS (commas) say whose
With a secret, JWT_ISSUER and JWT_AUDIENCE go into the tokens.

Pages go over to another relay when theirs drains, by the widgets' own code: what a rolling upgrade sounds like is measured by --seconds 3600
and Ctrl-C when it is over, which ends the measuring and prints the result.

Everybody comes from one address: the relay needs CONNECTIONS_PER_ADDRESS, SOCKETS_PER_ADDRESS, MAX_STREAMS and MAX_LISTENERS that let them in.`;

/** An option that cannot be used, in words. */
export class OptionError extends Error {}

/** @throws OptionError */
export function readOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): LoadOptions {
  const values = parse(args);
  const whole = (name: 'streams' | 'listeners' | 'admins' | 'teams' | 'seconds' | 'rate', least: number): number => {
    const number = Number(values[name]);
    if (Number.isInteger(number) && number >= least && number <= 100_000) return number;
    throw new OptionError(`--${name} is "${values[name]}". It must be a whole number from ${least} to 100000.`);
  };
  const streams = whole('streams', 0);
  const listeners = whole('listeners', 0);
  if (listeners > 0 && streams === 0) throw new OptionError('Listeners need at least one stream.');
  return {
    url: readUrl(values.url),
    streams,
    listeners,
    admins: whole('admins', 0),
    teams: whole('teams', 1),
    seconds: whole('seconds', 1),
    rate: whole('rate', 1),
    pids: readPids(values.pids),
    json: values.json,
    tokens: readTokens(values, env),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        streams: { type: 'string', default: '1' },
        listeners: { type: 'string', default: '1' },
        admins: { type: 'string', default: '0' },
        teams: { type: 'string', default: '1' },
        seconds: { type: 'string', default: '20' },
        rate: { type: 'string', default: '20' },
        pids: { type: 'string', default: '' },
        json: { type: 'boolean', default: false },
        'secret-file': { type: 'string' },
        'token-command': { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

function readUrl(text: string | undefined): URL {
  if (text === undefined)
    throw new OptionError('--url is missing: the address of the relay, such as http://127.0.0.1:8080.');
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new OptionError(`--url is "${text}". It must begin with http:// or https://.`);
  return url;
}

function readPids(text: string): number[] {
  if (text === '') return [];
  return text.split(',').map((each) => {
    const pid = Number(each);
    if (Number.isInteger(pid) && pid > 0) return pid;
    throw new OptionError(`--pids is "${text}". It must be process ids, separated by commas.`);
  });
}

function readTokens(
  values: { readonly 'secret-file'?: string; readonly 'token-command'?: string },
  env: Readonly<Record<string, string | undefined>>,
): TokenSource {
  const { 'secret-file': file, 'token-command': command } = values;
  if (file !== undefined && command !== undefined)
    throw new OptionError('--secret-file and --token-command exclude each other.');
  if (command !== undefined) return commandTokens(command);
  const secret = file === undefined ? env.JWT_SECRET : readSecret(file);
  if (!secret) throw new OptionError('There is no way to tokens: set JWT_SECRET, --secret-file or --token-command.');
  return secretTokens({ secret, issuer: env.JWT_ISSUER, audience: env.JWT_AUDIENCE });
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new OptionError(`--secret-file cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
