import type { HttpConfig } from '../../config/shape.ts';
import { openFilesLimit, roomForConnections } from '../../doors/open-files.ts';
import { describeRefused, refusedBuffers, SOCKET_BUFFER_BYTES } from '../../media/socket-buffers.ts';
import { type Finding, ok, skipped, warning } from './finding.ts';

/** How many files this user may open: each connection is one. */
export function checkOpenFiles({ maxSockets }: HttpConfig, openFiles = openFilesLimit()): Finding {
  const id = 'open-files';
  if (openFiles === null) return skipped(id, 'This system does not say how many files a process may open.');
  const room = roomForConnections(maxSockets, openFiles);
  const limit = `This process may open ${openFiles} files (its unit or container may say otherwise)`;
  if (room >= maxSockets) return ok(id, `${limit}: room for all ${maxSockets} connections of MAX_SOCKETS.`);
  return warning(
    id,
    `${limit}: room for ${room} of the ${maxSockets} connections of MAX_SOCKETS.`,
    'Raise it: LimitNOFILE= in the unit, ulimits in a compose file, ulimit -n in a shell.',
  );
}

/** What the kernel gives to the media ports for the moments in which a worker is busy. */
export function checkSocketBuffers(refused = refusedBuffers()): Finding {
  const id = 'socket-buffers';
  if (refused.length === 0)
    return ok(
      id,
      `The media ports get the buffers that they ask for (${SOCKET_BUFFER_BYTES} bytes), or the system does not say.`,
    );
  const [text = '', fix = ''] = describeRefused(refused).split(' Set: ');
  return warning(id, `${text.charAt(0).toUpperCase()}${text.slice(1)}`, `Set: ${fix}`);
}
