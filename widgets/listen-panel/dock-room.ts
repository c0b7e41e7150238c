/** Between the dock and what is scrolled to above it, with the dock's own distance from the edge, in CSS pixels. */
const AROUND_PX = 32;

/**
 * The list makes room for the dock: its last row can be scrolled above it, and what has the focus stays there.
 * @param covered what must not be hidden by a dock that has just come: it is scrolled as far as that takes
 * @returns whether there is a dock
 */
export function dockRoom(panel: HTMLElement | null, dock: HTMLElement | null, covered: HTMLElement | null): boolean {
  if (!dock) return false;
  panel?.style.setProperty('--_room', `${dock.offsetHeight + AROUND_PX}px`);
  const below = covered?.getBoundingClientRect();
  const { top, bottom, left, right } = dock.getBoundingClientRect();
  if (below && below.right > left && below.left < right && below.bottom > top && below.top < bottom)
    covered?.scrollIntoView({ block: 'nearest' });
  return true;
}
