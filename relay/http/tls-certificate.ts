import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { createSecureContext } from 'node:tls';

/** A certificate chain and its key, as PEM files. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What is wrong with a certificate, and which of both files to look at. */
export interface CertificateProblem {
  readonly file: 'cert' | 'key';
  readonly message: string;
}

/** What `https.createServer` and `setSecureContext` take. TLS 1.0 and 1.1 are out (RFC 8996). */
export interface TlsSettings {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly minVersion: 'TLSv1.2';
}

/** Null when both files can be read and belong together. */
export function checkCertificate(files: CertificateFiles): CertificateProblem | null {
  for (const file of ['cert', 'key'] as const) {
    const path = file === 'cert' ? files.certFile : files.keyFile;
    try {
      readFileSync(path);
    } catch (error) {
      return { file, message: `${path} cannot be read (${error instanceof Error ? error.message : String(error)}).` };
    }
  }
  try {
    createSecureContext({ cert: readFileSync(files.certFile) });
  } catch {
    return {
      file: 'cert',
      message: `${files.certFile} is not a certificate in PEM form (-----BEGIN CERTIFICATE-----).`,
    };
  }
  try {
    createSecureContext(readTlsSettings(files));
  } catch {
    return {
      file: 'key',
      message: `${files.keyFile} is not a PEM key without passphrase that belongs to ${files.certFile}.`,
    };
  }
  return null;
}

/** Reads both files. */
export function readTlsSettings(files: CertificateFiles): TlsSettings {
  return { cert: readFileSync(files.certFile), key: readFileSync(files.keyFile), minVersion: 'TLSv1.2' };
}

/** How long the files must have been quiet before they are read: renewal writes both, one after the other. In milliseconds. */
const SETTLE_MS = 500;

/**
 * Calls `changed` after one of the files was written or replaced. The folders are watched, not the files, because renewal
 * tools replace them by renaming, and Kubernetes by switching a symbolic link beside them.
 * @returns the function that ends the watch
 */
export function watchCertificate(files: CertificateFiles, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const folders = new Set([dirname(files.certFile), dirname(files.keyFile)]);
  const names = new Set([basename(files.certFile), basename(files.keyFile), '..data']);
  const watchers: FSWatcher[] = [];
  for (const folder of folders) {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name !== null && !names.has(name)) return;
        clearTimeout(timer);
        timer = setTimeout(changed, SETTLE_MS).unref();
      });
      // A folder that goes away ends its watch; SIGHUP still works.
      watcher.on('error', () => watcher.close());
      watchers.push(watcher);
    } catch {
      // Some file systems cannot be watched (network shares, inotify limits); SIGHUP still works.
    }
  }
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
