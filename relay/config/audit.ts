import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Review } from './problems.ts';
import { readSecretValue } from './secret-value.ts';
import type { AuditConfig, WebhookConfig } from './shape.ts';
import type { Values } from './variables.ts';

/** As the Standard Webhooks specification asks. */
const SECRET_BYTES = 24;

/** Where the audit trail is kept; null where no folder is set. */
export function readAuditConfig(values: Values): AuditConfig | null {
  const { AUDIT_DIR: folder } = values;
  return folder === null ? null : { root: resolve(folder), chain: nameOf(values) };
}

/** Where its entries are sent to; null where no URL is set. */
export function readWebhookConfig(values: Values, review: Review): WebhookConfig | null {
  const { production, failed, report, warn } = review;
  const secret = readSecretValue('AUDIT_WEBHOOK_SECRET', SECRET_BYTES, values, review);
  const { AUDIT_WEBHOOK_URL: url } = values;
  if (url === null) {
    if (secret !== null && !failed.has('AUDIT_WEBHOOK_URL'))
      warn('AUDIT_WEBHOOK_SECRET', 'has no effect without AUDIT_WEBHOOK_URL.');
    return null;
  }
  const { protocol, hostname: host, origin } = new URL(url);
  if (production && protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(host))
    report('AUDIT_WEBHOOK_URL', `${origin} is not encrypted; in production it must be an https:// URL.`);
  if (secret === null) {
    const told = ['AUDIT_WEBHOOK_SECRET', 'AUDIT_WEBHOOK_SECRET_FILE'] as const;
    if (told.every((name) => values[name] === null && !failed.has(name)))
      report('AUDIT_WEBHOOK_SECRET', 'is needed with AUDIT_WEBHOOK_URL. Make one: openssl rand -base64 48');
    return null;
  }
  return { url, secret, relay: nameOf(values) };
}

/** What this relay is called in the trail. A NODE_ID that is made up is another one at each start: then the machine's name is what stays. */
function nameOf({ NODE_ID: nodeId }: Values): string {
  return nodeId ?? folderName(hostname());
}

/** A host name as the name of a folder. */
function folderName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return safe.slice(0, 64) || 'relay';
}
