import { mayHear } from '../../auth/permissions.ts';
import type { CannotOpen, PayloadOf } from '../../protocol/messages.ts';
import type { PolicyReason } from '../../protocol/policy-shapes.ts';
import type { AdminUser, Commercial, CommercialListener, WhisperState } from '../../streams/commercial.ts';
import { type HeardStream, isShown } from '../../streams/heard-stream.ts';
import type { NodeRef, VerdictBody } from '../bus-protocol.ts';

/** Tells the listener's node what the policy says of them. */
export type TellNode = (listener: RemoteListener, what: Partial<VerdictBody>) => void;

/**
 * An admin who has selected a commercial of this node at another one. Here, at the commercial's home, they count like any other: they
 * are shown on the commercial's page, and may be heard by only after that.
 */
export class RemoteListener implements CommercialListener {
  readonly node: NodeRef;
  readonly commercial: Commercial;
  /** The claims of the page that listens, as its node says. */
  admin: AdminUser;
  /** A node tells only of those whose page is there. */
  readonly counts = true;
  /** Their node knows; here those of the other node come and these go. */
  readonly goneOver = false;
  readonly page = null;
  readonly opensSealed = false;

  purpose: string | null;
  cannotOpen: CannotOpen | null = null;
  readonly #tell: TellNode;
  /** What their node was told last of whispers. */
  #whispers = '';

  constructor(node: NodeRef, commercial: Commercial, admin: AdminUser, purpose: string | null, tell: TellNode) {
    this.node = node;
    this.commercial = commercial;
    this.admin = admin;
    this.purpose = purpose;
    this.#tell = tell;
  }

  /** Its place among the commercial's listeners. No id holds a NUL, so that it is never that of an admin of this node. */
  get key(): string {
    return `${this.node.id}\0${this.admin.id}`;
  }

  get permitted(): boolean {
    const { user } = this.commercial;
    return user !== null && mayHear(this.admin, user.equipe);
  }

  /** The home passes audio on to the node for them, and counts that: what arrives there it cannot know. */
  hears(stream: HeardStream): boolean {
    return this.permitted && stream.audible !== null && isShown(stream, this);
  }

  /** At once here, where nothing is passed on for them any more; their node is told why. */
  refuse(reason: PolicyReason): void {
    const { listeners } = this.commercial;
    if (listeners.get(this.key) === this) listeners.delete(this.key);
    this.#tell(this, { refused: reason });
  }

  warn(warning: PayloadOf<'policy:warning'>): void {
    this.#tell(this, { warning });
  }

  showTime(time: PayloadOf<'policy:time'>): void {
    this.#tell(this, { time });
  }

  showWhispers({ voice, cues, by }: WhisperState): void {
    // Pages of other nodes hear no whispers of others.
    const whispers = { voice, cues, by };
    const said = JSON.stringify(whispers);
    // Of what nobody ever may, nothing is said: nodes of before would not understand it.
    if (said === this.#whispers || (this.#whispers === '' && !whispers.voice && !whispers.cues && !whispers.by)) return;
    this.#whispers = said;
    this.#tell(this, { whispers });
  }

  /** What is heard there, and who is named there, is brought in line by what that node is sent. */
  reconcile(): void {}
}
