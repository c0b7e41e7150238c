import { latePart } from '../shared/late-part.ts';

/** The words of failures that few see, asked for when one happens: until they are there its title stands alone. What a network that is away makes happen is not among them. */
export const lateFaultTexts = latePart(async () => {
  const part = await import('./fault-texts.ts');
  part.bringTexts();
  return part;
});
