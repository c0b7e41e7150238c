import { recall, remember } from '../shared/storage.ts';

const KEY = 'microphone';

/** A microphone that the user may choose. */
export interface MicrophoneChoice {
  readonly id: string;
  readonly label: string;
}

/** The id of the chosen microphone, there or not; empty: the browser's choice. */
export function chosenMicrophone(): string {
  return recall(KEY) ?? '';
}

/** Used from the next time on that the microphone is taken; remembered. */
export function chooseMicrophone(id: string): void {
  remember(KEY, id);
}

/**
 * The microphones by name. Before the page was allowed to use one, browsers have neither names nor ids (W3C mediacapture-main 9.2.1). Chromium's
 * `default` and `communications` stand for one of the others, and are left out. iOS has one entry for each route, headsets included, and Android's
 * Chromium names routes, not devices: a Bluetooth headset is one of them while it is connected. Never rejects.
 */
export async function listMicrophones(): Promise<readonly MicrophoneChoice[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
  return devices
    .filter(({ kind, deviceId, label }) => kind === 'audioinput' && deviceId && label)
    .filter(({ deviceId }) => deviceId !== 'default' && deviceId !== 'communications')
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** Whether the chosen microphone is there, and this track is of another: a headset that has come back. */
export async function isBetterThere(track: MediaStreamTrack): Promise<boolean> {
  const chosen = chosenMicrophone();
  if (!chosen || track.getSettings().deviceId === chosen) return false;
  return (await listMicrophones()).some(({ id }) => id === chosen);
}
