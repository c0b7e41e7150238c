import { durationText } from '../config/values.ts';
import {
  EVERY_TEAM,
  type HoursRules,
  type LimitsRules,
  type PolicyFile,
  type PolicyTexts,
  type TimeRange,
  WEEKDAYS,
} from './policy-schema.ts';
import { policyOf, type TeamPolicy } from './team-policy.ts';

/** A policy in words. */
export interface PolicyWords {
  /** What is kept. */
  readonly audit: readonly string[];
  /** By team, as the file names them; `*` is every other one. */
  readonly teams: Readonly<Record<string, readonly string[]>>;
}

/** What a policy means, in plain English, team by team: for whoever writes the file, and for whom it concerns. */
export function describePolicy(file: PolicyFile): PolicyWords {
  const { retentionDays, whenStorageFails } = file.audit;
  const names = [EVERY_TEAM, ...Object.keys(file.teams).filter((name) => name !== EVERY_TEAM)];
  return {
    audit: [
      retentionDays === null
        ? 'The audit trail, where it is stored, is kept without an end.'
        : `The audit trail, where it is stored, is kept for ${retentionDays} days.`,
      whenStorageFails === 'stop'
        ? 'While it cannot be stored, nobody is heard.'
        : 'While it cannot be stored, streams go on.',
    ],
    teams: Object.fromEntries(names.map((name) => [name, describeTeam(policyOf(file, name))])),
  };
}

function describeTeam({
  hours,
  limits,
  purposes,
  nobodyMayHear,
  notice,
  consent,
  devicesMayBeHeard,
  whisper,
}: TeamPolicy): string[] {
  const ids = [...nobodyMayHear];
  return [
    ...describeHours(hours),
    ...describeLimits(limits),
    purposes.length === 0
      ? 'Who listens need not say why.'
      : `Who listens must say why: ${purposes.map(({ id, label }) => `${english(label)} (${id})`).join(', ')}.`,
    ...(ids.length > 0 ? [`Nobody may hear: ${ids.join(', ')}.`] : []),
    devicesMayBeHeard
      ? 'Streams of devices (WHIP) may be heard, although nothing shows the commercial who listens to them.'
      : 'Streams of devices (WHIP) are refused: nothing would show the commercial who listens.',
    describeNotice(notice),
    describeConsent(consent),
    whisper
      ? 'Admins whose token has the claim "whisper" may speak into the ear of a commercial who allows it for a stream, and send short texts.'
      : 'Admins can neither speak nor write to commercials.',
  ];
}

function describeHours(hours: HoursRules | null): string[] {
  if (hours === null) return ['Streaming and listening are allowed at any time.'];
  const days = WEEKDAYS.filter((day) => hours.days[day].length > 0).map(
    (day) => `${day} ${hours.days[day].map(rangeText).join(' and ')}`,
  );
  return [
    days.length === 0
      ? 'Nobody may stream or be heard at any time: no day has hours.'
      : `Streaming and listening are allowed ${days.join(', ')} (${hours.timeZone}), and at no other time.`,
    ...(hours.closed.length > 0 ? [`Closed on ${hours.closed.join(', ')}.`] : []),
  ];
}

function describeLimits(limits: LimitsRules): string[] {
  const { longestStream, longestListening, restBetween, heardPerDay, oneAdminPerDay, warnBefore, maxListeners } =
    limits;
  const lines: string[] = [];
  if (longestStream !== null) lines.push(`A stream ends after ${durationText(longestStream)}.`);
  if (longestListening !== null) {
    lines.push(
      `One admin hears one commercial for ${durationText(longestListening)} at a stretch, and again after ${durationText(restBetween)}.`,
    );
  }
  if (heardPerDay !== null)
    lines.push(`A commercial is heard for ${durationText(heardPerDay)} a day, by all together.`);
  if (oneAdminPerDay !== null) lines.push(`One admin hears one commercial for ${durationText(oneAdminPerDay)} a day.`);
  if (maxListeners !== null) lines.push(`At most ${maxListeners} listen to one commercial at the same time.`);
  if (lines.length === 0) return ['There is no limit to how long or by how many somebody is heard.'];
  return [...lines, `Both sides are warned ${durationText(warnBefore)} before an end.`];
}

function describeNotice(notice: TeamPolicy['notice']): string {
  const signs = [notice?.tone && 'a tone', notice?.vibration && 'a vibration'].filter(Boolean);
  const sign = signs.length > 0 ? `tells the commercial with ${signs.join(' and ')}` : 'shows, without a sound,';
  return `The phone ${sign} that somebody begins to listen${notice?.card ? ', and has a card to show at the door' : ''}.`;
}

function describeConsent(consent: TeamPolicy['consent']): string {
  if (consent === null) return 'Commercials acknowledge nothing before they stream.';
  return consent.claim
    ? `Commercials stream when their token says that they have acknowledged the text "${consent.version}".`
    : `Commercials acknowledge the text "${consent.version}" before they stream, and again when it changes.`;
}

const rangeText = ({ start, end }: TimeRange): string => `${clockText(start)}-${clockText(end)}`;

function clockText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function english(texts: PolicyTexts): string {
  return texts.en ?? Object.values(texts)[0] ?? '';
}
