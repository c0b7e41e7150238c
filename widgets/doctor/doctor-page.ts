import { render } from 'lit';
import { theme } from '../ui/theme.ts';
import { doctorStyles } from './doctor-styles.ts';
import { renderDoctor } from './doctor-view.ts';
import { doctorLanguage, doctorWords } from './doctor-words.ts';
import { Examination } from './examination.ts';
import { CHECKS } from './finding.ts';
import { renderReport } from './report.ts';

/**
 * Makes the document the page /doctor: draws it, and looks at what needs no click.
 * @param base address of the folder in which the page lies: the relay's, with a path where it has one
 */
export function openDoctorPage(base: URL): void {
  const examination = new Examination(base);
  let language = doctorLanguage(navigator.languages);
  let note: 'copied' | 'not_copied' | null = null;
  const reportNow = (): string | null => {
    const { findings } = examination.store.getState();
    if (CHECKS.every((name) => findings[name].status === 'waiting')) return null;
    return renderReport(findings, { address: base.href, browser: navigator.userAgent, at: new Date() });
  };
  const draw = (): void => {
    const words = doctorWords(language);
    document.documentElement.lang = language;
    document.title = `Prospect Live: ${words('title')}`;
    const parts = {
      state: examination.store.getState(),
      words,
      report: reportNow(),
      note,
      onStart: (event: SubmitEvent) => {
        event.preventDefault();
        note = null;
        const token = new FormData(event.target as HTMLFormElement).get('token');
        void examination.start(typeof token === 'string' ? token.trim() : '');
      },
      onStop: () => examination.stop(),
      onCopy: () => void copy(),
      onLanguage: () => {
        language = language === 'en' ? 'fr' : 'en';
        draw();
      },
    };
    render(renderDoctor(parts), document.body);
  };
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(reportNow() ?? '');
      note = 'copied';
    } catch {
      note = 'not_copied';
    }
    draw();
  };

  document.adoptedStyleSheets = [theme, doctorStyles].flatMap(({ styleSheet }) => styleSheet ?? []);
  document.body.replaceChildren();
  examination.store.subscribe(draw);
  draw();
  void examination.look();
}
