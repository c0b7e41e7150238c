/** Shows the relay's state on the start page: the public counts of `/api/streaming/status`. */
const PERIOD_MS = 3000;
const status = document.querySelector('[data-status-url]');

const WORDS = {
  fr: {
    down: 'Relais injoignable',
    up: 'Relais prêt',
    streams: { one: 'direct', other: 'directs' },
    listeners: { one: 'écoute', other: 'écoutes' },
  },
  en: {
    down: 'Relay out of reach',
    up: 'Relay ready',
    streams: { one: 'stream', other: 'streams' },
    listeners: { one: 'listener', other: 'listeners' },
  },
};
const { lang } = document.documentElement;
const words = WORDS[lang];
const rules = new Intl.PluralRules(lang);
const counted = (count, forms) => `${count} ${forms[rules.select(count)] ?? forms.other}`;

async function update() {
  const text = status.querySelector('[data-status-text]');
  let state = 'down';
  let line = words.down;
  try {
    const response = await fetch(status.dataset.statusUrl, {
      cache: 'no-store',
      signal: AbortSignal.timeout(PERIOD_MS),
    });
    if (response.ok) {
      const counts = await response.json();
      state = 'up';
      line = `${words.up} · ${counted(counts.active_commercials, words.streams)} · ${counted(counts.total_listeners, words.listeners)}`;
    }
  } catch {
    // Unreachable: said in words, tried again.
  }
  if (text.textContent !== line) text.textContent = line;
  status.dataset.state = state;
  setTimeout(update, document.hidden ? PERIOD_MS * 4 : PERIOD_MS);
}

if (status) void update();
