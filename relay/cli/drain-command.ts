import { z } from 'zod';
import { loadEnvironment } from '../config.ts';
import { type Command, EXIT, readOptions } from './command.ts';
import { commandName } from './command-name.ts';
import { inLine } from './printable.ts';
import { relayAt, URL_HELP } from './relay-target.ts';
import { NoAnswerError } from './running-relay.ts';

const OPTIONS = {
  url: { type: 'string' },
  json: { type: 'boolean', default: false },
  insecure: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const HELP =
  () => `Stops a relay as SIGTERM does: in a cluster once its pages have gone over to other relays. Code 0: it does so; 1: it refused,
or no answer.

Usage: ${commandName()} drain [--url URL] [--json] [--insecure]

${URL_HELP}
  --json      one line of JSON: the relay's answer, or {"error": {"code", "message"}} (codes: the relay's, no_token, insecure,
              no_relay, no_answer)
  --insecure  send the token to another machine without TLS, where whoever is on the way can read it

METRICS_TOKEN, in the environment or the env file, is what the relay is configured with. It is no option, since other users of the
machine can read command lines.
`;

/** The body of an error, as every endpoint has it. */
const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** As the relay answers. */
const accepted = z.object({ sessions: z.number(), moving: z.boolean(), within_ms: z.number() });

function whatFollows(body: unknown): string {
  const told = accepted.safeParse(body);
  if (!told.success || !told.data.moving) return 'now; pages that are there come back by themselves.';
  const { sessions, within_ms } = told.data;
  return `${sessions} pages go over to other relays, within ${Math.ceil(within_ms / 1_000)} s at most.`;
}

/** `drain`: `POST /admin/drain`. */
export const drainCommand: Command = {
  run: async (args, { out, err }) => {
    const { help, json, url, insecure } = readOptions('drain', args, OPTIONS);
    if (help) {
      out(HELP());
      return EXIT.done;
    }
    const refuse = (code: string, message: string): number => {
      if (json) out(`${JSON.stringify({ error: { code, message } })}\n`);
      else err(`${inLine(message)}\n`);
      return EXIT.failed;
    };
    const token = loadEnvironment().METRICS_TOKEN?.trim() ?? '';
    if (token === '') return refuse('no_token', 'METRICS_TOKEN is not set: a relay takes this from nobody without it.');
    const relay = relayAt('drain', url);
    if (url !== undefined && !insecure && isReadable(relay.url))
      return refuse(
        'insecure',
        `${relay.url.origin} is another machine, and without TLS the token can be read on the way: ${WAYS_OUT}`,
      );
    try {
      const { status, body } = await relay.ask('POST', '/admin/drain', { authorization: `Bearer ${token}` });
      if (status === 202) {
        out(
          json
            ? `${JSON.stringify(body)}\n`
            : `${relay.url.origin} takes no new pages, and stops: ${whatFollows(body)}\n`,
        );
        return EXIT.done;
      }
      const told = refusal.safeParse(body);
      if (!told.success) return refuse('no_relay', `${relay.url.origin} answered ${status}: This is no relay.`);
      const { code, message } = told.data.error;
      return refuse(code, `${relay.url.origin} answered ${status}: ${message} (${code})`);
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      return refuse('no_answer', error.message);
    }
  },
};

const WAYS_OUT = 'use https://, run this on the machine of the relay, or add --insecure in a network that you trust.';

/** Whether others can read what is sent there: plain HTTP to another machine. */
function isReadable({ protocol, hostname }: URL): boolean {
  return (
    protocol === 'http:' && !(hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname))
  );
}
