import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';

/** Chromium with a blank page on localhost that can publish tones and listen, for tests of the media path. */
export class BrowserPage {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #server: Server;

  private constructor(page: Page, browser: Browser, server: Server) {
    this.page = page;
    this.#browser = browser;
    this.#server = server;
  }

  static async open(): Promise<BrowserPage> {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Loopback</title>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const browser = await puppeteer.launch({
      executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
      headless: true,
      args: ['--no-sandbox', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'],
    });
    const page = await browser.newPage();
    await page.goto(`http://localhost:${port}/`);
    await page.evaluate(installPeers);
    return new BrowserPage(page, browser, server);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** What `installPeers` puts into the page. */
export interface PagePeers {
  /** Makes a peer connection that will send a tone. @returns its offer */
  publish(name: string, frequency: number): Promise<string>;
  /** Takes the relay's answer. */
  answered(name: string, answer: string): Promise<void>;
  /** Takes the relay's offer. @returns the answer */
  listen(name: string, offer: string): Promise<string>;
  /** Restarts ICE on a publishing peer. @returns the offer */
  restart(name: string): Promise<string>;
  /** The loudest frequency heard, in Hz; null in silence. */
  heard(name: string): number | null;
  /** One `RTCStats` of this type, as a plain object. */
  stats(name: string, type: string): Promise<Record<string, number>>;
  /** The `a=fmtp` parameters of each codec in use. */
  codecs(name: string): Promise<string[]>;
  close(name: string): void;
}

declare global {
  interface Window {
    peers: PagePeers;
  }
}

/** Runs in the page. */
function installPeers(): void {
  const context = new AudioContext({ sampleRate: 48_000 });
  const connections = new Map<string, RTCPeerConnection>();
  const analysers = new Map<string, AnalyserNode>();
  const of = (name: string): RTCPeerConnection => {
    const connection = connections.get(name);
    if (connection === undefined) throw new Error(`no peer ${name}`);
    return connection;
  };
  const open = (name: string): RTCPeerConnection => {
    const connection = new RTCPeerConnection();
    connections.set(name, connection);
    return connection;
  };
  window.peers = {
    async publish(name, frequency) {
      const connection = open(name);
      const destination = context.createMediaStreamDestination();
      const oscillator = new OscillatorNode(context, { frequency });
      oscillator.connect(destination);
      oscillator.start();
      const [track] = destination.stream.getAudioTracks();
      if (track === undefined) throw new Error('no track');
      connection.addTransceiver(track, { direction: 'sendonly' });
      await connection.setLocalDescription();
      return connection.localDescription?.sdp ?? '';
    },
    async answered(name, sdp) {
      await of(name).setRemoteDescription({ type: 'answer', sdp });
    },
    async listen(name, sdp) {
      const connection = connections.get(name) ?? open(name);
      connection.ontrack = ({ track }) => {
        const stream = new MediaStream([track]);
        // Chromium feeds a remote track to Web Audio only while a media element plays it.
        const element = new Audio();
        element.srcObject = stream;
        element.muted = true;
        void element.play();
        const analyser = new AnalyserNode(context, { fftSize: 4096, smoothingTimeConstant: 0 });
        context.createMediaStreamSource(stream).connect(analyser);
        analysers.set(name, analyser);
      };
      await connection.setRemoteDescription({ type: 'offer', sdp });
      await connection.setLocalDescription();
      return connection.localDescription?.sdp ?? '';
    },
    async restart(name) {
      const connection = of(name);
      await connection.setLocalDescription(await connection.createOffer({ iceRestart: true }));
      return connection.localDescription?.sdp ?? '';
    },
    heard(name) {
      const analyser = analysers.get(name);
      if (analyser === undefined) return null;
      const bins = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(bins);
      let peak = 0;
      bins.forEach((level, bin) => {
        if (level > (bins[peak] ?? Number.NEGATIVE_INFINITY)) peak = bin;
      });
      return (bins[peak] ?? Number.NEGATIVE_INFINITY) < -60 ? null : (peak * context.sampleRate) / analyser.fftSize;
    },
    async stats(name, type) {
      const found: Record<string, number> = {};
      for (const [, entry] of await of(name).getStats()) {
        if (entry.type !== type) continue;
        for (const [key, value] of Object.entries(entry)) if (typeof value === 'number') found[key] = value;
      }
      return found;
    },
    async codecs(name) {
      const found: string[] = [];
      for (const [, entry] of await of(name).getStats()) {
        if (entry.type === 'codec') found.push(String(entry.sdpFmtpLine));
      }
      return found;
    },
    close(name) {
      of(name).close();
      connections.delete(name);
      analysers.delete(name);
    },
  };
}
