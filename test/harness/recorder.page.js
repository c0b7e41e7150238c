/**
 * Runs in the page before its own scripts: keeps every RTCPeerConnection that the page makes, and writes down the sound
 * of the newest remote track from its arrival on. It reads what the browser plays: Chromium hands a remote track's
 * sound on only while a media element plays it. Nothing here makes it play.
 */
(() => {
  const peers = [];
  const microphones = [];
  const chunks = [];
  const marks = { total: 0, rate: 48_000 };
  let current = null;
  let microphoneRequests = 0;

  async function write(track) {
    current = track;
    const reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 2000 }).readable.getReader();
    // From the track's own clock to the page's: the least that a chunk was ever late. A page that is busy reads late, and hears no gap.
    let clock = Number.POSITIVE_INFINITY;
    for (;;) {
      const { value: data, done } = await reader.read();
      if (done) return;
      clock = Math.min(clock, performance.now() - data.timestamp / 1000);
      if (current === track) {
        const samples = new Float32Array(data.numberOfFrames);
        data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
        marks.rate = data.sampleRate;
        marks.total += samples.length;
        chunks.push({ at: data.timestamp / 1000 + clock, start: marks.total - samples.length, samples });
        while (chunks.length > 6000) chunks.shift();
      }
      data.close();
    }
  }

  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      peers.push(this);
      this.addEventListener('track', (event) => void write(event.track));
    }
  };

  const players = new Set();
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function (...args) {
    players.add(this);
    return play.apply(this, args);
  };

  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices?.getUserMedia.bind(mediaDevices);
  if (getUserMedia) {
    mediaDevices.getUserMedia = async (constraints) => {
      microphoneRequests += 1;
      const stream = await getUserMedia(constraints);
      microphones.push(...stream.getTracks());
      return stream;
    };
  }

  async function stats(type) {
    const reports = await Promise.all(
      peers.filter((peer) => peer.connectionState !== 'closed').map((peer) => peer.getStats()),
    );
    return reports.flatMap((report) => [...report.values()]).filter((entry) => entry.type === type);
  }

  window.prospectProbe = {
    /** How many samples were written so far. */
    mark: () => marks.total,
    /** The samples from a mark on, as 16-bit PCM in base64. */
    take: (from) => {
      const parts = chunks.filter((chunk) => chunk.start >= from).map((chunk) => chunk.samples);
      const pcm = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) for (const x of part) pcm[at++] = Math.max(-1, Math.min(1, x)) * 32_767;
      const bytes = new Uint8Array(pcm.buffer);
      let text = '';
      for (let i = 0; i < bytes.length; i += 32_768) text += String.fromCharCode(...bytes.subarray(i, i + 32_768));
      return { rate: marks.rate, base64: btoa(text) };
    },
    /** Root mean square of the last milliseconds; 0 when nothing was written in them. */
    loudness: (ms) => {
      const since = performance.now() - ms;
      let energy = 0;
      let count = 0;
      for (let i = chunks.length - 1; i >= 0 && chunks[i].at >= since; i--) {
        for (const x of chunks[i].samples) energy += x * x;
        count += chunks[i].samples.length;
      }
      return count === 0 ? 0 : Math.sqrt(energy / count);
    },
    /** The page's clock, as recordings have it. */
    now: () => performance.now(),
    /** The longest time from a moment on without a sound this loud (root mean square of 10 ms), in milliseconds. */
    longestSilence: (from, sound) => {
      let longest = 0;
      let last = from;
      for (const { at, samples } of chunks) {
        if (at < from) continue;
        let energy = 0;
        for (const x of samples) energy += x * x;
        if (Math.sqrt(energy / samples.length) < sound) continue;
        longest = Math.max(longest, at - last);
        last = at;
      }
      return Math.max(longest, performance.now() - last);
    },
    /** How often the page asked for the microphone: each time may be a permission prompt. */
    microphoneRequests: () => microphoneRequests,
    /** Packets received so far, of each stream on an open connection. */
    received: async () =>
      Object.fromEntries((await stats('inbound-rtp')).map(({ ssrc, packetsReceived }) => [ssrc, packetsReceived])),
    /** How what was lost is made up for, on all open connections since they were made. */
    repairs: async () => {
      const entries = await stats('inbound-rtp');
      const sum = (name) => entries.reduce((all, entry) => all + (entry[name] ?? 0), 0);
      return {
        nacks: sum('nackCount'),
        fec: sum('fecPacketsReceived'),
        concealed: sum('concealedSamples') - sum('silentConcealedSamples'),
        samples: sum('totalSamplesReceived'),
      };
    },
    /** Bytes and packets of sound sent by all open connections (RTP payload, as outbound-rtp counts it). */
    sent: async () => {
      const entries = await stats('outbound-rtp');
      return {
        bytes: entries.reduce((sum, entry) => sum + entry.bytesSent, 0),
        packets: entries.reduce((sum, entry) => sum + entry.packetsSent, 0),
      };
    },
    /** Bytes that left the page on all open connections, keep-alive and reports included. */
    sentInAll: async () => (await stats('transport')).reduce((sum, entry) => sum + entry.bytesSent, 0),
    /** How loud the page plays: the volume of what plays now, 0 when nothing does, or muted. */
    volume: () =>
      Math.max(0, ...[...players].filter((player) => !player.paused && !player.muted).map((player) => player.volume)),
    /** Microphone tracks that the page was given and has not stopped. */
    openMicrophones: () => microphones.filter((track) => track.readyState === 'live').length,
    /** Connections that the page made and has not closed. */
    openPeers: () => peers.filter((peer) => peer.connectionState !== 'closed').length,
  };
})();
