import type { PolicyTexts } from '../../relay/protocol/policy-shapes.ts';
import type { Words } from './words.ts';

/** A text that whoever runs the relay wrote, in the language of these words, or else in one in which there is one. */
export function policyText(texts: PolicyTexts, { lang }: Words): { readonly text: string; readonly lang: string } {
  const order = [...lang.split('-').slice(0, 1), 'en', 'fr', 'es', 'ar'] as (keyof PolicyTexts)[];
  const found = order.find((each) => texts[each]) ?? 'en';
  return { text: texts[found] ?? '', lang: found };
}
