import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { ClusterKeys } from './cluster-keys.ts';

const FORMAT = 'p1';
const SALT_BYTES = 16;
const COUNTER_BYTES = 6;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
/** Senders whose keys are kept. */
const MAX_SENDERS = 1_000;

/** A message that was opened. */
export interface Opened {
  readonly text: string;
  /** Counts the messages of its sender, over all channels: one with a lower number was sealed before. */
  readonly count: number;
}

/** Why a message could not be opened: it is none of ours, or it was sealed under other keys, or for another channel, or changed. */
export type Unopened = 'unreadable' | 'foreign';

/**
 * Seals texts for a channel with AES-256-GCM (NIST SP 800-38D), and opens them. Each sender has a key of its own, derived from the
 * cluster's secret and a random salt, and counts its messages: a nonce never comes twice under a key.
 *
 * The form: `p1.<key id>.<base64url of salt (16 bytes), count (6), ciphertext, tag (16)>`. Authenticated besides: form, key id, channel.
 */
export class Sealer {
  readonly #keys: ClusterKeys;
  readonly #salt = randomBytes(SALT_BYTES);
  readonly #key: Buffer;
  readonly #senders = new Map<string, Buffer>();
  #count = 0;

  constructor(keys: ClusterKeys) {
    this.#keys = keys;
    this.#key = keys.current.sealingKey(this.#salt);
  }

  seal(channel: string, text: string): string {
    this.#count += 1;
    const head = `${FORMAT}.${this.#keys.current.id}`;
    const count = Buffer.alloc(COUNTER_BYTES);
    count.writeUIntBE(this.#count, 0, COUNTER_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(count)).setAAD(bound(head, channel));
    const parts = [this.#salt, count, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
    return `${head}.${Buffer.concat(parts).toString('base64url')}`;
  }

  open(channel: string, sealed: string): Opened | Unopened {
    const [format, keyId = '', body = '', ...rest] = sealed.split('.', 4);
    if (format !== FORMAT || rest.length > 0 || !/^[\w-]{8}$/.test(keyId) || !/^[\w-]+$/.test(body))
      return 'unreadable';
    const bytes = Buffer.from(body, 'base64url');
    if (bytes.length < SALT_BYTES + COUNTER_BYTES + TAG_BYTES) return 'unreadable';
    const keys = this.#keys.all.find(({ id }) => id === keyId);
    if (!keys) return 'foreign';
    const salt = bytes.subarray(0, SALT_BYTES);
    const count = bytes.subarray(SALT_BYTES, SALT_BYTES + COUNTER_BYTES);
    const sender = `${keyId}.${salt.toString('base64url')}`;
    const key = this.#senders.get(sender) ?? keys.sealingKey(salt);
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(count), { authTagLength: TAG_BYTES })
      .setAAD(bound(`${FORMAT}.${keyId}`, channel))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const plain = decipher.update(bytes.subarray(SALT_BYTES + COUNTER_BYTES, -TAG_BYTES));
      const text = Buffer.concat([plain, decipher.final()]).toString('utf8');
      // Only now is it known to be one of us: nobody else can fill the list.
      this.#remember(sender, key);
      return { text, count: count.readUIntBE(0, COUNTER_BYTES) };
    } catch {
      return 'foreign';
    }
  }

  #remember(sender: string, key: Buffer): void {
    if (this.#senders.has(sender)) return;
    this.#senders.set(sender, key);
    const oldest = this.#senders.keys().next().value;
    if (this.#senders.size > MAX_SENDERS && oldest !== undefined) this.#senders.delete(oldest);
  }
}

function nonceOf(count: Buffer): Buffer {
  return Buffer.concat([Buffer.alloc(NONCE_BYTES - COUNTER_BYTES), count]);
}

function bound(head: string, channel: string): Buffer {
  return Buffer.from(`${head}\n${channel}`);
}
