import { createHmac, hkdfSync } from 'node:crypto';

/** HKDF (RFC 5869) with SHA-256: one secret, many keys that tell nothing of each other. */
function derive(secret: string | Buffer, purpose: string, salt: Buffer, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, `prospect-live cluster 1 ${purpose}`, bytes));
}

const NO_SALT = Buffer.alloc(0);

/** What is made from one of the cluster's secrets. */
export class SecretKeys {
  /** Says under which secret something was sealed, and nothing about the secret. Eight characters of base64url. */
  readonly id: string;
  readonly #root: Buffer;
  readonly #hash: Buffer;

  constructor(secret: string) {
    this.id = derive(secret, 'key id', NO_SALT, 6).toString('base64url');
    this.#root = derive(secret, 'seal', NO_SALT, 32);
    this.#hash = derive(secret, 'hash', NO_SALT, 32);
  }

  /** The AES-256 key of one sender, who chose `salt` at random: so that its counter alone makes nonces unique. */
  sealingKey(salt: Buffer): Buffer {
    return derive(this.#root, 'sender', salt, 32);
  }

  /** A name in place of `text` that only holders of the secret can compute (HMAC-SHA-256, 22 characters). */
  hash(purpose: string, text: string): string {
    const mac = createHmac('sha256', this.#hash).update(`${purpose}\n${text}`).digest();
    return mac.subarray(0, 16).toString('base64url');
  }
}

/** The keys of a cluster: of its secret, and of the other one while the secret is being changed. */
export class ClusterKeys {
  /** What this node seals with. */
  readonly current: SecretKeys;
  /** What it opens: the current one first. */
  readonly all: readonly SecretKeys[];

  /** @param previous a secret that other nodes may still (or already) seal with; null: none */
  constructor(secret: string, previous: string | null = null) {
    this.current = new SecretKeys(secret);
    this.all = previous === null || previous === secret ? [this.current] : [this.current, new SecretKeys(previous)];
  }

  /** The keyed hash of `text` under each secret, the current one first. */
  hashes(purpose: string, text: string): readonly string[] {
    return this.all.map((keys) => keys.hash(purpose, text));
  }
}
