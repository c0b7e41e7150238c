import { latePart } from '../shared/late-part.ts';

/** The words of failures that few see, asked for when one happens: until they are there its title stands alone. What a network that is away makes happen is not among them. */
export const lateFaultTexts = latePart(
  () => import('./fault-texts.ts'),
  // The elements that are rendered anew for it look for the words at once.
  (part) => part.bringTexts(),
);
