import { auditLog } from '../audit/log-sink.ts';
import { ConfigError } from '../config/problems.ts';
import { loadEnvironment, readConfig } from '../config.ts';
import { LogOutputs } from '../log/log-outputs.ts';
import { LogFileError, type LogFileSettings } from '../log/rotating-file.ts';
import { createLogger } from '../logger.ts';
import { RelayServer } from '../relay-server.ts';
import { StartError } from '../start-error.ts';
import { type Command, EXIT, readOptions, type Terminal } from './command.ts';
import { commandName } from './command-name.ts';
import { describeDevelopment, developmentEnvironment } from './development.ts';
import { Ending } from './ending.ts';

/** What the outputs of the log have, at the end, for lines that are not written yet: with all else under 5 s. */
const LAST_LINES_WITHIN_MS = 400;

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
  const outputs = await openOutputs(config.logFile);
  const logger = createLogger(config.logLevel, { destination: outputs });
  /** Ends the process once its last lines are written. */
  const exit = (code: number) => void outputs.written(LAST_LINES_WITHIN_MS).finally(() => process.exit(code));
  for (const warning of warnings) logger.warn(warning);
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'unexpected error, the relay ends');
    exit(EXIT.failed);
  });

  const starting = RelayServer.create(config, logger, {
    audit: auditLog(outputs.audit),
    logLosses: outputs.losses,
    events: {
      fatal: (error) => {
        logger.fatal(error.message);
        exit(EXIT.failed);
      },
      drainOrdered: () => ending.begin('POST /admin/drain', 'drain'),
    },
  });
  const ending = new Ending(starting, logger, exit);
  const reloads = config.http.https !== null || config.logFile !== null || config.policyFile !== null;
  ending.obeySignals(
    reloads
      ? (relay) => {
          outputs.reopenFile();
          if (config.http.https !== null) relay.reloadCertificate();
          relay.reloadPolicy();
        }
      : null,
  );
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
    await outputs.written(LAST_LINES_WITHIN_MS);
    return EXIT.failed;
  }
}

function addressOf(listen: { readonly ip: string; readonly announcedAddress: string | null }): string {
  return listen.announcedAddress ?? listen.ip;
}

/** @throws StartError when the log file cannot be written */
async function openOutputs(file: LogFileSettings | null): Promise<LogOutputs> {
  try {
    return await LogOutputs.open({ file });
  } catch (error) {
    throw error instanceof LogFileError ? new StartError(`LOG_FILE: ${error.message}`, { cause: error }) : error;
  }
}
