import { html } from '../server/html.ts';
import { ADMINS, COMMERCIALS, type Person } from '../server/people.ts';
import { avatar, brand, layout, type PageContext } from './layout.ts';

/**
 * What the company's policy says, in words that come from the relay, and who heard whom: of a commercial, who heard them; of an admin,
 * whom they heard. Made to be read, and printed, by people who never saw the rest: a works council.
 */
export function transparencyPage(context: PageContext, person: Person): string {
  const { words, relay } = context;
  const names = Object.fromEntries([...COMMERCIALS, ...ADMINS].map(({ id, name }) => [id, name]));
  const isCommercial = person.role === 'commercial';
  const texts = {
    today: words.policy_as_of,
    no_policy: words.policy_none,
    team: words.policy_team,
    none: isCommercial ? words.heard_by_nobody : words.heard_nobody,
    no_trail: words.trail_not_kept,
    failed: words.not_answered,
    running: words.heard_now,
    shortly: words.heard_shortly,
    minutes: words.minutes,
  };
  return layout(context, {
    title: `${words.transparency} · ${person.name}`,
    kind: 'paper',
    head: html`<script type="module" src="/public/transparency.js"></script>`,
    body: html`<header class="bar">
        ${brand(context)}
        <span class="who">${avatar(person.name)}<span class="who-name">${person.name}</span></span>
      </header>
      <main data-relay="${relay?.origin ?? ''}" data-role="${person.role}" data-names="${JSON.stringify(names)}" data-texts="${JSON.stringify(texts)}">
        <div class="title">
          <h1>${words.transparency}</h1>
          <p>${words.transparency_about}</p>
          <p class="printed">${person.name}, <time></time></p>
        </div>
        <button class="print" type="button" hidden>${words.print}</button>
        <section class="sheet" aria-labelledby="policy-title">
          <h2 id="policy-title">${words.policy_title}</h2>
          <div id="policy" aria-busy="true"></div>
        </section>
        <section class="sheet" aria-labelledby="history-title">
          <h2 id="history-title">${isCommercial ? words.history_title_heard : words.history_title_hearing}</h2>
          <p id="history-note">${words.history_note}</p>
          <table id="history" hidden>
            <thead>
              <tr>
                <th scope="col">${words.history_when}</th>
                <th scope="col">${isCommercial ? words.history_who : words.history_whom}</th>
                <th scope="col">${words.history_why}</th>
                <th scope="col" class="number">${words.history_long}</th>
              </tr>
            </thead>
            <tbody></tbody>
          </table>
        </section>
      </main>`,
  });
}
