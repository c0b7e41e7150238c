/** Where the relay listens, as seen from a page: at the page's own host name. Null: not on that scheme. */
export interface RelayPorts {
  readonly http: number | null;
  readonly https: number | null;
}

/** The relay as one page reaches it. */
export interface RelayAddress {
  /** Such as `https://192.168.1.20:8443`. */
  readonly origin: string;
  /** The same for WebSockets. */
  readonly socketOrigin: string;
  /** True when the widgets find it by themselves: https page -> 8443, http page -> 8080. */
  readonly isDefault: boolean;
}

const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])$/i;

/** A host name or address that may be put into a page and a policy. The Host header is whatever the client wrote. */
export function isHostName(host: string): boolean {
  return host.length <= 253 && HOST_NAME.test(host);
}

/** @returns null when the relay does not listen on the page's scheme */
export function relayAddress(ports: RelayPorts, host: string, secure: boolean): RelayAddress | null {
  const port = secure ? ports.https : ports.http;
  if (port === null) return null;
  return {
    origin: `http${secure ? 's' : ''}://${host}:${port}`,
    socketOrigin: `ws${secure ? 's' : ''}://${host}:${port}`,
    isDefault: port === (secure ? 8443 : 8080),
  };
}
