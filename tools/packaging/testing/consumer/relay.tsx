/** A program that starts the relay itself, and a client of another make. Compiled, never run. */
import {
  ConfigError,
  createLogger,
  type RelayConfig,
  type RelayReport,
  RelayServer,
  readConfig,
} from '@prospect-live/relay';
import {
  ERROR_CODES,
  notifications,
  type PayloadOf,
  PROTOCOL_VERSION,
  type ResultOf,
} from '@prospect-live/relay/protocol';

/** Starts with a configuration of its own. */
export async function start(): Promise<RelayReport | null> {
  try {
    const { config, warnings } = readConfig({ JWT_SECRET: 'x'.repeat(48), HTTP_PORT: '0' });
    const port: number | null = config.http.httpPort;
    const relay = await RelayServer.create(config, createLogger('warn'));
    console.log(port, warnings, relay.addresses.http);
    await relay.close();
    return relay.report();
  } catch (error) {
    if (error instanceof ConfigError) console.error(error.message);
    throw error;
  }
}

/** Reads what the relay sends. */
export function read(message: unknown): PayloadOf<'demand:changed'> {
  const { joined, ...rest } = notifications['demand:changed'].parse(message);
  return { ...rest, joined: joined.filter(({ name }) => name !== '') };
}

const code: keyof typeof ERROR_CODES = 'token_expired';
const version: 3 = PROTOCOL_VERSION;
const started: ResultOf<'stream:start'> = { streamId: 'a', liveForMs: 0 };
// @ts-expect-error: durations are numbers
const wrong: ResultOf<'stream:start'> = { streamId: 'a', liveForMs: '0' };
export const config: Partial<RelayConfig> = {};
console.log(ERROR_CODES[code], version, started, wrong);
