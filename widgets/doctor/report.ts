import { WIDGET_VERSION } from '../shared/version.ts';
import { doctorWords } from './doctor-words.ts';
import { CHECKS, type Findings } from './finding.ts';

/** Where and when a report was made. */
export interface ReportContext {
  readonly address: string;
  readonly browser: string;
  readonly at: Date;
}

/**
 * The report as text, for whoever helps: in English, since it goes to people who may not share the person's language. It holds neither
 * the token nor whose it is.
 */
export function renderReport(findings: Findings, { address, browser, at }: ReportContext): string {
  const words = doctorWords('en');
  const lines = CHECKS.map((name) => {
    const { status, told, detail, fix } = findings[name];
    const parts = [told && words(told.text, told.n), detail, fix && `-> ${words(fix)}`].filter(Boolean);
    return `${name}: ${status}${parts.length > 0 ? ` (${parts.join('; ')})` : ''}`;
  });
  return [`Prospect Live diagnostic ${WIDGET_VERSION}`, address, at.toISOString(), browser, '', ...lines, ''].join(
    '\n',
  );
}
