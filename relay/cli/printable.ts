/** What moves a terminal's cursor, colours it or turns its text around: controls (C0, C1, DEL) and bidi controls. */
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text of several lines as a terminal can be given it, whoever wrote it: controls stand as `\u001b`, so that they are seen and do nothing.
 * In JSON that is what they mean.
 */
export function printable(text: string): string {
  return text.replace(CONTROLS, (control) => (control === '\n' || control === '\t' ? control : escaped(control)));
}

/** The same for what somebody else wrote and one line holds: it begins no line of its own. */
export function inLine(text: string): string {
  return text.replace(CONTROLS, escaped);
}

function escaped(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** What was typed as an address, without the user and the password that may stand in it. */
export function withoutCredentials(typed: string): string {
  // Up to the last @: where a URL is wrong, so may be the place at which its password ends.
  return typed.replace(/^([a-z][\w+.-]*:\/\/)?.*@/is, '$1…@');
}
