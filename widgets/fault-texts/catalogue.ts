import type english from './en.ts';

/** The name of a text. Failures that few see. */
export type FaultTextKey = keyof typeof english;

/** All of these texts in one language. */
export type FaultCatalogue = { readonly [key in FaultTextKey]: string | Readonly<Record<string, string>> };

/** The English ones, whose holes are the values that a text takes. */
export type FaultEnglish = typeof english;
