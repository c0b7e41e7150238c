import { rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** A path of a Unix socket has at most 107 bytes (unix(7)). */
const LONGEST_PATH = 107;

/** Somebody else writes there. */
export class FolderTakenError extends Error {
  override readonly name = 'FolderTakenError';
}

/**
 * Makes this process the only one that writes in a folder. It is a Unix socket that is listened on: the system lets go of it however
 * the process ends, which a file with a number in it does not. @throws FolderTakenError, or what the file system says
 */
export async function lockFolder(folder: string): Promise<{ release(): void }> {
  const path = join(folder, 'lock.sock');
  if (Buffer.byteLength(path) > LONGEST_PATH)
    throw new Error(`${path} has more than ${LONGEST_PATH} bytes. Choose a shorter folder.`);
  const guard = await guardOf(folder);
  let server: Server | null = null;
  try {
    server = guard === TAKEN ? null : await take(path);
  } finally {
    if (server === null && guard !== TAKEN) guard?.close();
  }
  if (server === null) throw new FolderTakenError(`another process writes in ${folder}`);
  const held = [server, ...(guard === null || guard === TAKEN ? [] : [guard])].map((each) => each.unref());
  return { release: () => held.forEach((each) => void each.close()) };
}

const TAKEN = 'taken';

/**
 * Of several that find at once what a killed process left, one would remove the socket on which another listens by then. So a name
 * without a file is taken first, of which the system leaves nothing behind (Linux alone has them, and each network namespace its own);
 * null where there are none.
 */
async function guardOf(folder: string): Promise<Server | null | typeof TAKEN> {
  const { dev, ino } = statSync(folder, { bigint: true });
  try {
    return (await listen(`\0prospect-live audit ${dev}:${ino}`)) ?? TAKEN;
  } catch {
    return null;
  }
}

async function take(path: string): Promise<Server | null> {
  const server = await listen(path);
  if (server !== null || (await answers(path))) return server;
  // Left behind by a process that was killed.
  rmSync(path, { force: true });
  return listen(path);
}

/** Null: there is something at the path. */
function listen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(path, () => resolve(server));
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
