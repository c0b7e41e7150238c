import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** What a built widget folder may hold, by file ending. Others are not served. */
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** The end of a name that the build made from the content: 16 hexadecimal digits of its SHA-384. */
const CONTENT_NAME = /-([0-9a-f]{16})\.js(?:\.map)?$/;

/** Encodings that are offered, the better first. */
export const ENCODINGS = ['br', 'gzip', 'identity'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** One file of the folder as it stands on disk now. */
export interface WidgetFile {
  readonly type: string;
  /** Differs whenever the content differs. */
  readonly hash: string;
  /** True when its name holds the hash of this very content, so that the content under the name can never be another. */
  readonly namedByContent: boolean;
  /** The content in this encoding; compressed once, then kept. */
  body(encoding: Encoding): Promise<Buffer>;
}

const compress: Readonly<Record<Encoding, (content: Buffer) => Promise<Buffer>>> = {
  br: (content) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (content) => promisify(gzip)(content, { level: 9 }),
  identity: async (content) => content,
};

/**
 * The files of one folder, kept in memory in each encoding, and read again when they change on disk. The folder is small
 * (a few bundles), and pages on phones are spared two thirds of each bundle.
 */
export class WidgetFiles {
  readonly #folder: string;
  readonly #kept = new Map<string, { stamp: string; file: WidgetFile }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Is there a folder with anything in it? */
  async exists(): Promise<boolean> {
    return stat(this.#folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
  }

  /** The file at this path inside the folder, null when there is none that may be served. */
  async find(segments: readonly string[]): Promise<WidgetFile | null> {
    const type = TYPES[extname(segments.at(-1) ?? '')];
    // Plain names only: no way up (..), no hidden files, no separators of any system, no NUL.
    if (!type || !segments.every((segment) => /^[\w@-][\w@.-]*$/.test(segment))) return null;
    const path = join(this.#folder, ...segments);
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) {
      this.#kept.delete(path);
      return null;
    }
    const stamp = `${found.mtimeMs}:${found.size}:${found.ino}`;
    const kept = this.#kept.get(path);
    if (kept?.stamp === stamp) return kept.file;
    const file = createFile(path, type, await readFile(path));
    this.#kept.set(path, { stamp, file });
    return file;
  }
}

function createFile(path: string, type: string, content: Buffer): WidgetFile {
  const bodies = new Map<Encoding, Promise<Buffer>>();
  const digest = createHash('sha384').update(content).digest();
  return {
    type,
    hash: digest.toString('base64url').slice(0, 22),
    namedByContent: CONTENT_NAME.exec(path)?.[1] === digest.toString('hex').slice(0, 16),
    body(encoding) {
      const body = bodies.get(encoding) ?? compress[encoding](content);
      bodies.set(encoding, body);
      return body;
    },
  };
}
