import { parse } from 'yaml';
import { readKit } from './kits.ts';

/** A service of compose.yaml, as far as tests look at it. */
export interface Service {
  readonly profiles?: readonly string[];
  readonly network_mode?: string;
  readonly read_only?: boolean;
  readonly user?: string;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly environment: Readonly<Record<string, string | null>>;
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly image: string;
  readonly entrypoint?: readonly string[];
  readonly stop_grace_period?: string;
  readonly logging: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
  readonly build?: { readonly context: string; readonly dockerfile: string };
}

/** compose.yaml as Compose reads it. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/**
 * Reads compose.yaml with these values in place of `${NAME}`, `${NAME:-default}` and `${NAME:?what is missing}`.
 * @throws Error when a value that must be there is not
 */
export function readCompose(env: Readonly<Record<string, string>>): ComposeFile {
  const text = readKit('compose/compose.yaml').replace(
    /\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g,
    (_, name: string, how: string | undefined, rest = '') => {
      const value = env[name];
      if (value) return value;
      if (how === '?') throw new Error(`${name} is missing: ${rest}`);
      return how === '-' ? rest : '';
    },
  );
  return parse(text, { merge: true });
}
