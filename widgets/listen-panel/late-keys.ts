import type { LitElement } from 'lit';
import { latePart } from '../shared/late-part.ts';
import { rendering } from './late-rendering.ts';

/** The keys in words, for those who ask. */
export const keysHelp = latePart(() => import('./keys-help.ts'));

/** Opens the dialog with the keys in this element, which renders `keysHelp` once it is there. */
export async function openKeys(host: LitElement): Promise<void> {
  // Its words come with the list.
  const [{ showKeys }] = await Promise.all([keysHelp.get(), rendering.get()]);
  host.requestUpdate();
  await host.updateComplete;
  showKeys(host.renderRoot);
}
