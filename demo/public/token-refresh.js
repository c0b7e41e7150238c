/**
 * Keeps the page's Prospect Live element supplied with a fresh token: the whole of what a host has to write. A token lives ten
 * minutes; the element asks for another a minute before, and when a phone that slept wakes up with one that is over. What fails is
 * tried again by the element itself.
 */
for (const element of document.querySelectorAll('prospect-stream-button, prospect-listen-panel')) {
  element.tokenProvider = async ({ signal }) => {
    const response = await fetch('api/token', { credentials: 'same-origin', cache: 'no-store', signal });
    if (response.status === 401) location.reload();
    if (!response.ok) throw new Error(`the token endpoint answered ${response.status}`);
    return (await response.json()).token;
  };
}
