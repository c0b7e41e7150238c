import type { AudioSample } from './audio-timeline.ts';

/** What the probe leaves in a page, as `window.faultProbe`. */
export interface PageProbe {
  /** Every RTCPeerConnection of the page, oldest first, closed ones included. */
  readonly connections: readonly RTCPeerConnection[];
  /** Local candidates (RFC 8839 `candidate:…`), as ICE found them. */
  readonly candidates: readonly { readonly at: number; readonly text: string }[];
  /** The page's ICE username fragments so far: a new one with each connection and each ICE restart. */
  readonly ufrags: readonly string[];
  /** How often the page asked for the microphone: each one may be a permission prompt. */
  readonly microphoneRequests: number;
  /** Every track that the microphone gave, oldest first. */
  readonly microphoneTracks: readonly MediaStreamTrack[];
  /** Every AudioContext of the page, oldest first. */
  readonly audioContexts: readonly AudioContext[];
  /** While not null, the microphone fails with a DOMException of this name. */
  microphoneError: string | null;
  /** What was received, every 50 ms since the page loaded. */
  readonly samples: readonly AudioSample[];
  /** Names of the events `prospect-…` that the page saw, with their codes. */
  readonly events: readonly { readonly at: number; readonly type: string; readonly code: string | null }[];
  /** Every value that the element's `state` had, and since when. */
  readonly states: readonly { readonly at: number; readonly state: string }[];
}

declare global {
  /** In a page with the probe. */
  var faultProbe: PageProbe;
}

/**
 * Runs in the page before everything else; watches and never changes what the page does. It is handed to the browser as text, so
 * it uses nothing from outside its own body.
 */
export function installPageProbe(): void {
  const zero: AudioSample = {
    at: 0,
    energy: 0,
    duration: 0,
    received: 0,
    concealed: 0,
    silentConcealed: 0,
    packets: 0,
    packetsLost: 0,
    nacks: 0,
    fec: 0,
    retransmitted: 0,
  };
  const probe = {
    connections: [] as RTCPeerConnection[],
    candidates: [] as { at: number; text: string }[],
    ufrags: [] as string[],
    microphoneRequests: 0,
    microphoneTracks: [] as MediaStreamTrack[],
    audioContexts: [] as AudioContext[],
    microphoneError: null as string | null,
    samples: [] as AudioSample[],
    events: [] as { at: number; type: string; code: string | null }[],
    states: [] as { at: number; state: string }[],
  };
  Object.defineProperty(window, 'faultProbe', { value: probe });

  const NativeConnection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends NativeConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      probe.connections.push(this);
      this.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate) probe.candidates.push({ at: Date.now(), text: candidate.candidate });
      });
    }
    override async setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void> {
      await super.setLocalDescription(description);
      const ufrag = /^a=ice-ufrag:(\S+)/m.exec(this.localDescription?.sdp ?? '')?.[1];
      if (!ufrag || probe.ufrags.includes(ufrag)) return;
      probe.ufrags.push(ufrag);
      if ('faultProbeUfrag' in window && typeof window.faultProbeUfrag === 'function') window.faultProbeUfrag(ufrag);
    }
  };

  const NativeContext = window.AudioContext;
  window.AudioContext = class extends NativeContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      probe.audioContexts.push(this);
    }
  };

  // There are no media devices outside a secure context.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  const getUserMedia = devices?.getUserMedia.bind(devices);
  if (getUserMedia) {
    devices.getUserMedia = async (constraints) => {
      probe.microphoneRequests += 1;
      if (probe.microphoneError) throw new DOMException('made to fail by the test', probe.microphoneError);
      const stream = await getUserMedia(constraints);
      probe.microphoneTracks.push(...stream.getTracks());
      return stream;
    };
  }

  for (const type of ['prospect-state-change', 'prospect-error', 'prospect-token-expiring', 'prospect-listen-change']) {
    window.addEventListener(type, (event) => {
      const code = 'code' in event && typeof event.code === 'string' ? event.code : null;
      probe.events.push({ at: Date.now(), type, code });
    });
  }

  const noteState = (): void => {
    const element = document.querySelector('prospect-stream-button, prospect-listen-panel');
    const state = element?.getAttribute('state') ?? '';
    if (state !== (probe.states.at(-1)?.state ?? '')) probe.states.push({ at: Date.now(), state });
  };
  new MutationObserver(noteState).observe(document, { subtree: true, childList: true, attributeFilter: ['state'] });

  // Each stream's last figures: what is added to the sums is how much they grew.
  let last = new Map<string, Record<string, number>>();
  let sum = zero;
  const sample = async (): Promise<void> => {
    const seen = new Map<string, Record<string, number>>();
    let next = { ...sum };
    for (const [index, connection] of probe.connections.entries()) {
      if (connection.connectionState === 'closed') continue;
      const report = await connection.getStats();
      for (const stats of report.values()) {
        if (stats.type !== 'inbound-rtp' || stats.kind !== 'audio') continue;
        const key = `${index} ${stats.id}`;
        const before = last.get(key) ?? {};
        seen.set(key, stats);
        const grown = (name: string): number => Math.max(0, (stats[name] ?? 0) - (before[name] ?? 0));
        next = {
          at: 0,
          energy: next.energy + grown('totalAudioEnergy'),
          duration: next.duration + grown('totalSamplesDuration'),
          received: next.received + grown('totalSamplesReceived'),
          concealed: next.concealed + grown('concealedSamples'),
          silentConcealed: next.silentConcealed + grown('silentConcealedSamples'),
          packets: next.packets + grown('packetsReceived'),
          packetsLost: next.packetsLost + grown('packetsLost'),
          nacks: next.nacks + grown('nackCount'),
          fec: next.fec + grown('fecPacketsReceived'),
          retransmitted: next.retransmitted + grown('retransmittedPacketsReceived'),
        };
      }
    }
    last = seen;
    sum = { ...next, at: Date.now() };
    probe.samples.push(sum);
    setTimeout(() => void sample(), 50);
  };
  void sample();
}
