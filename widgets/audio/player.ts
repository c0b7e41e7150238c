/** Where sound comes out. */
export interface AudioOutput {
  readonly id: string;
  readonly label: string;
}

/** Plays what is received. */
export interface Player<Track> {
  /** Plays this track from now on (after `play`). */
  attach(track: Track): void;
  /** Call it within the click, before anything is awaited. @returns false when the browser wants a(nother) click first */
  play(): Promise<boolean>;
  /** Silence at once; `play` again goes on. */
  pause(): void;
  setVolume(volume: number): void;
  setMuted(muted: boolean): void;
  /** A factor beside the volume, for who is quieter or louder than others. Together they are 1 at most where the element plays. */
  setGain(gain: number): void;
  /** The browser can ask the user for an output (`pickOutput`). */
  readonly picksOutput: boolean;
  /** Outputs that the browser names to this page. Never rejects. */
  outputs(): Promise<readonly AudioOutput[]>;
  /** Asks the user, within the click. @returns the output's id, or null */
  pickOutput(): Promise<string | null>;
  /** @param id empty: the system's @returns false when that is not possible */
  setOutput(id: string): Promise<boolean>;
  /** @returns the function that ends it */
  onOutputs(changed: () => void): () => void;
  /** Idempotent. */
  close(): void;
}

interface AudioSessionNavigator {
  audioSession?: { type: string };
}

/** Audio Output Devices API: Firefox has it, Chromium not yet. */
type OutputPicker = Partial<MediaDevices> & { selectAudioOutput?(): Promise<MediaDeviceInfo> };

/**
 * Safari: `playback` declares what the page does, so that the silent switch does not mute it. `auto` afterwards, or the page would
 * get no microphone.
 */
function declareAudio(type: 'playback' | 'auto'): void {
  const session = (navigator as Navigator & AudioSessionNavigator).audioSession;
  if (session) session.type = type;
}

/**
 * One persistent audio element: what a user's click once allowed to play, stays allowed. Where `volume` is read-only (iOS), the
 * stream goes through a gain node, and the element plays it muted, because WebKit feeds a remote stream into Web Audio only
 * while some element plays it.
 */
export function createPlayer(): Player<MediaStreamTrack> {
  const element = document.createElement('audio');
  // Absent where the page is not secure.
  const devices: Partial<MediaDevices> = navigator.mediaDevices ?? {};
  element.setAttribute('playsinline', '');
  element.volume = 0.5;
  const volumeWorks = element.volume === 0.5;
  // Made when there is something to play: browsers without WebRTC (Lockdown Mode) have none, and the list of who is live is of use there too.
  let stream: MediaStream | undefined;
  let volume = 1;
  let levelGain = 1;
  let muted = false;
  let wanted = false;
  let context: AudioContext | undefined;
  let gain: GainNode | undefined;
  let source: MediaStreamAudioSourceNode | undefined;

  const applyVolume = (): void => {
    if (volumeWorks) {
      element.volume = Math.min(1, volume * levelGain);
      element.muted = muted;
    } else if (typeof AudioContext === 'undefined') {
      // All or nothing: the device's own buttons are the volume then.
      element.muted = muted || volume === 0;
    } else {
      element.muted = true;
      if (gain) gain.gain.value = muted || !wanted ? 0 : volume * levelGain;
    }
  };
  const wireGain = (): void => {
    if (volumeWorks || !context || !gain || !stream?.getAudioTracks().length) return;
    source?.disconnect();
    source = context.createMediaStreamSource(stream);
    source.connect(gain);
  };
  const startElement = (): Promise<boolean> => {
    // Not before: an element that waits for a stream's first data holds back the load event of its page.
    // Nothing will ever come then, and whoever makes the connection says why.
    if (typeof MediaStream === 'undefined') return Promise.resolve(true);
    stream ??= new MediaStream();
    element.srcObject ??= stream;
    return element.play().then(
      () => true,
      // AbortError: paused or closed meanwhile, no refusal.
      (error: unknown) => !(error instanceof Error && error.name === 'NotAllowedError'),
    );
  };

  return {
    attach(track) {
      stream ??= new MediaStream();
      for (const old of stream.getTracks()) stream.removeTrack(old);
      stream.addTrack(track);
      wireGain();
      if (wanted) void startElement();
    },
    async play() {
      wanted = true;
      declareAudio('playback');
      if (volumeWorks || typeof AudioContext === 'undefined') {
        applyVolume();
        return startElement();
      }
      if (!context) {
        context = new AudioContext();
        gain = new GainNode(context);
        gain.connect(context.destination);
        wireGain();
      }
      applyVolume();
      const resumed = context.resume();
      const started = startElement();
      // A refused resume stays pending instead of failing.
      await Promise.race([resumed, new Promise((resolve) => setTimeout(resolve, 300))]).catch(() => {});
      return context.state === 'running' && (await started);
    },
    pause() {
      wanted = false;
      applyVolume();
      // Pauses as well.
      element.srcObject = null;
      declareAudio('auto');
    },
    setVolume(next) {
      volume = Math.min(1, Math.max(0, next));
      applyVolume();
    },
    setMuted(next) {
      muted = next;
      applyVolume();
    },
    setGain(next) {
      if (next === levelGain) return;
      levelGain = next;
      applyVolume();
    },
    picksOutput: 'selectAudioOutput' in devices,
    async outputs() {
      // Where the element cannot be moved (iOS, older Firefox) the system's own switch is the way.
      if (!('setSinkId' in element) || !volumeWorks) return [];
      const all = (await devices.enumerateDevices?.().catch(() => [])) ?? [];
      // Before a page may use a microphone, or was given an output, Chromium has one output without id and name.
      return all
        .filter(({ kind, deviceId, label }) => kind === 'audiooutput' && deviceId && label)
        .map(({ deviceId, label }) => ({ id: deviceId === 'default' ? '' : deviceId, label }));
    },
    async pickOutput() {
      const picked = await (devices as OutputPicker).selectAudioOutput?.().catch(() => null);
      return picked?.deviceId ?? null;
    },
    async setOutput(id) {
      if (!('setSinkId' in element)) return id === '';
      return element.setSinkId(id).then(
        () => true,
        () => false,
      );
    },
    onOutputs(changed) {
      devices.addEventListener?.('devicechange', changed);
      return () => devices.removeEventListener?.('devicechange', changed);
    },
    close() {
      this.pause();
      for (const track of stream?.getTracks() ?? []) stream?.removeTrack(track);
      source?.disconnect();
      if (context && context.state !== 'closed') context.close().catch(() => {});
    },
  };
}
