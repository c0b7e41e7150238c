/** Fills the transparency page from the relay: the policy in words, and the page's own person's part of the journal. */
const main = document.querySelector('main');
const { relay, role } = main.dataset;
const names = JSON.parse(main.dataset.names);
const texts = JSON.parse(main.dataset.texts);
const lang = document.documentElement.lang;
/** Pages of the journal that are read; each has up to 500 entries. */
const MOST_PAGES = 20;

const element = (tag, text, attributes = {}) => {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

/** @returns what the relay answers, and whether it is what was asked for */
async function ask(path) {
  const { token } = await (await fetch('api/token')).json();
  const answer = await fetch(relay + path, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, body: await answer.json() };
}

async function showPolicy(place) {
  const { status, body } = await ask(`/api/policy?lang=${lang}`);
  if (status !== 200) return place.replaceChildren(element('p', texts.failed));
  const parts = [
    element('p', body.policy === null ? texts.no_policy : `${texts.today} ${body.policy.slice(0, 12)}`, {
      class: 'note',
    }),
  ];
  const purposes = new Map();
  for (const { equipe, sections, purposes: known } of body.teams) {
    for (const { id, label } of known) purposes.set(id, label);
    if (equipe !== null) parts.push(element('h3', `${texts.team} ${equipe}`));
    for (const { title, lines } of sections) {
      parts.push(element('h4', title));
      const list = element('ul', '');
      list.append(...lines.map((line) => element('li', line)));
      parts.push(list);
    }
  }
  place.replaceChildren(...parts);
  return purposes;
}

/** Hearings, the newest first: each began, and has ended or goes on. */
async function readHearings() {
  const hearings = new Map();
  let after = '';
  for (let page = 0; page < MOST_PAGES; page++) {
    const { status, body } = await ask(`/api/audit?limit=500${after}`);
    if (status === 404) return null;
    if (status !== 200) throw new Error(body.error?.code);
    for (const entry of body.entries) {
      if (entry.event === 'hearing_began') hearings.set(entry.hearing, { ...entry, heardMs: null });
      const begun = hearings.get(entry.hearing);
      if (entry.event === 'hearing_ended' && begun) begun.heardMs = entry.heardMs;
    }
    if (body.next === null) break;
    after = `&after=${body.next}`;
  }
  return [...hearings.values()].reverse();
}

async function showHistory(purposes) {
  const table = document.querySelector('#history');
  const note = document.querySelector('#history-note');
  const hearings = await readHearings();
  if (hearings === null) return note.replaceChildren(texts.no_trail);
  if (hearings.length === 0) return note.replaceChildren(texts.none);
  const dateOf = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' });
  const long = (ms) =>
    ms === null ? texts.running : ms < 60_000 ? texts.shortly : `${Math.round(ms / 60_000)} ${texts.minutes}`;
  const rows = hearings.map(({ at, admin, commercial, purpose, heardMs }) => {
    const other = role === 'commercial' ? admin : commercial;
    const row = document.createElement('tr');
    row.append(
      element('td', dateOf.format(new Date(at))),
      element('th', names[other] ?? other, { scope: 'row' }),
      element('td', purpose === undefined ? '–' : (purposes?.get(purpose) ?? purpose)),
      element('td', long(heardMs), { class: 'number' }),
    );
    return row;
  });
  table.querySelector('tbody').replaceChildren(...rows);
  table.hidden = false;
}

// On paper nothing else says whose page it was, and when.
document.querySelector('.printed time').textContent = new Intl.DateTimeFormat(lang, { dateStyle: 'long' }).format();

const place = document.querySelector('#policy');
try {
  await showHistory(await showPolicy(place));
} catch {
  document.querySelector('#history-note').replaceChildren(texts.failed);
  if (place.childElementCount === 0) place.replaceChildren(element('p', texts.failed));
}
place.removeAttribute('aria-busy');
const print = document.querySelector('.print');
print.hidden = false;
print.addEventListener('click', () => window.print());
