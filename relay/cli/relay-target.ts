import { loadEnvironment, readConfig } from '../config.ts';
import { usage } from './command.ts';
import { withoutCredentials } from './printable.ts';
import { RunningRelay } from './running-relay.ts';

/** The option that says which relay a command speaks to, in words for `--help`. */
export const URL_HELP =
  '  --url URL   the relay, such as https://relay.example.com (default: the one on this machine, by its configuration)';

/** The relay at this URL; without one the relay on this machine. @throws UsageError, ConfigError */
export function relayAt(command: string, url: string | undefined): RunningRelay {
  if (url === undefined) {
    const relay = RunningRelay.onThisMachine(readConfig(loadEnvironment()).config.http);
    if (!relay) throw usage(command, '--url is missing: the configured port is 0, picked anew at each start.');
    return relay;
  }
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol))
    throw usage(
      command,
      `--url is ${JSON.stringify(withoutCredentials(url))}: it must begin with http:// or https://.`,
    );
  return RunningRelay.at(parsed);
}
