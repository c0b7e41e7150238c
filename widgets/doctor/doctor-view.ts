import { html, nothing, type TemplateResult } from 'lit';
import type { DoctorWords } from './doctor-words.ts';
import type { ExaminationState } from './examination.ts';
import { CHECKS, type CheckName, type CheckStatus, type Finding } from './finding.ts';

/** What the page's view needs. */
export interface DoctorViewParts {
  readonly state: ExaminationState;
  readonly words: DoctorWords;
  /** The report, shown once there is something in it; null before. */
  readonly report: string | null;
  /** What became of the last copying. */
  readonly note: 'copied' | 'not_copied' | null;
  readonly onStart: (event: SubmitEvent) => void;
  readonly onStop: () => void;
  readonly onCopy: () => void;
  readonly onLanguage: () => void;
}

/** Outlines on a 24 by 24 grid, as the elements' icons; each also differs in form, not in colour alone. */
const MARKS: Readonly<Record<CheckStatus, string>> = {
  ok: 'm5 13 4 4L19 7',
  failed: 'm6 6 12 12M18 6 6 18',
  warning: 'M12 4v10m0 5v.5',
  running: 'M21 12a9 9 0 1 1-6-8.5',
  waiting: 'M12 12h.01',
  skipped: 'M6 12h12',
};

/** The whole page. */
export function renderDoctor(parts: DoctorViewParts): TemplateResult {
  const { state, words, report, note } = parts;
  return html`<div class="root doctor"><main>
    <header>
      <button class="language" type="button" lang=${words('title').startsWith('Is') ? 'fr' : 'en'} @click=${parts.onLanguage}>${words('other_language')}</button>
      <h1>${words('title')}</h1>
      <p>${words('intro')}</p>
    </header>
    <form @submit=${parts.onStart}>
      <label for="token">${words('token')}</label>
      <input id="token" name="token" type="password" autocomplete="off" spellcheck="false" aria-describedby="token-help" />
      <p class="help" id="token-help">${words('token_help')}</p>
      <div class="actions">
        <button class="wide primary" type="submit">${words('start')}</button>
        ${state.running ? html`<button class="wide" type="button" @click=${parts.onStop}>${words('stop')}</button>` : nothing}
      </div>
    </form>
    <p class="verdict" role="status">${verdictOf(state, words)}</p>
    <h2>${words('checks')}</h2>
    <ul class="checks">${CHECKS.map((name) => renderCheck(name, state, words))}</ul>
    ${
      report === null
        ? nothing
        : html`<h2>${words('report')}</h2>
      <div class="actions"><button class="wide" type="button" @click=${parts.onCopy}>${words('copy')}</button></div>
      <p role="status">${note ? words(note) : ''}</p>
      <pre id="report" tabindex="0" lang="en" role="region" aria-label=${words('report')}>${report}</pre>`
    }
  </main></div>`;
}

function renderCheck(
  name: CheckName,
  { findings, level, running }: ExaminationState,
  words: DoctorWords,
): TemplateResult {
  const finding = findings[name];
  const { status, fix } = finding;
  return html`<li data-check=${name} data-status=${status}>
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d=${MARKS[status]} /></svg>
    <div class="check">
      <span class="name">${words(`c_${name}`)}</span>
      <span class="sr">: ${words(status)}.</span>
      <span class="figure">${figureOf(finding, words)}</span>
      ${name === 'microphone' && running ? html`<meter min="0" max="0.3" .value=${Math.min(0.3, level)} aria-label=${words('level')}></meter>` : nothing}
      ${fix ? html`<span class="fix">${words(fix)}</span>` : nothing}
    </div>
  </li>`;
}

function figureOf({ told, detail }: Finding, words: DoctorWords): string {
  return [told && words(told.text, told.n), detail].filter(Boolean).join(' · ');
}

function verdictOf({ findings, running, done }: ExaminationState, words: DoctorWords): string {
  if (running && !done) return words('running');
  if (!done) return '';
  const failed = CHECKS.filter((name) => findings[name].status === 'failed').length;
  return failed > 0 ? words('some_failed', failed) : words('all_well');
}
