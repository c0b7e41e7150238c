/**
 * The relay as a library, for whoever starts it inside a program of their own: read a configuration, create the relay,
 * close it. The command `prospect-live` (main.ts) adds the process: signals, exit codes, help.
 */

export type * from './config/shape.ts';
export { ConfigError, type Environment, loadEnvironment, type ReadConfig, readConfig } from './config.ts';
export { createLogger, type Logger, type LoggerSetup } from './logger.ts';
export { type Addresses, type RelayReport, RelayServer, type RelayServerOptions } from './relay-server.ts';
export { StartError } from './start-error.ts';
