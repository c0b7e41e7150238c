import type { FaultEnglish, FaultTextKey } from '../fault-texts/catalogue.ts';
import type { PanelEnglish, PanelTextKey } from '../panel-texts/catalogue.ts';
import type { PolicyEnglish, PolicyTextKey } from '../policy-texts/catalogue.ts';
import type { WhisperEnglish, WhisperTextKey } from '../whisper-texts/catalogue.ts';
import type english from './en.ts';

/** A text for each plural category of the language (Unicode CLDR, as `Intl.PluralRules` names them); `=0` and the like are for one number. */
export type Plural = {
  readonly [category in 'zero' | 'one' | 'two' | 'few' | 'many' | `=${number}`]?: string;
} & { readonly other: string };

/** A text, or its plural forms. A `{hole}` is filled in; the number that chooses the form is `{n}`. */
export type Text = string | Plural;

/** The name of a text. `state_` and `error_` are followed by a state and by the code of a failure, or by the name of several. */
export type TextKey = keyof typeof english;

/** All texts of one language. */
export type Catalogue = { readonly [key in TextKey]: Text };

/** The name of any text: also of those that come along with a part that is loaded when needed. */
export type AnyTextKey = TextKey | FaultTextKey | PanelTextKey | PolicyTextKey | WhisperTextKey;

/** The texts that a host replaces, or those of a language that it brings; English stands in for what is not there. */
export type Texts = { readonly [key in AnyTextKey]?: Text };

type English = typeof english & FaultEnglish & PanelEnglish & PolicyEnglish & WhisperEnglish;

type Forms<T> = T extends string ? T : T[keyof T];
type Holes<T> = T extends `${string}{${infer Hole}}${infer Rest}` ? Hole | Holes<Rest> : never;
/** The number that chooses the form. */
type Count<T> = T extends string ? never : 'n';
type HolesOf<K extends AnyTextKey> = Holes<Forms<English[K]>> | Count<English[K]>;

/** What fills the holes of a text: nothing where it has none. Numbers are written as the language writes them. */
export type ValuesOf<K extends AnyTextKey> = [HolesOf<K>] extends [never]
  ? []
  : [values: Readonly<Record<HolesOf<K>, string | number>>];
