/**
 * What is changed in session descriptions, and why.
 *
 * - `a=rtcp-fb:PT nack`: Chromium and Safari resend lost audio packets, and ask for them, when both sides announce it, but never
 *   announce it for Opus themselves. Firefox keeps the line out of what it applies; then nothing changes.
 * - `useinbandfec=1` and `usedtx=1` (RFC 7587 section 6.1): a sender obeys these parameters of the *other* side's description, so
 *   they go into the relay's answer too. Forward error correction hides single losses; discontinuous transmission sends next to
 *   nothing during silence.
 * - `stereo=0`: speech into one microphone; a receiver that decodes two channels only spends battery.
 */
const OPUS_PARAMETERS: Readonly<Record<string, string>> = {
  useinbandfec: '1',
  usedtx: '1',
  stereo: '0',
  'sprop-stereo': '0',
};

/** The description with the lines above added where they are missing. Without Opus it comes back unchanged. Idempotent. */
export function tuneOpus(sdp: string): string {
  const map = /^a=rtpmap:(\d+) opus\/48000.*$/im.exec(sdp);
  const [line, type] = map ?? [];
  if (!line || !type) return sdp;
  const parameters = new Map(Object.entries(OPUS_PARAMETERS));
  const fmtp = new RegExp(`^a=fmtp:${type} (.*)$`, 'm').exec(sdp);
  for (const pair of fmtp?.[1]?.split(';') ?? []) {
    const [key = '', value = ''] = pair.trim().split('=');
    if (key && !(key in OPUS_PARAMETERS)) parameters.set(key, value);
  }
  const text = [...parameters].map(([key, value]) => (value ? `${key}=${value}` : key)).join(';');
  const tuned = `a=fmtp:${type} ${text}`;
  const nack = new RegExp(`^a=rtcp-fb:(${type}|\\*) nack$`, 'm').test(sdp) ? '' : `\r\na=rtcp-fb:${type} nack`;
  return fmtp
    ? sdp.replace(fmtp[0], () => tuned).replace(line, () => line + nack)
    : sdp.replace(line, () => `${line}${nack}\r\n${tuned}`);
}
