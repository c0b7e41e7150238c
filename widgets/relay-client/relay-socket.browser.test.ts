import { expect } from 'chai';

describe('relay socket in a page', () => {
  it('finds a relay wherever it is, by WebSocket alone', async () => {
    const opened: string[] = [];
    const { WebSocket } = globalThis;
    class RecordedWebSocket {
      binaryType = '';
      constructor(url: string) {
        opened.push(url);
      }
      send(): void {}
      close(): void {}
    }
    // socket.io-client takes the constructor when it is loaded.
    Object.assign(globalThis, { WebSocket: RecordedWebSocket });
    try {
      const { RelaySocket } = await import('./relay-socket.ts');
      const open = (origin: string, path = '/socket.io'): string | undefined => {
        new RelaySocket({ origin, path }, {}, { onClose() {}, onNotification() {} }).close();
        return opened.at(-1);
      };
      const query = '?EIO=4&transport=websocket';
      expect(open('https://relay.example.invalid')).to.equal(`wss://relay.example.invalid/socket.io/${query}`);
      expect(open('https://relay.example.invalid:8443')).to.equal(
        `wss://relay.example.invalid:8443/socket.io/${query}`,
      );
      expect(open('http://127.0.0.1:9')).to.equal(`ws://127.0.0.1:9/socket.io/${query}`);
      expect(open('http://[::1]:9')).to.equal(`ws://[::1]:9/socket.io/${query}`);
      expect(open('https://[2001:db8::1]')).to.equal(`wss://[2001:db8::1]/socket.io/${query}`);
      expect(open('http://127.0.0.1:9', '/behind/a/proxy/socket.io')).to.equal(
        `ws://127.0.0.1:9/behind/a/proxy/socket.io/${query}`,
      );
      expect(opened).to.have.length(6);
    } finally {
      Object.assign(globalThis, { WebSocket });
    }
  });
});
