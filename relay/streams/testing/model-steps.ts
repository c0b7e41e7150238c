import { COMMERCIALS, type ModelPage, type ModelWorld, verified } from './model-world.ts';

/** One thing that may happen; `page` and `choice` are taken modulo what there is. */
export interface Step {
  readonly what: keyof typeof STEPS;
  readonly page: number;
  readonly choice: number;
}

/** Lets the step happen to the world. */
export function take(world: ModelWorld, { what, page, choice }: Step): Promise<void> {
  return world.take((chosen) => STEPS[what](world, chosen, choice), page);
}

function goLive(world: ModelWorld, page: ModelPage): void {
  if (page.role !== 'commercial' || page.live) return;
  const { publishing } = world.scene.registry;
  world.request(page, async (session) => {
    page.shown.clear();
    page.paused = false;
    const connection = world.newConnection(page);
    await publishing.offer(session, 'connect', connection);
    if (page.connection !== connection) return;
    await publishing.start(session);
    if (page.connection === connection && page.session === session && page.connected) page.live = true;
  });
}

function tune(world: ModelWorld, page: ModelPage, choice: number): void {
  if (page.role !== 'admin') return;
  const { listening } = world.scene.registry;
  world.request(page, (session) => listening.select(session, COMMERCIALS[choice % 2] ?? '', choice % 3 === 0));
}

function connectEar(world: ModelWorld, page: ModelPage): void {
  if (page.role !== 'admin') return;
  const { listening } = world.scene.registry;
  world.request(page, async (session) => {
    await listening.connect(session, 'connect');
    await listening.answer(session, session.id);
  });
}

function commercialOnly(
  send: (world: ModelWorld, page: ModelPage, choice: number) => void,
): (world: ModelWorld, page: ModelPage, choice: number) => void {
  return (world, page, choice) => {
    if (page.role === 'commercial' && page.connected) send(world, page, choice);
  };
}

/** Everything that may happen. */
export const STEPS = {
  join: (world: ModelWorld, _page: ModelPage, choice: number) => {
    if (world.pages.length < 9) world.join(choice);
  },
  goLive,
  stop: commercialOnly((world, page) => {
    page.live = false;
    page.paused = false;
    page.connection = null;
    page.shown.clear();
    world.request(page, (session) => world.scene.registry.publishing.stop(session));
  }),
  pause: commercialOnly((world, page) => {
    if (!page.live) return;
    page.paused = true;
    world.request(page, (session) => world.scene.registry.publishing.pause(session, true));
  }),
  goOn: commercialOnly((world, page) => {
    if (!page.live) return;
    page.paused = false;
    world.request(page, (session) => world.scene.registry.publishing.pause(session, false));
  }),
  publishAnew: commercialOnly((world, page) => {
    if (!page.live) return;
    world.request(page, async (session) => {
      await world.scene.registry.publishing.offer(session, 'connect', world.newConnection(page));
      await world.scene.registry.publishing.start(session, true);
    });
  }),
  speak: commercialOnly((world, page, choice) => {
    const level = ([0, 1, 2, 3, 4] as const)[choice % 5] ?? 0;
    world.request(page, (session) => world.scene.registry.publishing.voice(session, level));
  }),
  tune,
  connectEar,
  leave: (world: ModelWorld, page: ModelPage) => {
    if (page.role === 'admin') world.request(page, (session) => world.scene.registry.listening.stop(session));
  },
  leaveAndComeBack: (world: ModelWorld, page: ModelPage, choice: number) => {
    if (page.role === 'admin') world.request(page, (session) => world.scene.registry.listening.stop(session));
    tune(world, page, choice);
  },
  deliver: (world: ModelWorld, page: ModelPage) => world.deliver(page),
  acknowledge: (world: ModelWorld, page: ModelPage) => world.acknowledge(page),
  lose: (_world: ModelWorld, page: ModelPage) => page.session.detach(page.peer),
  die: (_world: ModelWorld, page: ModelPage) => {
    page.dead = true;
  },
  reconnect: (world: ModelWorld, page: ModelPage, choice: number) => world.reconnect(page, choice),
  hide: (world: ModelWorld, page: ModelPage) => world.hide(page, true),
  see: (world: ModelWorld, page: ModelPage) => world.hide(page, false),
  readSlowly: (_world: ModelWorld, page: ModelPage, choice: number) => {
    page.peer.congested = choice % 3 !== 0;
  },
  refresh: (_world: ModelWorld, page: ModelPage, choice: number) =>
    page.session.refresh(verified(page.role, page.id, choice)),
  finishMedia: (world: ModelWorld, _page: ModelPage, choice: number) => {
    const [finish] = world.media.splice(choice % Math.max(1, world.media.length), 1);
    finish?.();
  },
  finishAllMedia: (world: ModelWorld) => {
    for (const finish of world.media.splice(0)) finish();
  },
  arriveAll: (world: ModelWorld) => {
    for (const page of world.pages) {
      while (page.inbox.length > 0) world.deliver(page);
      world.acknowledge(page);
    }
  },
  loseMedia: (world: ModelWorld, page: ModelPage, choice: number) => {
    const all = page.role === 'admin' ? world.scene.media.listening : world.scene.media.publishing;
    all.at(-1 - (choice % 3))?.lose(choice % 2 === 0 ? 'worker_died' : 'transport_failed');
  },
  ice: (world: ModelWorld, page: ModelPage, choice: number) => {
    const all = page.role === 'admin' ? world.scene.media.listening : world.scene.media.publishing;
    all.at(-1 - (choice >> 1))?.become(choice % 2 === 0 ? 'connected' : 'disconnected');
  },
  wait: (world: ModelWorld, _page: ModelPage, choice: number) =>
    world.advance([30, 100, 1_000, 3_000, 6_500, 12_000][choice % 6] ?? 0),
} as const;
