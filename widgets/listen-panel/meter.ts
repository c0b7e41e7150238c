/** How much of the meter is seen, in its ten bars. @param level 0 to 1 */
export const meterAt = (level: number): string => `scaleX(${level.toFixed(1)})`;

/** Shows a level without rendering anything. */
export function showLevel(meter: HTMLElement | null, level: number): void {
  const next = meterAt(level);
  if (meter && meter.style.transform !== next) meter.style.transform = next;
}

/** What is to be shown within this time is shown together with another level of the sound: each frame has its price, whatever changes in it. */
export const SAME_FRAME_MS = 100;
