import { z } from 'zod';
import { type Command, EXIT, readOptions, type Terminal } from './command.ts';
import { commandName } from './command-name.ts';
import { inLine } from './printable.ts';
import { relayAt, URL_HELP } from './relay-target.ts';
import { NoAnswerError, type RunningRelay } from './running-relay.ts';

const OPTIONS = {
  url: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const HELP = () => `Says whether a relay is ready for pages, and what it carries. Code 0: ready; 1: not, or no answer.

Usage: ${commandName()} status [--url URL] [--json]

${URL_HELP}
  --json      one line of JSON: {"ready", "reasons", "active_commercials", "total_listeners", and in a cluster "complete", "nodes"}
`;

/** `GET /health/ready`. */
const readiness = z.object({ status: z.string(), reasons: z.array(z.string()).default([]) });

/** `GET /api/streaming/status`. */
const counts = z.object({
  active_commercials: z.number(),
  total_listeners: z.number(),
  complete: z.boolean().optional(),
  nodes: z
    .array(
      z.object({
        id: z.string(),
        active_commercials: z.number(),
        total_listeners: z.number(),
        draining: z.boolean(),
      }),
    )
    .optional(),
});

interface Status extends Partial<z.infer<typeof counts>> {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

/** `status`: asks a running relay how it is. */
export const statusCommand: Command = {
  run: async (args, terminal) => {
    const { help, json, url } = readOptions('status', args, OPTIONS);
    if (help) {
      terminal.out(HELP());
      return EXIT.done;
    }
    const relay = relayAt('status', url);
    try {
      const status = await read(relay);
      terminal.out(json ? `${JSON.stringify(status)}\n` : describe(status));
      return status.ready ? EXIT.done : EXIT.failed;
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      return fail(error.message, json, terminal);
    }
  },
};

/** @throws NoAnswerError */
async function read(relay: RunningRelay): Promise<Status> {
  const health = readiness.safeParse((await relay.ask('GET', '/health/ready')).body);
  if (!health.success) throw new NoAnswerError(`What answers at ${relay.url.origin} is no relay.`);
  const told = counts.safeParse((await relay.ask('GET', '/api/streaming/status')).body);
  // While it starts it has no counts.
  return { ready: health.data.status === 'ready', reasons: health.data.reasons, ...told.data };
}

function describe(status: Status): string {
  const lines = [status.ready ? 'ready' : `not ready: ${inLine(status.reasons.join(', '))}`];
  if (status.active_commercials !== undefined)
    lines.push(`streams: ${status.active_commercials}`, `listeners: ${status.total_listeners}`);
  for (const { id, active_commercials, total_listeners, draining } of status.nodes ?? [])
    lines.push(
      `node ${inLine(id)}: ${active_commercials} streams, ${total_listeners} listeners${draining ? ', draining' : ''}`,
    );
  if (status.complete === false) lines.push('Not every node could be heard of: there may be more.');
  return `${lines.join('\n')}\n`;
}

function fail(message: string, json: boolean, { out, err }: Terminal): number {
  if (json) out(`${JSON.stringify({ ready: false, reasons: ['no_answer'], message })}\n`);
  else err(`${message}\n`);
  return EXIT.failed;
}
