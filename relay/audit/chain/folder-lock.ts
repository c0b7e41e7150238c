import { rmSync } from 'node:fs';
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
  let server = await listen(path);
  if (server === null && !(await answers(path))) {
    // Left behind by a process that was killed.
    rmSync(path, { force: true });
    server = await listen(path);
  }
  if (server === null) throw new FolderTakenError(`another process writes in ${folder}`);
  const held = server.unref();
  return { release: () => void held.close() };
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
