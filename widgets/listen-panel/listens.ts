import type { LitElement } from 'lit';
import { type ProspectEvent, ProspectPurposeChangeEvent } from '../events/prospect-events.ts';
import type { PanelPolicy } from '../policy/panel-policy.ts';
import type { Commercial } from '../sessions/state.ts';
import { latePart } from '../shared/late-part.ts';
import type { PresentSession } from './host-wishes.ts';

const panelPolicy = latePart(() => import('../policy/panel-policy.ts'));

/** What listening needs of the panel. */
export interface ListensOptions {
  present(): PresentSession;
  /** The purpose that the host gives. */
  given(): string | null;
  dispatch(make: () => ProspectEvent<object>): void;
}

/** Hears whom the admin or the host wants to hear; where the relay's policy asks why, once that is known. */
export class Listens {
  readonly #host: LitElement;
  readonly #options: ListensOptions;
  #policy: PanelPolicy | null = null;
  #pendingId: string | null = null;

  constructor(host: LitElement, options: ListensOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** What there is only where the relay has a policy; null until it is there. */
  get policy(): PanelPolicy | null {
    return this.#policy;
  }

  /** Whose headphones were pressed, until the relay answers. */
  get pendingId(): string | null {
    return this.#pendingId;
  }

  /** The state has changed: with a policy, what belongs to it is fetched. */
  look(): void {
    if (this.#options.present().state.policy && !this.#policy) void this.#bring();
  }

  /** The headphones of this commercial were pressed. @returns whether they can be heard; why not is said */
  may(id: string): boolean {
    return !this.#policy?.refuses(id, this.#options.present().state);
  }

  /** Those of them whom this admin can begin to hear. */
  open(rows: readonly Commercial[]): readonly Commercial[] {
    return rows.filter((row) => !this.#policy?.passesOver(row, this.#options.present().state));
  }

  /** @param purpose as the admin chose it just now */
  async to(id: string, purpose?: string): Promise<void> {
    const { present, given } = this.#options;
    let why: string | null | undefined = purpose ?? given();
    // Without a policy, and with one that is here already, nothing is awaited: browsers let sound on only within the press.
    if (purpose === undefined && present().state.policy) {
      const policy = this.#policy ?? (await this.#bring());
      why = policy.purposeFor(id, present().state, given());
      if (why === undefined) return;
    }
    this.#pendingId = id;
    this.#host.requestUpdate();
    await present().call((session) => session.listen(id, why));
    if (this.#pendingId === id) this.#pendingId = null;
    const { state } = present();
    if (state.fault?.code === 'purpose_required') this.#policy?.ask(id, state);
    this.#host.requestUpdate();
  }

  async #bring(): Promise<PanelPolicy> {
    const { PanelPolicy } = await panelPolicy.get();
    this.#policy ??= new PanelPolicy(this.#host, {
      listen: (id, purpose) => void this.to(id, purpose),
      chosen: (purpose) => this.#options.dispatch(() => new ProspectPurposeChangeEvent(purpose)),
    });
    this.#host.requestUpdate();
    return this.#policy;
  }
}
