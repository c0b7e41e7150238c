import { getPublicSuffix, parse } from 'tldts';

/** Names below a suffix go to whoever asks for one: a registry (`co.uk`) sells them, or a service (`vercel.app`) gives them to its users. */
export interface SharedSuffix {
  readonly name: string;
  readonly by: 'registry' | 'service';
}

const ALL = { allowPrivateDomains: true } as const;

/** The suffix of the Public Suffix List below which an entry of the allow-list lets in every name; null when it names somebody's own. */
export function sharedSuffixOf(entry: string): SharedSuffix | null {
  const name = /^[a-z][a-z0-9+.-]*:\/\/\*\.([^/:]+)/.exec(entry)?.[1];
  if (name === undefined || getPublicSuffix(name, ALL) !== name) return null;
  return { name, by: parse(name, ALL).isIcann ? 'registry' : 'service' };
}
