/** A team's policy in words for those whom it concerns: representatives, admins, a works council. Pure; French and English. */
import type { AuditPolicy, HoursRules, PolicyTexts } from './policy-schema.ts';
import { WEEKDAYS } from './policy-schema.ts';
import type { TeamPolicy } from './team-policy.ts';

/** The languages of these words. */
export const WORDS_LANGUAGES = ['fr', 'en'] as const;
export type WordsLanguage = (typeof WORDS_LANGUAGES)[number];

/** One part of a policy, as a heading and sentences under it. */
export interface PolicySection {
  readonly id: 'hours' | 'limits' | 'purposes' | 'protected' | 'notice' | 'text' | 'journal';
  readonly title: string;
  readonly lines: readonly string[];
}

/** Who reads it. */
export interface PolicyReader {
  /** Named in what the policy says of protected people: the ids stand there for an auditor alone. */
  readonly role: 'commercial' | 'admin' | 'auditor';
  readonly id: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WORDS = {
  fr: {
    hours: 'Quand',
    limits: 'Combien de temps, et par combien de personnes',
    purposes: 'Pourquoi',
    protected: 'Qui ne peut pas être écouté',
    notice: 'Comment on le sait',
    text: 'Le texte à lire',
    journal: 'Ce qui est conservé',
    anytime: 'Le direct est possible à toute heure.',
    never: 'Le direct n’est possible à aucun moment : aucun jour n’a d’horaires.',
    only: 'Le direct n’est possible que dans ces plages. Hors d’elles, personne ne peut être écouté, et un direct en cours s’arrête.',
    zone: (zone: string) => `L’heure est celle du fuseau ${zone}.`,
    closed: (days: string) => `Aucun direct ces jours-là : ${days}.`,
    stream: (time: string) => `Un direct dure au plus ${time}, pauses comprises.`,
    listening: (time: string, rest: string) =>
      `Un responsable écoute une même personne au plus ${time} d’affilée, puis plus du tout pendant ${rest}.`,
    perDay: (time: string) => `Une personne est écoutée au plus ${time} par jour, par l’ensemble des responsables.`,
    pairPerDay: (time: string) => `Un responsable écoute une même personne au plus ${time} par jour.`,
    listeners: (count: number) =>
      count === 1 ? 'Un seul responsable écoute à la fois.' : `Au plus ${count} responsables écoutent en même temps.`,
    warned: (time: string) => `Les deux côtés sont prévenus ${time} avant une fin.`,
    unlimited: 'La politique ne fixe aucune limite de durée ni de nombre.',
    noPurpose: 'Aucun motif n’est demandé à qui écoute.',
    purpose: (list: string) =>
      `Qui écoute choisit d’abord un motif : ${list}. Il est affiché à la personne écoutée et inscrit au journal.`,
    nobody: 'La politique ne nomme personne.',
    some: (count: number) =>
      count === 1
        ? 'Une personne est protégée : nul ne peut l’écouter.'
        : `${count} personnes sont protégées : nul ne peut les écouter.`,
    named: (ids: string) => `Identifiants : ${ids}.`,
    you: 'Vous en faites partie : personne ne peut vous écouter.',
    shown:
      'Le nom de qui écoute est affiché avant le premier mot entendu. Il n’existe aucune écoute cachée, pour aucun rôle. Seule la personne écoutée lance le direct ; une pause ou un arrêt prend effet aussitôt.',
    shownInPages:
      'Dans la page du téléphone, le nom de qui écoute est affiché avant le premier mot entendu, pour tout rôle. Seule la personne écoutée lance le direct ; une pause ou un arrêt prend effet aussitôt.',
    devices:
      'Attention : le direct d’un appareil sans cette page (caméra-piéton, par exemple) peut aussi être écouté. Un tel appareil ne montre pas qui écoute : cela se lit au journal.',
    whisper:
      'Pendant une écoute, un responsable autorisé peut parler à l’oreille de la personne écoutée, si elle l’a permis pour ce direct, et lui envoyer de courts textes.',
    whisperAlone: 'Les autres responsables qui l’écoutent voient qui lui parle, et ne l’entendent pas.',
    whisperHeard:
      'Les autres responsables qui l’écoutent peuvent entendre ce qui lui est dit à l’oreille ; la page de qui parle les nomme d’abord.',
    signs: (signs: string) => `Quand une écoute commence, le téléphone donne ${signs}.`,
    tone: 'un son discret',
    vibration: 'une vibration',
    and: ' et ',
    card: 'Une carte à montrer sur le pas de la porte est à portée d’un toucher ; si la personne s’y oppose, un toucher met en pause.',
    noText: 'La politique ne demande de lire aucun texte.',
    version: (version: string) =>
      `Version « ${version} », lue et confirmée avant le premier direct, et de nouveau quand elle change.`,
    byHost: (version: string) => `Version « ${version} », lue et confirmée dans l’application de l’entreprise.`,
    nothingSaid: 'Rien de ce qui est dit n’est enregistré ni conservé.',
    trail:
      'Le journal dit qui a écouté qui, quand, combien de temps et pourquoi : des identifiants et des heures, jamais de paroles. Chacun peut y lire ce qui le concerne.',
    noTrail: 'Ce relais ne conserve le journal que dans ses traces techniques.',
    kept: (days: number) => `Il est conservé ${days} jours, puis effacé ; l’effacement y laisse une trace signée.`,
    forever: 'Aucune durée de conservation n’est fixée.',
    stop: 'S’il ne peut pas être tenu, personne n’est écouté.',
    goOn: 'S’il ne peut pas être tenu un moment, les directs continuent, et l’exploitant est alerté.',
    minutes: 'min',
    hoursShort: 'h',
    daysShort: 'j',
    seconds: 's',
  },
  en: {
    hours: 'When',
    limits: 'How long, and by how many',
    purposes: 'Why',
    protected: 'Who may not be heard',
    notice: 'How people know',
    text: 'The text to acknowledge',
    journal: 'What is kept',
    anytime: 'Streams are possible at any time.',
    never: 'Streams are possible at no time: no day has hours.',
    only: 'Streams are possible within these times only. Outside of them nobody may be heard, and a stream that runs ends.',
    zone: (zone: string) => `The time is that of ${zone}.`,
    closed: (days: string) => `No streams on these days: ${days}.`,
    stream: (time: string) => `A stream lasts ${time} at most, pauses included.`,
    listening: (time: string, rest: string) =>
      `One admin hears the same person for ${time} at a stretch at most, and then not at all for ${rest}.`,
    perDay: (time: string) => `A person is heard for ${time} a day at most, by all admins together.`,
    pairPerDay: (time: string) => `One admin hears the same person for ${time} a day at most.`,
    listeners: (count: number) =>
      count === 1 ? 'One admin listens at a time.' : `At most ${count} admins listen at the same time.`,
    warned: (time: string) => `Both sides are warned ${time} before an end.`,
    unlimited: 'The policy sets no limit of time or number.',
    noPurpose: 'Who listens is not asked why.',
    purpose: (list: string) =>
      `Who listens first chooses a purpose: ${list}. It is shown to the person who is heard, and stands in the journal.`,
    nobody: 'The policy names nobody.',
    some: (count: number) =>
      count === 1
        ? 'One person is protected: nobody may hear them.'
        : `${count} people are protected: nobody may hear them.`,
    named: (ids: string) => `Ids: ${ids}.`,
    you: 'You are among them: nobody may hear you.',
    shown:
      'The name of who listens is shown before the first word is heard. There is no hidden listening, for any role. Only the person who is heard starts the stream; a pause or a stop takes effect at once.',
    shownInPages:
      'In the phone’s page, the name of who listens is shown before the first word is heard, for every role. Only the person who is heard starts the stream; a pause or a stop takes effect at once.',
    devices:
      'Mind: the stream of a device without that page (a body camera, for instance) may be heard as well. Such a device does not show who listens: the journal says it.',
    whisper:
      'While listening, an admin who may do so can speak into the ear of the person who is heard, if they have allowed it for this stream, and send them short texts.',
    whisperAlone: 'The other admins who hear them see who speaks, and do not hear it.',
    whisperHeard:
      'The other admins who hear them may hear what is said into the ear; the page of who speaks names them first.',
    signs: (signs: string) => `When listening begins, the phone gives ${signs}.`,
    tone: 'a soft tone',
    vibration: 'a vibration',
    and: ' and ',
    card: 'A card to show at the door is one tap away; if the person there minds, one tap pauses.',
    noText: 'The policy asks nobody to acknowledge a text.',
    version: (version: string) =>
      `Version “${version}”, acknowledged before the first stream, and again when it changes.`,
    byHost: (version: string) => `Version “${version}”, acknowledged in the company’s application.`,
    nothingSaid: 'Nothing that is said is recorded or kept.',
    trail:
      'The journal says who heard whom, when, how long and why: ids and times, never a word. Everybody may read what concerns them.',
    noTrail: 'This relay keeps the journal in its technical log alone.',
    kept: (days: number) => `It is kept for ${days} days, then deleted; the deletion leaves a signed record.`,
    forever: 'No time is set after which it is deleted.',
    stop: 'While it cannot be written, nobody is heard.',
    goOn: 'While it cannot be written, streams go on, and whoever runs the relay is alerted.',
    minutes: 'min',
    hoursShort: 'h',
    daysShort: 'd',
    seconds: 's',
  },
} as const;

type Words = (typeof WORDS)[WordsLanguage];

/** What the policy says, for this reader. @param trailIsStored whether the audit trail is kept in files (`AUDIT_DIR`) */
export function policyWords(
  policy: TeamPolicy,
  { audit, trailIsStored }: { readonly audit: AuditPolicy; readonly trailIsStored: boolean },
  lang: WordsLanguage,
  reader: PolicyReader,
): readonly PolicySection[] {
  const words = WORDS[lang];
  const section = (id: PolicySection['id'], lines: readonly string[]): PolicySection => ({
    id,
    title: words[id],
    lines,
  });
  return [
    section('hours', hoursLines(policy.hours, words, lang)),
    section('limits', limitLines(policy, words)),
    section('purposes', [
      policy.purposes.length === 0
        ? words.noPurpose
        : words.purpose(policy.purposes.map(({ label }) => textIn(label, lang)).join(', ')),
    ]),
    section('protected', protectedLines(policy.nobodyMayHear, words, reader)),
    section('notice', noticeLines(policy, words)),
    section('text', consentLines(policy.consent, words, lang)),
    section('journal', journalLines(audit, trailIsStored, words)),
  ];
}

function hoursLines(hours: HoursRules | null, words: Words, lang: WordsLanguage): string[] {
  if (hours === null) return [words.anytime];
  const open = WEEKDAYS.map((day, index) => ({ day, index })).filter(({ day }) => hours.days[day].length > 0);
  if (open.length === 0) return [words.never];
  const nameOf = new Intl.DateTimeFormat(lang, { weekday: 'long', timeZone: 'UTC' });
  const lines = open.map(({ day, index }) => {
    // 5 January 1970 was a Monday.
    const name = nameOf.format((4 + index) * DAY);
    const ranges = hours.days[day].map(({ start, end }) => `${clockText(start)}–${clockText(end)}`);
    return `${name.charAt(0).toUpperCase()}${name.slice(1)}${lang === 'fr' ? ' : ' : ': '}${ranges.join(', ')}`;
  });
  const dateOf = new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeZone: 'UTC' });
  const closed = hours.closed.map((date) => dateOf.format(Date.parse(`${date}T00:00:00Z`)));
  return [
    words.only,
    ...lines,
    words.zone(hours.timeZone),
    ...(closed.length > 0 ? [words.closed(closed.join(', '))] : []),
  ];
}

function limitLines({ limits }: TeamPolicy, words: Words): string[] {
  const { longestStream, longestListening, restBetween, heardPerDay, oneAdminPerDay, maxListeners, warnBefore } =
    limits;
  const lines = [
    longestStream === null ? null : words.stream(timeText(longestStream, words)),
    longestListening === null ? null : words.listening(timeText(longestListening, words), timeText(restBetween, words)),
    heardPerDay === null ? null : words.perDay(timeText(heardPerDay, words)),
    oneAdminPerDay === null ? null : words.pairPerDay(timeText(oneAdminPerDay, words)),
    maxListeners === null ? null : words.listeners(maxListeners),
  ].filter((line) => line !== null);
  if (lines.length === 0) return [words.unlimited];
  return warnBefore > 0 ? [...lines, words.warned(timeText(warnBefore, words))] : lines;
}

function protectedLines(ids: ReadonlySet<string>, words: Words, { role, id }: PolicyReader): string[] {
  if (ids.size === 0) return [words.nobody];
  return [
    words.some(ids.size),
    ...(role === 'auditor' ? [words.named([...ids].join(', '))] : []),
    ...(role === 'commercial' && ids.has(id) ? [words.you] : []),
  ];
}

function noticeLines({ notice, devicesMayBeHeard, whisper, whispersHeard }: TeamPolicy, words: Words): string[] {
  const signs = [notice?.tone ? words.tone : null, notice?.vibration ? words.vibration : null].filter(
    (sign) => sign !== null,
  );
  return [
    ...(devicesMayBeHeard ? [words.shownInPages, words.devices] : [words.shown]),
    ...(whisper ? [words.whisper, whispersHeard ? words.whisperHeard : words.whisperAlone] : []),
    ...(signs.length > 0 ? [words.signs(signs.join(words.and))] : []),
    ...(notice?.card ? [words.card] : []),
  ];
}

function consentLines(consent: TeamPolicy['consent'], words: Words, lang: WordsLanguage): string[] {
  if (consent === null) return [words.noText];
  if (consent.claim || !consent.text) return [words.byHost(consent.version)];
  return [words.version(consent.version), textIn(consent.text, lang)];
}

function journalLines({ retentionDays, whenStorageFails }: AuditPolicy, stored: boolean, words: Words): string[] {
  if (!stored) return [words.nothingSaid, words.noTrail];
  return [
    words.nothingSaid,
    words.trail,
    retentionDays === null ? words.forever : words.kept(retentionDays),
    whenStorageFails === 'stop' ? words.stop : words.goOn,
  ];
}

/** The text in this language, else in English, else in any. */
export function textIn(texts: PolicyTexts, lang: WordsLanguage): string {
  return texts[lang] ?? texts.en ?? Object.values(texts)[0] ?? '';
}

function clockText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** In at most three units, none of them rounded away: `1 h 30 min`. */
function timeText(ms: number, words: Words): string {
  const parts = [
    [Math.floor(ms / DAY), words.daysShort],
    [Math.floor(ms / HOUR) % 24, words.hoursShort],
    [Math.floor(ms / MINUTE) % 60, words.minutes],
    [(ms % MINUTE) / 1_000, words.seconds],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}\u00a0${unit}`);
  return said.length > 0 ? said.join(' ') : `0\u00a0${words.minutes}`;
}
