import type english from './en.ts';

/** The name of a text of what the elements say where admins may whisper. */
export type WhisperTextKey = keyof typeof english;

/** All of these texts in one language. None has plural forms. */
export type WhisperCatalogue = { readonly [key in WhisperTextKey]: string };

/** The English ones, whose holes are the values that a text takes. */
export type WhisperEnglish = typeof english;
