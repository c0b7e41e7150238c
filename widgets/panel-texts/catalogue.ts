import type english from './en.ts';

/** The name of a text. What the panel says when there is somebody to show. */
export type PanelTextKey = keyof typeof english;

/** All of these texts in one language. */
export type PanelCatalogue = { readonly [key in PanelTextKey]: string | Readonly<Record<string, string>> };

/** The English ones, whose holes are the values that a text takes. */
export type PanelEnglish = typeof english;
