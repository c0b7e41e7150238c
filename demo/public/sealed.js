/**
 * Streams that are sealed from end to end: the team's keys come from the host's own server, and go to the element by a property, never
 * by an attribute. The worker's file stands on this origin, since the page's policy allows no blob. With `?e2ee` in the page's address.
 */
for (const element of document.querySelectorAll('prospect-stream-button, prospect-listen-panel')) {
  element.e2eeWorkerUrl = '/prospect-e2ee-worker.js';
  // A list that is still empty: nothing is sent in the clear while the keys are on their way.
  element.e2eeKeys = [];
  const response = await fetch('api/team-keys', { credentials: 'same-origin', cache: 'no-store' });
  if (!response.ok) throw new Error(`the keys' endpoint answered ${response.status}`);
  const { keys } = await response.json();
  element.e2eeKeys = keys.map(({ id, key }) => ({ id, key: Uint8Array.from(atob(key), (c) => c.charCodeAt(0)) }));
}
