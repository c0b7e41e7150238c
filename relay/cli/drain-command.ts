import { z } from 'zod';
import { loadEnvironment } from '../config.ts';
import { type Command, EXIT, readOptions } from './command.ts';
import { commandName } from './command-name.ts';
import { relayAt, URL_HELP } from './relay-target.ts';
import { NoAnswerError } from './running-relay.ts';

const OPTIONS = {
  url: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const HELP =
  () => `Stops a relay as SIGTERM does: in a cluster once its pages have gone over to other relays. Code 0: it does so; 1: it refused,
or no answer.

Usage: ${commandName()} drain [--url URL] [--json]

${URL_HELP}
  --json      print the relay's answer as one line of JSON

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
    const { help, json, url } = readOptions('drain', args, OPTIONS);
    if (help) {
      out(HELP());
      return EXIT.done;
    }
    const token = loadEnvironment().METRICS_TOKEN?.trim() ?? '';
    if (token === '') {
      err('METRICS_TOKEN is not set: a relay takes this from nobody without it.\n');
      return EXIT.failed;
    }
    const relay = relayAt('drain', url);
    try {
      const { status, body } = await relay.ask('POST', '/admin/drain', { authorization: `Bearer ${token}` });
      if (json) out(`${JSON.stringify(body)}\n`);
      if (status === 202) {
        if (!json) out(`${relay.url.origin} takes no new pages, and stops: ${whatFollows(body)}\n`);
        return EXIT.done;
      }
      const told = refusal.safeParse(body);
      const why = told.success ? `${told.data.error.message} (${told.data.error.code})` : 'This is no relay.';
      err(`${relay.url.origin} answered ${status}: ${why}\n`);
      return EXIT.failed;
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      err(`${error.message}\n`);
      return EXIT.failed;
    }
  },
};
