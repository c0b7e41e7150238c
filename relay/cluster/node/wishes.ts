import { mayHear } from '../../auth/permissions.ts';
import type { Commercial } from '../../streams/commercial.ts';
import type { ClusterBus } from '../bus/cluster-bus.ts';
import type { NodeRef, WishBody } from '../bus-protocol.ts';
import type { NodeMirror } from './mirror.ts';
import type { Mirrors } from './mirrors.ts';
import { RemoteListener } from './remote-listener.ts';

/** What one life of a node was told of this node's listeners: commercial id -> admin id -> the admin, as it was told. */
interface Told {
  readonly node: NodeRef;
  readonly byCommercial: Map<string, Map<string, string>>;
}

/** Tells the homes of commercials who of this node's admins has selected them. */
export class Wishes {
  readonly #bus: ClusterBus;
  readonly #mirrors: Mirrors;
  readonly #told = new Map<string, Told>();

  constructor(bus: ClusterBus, mirrors: Mirrors) {
    this.#bus = bus;
    this.#mirrors = mirrors;
  }

  /** Wishes that other nodes know of, for leak tests. */
  get size(): number {
    let size = 0;
    for (const { byCommercial } of this.#told.values()) for (const admins of byCommercial.values()) size += admins.size;
    return size;
  }

  /** Who listens to this commercial here may have changed, or which nodes know them. */
  look(commercial: Commercial): void {
    const { id } = commercial;
    for (const told of this.#told.values()) {
      if (told.byCommercial.has(id) && !this.#mirrors.find(told.node, id)) this.#tell(told, id, new Map());
    }
    for (const nodeId of commercial.mirrors.keys()) {
      const mirror = this.#mirrors.findOf(nodeId, id);
      if (mirror) this.#tell(this.#toldOf(mirror.from), id, wishedOf(commercial, mirror));
    }
  }

  /** That life of the node is gone. */
  left({ id, epoch }: NodeRef): void {
    if (this.#told.get(id)?.node.epoch === epoch) this.#told.delete(id);
  }

  /** Everything anew: the node may have missed some. */
  tellAll(node: NodeRef): void {
    const { byCommercial } = this.#toldOf(node);
    const all = [...byCommercial].map(([commercialId, admins]): WishBody => {
      return { commercialId, add: [...admins.values()].map(parse), remove: [] };
    });
    this.#bus.send(node, 'wishes', { all });
  }

  #toldOf(node: NodeRef): Told {
    const known = this.#told.get(node.id);
    if (known?.node.epoch === node.epoch) return known;
    const told: Told = { node, byCommercial: new Map() };
    this.#told.set(node.id, told);
    return told;
  }

  #tell({ node, byCommercial }: Told, commercialId: string, wished: ReadonlyMap<string, string>): void {
    const before = byCommercial.get(commercialId) ?? new Map<string, string>();
    const add = [...wished].filter(([id, admin]) => before.get(id) !== admin).map(([, admin]) => parse(admin));
    const remove = [...before.keys()].filter((id) => !wished.has(id));
    if (add.length + remove.length === 0) return;
    if (wished.size > 0) byCommercial.set(commercialId, new Map(wished));
    else byCommercial.delete(commercialId);
    this.#bus.send(node, 'wish', { commercialId, add, remove });
  }
}

/** Admins whose page is here, and who may hear this commercial. */
function wishedOf({ listeners }: Commercial, { equipe }: NodeMirror): Map<string, string> {
  const wished = new Map<string, string>();
  for (const listener of listeners.values()) {
    if (listener instanceof RemoteListener || !listener.counts || !mayHear(listener.admin, equipe)) continue;
    const { id, name, equipes } = listener.admin;
    const { purpose, cannotOpen } = listener;
    const more = { ...(purpose && { purpose }), ...(cannotOpen && { cannotOpen }) };
    wished.set(id, JSON.stringify({ id, name, equipes, ...more }));
  }
  return wished;
}

function parse(admin: string): WishBody['add'][number] {
  return JSON.parse(admin);
}
