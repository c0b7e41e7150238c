import { RelayError } from '../../errors.ts';
import type { AudioSource } from '../../media/media.ts';
import type { ListenLink } from '../listen-link.ts';
import type { Session } from '../session.ts';

/** What commercials hear whispers with: a media connection of its own for each page that negotiates one, which carries nothing between whispers. */
export class Ears {
  readonly #links = new Map<Session, ListenLink>();
  readonly #make: (session: Session) => ListenLink;

  /** @param make a link of this page, which tells its owner when its state changes */
  constructor(make: (session: Session) => ListenLink) {
    this.#make = make;
  }

  /** Pages that have negotiated one, for leak tests. */
  get size(): number {
    return this.#links.size;
  }

  /** The path to the page is up. */
  ready(session: Session): boolean {
    return this.#links.get(session)?.alive === true;
  }

  /** @throws RelayError not_connected, media_unavailable */
  connect(session: Session, mode: 'connect' | 'restart-ice'): Promise<string> {
    let link = this.#links.get(session);
    if (!link) {
      if (session.ended) throw notThere();
      link = this.#make(session);
      this.#links.set(session, link);
    }
    return link.connect(mode);
  }

  /** @throws RelayError not_connected, sdp_invalid */
  async answer(session: Session, sdp: string): Promise<void> {
    const link = this.#links.get(session);
    if (!link) throw notThere();
    await link.answer(sdp);
  }

  /** Carry this voice to the page, or none. */
  hear(session: Session, source: AudioSource | null): void {
    this.#links.get(session)?.hear(source);
  }

  /** The page lets go of it, or is gone. Idempotent. */
  release(session: Session): void {
    const link = this.#links.get(session);
    this.#links.delete(session);
    link?.close();
  }
}

function notThere(): RelayError {
  return new RelayError(
    'not_connected',
    'There is no media connection. Send whisper:connect with mode "connect" first.',
  );
}
