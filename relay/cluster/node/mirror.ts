import { type Audience, changedAudience, NOBODY } from '../../streams/audience.ts';
import type { CommercialUser, Mirror } from '../../streams/commercial.ts';
import type { Timer } from '../../streams/timers.ts';
import type { BodyOf, GrantBody, NodeRef } from '../bus-protocol.ts';
import type { CommercialRow } from '../bus-rows.ts';
import { type MakeSource, MirrorStream } from './mirror-stream.ts';

/** What one other node says of one commercial. */
export class NodeMirror implements Mirror {
  readonly id: string;
  readonly from: NodeRef;
  readonly #makeSource: MakeSource;
  #row: CommercialRow;
  /** When the call for help began that the row tells of, by the monotonic clock. */
  #askedAt: number | null;
  #stream: MirrorStream | null = null;
  /** The newest grants of a stream that no row has told of yet: rows and grants travel apart. */
  #early: GrantBody[] = [];
  /** Who hears which stream: it may be said before the row of that stream. */
  #audience: { readonly stream: string; readonly names: Audience } | null = null;
  #lost = false;
  /** Runs while the node is gone and the pages may come back elsewhere. */
  leaving: Timer | null = null;

  constructor(from: NodeRef, row: CommercialRow, makeSource: MakeSource) {
    this.id = row.id;
    this.from = from;
    this.#row = row;
    this.#askedAt = askedAt(row);
    this.#makeSource = makeSource;
    this.#follow(row);
  }

  get version(): number {
    return this.#row.version;
  }

  get equipe(): string {
    return this.#row.equipe;
  }

  get user(): CommercialUser {
    const { id, name, equipe } = this.#row;
    return { role: 'commercial', id, name, equipe };
  }

  get present(): boolean {
    return !this.#lost && this.#row.present;
  }

  get stream(): MirrorStream | null {
    return this.#stream;
  }

  get listenerCount(): number {
    return this.#lost ? 0 : this.#row.listenerCount;
  }

  get helpForMs(): number | null {
    return this.#lost || this.#askedAt === null ? null : Math.max(0, Math.round(performance.now() - this.#askedAt));
  }

  get audience(): Audience {
    return this.#audience && this.#audience.stream === this.#stream?.id ? this.#audience.names : NOBODY;
  }

  /** The home's word of who hears a stream. */
  hears({ stream, ...change }: BodyOf<'audience'>): void {
    const before = this.#audience?.stream === stream ? this.#audience.names : NOBODY;
    this.#audience = { stream, names: changedAudience(before, change) };
  }

  /** The node cannot be heard of, or could not until it says something again. */
  get lost(): boolean {
    return this.#lost;
  }

  /** @returns false when it is no newer than what is known */
  update(row: CommercialRow): boolean {
    if (row.version < this.#row.version || (row.version === this.#row.version && !this.#lost)) return false;
    this.#lost = false;
    this.#row = row;
    this.#askedAt = askedAt(row);
    this.#follow(row);
    return true;
  }

  /** They are of another team now, whose rows say the rest. */
  moved(equipe: string, version: number): void {
    this.#row = { ...this.#row, equipe, version };
  }

  grant(body: GrantBody): void {
    if (this.#stream?.id === body.stream) {
      this.#stream.grant(body);
      return;
    }
    if (body.reset) this.#early = [];
    this.#early.push(body);
    if (this.#early.length > MAX_EARLY) this.#early.shift();
  }

  /** The node is gone, or cannot be heard of: its pages come back elsewhere, or here. */
  lose(): void {
    this.#lost = true;
    this.#early = [];
    this.#audience = null;
    this.#stream?.lose();
  }

  /** The node no longer has anything to say of them. */
  close(): void {
    this.leaving?.cancel();
    this.#stream?.close('page_gone');
    this.#stream = null;
  }

  #follow({ stream, ended }: CommercialRow): void {
    const before = this.#stream;
    if (before && before.id !== stream?.id) {
      before.close(ended?.stream === before.id ? ended.cause : stream ? 'replaced' : 'page_gone');
      this.#stream = null;
    }
    if (!stream) return;
    if (this.#stream) {
      this.#stream.update(stream);
      return;
    }
    this.#stream = new MirrorStream(stream, this.#makeSource);
    for (const body of this.#early.splice(0)) if (body.stream === stream.id) this.#stream.grant(body);
  }
}

/** Grants that may come before the row of their stream: a few messages, never more. */
const MAX_EARLY = 16;

function askedAt({ helpForMs }: CommercialRow): number | null {
  return helpForMs === null ? null : performance.now() - helpForMs;
}
