import type { IceServer } from '../protocol/messages.ts';

/** The `Link` header fields that name STUN and TURN servers (RFC 9725, 4.6). */
export function iceLinks(servers: readonly IceServer[]): string[] {
  return servers.flatMap(({ urls, username, credential }) =>
    urls.map((url) => {
      const secret =
        username === undefined || credential === undefined
          ? ''
          : `; username="${quoted(username)}"; credential="${quoted(credential)}"; credential-type="password"`;
      return `<${url}>; rel="ice-server"${secret}`;
    }),
  );
}

/** As a quoted-string (RFC 9110, 5.6.4). */
function quoted(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}
