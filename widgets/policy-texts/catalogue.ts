import type english from './en.ts';

/** The name of a text of what the elements say where the relay has a policy. */
export type PolicyTextKey = keyof typeof english;

/** All of these texts in one language. None has plural forms. */
export type PolicyCatalogue = { readonly [key in PolicyTextKey]: string };

/** The English ones, whose holes are the values that a text takes. */
export type PolicyEnglish = typeof english;
