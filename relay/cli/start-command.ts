import { constants } from 'node:os';
import { ConfigError } from '../config/problems.ts';
import { loadEnvironment, readConfig } from '../config.ts';
import { createLogger, type Logger } from '../logger.ts';
import { RelayServer } from '../relay-server.ts';
import { StartError } from '../start-error.ts';
import { type Command, EXIT, readOptions, type Terminal } from './command.ts';
import { commandName } from './command-name.ts';
import { describeDevelopment, developmentEnvironment } from './development.ts';

/** Closing must be over by then, or the process ends anyway; under the 10 s that orchestrators commonly give. */
const STOP_WITHIN_MS = 4_500;

/** Signals that come together are one: on Ctrl-C the terminal signals every process, and npm passes its own on. */
const SAME_SIGNAL_MS = 500;

const OPTIONS = {
  dev: { type: 'boolean', default: false },
  'print-ready': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** `start`, and what happens without a command: runs the relay until a signal stops it. */
export const startCommand: Command = {
  run: async (args, terminal) => {
    const { help, dev, 'print-ready': printReady } = readOptions('start', args, OPTIONS);
    if (help) {
      terminal.out(startHelp());
      return EXIT.done;
    }
    return start({ dev, printReady }, terminal);
  },
};

function startHelp(): string {
  return `Runs the relay. The same as without a command.

Usage: ${commandName()} start [--dev] [--print-ready]

  --dev           a relay for trials: makes a secret, prints it with tokens for both roles; not in production
  --print-ready   write one line {"type":"ready","http":PORT,"https":PORT,"metrics":PORT} once started

Its configuration is environment variables, which "${commandName()} --help" explains, with signals and exit codes.
Look before you start: ${commandName()} doctor
`;
}

/** @returns a code when it could not even begin; null: it runs, and ends the process itself */
async function start(options: { dev: boolean; printReady: boolean }, terminal: Terminal): Promise<number | null> {
  const loaded = loadEnvironment();
  if (options.dev && loaded.NODE_ENV?.trim() === 'production') {
    throw new ConfigError(['NODE_ENV: --dev makes a secret of its own and prints tokens: it is not for production.']);
  }
  const { env, madeSecret } = options.dev ? developmentEnvironment(loaded) : { env: loaded, madeSecret: null };
  const { config, warnings } = readConfig(env);
  const logger = createLogger(config.logLevel);
  for (const warning of warnings) logger.warn(warning);
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'unexpected error, the relay ends');
    process.exit(EXIT.failed);
  });

  // Signals during the start count too: the start is finished, then undone.
  const starting = RelayServer.create(config, logger, undefined, (error) => {
    logger.fatal(error.message);
    process.exit(EXIT.failed);
  });
  obeySignals(starting, logger, config.http.https !== null);
  try {
    const { addresses } = await starting;
    const { listen, basePort, workers } = config.media;
    logger.info({ ...addresses, mediaPort: basePort, workers, mediaAddresses: listen.map(addressOf) }, 'relay ready');
    const ready = { type: 'ready', ...addresses };
    process.send?.(ready);
    if (options.printReady) terminal.out(`${JSON.stringify(ready)}\n`);
    if (options.dev) terminal.out(describeDevelopment(config, addresses, madeSecret));
    return null;
  } catch (error) {
    if (error instanceof StartError) throw error;
    logger.fatal({ err: error }, 'the relay cannot start');
    return EXIT.failed;
  }
}

function addressOf(listen: { readonly ip: string; readonly announcedAddress: string | null }): string {
  return listen.announcedAddress ?? listen.ip;
}

function obeySignals(starting: Promise<RelayServer>, logger: Logger, hasCertificate: boolean): void {
  let stoppingSince: number | null = null;
  const stop = (signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP') => {
    if (stoppingSince !== null) {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(128 + constants.signals[signal]);
      return;
    }
    stoppingSince = performance.now();
    logger.info({ signal }, 'relay stopping');
    // Not unref'd: if the last handle went away while closing hangs, the process would end without a word.
    setTimeout(() => {
      logger.error('closing took too long; the process ends anyway');
      process.exit(EXIT.done);
    }, STOP_WITHIN_MS);
    starting
      .then(async (relay) => {
        relay.drain();
        await relay.close();
      })
      // A start that failed has been reported where it was awaited.
      .catch((error: unknown) => logger.error({ err: error }, 'closing failed'))
      .finally(() => {
        logger.info('relay stopped');
        process.exit(EXIT.done);
      });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => {
    // From a terminal, SIGHUP means that it was closed: staying would leave a relay that nobody sees on its ports.
    if (!hasCertificate || process.stdout.isTTY) stop('SIGHUP');
    else void starting.then((relay) => relay.reloadCertificate()).catch(() => {});
  });
  // Whoever started it with an IPC channel is gone, by whatever death: the same.
  process.on('disconnect', () => stop('SIGHUP'));
}
