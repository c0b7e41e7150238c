#!/usr/bin/env node
/**
 * The relay's process: reads the configuration, starts, obeys signals, and ends with a code that says why. `--help` prints
 * options, variables, signals and exit codes.
 */
import { constants } from 'node:os';
import { describeDevelopment, developmentEnvironment } from './cli/development.ts';
import { MintError } from './cli/mint-token.ts';
import { runTokenCommand } from './cli/token-command.ts';
import { renderEnvExample, renderHelp, renderVariablesTable } from './config/help.ts';
import { ConfigError } from './config/problems.ts';
import { loadEnvironment, readConfig } from './config.ts';
import { createLogger, type Logger } from './logger.ts';
import { readPackageInfo } from './package-info.ts';
import { RelayServer } from './relay-server.ts';
import { StartError } from './start-error.ts';

/** Closing must be over by then, or the process ends anyway; under the 10 s that orchestrators commonly give. */
const STOP_WITHIN_MS = 4_500;

/** Signals that come together are one: on Ctrl-C the terminal signals every process, and npm passes its own on. */
const SAME_SIGNAL_MS = 500;

const OPTIONS = ['--help', '--version', '--env-example', '--variables-table', '--print-ready', '--dev'];

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === 'token') return printToken(args.slice(1));
  const unknown = args.find((arg) => !OPTIONS.includes(arg));
  if (unknown !== undefined) return fail(`Unknown option ${unknown}. Options: ${OPTIONS.join(', ')}.`);
  if (args.includes('--help')) return print(renderHelp(readPackageInfo().version));
  if (args.includes('--version')) return print(`${readPackageInfo().version}\n`);
  if (args.includes('--env-example')) return print(renderEnvExample());
  if (args.includes('--variables-table')) return print(renderVariablesTable());
  await run({ printReady: args.includes('--print-ready'), dev: args.includes('--dev') });
}

async function run({ printReady, dev }: { printReady: boolean; dev: boolean }): Promise<void> {
  const loaded = tryConfig(() => loadEnvironment());
  if (!loaded) return;
  if (dev && loaded.NODE_ENV?.trim() === 'production') {
    return fail('--dev makes a secret of its own and prints tokens: it is not for NODE_ENV=production.');
  }
  const { env, madeSecret } = dev ? developmentEnvironment(loaded) : { env: loaded, madeSecret: null };
  const read = tryConfig(() => readConfig(env));
  if (!read) return;
  const { config, warnings } = read;
  const logger = createLogger(config.logLevel);
  for (const warning of warnings) logger.warn(warning);
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'unexpected error, the relay ends');
    process.exit(1);
  });

  // Signals during the start count too: the start is finished, then undone.
  const starting = RelayServer.create(config, logger, undefined, (error) => {
    logger.fatal(error.message);
    process.exit(1);
  });
  obeySignals(starting, logger, config.http.https !== null);
  try {
    const { addresses } = await starting;
    const { listen, basePort, workers } = config.media;
    logger.info({ ...addresses, mediaPort: basePort, workers, mediaAddresses: listen.map(addressOf) }, 'relay ready');
    const ready = { type: 'ready', ...addresses };
    process.send?.(ready);
    if (printReady) print(`${JSON.stringify(ready)}\n`);
    if (dev) print(describeDevelopment(config, addresses, madeSecret));
  } catch (error) {
    if (error instanceof StartError) return fail(error.message);
    logger.fatal({ err: error }, 'the relay cannot start');
    process.exit(1);
  }
}

function addressOf(listen: { readonly ip: string; readonly announcedAddress: string | null }): string {
  return listen.announcedAddress ?? listen.ip;
}

function printToken(args: readonly string[]): void {
  try {
    print(runTokenCommand(args, () => readConfig(loadEnvironment()).config.auth));
  } catch (error) {
    if (!(error instanceof MintError || error instanceof ConfigError)) throw error;
    fail(error.message);
  }
}

/** What was read; null after a configuration that cannot be used, which is then told and ends the process. */
function tryConfig<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    fail(error.message);
    return null;
  }
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
      process.exit(0);
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
        process.exit(0);
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

function print(text: string): void {
  process.stdout.write(text);
}

/** Ends with code 1 once the text is written. */
function fail(message: string): void {
  process.stderr.write(`${message}\n`, () => process.exit(1));
}
