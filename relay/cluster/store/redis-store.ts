import { RedisScript } from '../bus/redis-connection.ts';
import type { RedisTransport } from '../bus/redis-transport.ts';
import {
  type ClaimHolder,
  type ClaimOutcome,
  type ClaimWish,
  type ClusterStore,
  type KeepOutcome,
  MAX_ORDER,
  type NamedHolder,
  NEXT_REACH,
} from './cluster-store.ts';

const HOLD = new RedisScript(`
local current = redis.pcall('GET', KEYS[1])
if type(current) == 'string' and current ~= ARGV[1] and current ~= ARGV[3] then return current end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return false`);

const LET_GO = new RedisScript(`
if redis.pcall('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return false`);

const NEXT = new RedisScript(`
local last = redis.pcall('GET', KEYS[1])
last = type(last) == 'string' and tonumber(last) or 0
local value = tonumber(ARGV[1])
if last >= value and last < value + ${NEXT_REACH} then value = last + 1 end
redis.call('SET', KEYS[1], string.format('%.0f', value), 'PX', ARGV[2])
return value`);

/** What stands in a key: `order node epoch session`. Anything else was written by somebody else, and counts as nothing. */
const CLAIMS = `
local function read(key)
  local text = redis.pcall('GET', key)
  if type(text) ~= 'string' or #text > 300 then return nil end
  local order, node, epoch, session = string.match(text, '^(%d+) ([a-z0-9-]+) (%d+) ([%w_-]+)$')
  order = order and tonumber(order)
  if not order or order > ${MAX_ORDER} then return nil end
  return { text = text, order = order, session = session, owner = node .. ' ' .. epoch .. ' ' .. session, rank = node .. ' ' .. session }
end
local function highest()
  local best = nil
  for _, key in ipairs(KEYS) do
    local found = read(key)
    if found and (not best or found.order > best.order) then best = found end
  end
  return best
end
local function write(order, owner, ttl)
  for _, key in ipairs(KEYS) do redis.call('SET', key, string.format('%.0f', order) .. ' ' .. owner, 'PX', ttl) end
end
`;

/** ARGV: node, epoch, session, '1' for again, predecessor, ttl. Returns order (0: not taken) and who held it. */
const CLAIM = new RedisScript(`${CLAIMS}
local current = highest()
local session = ARGV[3]
if ARGV[4] == '1' and current and current.session ~= session and current.session ~= ARGV[5] then return { 0, current.text } end
local time = redis.call('TIME')
local order = math.max((current and current.order or 0) + 1, time[1] * 1000000 + time[2])
write(order, ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. session, ARGV[6])
return { order, current and current.text or false }`);

/** ARGV: node, epoch, session, order, ttl. Returns 1 (kept) or 0, and the other one. */
const KEEP = new RedisScript(`${CLAIMS}
local current = highest()
local owner = ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3]
local order = tonumber(ARGV[4])
local other = current and current.owner ~= owner and current or nil
if other and (other.order > order or (other.order == order and other.rank > ARGV[1] .. ' ' .. ARGV[3])) then return { 0, other.text } end
write(order, owner, ARGV[5])
return { 1, other and other.text or false }`);

/** ARGV: node, epoch, session. */
const RELEASE = new RedisScript(`${CLAIMS}
local owner = ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3]
for _, key in ipairs(KEYS) do
  local found = read(key)
  if found and found.owner == owner then redis.call('DEL', key) end
end
return false`);

const NOBODY = '-';

/** A `ClusterStore` in Redis or Valkey: keys that run out, and one script for each step, whose keys share a hash tag. */
export class RedisStore implements ClusterStore {
  readonly #redis: RedisTransport;

  constructor(redis: RedisTransport) {
    this.#redis = redis;
  }

  async hold(name: string, value: string, ttlMs: number, over: string | null): Promise<string | null> {
    const held = await this.#redis.run(HOLD, [name], [value, ttlMs, over ?? '']);
    return typeof held === 'string' ? held : null;
  }

  async letGo(name: string, value: string): Promise<void> {
    await this.#redis.run(LET_GO, [name], [value]);
  }

  async next(name: string, least: number, ttlMs: number): Promise<number> {
    return Number(await this.#redis.run(NEXT, [name], [least, ttlMs]));
  }

  async claim(names: readonly string[], wish: ClaimWish, ttlMs: number): Promise<ClaimOutcome> {
    const { node, epoch, session, again, predecessor } = wish;
    const values = [node, epoch, session, again ? '1' : '0', predecessor ?? NOBODY, ttlMs];
    const [order, other] = readReply(await this.#redis.run(CLAIM, names, values));
    if (order === 0 && other) return { taken: false, holder: other };
    return { taken: true, order, previous: other };
  }

  keep(claims: readonly NamedHolder[], ttlMs: number): Promise<readonly KeepOutcome[]> {
    return Promise.all(
      claims.map(async ({ names, holder: { node, epoch, session, order } }): Promise<KeepOutcome> => {
        const reply = await this.#redis.run(KEEP, names, [node, epoch, session, order, ttlMs]);
        const [kept, other] = readReply(reply);
        return { kept: kept === 1, other };
      }),
    );
  }

  async release(names: readonly string[], holder: Pick<ClaimHolder, 'node' | 'epoch' | 'session'>): Promise<void> {
    await this.#redis.run(RELEASE, names, [holder.node, holder.epoch, holder.session]);
  }
}

function readReply(reply: unknown): readonly [number, ClaimHolder | null] {
  const [number, text]: unknown[] = Array.isArray(reply) ? reply : [];
  const match = typeof text === 'string' ? /^(\d+) ([a-z0-9-]+) (\d+) ([\w-]+)$/.exec(text) : null;
  const holder = match && {
    order: Number(match[1]),
    node: match[2] ?? '',
    epoch: Number(match[3]),
    session: match[4] ?? '',
  };
  return [Number(number), holder];
}
