import type { DayFigures } from '../server/doors.ts';
import { type Html, html } from '../server/html.ts';
import type { AdminPerson, CommercialPerson } from '../server/people.ts';
import { listenPanel, widgetScripts } from './embed.ts';
import { avatar, brand, layout, type PageContext } from './layout.ts';
import type { DemoWords } from './words.ts';

/** One line of the team's activity. */
export interface Activity {
  readonly person: CommercialPerson;
  readonly figures: DayFigures;
  readonly lastVisit: string | null;
}

interface SuiviPage {
  readonly person: AdminPerson;
  readonly token: string;
  readonly team: readonly Activity[];
}

/** The admin's page: the panel at the side, the team's day beside it. */
export function suiviPage(context: PageContext, { person, token, team }: SuiviPage): string {
  const { words } = context;
  const sum = (key: keyof DayFigures) => team.reduce((total, row) => total + row.figures[key], 0);
  return layout(context, {
    title: `${words.follow} · ${person.name}`,
    kind: 'desk',
    head: html`${widgetScripts(context)}<script type="module" src="/public/suivi.js"></script>`,
    body: html`<header class="bar">
        ${brand(context)}
        <span class="who">${avatar(person.name)}<span class="who-name">${person.name}<small>${person.title}</small></span></span>
      </header>
      <div class="columns">
        <aside class="side" aria-label="${words.live_listening}">${listenPanel(context, token)}</aside>
        <main>
          <div class="title">
            <h1>${words.follow}</h1>
            <p>${person.equipes.join(' · ')}</p>
          </div>
          <dl class="figures" aria-label="${words.team_day}">
            ${card(words.doors_visited, sum('visited'), `/ ${sum('total')}`)}
            ${card(words.interested, sum('interested'))} ${card(words.contracts, sum('signed'))}
            ${card(words.commercials, team.length)}
          </dl>
          <section class="sheet">
            <h2>${words.activity}</h2>
            <table>
              <thead>
                <tr>
                  <th scope="col">${words.person}</th>
                  <th scope="col">${words.sector}</th>
                  <th scope="col">${words.progress}</th>
                  <th scope="col" class="number">${words.signed}</th>
                  <th scope="col" class="number">${words.last_visit}</th>
                </tr>
              </thead>
              <tbody>
                ${team.map((row) => activityRow(row, words))}
              </tbody>
            </table>
          </section>
          <p class="more"><a href="transparency">${words.transparency_link}</a></p>
        </main>
      </div>`,
  });
}

function card(label: string, value: number, rest = ''): Html {
  return html`<div class="figure">
    <dt>${label}</dt>
    <dd><strong>${value}</strong> ${rest}</dd>
  </div>`;
}

function activityRow({ person, figures, lastVisit }: Activity, words: DemoWords): Html {
  return html`<tr data-commercial="${person.id}">
    <th scope="row">
      <span class="person">${avatar(person.name)}<span>${person.name}<small>${person.equipe}</small></span></span>
    </th>
    <td>${person.sector}</td>
    <td class="advance">
      <progress class="progress" max="${figures.total}" value="${figures.visited}" aria-label="${words.visited_by} ${person.name}"></progress>
      <span>${figures.visited} / ${figures.total}</span>
    </td>
    <td class="number">${figures.signed}</td>
    <td class="number">${lastVisit ?? '–'}</td>
  </tr>`;
}
