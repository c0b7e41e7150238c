/** Whether the browser will give the microphone without asking. */
export interface MicrophonePermission {
  /** Never rejects; false also where the browser does not tell. */
  granted(): Promise<boolean>;
  /** Called when the user allows it in the browser's settings. Never calls where the browser does not tell. @returns how to stop */
  onGranted(listener: () => unknown): () => void;
}

/** W3C Permissions, where Safari and older Firefox do not know, or do not tell of, the microphone. */
async function query(): Promise<PermissionStatus | null> {
  try {
    return await navigator.permissions.query({ name: 'microphone' });
  } catch {
    return null;
  }
}

/** The browser's own word; or that devices have names, which a page reads only where it may record (W3C Media Capture, 9.2). */
export const microphonePermission: MicrophonePermission = {
  async granted() {
    if ((await query())?.state === 'granted') return true;
    const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
    return (devices ?? []).some(({ kind, label }) => kind === 'audioinput' && label !== '');
  },
  onGranted(listener) {
    const ended = new AbortController();
    void query().then((status) => {
      status?.addEventListener('change', () => status.state === 'granted' && listener(), { signal: ended.signal });
    });
    return () => ended.abort();
  },
};
