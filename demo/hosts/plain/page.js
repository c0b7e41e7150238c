// All that a page may do with an element: attributes, properties, methods, events.
const element = document.querySelector('prospect-stream-button, prospect-listen-panel');
const log = document.querySelector('[data-log]');
const show = (selector, text) => {
  const place = document.querySelector(selector);
  if (place) place.textContent = text;
};
const note = (text) => {
  const item = document.createElement('li');
  item.textContent = text;
  log.prepend(item);
  while (log.childElementCount > 12) log.lastElementChild.remove();
};

// Events bubble and are composed: on the element, on a container or on the document, as one likes.
document.addEventListener('prospect-state-change', (event) => {
  show('[data-state]', event.state);
  note(`prospect-state-change : ${event.previous} → ${event.state}`);
});
document.addEventListener('prospect-error', (event) => note(`prospect-error : ${event.code}, ${event.message}`));
document.addEventListener('prospect-listen-change', (event) => {
  show('[data-heard]', event.name ?? 'personne');
  note(`prospect-listen-change : ${event.commercialId ?? '–'} (${event.status})`);
});
document.addEventListener('prospect-roster-change', (event) => showListenButtons(event.commercials));

// A token ends: the element asks a minute before, the page gives another; the sound goes on.
const person = location.pathname.split('/')[2];
element.tokenProvider = async ({ reason, signal }) => {
  const response = await fetch(`/as/${person}/api/token`, { cache: 'no-store', signal });
  if (!response.ok) throw new Error(`the token endpoint answered ${response.status}`);
  note(`token : renouvelé (${reason})`);
  return (await response.json()).token;
};

// Methods.
for (const button of document.querySelectorAll('[data-call]')) {
  button.addEventListener('click', () => void element[button.dataset.call]());
}
function showListenButtons(commercials) {
  const place = document.querySelector('[data-listen]');
  const wanted = commercials.map(({ id }) => id).join();
  // The list changes with every spoken word; the buttons only with the people.
  if (!place || place.dataset.people === wanted) return;
  place.dataset.people = wanted;
  const buttons = commercials.map(({ id, name }) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = `listen('${id}')`;
    button.title = name;
    button.addEventListener('click', () => void element.listen(id));
    return button;
  });
  place.replaceChildren(...buttons);
}
