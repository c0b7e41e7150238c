import type { StreamingState } from '../sessions/state.ts';
import { latePart } from '../shared/late-part.ts';

/** A short touch, felt in a pocket. */
const VIBRATION_MS = 80;

/** What the button has only where the relay has a policy. */
export const buttonPolicy = latePart(() => import('../policy/button-policy.ts'));

/** Whether this device can vibrate, and the host lets it. */
export const mayVibrate = (host: Element): boolean =>
  host.getAttribute('vibration') !== 'off' && 'vibrate' in navigator;

/**
 * Somebody has begun to listen; a page that nobody has touched yet may neither vibrate nor sound.
 * @param wanted the user lets it vibrate
 */
export function giveNotice(host: Element, { policy }: StreamingState, wanted: boolean): void {
  const vibrates = policy ? policy.notice?.vibration : true;
  if (vibrates && mayVibrate(host) && wanted) navigator.vibrate(VIBRATION_MS);
  if (policy?.notice?.tone) void buttonPolicy.get().then(({ softTone }) => softTone());
}
