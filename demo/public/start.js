/** Shows the relay's state on the start page: the public counts of `/api/streaming/status`. */
const PERIOD_MS = 3000;
const status = document.querySelector('[data-status-url]');

const plural = (count, one, many) => `${count} ${count > 1 ? many : one}`;

async function update() {
  const text = status.querySelector('[data-status-text]');
  let state = 'down';
  let words = 'Relais injoignable';
  try {
    const response = await fetch(status.dataset.statusUrl, {
      cache: 'no-store',
      signal: AbortSignal.timeout(PERIOD_MS),
    });
    if (response.ok) {
      const counts = await response.json();
      state = 'up';
      words = `Relais prêt · ${plural(counts.active_commercials, 'direct', 'directs')} · ${plural(counts.total_listeners, 'écoute', 'écoutes')}`;
    }
  } catch {
    // Unreachable: said in words, tried again.
  }
  if (text.textContent !== words) text.textContent = words;
  status.dataset.state = state;
  setTimeout(update, document.hidden ? PERIOD_MS * 4 : PERIOD_MS);
}

if (status) void update();
