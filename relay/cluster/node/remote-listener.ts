import { mayHear } from '../../auth/permissions.ts';
import type { AdminUser, Commercial, CommercialListener } from '../../streams/commercial.ts';
import type { NodeRef } from '../bus-protocol.ts';

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

  constructor(node: NodeRef, commercial: Commercial, admin: AdminUser) {
    this.node = node;
    this.commercial = commercial;
    this.admin = admin;
  }

  /** Its place among the commercial's listeners. No id holds a NUL, so that it is never that of an admin of this node. */
  get key(): string {
    return `${this.node.id}\0${this.admin.id}`;
  }

  get permitted(): boolean {
    const { user } = this.commercial;
    return user !== null && mayHear(this.admin, user.equipe);
  }

  /** What is heard there is brought in line by that node's grants. */
  reconcile(): void {}
}
