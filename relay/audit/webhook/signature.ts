import { createHmac } from 'node:crypto';

/** Headers by which whoever receives a delivery knows that it is genuine and new (Standard Webhooks 1.0.0). */
export interface SignedHeaders {
  /** The same at each try of one delivery: who has seen it can leave it. */
  readonly 'webhook-id': string;
  /** Seconds since 1970 of this try. */
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/**
 * Signs one try of a delivery: HMAC-SHA-256 of id, time and body.
 * @param secret text, or `whsec_` and base64, as webhook services write it
 */
export function signDelivery(secret: string, id: string, timestampS: number, body: string): SignedHeaders {
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestampS}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestampS), 'webhook-signature': `v1,${signature}` };
}

function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
}
