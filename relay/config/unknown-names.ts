import { distance } from '../spelling.ts';
import { type VariableName, variables } from './variables.ts';

/** Read outside the table: by the start of the relay, and by mediasoup. */
const OTHERS = ['RELAY_ENV_FILE', 'MEDIASOUP_WORKER_BIN'];

/** Names of other programs that look like ours: OpenSSL's. */
const FOREIGN = ['SSL_CERT_FILE', 'SSL_CERT_DIR'];

/** The relay's own families of names. What begins so was meant for it. */
const FAMILY = /^(?:(?:JWT|JWKS|TURN|STUN|ANNOUNCED|ALLOWED|TRUSTED_PROX|RELAY_ENV)_?|CLUSTER_|PIPE_)/;

/** What Docker and Kubernetes set for each service that a container can reach, such as MEDIA_PORT_44400_TCP_ADDR. */
const SERVICE_LINK = /_SERVICE_(?:HOST|PORT)|_(?:TCP|UDP)(?:_|$)/;

/** A name in the environment that is none of the relay's, though it seems to be meant so. */
export interface UnknownName {
  readonly name: string;
  /** The variable that was probably meant; null when only the beginning tells that it is for the relay. */
  readonly meant: string | null;
}

/** Names that would pass unnoticed: misspelt, in another case, with an invisible character, or of the relay's families. */
export function findUnknownNames(names: readonly string[]): readonly UnknownName[] {
  const known = new Set([...Object.keys(variables), ...OTHERS]);
  return names.flatMap((name): UnknownName[] => {
    if (known.has(name) || FOREIGN.includes(name) || name.startsWith('npm_') || SERVICE_LINK.test(name)) return [];
    const meant = nearest(name, [...known]);
    return meant !== null || FAMILY.test(name) ? [{ name, meant }] : [];
  });
}

/** The variable whose name is this one but for a byte order mark, spaces or case; null when there is none. */
export function disguised(name: string): VariableName | null {
  const bare = name.replace(/[^\x21-\x7e]/g, '');
  return bare !== name && isVariable(bare) ? bare : null;
}

function isVariable(name: string): name is VariableName {
  return Object.hasOwn(variables, name);
}

function nearest(name: string, known: readonly string[]): string | null {
  const spelt = name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    // HOST is too short to be guessed from, and words like HOME stand in every environment.
    const limit = candidate.length < 8 ? 0 : candidate.length < 12 ? 1 : 2;
    const far = sorted(spelt) === sorted(candidate) ? 0 : distance(spelt, candidate);
    if (far <= limit && far < least) {
      best = candidate;
      least = far;
    }
  }
  // HOST in lower case belongs to shells.
  if (least === 0 && best !== null && best.length < 8 && name !== best && /^[a-z_]+$/.test(name)) return null;
  return (
    best ??
    longest(known.filter((candidate) => candidate.length >= 10 && spelt.includes(candidate))) ??
    known.find((candidate) => spelt.length >= 7 && candidate.startsWith(`${spelt}_`)) ??
    null
  );
}

/** MAX_STREAMS rather than MAX_STREAM, where both fit. */
function longest(names: readonly string[]): string | null {
  return names.reduce<string | null>((best, name) => (name.length > (best?.length ?? 0) ? name : best), null);
}

/** A name with its words in order, so that SECRET_JWT is JWT_SECRET. */
function sorted(name: string): string {
  return name.split('_').sort().join('_');
}
