import { z } from 'zod';
import type { ClusterConfig, RedisEndpoint } from './shape.ts';

/** Where a cluster's Redis is, and the cluster's name there. */
export interface RedisPlace {
  readonly redis: RedisEndpoint;
  readonly name: ClusterConfig['name'];
}

const SCHEME = /^(rediss?)(?:\+(sentinel|cluster))?:\/\//;
const PORTS = { single: 6379, sentinel: 26_379, cluster: 6379 } as const;
const DEFAULT_NAME = 'main';
const PARAMETERS = ['name', 'sentinelUsername', 'sentinelPassword'];

const FORMS =
  'redis://[user:password@]host[:port][/database], redis+sentinel://host,host/master or redis+cluster://host,host; rediss in ' +
  'place of redis for TLS';

/** Thrown while a URL is read, with what is allowed. */
class Unfit extends Error {}

/** The address of a Redis or Valkey, in one of three forms. Nothing of what was given stands in its messages: it may hold a password. */
export const redisUrl: z.ZodType<RedisPlace, string> = z.string().transform((value, context) => {
  try {
    return read(value.trim());
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Unfit ? error.message : FORMS });
    return z.NEVER;
  }
});

function read(text: string): RedisPlace {
  const scheme = SCHEME.exec(text);
  if (!scheme) throw new Unfit(FORMS);
  const kind = (scheme[2] ?? 'single') as RedisEndpoint['kind'];
  const [beforeQuery = '', query = '', ...more] = text.slice(scheme[0].length).split('?');
  const at = beforeQuery.lastIndexOf('@');
  const [authority = '', path = '', ...deeper] = beforeQuery.slice(at + 1).split('/');
  if (more.length > 0 || deeper.length > 0) throw new Unfit(FORMS);
  const hosts = authority.split(',').map((one) => readHost(one.trim(), PORTS[kind]));
  if (kind === 'single' && hosts.length > 1) {
    throw new Unfit('one host with redis://; several are for redis+sentinel:// and redis+cluster://');
  }
  if (kind === 'cluster' && path !== '') throw new Unfit('no database with redis+cluster://, which has one only');
  const parameters = readParameters(query, kind);
  return {
    redis: {
      kind,
      hosts,
      tls: scheme[1] === 'rediss',
      ...readLogin(at === -1 ? null : beforeQuery.slice(0, at)),
      database: kind === 'single' ? readDatabase(path) : 0,
      sentinel: kind === 'sentinel' ? readSentinel(path, parameters) : null,
    },
    name: readName(parameters.get('name') ?? DEFAULT_NAME),
  };
}

function readHost(text: string, defaultPort: number): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(text);
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (!match || port < 1 || port > 65_535)
    throw new Unfit('a host name or address, an IPv6 one in brackets, and perhaps :port');
  return { host: match[1] ?? match[2] ?? '', port };
}

function readLogin(text: string | null): { username: string | null; password: string | null } {
  if (text === null) return { username: null, password: null };
  const colon = text.indexOf(':');
  const [user, password] = colon === -1 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  if (password === '') throw new Unfit('user:password@ or :password@ before the host, not a user alone');
  return { username: user === '' ? null : decode(user), password: decode(password) };
}

/** RFC 3986, 2.1: what has a meaning in URLs, such as @ or /, stands as %40 or %2F. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Unfit('a percent sign in the user or the password as %25');
  }
}

function readDatabase(path: string): number {
  if (!/^\d{0,5}$/.test(path)) throw new Unfit('a number as the database, as in redis://host/0');
  return Number(path);
}

function readSentinel(master: string, parameters: URLSearchParams): RedisEndpoint['sentinel'] {
  if (!/^[\w.-]{1,64}$/.test(master))
    throw new Unfit('the name of the master after the Sentinels, as in redis+sentinel://host,host/mymaster');
  return {
    master,
    username: parameters.get('sentinelUsername'),
    password: parameters.get('sentinelPassword'),
  };
}

function readParameters(query: string, kind: RedisEndpoint['kind']): URLSearchParams {
  const parameters = new URLSearchParams(query);
  const allowed = kind === 'sentinel' ? PARAMETERS : ['name'];
  for (const name of parameters.keys()) {
    if (!allowed.includes(name) || parameters.getAll(name).length > 1) {
      throw new Unfit(`after the question mark, once each: ${allowed.join(', ')}`);
    }
  }
  return parameters;
}

function readName(name: string): string {
  if (!/^[a-z0-9-]{1,32}$/.test(name))
    throw new Unfit('a name of small letters, digits and hyphens, as in ?name=staging');
  return name;
}
