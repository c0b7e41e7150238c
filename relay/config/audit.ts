import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { AuditConfig } from './shape.ts';
import type { Values } from './variables.ts';

/** Where the audit trail is kept; null where no folder is set. */
export function readAuditConfig({ AUDIT_DIR: folder, NODE_ID: nodeId }: Values): AuditConfig | null {
  // A NODE_ID that is made up is another one at each start: then the machine's name is what stays.
  return folder === null ? null : { root: resolve(folder), chain: nodeId ?? folderName(hostname()) };
}

/** A host name as the name of a folder. */
function folderName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return safe.slice(0, 64) || 'relay';
}
