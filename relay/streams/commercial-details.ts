import type { Commercial } from './commercial.ts';
import type { CommercialDetail } from './status.ts';

/** Everybody who is there and whom the asker may know, with who listens to them. */
export function commercialDetails(
  commercials: Iterable<Commercial>,
  mayKnow: (equipe: string) => boolean,
): CommercialDetail[] {
  const details: CommercialDetail[] = [];
  for (const commercial of commercials) {
    const { user, status, id, stream } = commercial;
    if (!user || status === 'offline' || !mayKnow(user.equipe)) continue;
    const { name, equipe } = user;
    const listeners = commercial.listenerInfos();
    const liveForMs = stream?.liveForMs ?? null;
    details.push({ id, name, equipe, status, liveForMs, listenerCount: listeners.length, listeners });
  }
  return details;
}
