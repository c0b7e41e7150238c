import { readFile } from 'node:fs/promises';
import type { Logger } from '../logger.ts';
import {
  type Certificate,
  type CertificateBytes,
  type CertificateFiles,
  certificateNotice,
  fingerprintOf,
  parseCertificate,
} from './certificate.ts';

/** How often the files are looked at. In milliseconds. */
const LOOK_EVERY_MS = 5_000;
/** How often an end that draws near is said again. In milliseconds. */
const REMIND_EVERY_MS = 86_400_000;

/** What the watch is for. */
export interface CertificateWatchParts {
  readonly files: CertificateFiles;
  /** The pair that is in use at the start. */
  readonly current: Certificate;
  /** Puts a new pair into use. Called only with one that fits. */
  readonly use: (certificate: Certificate) => void;
  readonly logger: Logger;
  /** For tests. */
  readonly lookEveryMs?: number;
}

/**
 * Keeps the certificate that is used equal to the one in the files. It looks at contents, at an interval: renewal tools
 * write in place, rename files, switch links at any level of the path or rename whole folders, on network file systems too,
 * and file events tell of some of that only. A pair that does not fit is a renewal half way: the old one stays in use.
 */
export class CertificateWatch {
  readonly #parts: CertificateWatchParts;
  readonly #timer: NodeJS.Timeout;
  #current: Certificate;
  /** Contents that could not be used: seen once it may be half written, seen twice it is said. */
  #refused: { readonly fingerprint: string; said: boolean } | null = null;
  #looking: Promise<void> | null = null;
  #reminded: { readonly state: string | null; readonly at: number };
  #ended = false;

  constructor(parts: CertificateWatchParts) {
    this.#parts = parts;
    this.#current = parts.current;
    // The start has said it already.
    this.#reminded = { state: this.#notice()?.state ?? null, at: performance.now() };
    this.#timer = setInterval(() => void this.look(false), parts.lookEveryMs ?? LOOK_EVERY_MS).unref();
  }

  /** Until when the certificate in use is valid, in milliseconds since the epoch. */
  get validTo(): number {
    return this.#current.validTo;
  }

  /**
   * Reads the files and takes a new pair into use.
   * @param asked somebody waits for it (SIGHUP): what is wrong is said at once, and that nothing changed too
   */
  async look(asked: boolean): Promise<void> {
    // What was asked for after a look began may not be in what that look read.
    while (this.#looking) {
      if (!asked) return;
      await this.#looking;
    }
    this.#looking = this.#lookOnce(asked).finally(() => {
      this.#looking = null;
    });
    await this.#looking;
  }

  end(): void {
    this.#ended = true;
    clearInterval(this.#timer);
  }

  async #lookOnce(asked: boolean): Promise<void> {
    const { files, logger, use } = this.#parts;
    let bytes: CertificateBytes;
    try {
      const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
      bytes = { cert, key };
    } catch (error) {
      return this.#refuse('unreadable', error, asked);
    }
    if (this.#ended) return;
    const fingerprint = fingerprintOf(bytes);
    if (fingerprint === this.#current.fingerprint) {
      this.#refused = null;
      if (asked) logger.info({ certFile: files.certFile }, 'certificate read again; it is the same');
      return this.#remind();
    }
    try {
      const next = parseCertificate(files, bytes);
      use(next);
      this.#current = next;
      this.#refused = null;
      logger.info(
        { certFile: files.certFile, validTo: new Date(next.validTo).toISOString() },
        'certificate read again',
      );
      this.#remind();
    } catch (error) {
      this.#refuse(fingerprint, error, asked);
    }
  }

  #refuse(fingerprint: string, error: unknown, asked: boolean): void {
    if (this.#ended) return;
    const again = this.#refused?.fingerprint === fingerprint;
    const said = again && this.#refused?.said === true;
    if (asked || (again && !said)) {
      const { certFile, keyFile } = this.#parts.files;
      const reason = error instanceof Error ? error.message : String(error);
      this.#parts.logger.error({ certFile, keyFile, reason }, 'new certificate cannot be used; the old one stays');
    }
    this.#refused = { fingerprint, said: said || asked || again };
    this.#remind();
  }

  #notice() {
    return certificateNotice(this.#current, Date.now());
  }

  #remind(): void {
    const notice = this.#notice();
    const state = notice?.state ?? null;
    const due = state !== this.#reminded.state || performance.now() - this.#reminded.at > REMIND_EVERY_MS;
    if (!due) return;
    this.#reminded = { state, at: performance.now() };
    if (notice) this.#parts.logger.warn(`TLS_CERT_FILE: ${this.#parts.files.certFile} ${notice.text}`);
  }
}
