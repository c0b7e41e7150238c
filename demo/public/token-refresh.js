/**
 * Keeps the page's Prospect Live element supplied with a fresh token: the whole of what a host has to write. A token lives
 * ten minutes; the element says a minute before its end that it wants another. A phone that slept wakes with a token that
 * is over already; then the relay says so, and the element reports it.
 */
const RETRY_MS = 5000;
const elements = document.querySelectorAll('prospect-stream-button, prospect-listen-panel');

for (const element of elements) {
  let pending = false;
  const refresh = async () => {
    if (pending) return;
    pending = true;
    try {
      const response = await fetch('api/token', { credentials: 'same-origin', cache: 'no-store' });
      if (response.status === 401) return location.reload();
      if (!response.ok) throw new Error(`the token endpoint answered ${response.status}`);
      const { token } = await response.json();
      element.setAttribute('token', token);
      pending = false;
    } catch {
      setTimeout(() => {
        pending = false;
        void refresh();
      }, RETRY_MS);
    }
  };
  element.addEventListener('prospect-token-expiring', refresh);
  element.addEventListener('prospect-error', (event) => {
    if (event.code === 'token_expired') void refresh();
  });
}
