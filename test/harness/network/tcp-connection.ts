import type { Socket } from 'node:net';
import { type Direction, type Flow, readUfrag } from './flow.ts';
import type { LinkRules } from './udp-forwarder.ts';

/** How one side of a connection ended, kept until it may be told to the other side. */
type Ending = 'end' | 'reset';

/**
 * Ends a socket with a TCP reset, at once. Node's `resetAndDestroy` ends it in order first; when the other side resets it meanwhile, libuv
 * refuses the reset (EINVAL), Node forgets the handle without closing it, and the process spins at its exit for ever. So the flag that it sets
 * is set here, and nothing waited for; a socket that is being ended already is closed.
 */
export function reset(socket: Socket): void {
  if (!socket.writableEnded && !socket.connecting) Object.assign(socket, { resetAndClosing: true });
  socket.destroy();
}

/** One way of a connection: reads from one socket, writes to the other, late or not at all if the rules say so. */
class Pipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #flow: Flow;
  readonly #direction: Direction;
  readonly #rules: LinkRules;
  readonly #queue: { chunk: Buffer; due: number }[] = [];
  #ending: Ending | null = null;
  #timer: NodeJS.Timeout | null = null;
  #draining = false;

  constructor(from: Socket, to: Socket, flow: Flow, direction: Direction, rules: LinkRules) {
    this.#from = from;
    this.#to = to;
    this.#flow = flow;
    this.#direction = direction;
    this.#rules = rules;
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.on('end', () => this.#finish('end'));
    // A socket that was destroyed without an end was reset (or the process behind it died).
    from.on('close', () => this.#finish(from.readableEnded ? 'end' : 'reset'));
    from.on('error', () => this.#finish('reset'));
    to.on('drain', () => {
      this.#draining = false;
      this.update();
    });
  }

  /** Looks at the rules again. */
  update(): void {
    const blocked = this.#rules.isBlocked(this.#flow, this.#direction);
    if (blocked || this.#draining) this.#from.pause();
    else this.#from.resume();
    if (!blocked) this.#flush();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#queue.length = 0;
  }

  #take(chunk: Buffer): void {
    if (this.#direction === 'up' && this.#flow.ufrag === null) {
      // ICE-TCP frames each packet with two bytes of length (RFC 4571).
      this.#flow.ufrag = chunk.length > 2 ? readUfrag(chunk.subarray(2)) : null;
    }
    const fate = this.#rules.fateOf(this.#flow, this.#direction);
    const last = this.#queue.at(-1);
    const due = Math.max(performance.now() + (fate.pass ? fate.delayMs : 0), last?.due ?? 0);
    this.#queue.push({ chunk, due });
    this.#flush();
  }

  #finish(ending: Ending): void {
    if (this.#ending === 'reset') return;
    this.#ending = ending;
    this.#flush();
  }

  #flush(): void {
    if (this.#timer || this.#rules.isBlocked(this.#flow, this.#direction)) return;
    const counter = this.#flow.counters[this.#direction];
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      const wait = next.due - performance.now();
      if (wait > 0) {
        this.#timer = setTimeout(() => {
          this.#timer = null;
          this.#flush();
        }, wait);
        return;
      }
      this.#queue.shift();
      counter.packets += 1;
      counter.bytes += next.chunk.length;
      if (this.#to.writable && !this.#to.write(next.chunk)) {
        this.#draining = true;
        this.#from.pause();
      }
    }
    if (this.#ending === 'end') this.#to.end();
    if (this.#ending === 'reset') reset(this.#to);
  }
}

/** A page's TCP connection and its counterpart towards the relay. */
export class TcpConnection {
  readonly flow: Flow;
  readonly #page: Socket;
  readonly #relay: Socket;
  readonly #up: Pipe;
  readonly #down: Pipe;

  constructor(page: Socket, relay: Socket, flow: Flow, rules: LinkRules) {
    this.flow = flow;
    this.#page = page;
    this.#relay = relay;
    for (const socket of [page, relay]) socket.setNoDelay(true);
    this.#up = new Pipe(page, relay, flow, 'up', rules);
    this.#down = new Pipe(relay, page, flow, 'down', rules);
    this.update();
  }

  /** True when both sides are gone. */
  get closed(): boolean {
    return this.#page.destroyed && this.#relay.destroyed;
  }

  /** Looks at the link's rules again, after one came or went. */
  update(): void {
    this.#up.update();
    this.#down.update();
  }

  /** Resets both sides at once. */
  cut(): void {
    this.#up.stop();
    this.#down.stop();
    reset(this.#page);
    reset(this.#relay);
  }
}
