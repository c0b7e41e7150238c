import { createHmac } from 'node:crypto';
import type { IceConfig } from '../config/shape.ts';
import type { IceServer } from '../protocol/messages.ts';

/**
 * The STUN and TURN servers for one user's page. TURN credentials are time-limited, as the TURN REST API describes
 * (draft-uberti-behave-turn-rest-00, 2.2): the username is `expiry:name` in seconds since the epoch, the password the
 * base64 HMAC-SHA1 of it under the secret shared with the TURN server. TURN sends the name in clear (RFC 8489, 14.3),
 * so it is a keyed hash of the user id: who sees it cannot find the id by trying ids, and one user keeps one name, for quotas.
 *
 * @param nowMs milliseconds since the epoch
 */
export function iceServersFor(config: IceConfig, userId: string, nowMs: number = Date.now()): IceServer[] {
  const servers: IceServer[] = [];
  if (config.stunUrls.length > 0) servers.push({ urls: [...config.stunUrls] });
  if (config.turnUrls.length > 0 && config.turnSecret !== null) {
    const expiry = Math.floor(nowMs / 1000) + config.turnCredentialTtlS;
    const username = `${expiry}:${turnName(config.turnSecret, userId)}`;
    const credential = createHmac('sha1', config.turnSecret).update(username).digest('base64');
    servers.push({ urls: [...config.turnUrls], username, credential });
  }
  return servers;
}

/** The key is the TURN secret, used for nothing else in this way: the first HMAC makes a key of its own from it. */
function turnName(turnSecret: string, userId: string): string {
  const key = createHmac('sha256', turnSecret).update('prospect-live/turn-user-name/1').digest();
  return createHmac('sha256', key).update(userId).digest('hex').slice(0, 32);
}
