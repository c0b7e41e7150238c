import { chosenMicrophone, isBetterThere } from './microphone-choice.ts';
import {
  foreseeFailure,
  MicrophoneError,
  type MicrophoneSurroundings,
  toMicrophoneError,
} from './microphone-failure.ts';

/** What happened to a microphone. `devices`: one was plugged in or out. */
export type MicrophoneEvent = 'ended' | 'muted' | 'unmuted' | 'devices';

/** An open microphone. */
export interface Microphone<Track> {
  readonly track: Track;
  /** It still records, as far as its flags say. */
  readonly working: boolean;
  /** Whether the microphone that the user chose is there by now, and this is another. Never rejects. */
  better?(): Promise<boolean>;
  /** Stops the track: the browser's recording sign goes out. Idempotent. */
  close(): void;
}

const DEVICE_CHANGE_QUIET_MS = 500;
/** Speech from one person beside the phone; the browser's own processing is on purpose. */
const CONSTRAINTS: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: { ideal: 1 },
};

/** Chromium's names for the policy of a document; Safari and Firefox do not tell. */
interface PolicyDocument {
  permissionsPolicy?: { allowsFeature(name: string): boolean };
  featurePolicy?: { allowsFeature(name: string): boolean };
}

function surroundings(): MicrophoneSurroundings {
  const page: Document & PolicyDocument = document;
  const policy = page.permissionsPolicy ?? page.featurePolicy;
  return {
    secureContext: globalThis.isSecureContext,
    hasMediaDevices: Boolean(navigator.mediaDevices?.getUserMedia),
    policyAllows: policy?.allowsFeature('microphone') ?? null,
  };
}

/**
 * The chosen microphone, or the browser's own choice when that one is away. Exact, and then without: an `ideal` device is not honoured by
 * Chromium 150 (seen with its fake devices), which gives the default one.
 */
async function getChosen(mediaDevices: MediaDevices): Promise<MediaStream> {
  const exact = chosenMicrophone();
  if (exact) {
    try {
      return await mediaDevices.getUserMedia({ audio: { ...CONSTRAINTS, deviceId: { exact } } });
    } catch (error) {
      // An OverconstrainedError is no Error in older browsers.
      if (!['OverconstrainedError', 'NotFoundError'].includes(Object(error).name)) throw error;
    }
  }
  return mediaDevices.getUserMedia({ audio: CONSTRAINTS });
}

/**
 * Asks for the microphone. The first call of a page shows the browser's question, so it belongs into a click.
 * @throws MicrophoneError
 */
export async function openMicrophone(onEvent: (event: MicrophoneEvent) => void): Promise<Microphone<MediaStreamTrack>> {
  const foreseen = foreseeFailure(surroundings());
  if (foreseen) throw foreseen;
  const { mediaDevices } = navigator;
  let stream: MediaStream;
  try {
    stream = await getChosen(mediaDevices);
  } catch (error) {
    throw toMicrophoneError(error);
  }
  const [track] = stream.getAudioTracks();
  if (!track) throw new MicrophoneError('microphone_not_found');
  // Encoders may favour intelligibility over music.
  track.contentHint = 'speech';
  const controller = new AbortController();
  const { signal } = controller;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  track.addEventListener('ended', () => onEvent('ended'), { signal });
  track.addEventListener('mute', () => onEvent('muted'), { signal });
  track.addEventListener('unmute', () => onEvent('unmuted'), { signal });
  // A headset plugged in is several events within some hundred milliseconds.
  mediaDevices.addEventListener(
    'devicechange',
    () => {
      clearTimeout(quiet);
      quiet = setTimeout(() => onEvent('devices'), DEVICE_CHANGE_QUIET_MS);
    },
    { signal },
  );
  return {
    track,
    get working() {
      return track.readyState === 'live' && !track.muted;
    },
    better: () => isBetterThere(track),
    close() {
      controller.abort();
      clearTimeout(quiet);
      for (const each of stream.getTracks()) each.stop();
    },
  };
}
