/** What a page holds open, counted by what it constructed and never closed. */
export interface HeldObjects {
  readonly microphoneTracks: number;
  readonly audioContexts: number;
  readonly peerConnections: number;
  /** How many of each were ever made: a count of 0 would prove nothing. */
  readonly made: {
    readonly microphoneTracks: number;
    readonly audioContexts: number;
    readonly peerConnections: number;
  };
}

declare global {
  /** In a page with the counter. */
  var heldObjects: () => HeldObjects;
}

/**
 * Runs in the page before everything else, and counts without holding anything: only what is open is kept. It is handed to the
 * browser as text, so it uses nothing from outside its own body.
 */
export function installObjectCounter(): void {
  const tracks = new Set<MediaStreamTrack>();
  const contexts = new Set<AudioContext>();
  const connections = new Set<RTCPeerConnection>();
  const made = { microphoneTracks: 0, audioContexts: 0, peerConnections: 0 };
  const addTrack = (track: MediaStreamTrack): void => {
    made.microphoneTracks += 1;
    tracks.add(track);
  };

  const NativeConnection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends NativeConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      made.peerConnections += 1;
      connections.add(this);
    }
  };
  const NativeContext = window.AudioContext;
  window.AudioContext = class extends NativeContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      made.audioContexts += 1;
      contexts.add(this);
    }
  };
  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    for (const track of stream.getTracks()) addTrack(track);
    return stream;
  };
  const { clone } = MediaStreamTrack.prototype;
  MediaStreamTrack.prototype.clone = function cloneCounted(this: MediaStreamTrack) {
    const copy = clone.call(this);
    addTrack(copy);
    return copy;
  };
  window.heldObjects = () => {
    for (const track of tracks) if (track.readyState === 'ended') tracks.delete(track);
    for (const context of contexts) if (context.state === 'closed') contexts.delete(context);
    for (const connection of connections) if (connection.signalingState === 'closed') connections.delete(connection);
    return {
      microphoneTracks: tracks.size,
      audioContexts: contexts.size,
      peerConnections: connections.size,
      made: { ...made },
    };
  };
}
