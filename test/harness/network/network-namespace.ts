import { execFileSync } from 'node:child_process';
import { hasCommand, runCommand } from './run-command.ts';

/** A veth pair between this machine and the namespace. */
export interface NamespaceLink {
  /** This machine's end: what the namespace reaches. */
  readonly hostAddress: string;
  /** The namespace's own end. */
  readonly address: string;
  /** Takes the namespace's end down, as switching Wi-Fi off does: its address and route go with it. */
  down(): Promise<void>;
  /** Puts it up again, with its address and default route. */
  up(): Promise<void>;
}

export type NamespaceSupport = { readonly supported: true } | { readonly supported: false; readonly reason: string };

/** Whether network namespaces can be made here; if not, why, in words for the person who reads a test report. */
export async function namespaceSupport(): Promise<NamespaceSupport> {
  if (process.platform !== 'linux') return { supported: false, reason: 'network namespaces exist on Linux only' };
  if (process.getuid?.() !== 0) return { supported: false, reason: 'network namespaces need root' };
  if (!(await hasCommand('ip'))) return { supported: false, reason: 'the `ip` command (iproute2) is not installed' };
  try {
    const probe = await NetworkNamespace.create({ links: 1 });
    await probe.close();
    return { supported: true };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { supported: false, reason: `the kernel does not allow network namespaces or veth pairs: ${why}` };
  }
}

// The owner's process id is part of every name, so that a later run can tell what a killed one left behind.
const NAMESPACE_NAME = /^plns(\d+)x\w+/gm;
const INTERFACE_NAME = /^\d+: (plh(\d+)x\w+)/gm;
let made = 0;

/** `ip` commands that delete what exists now, for the end of the process. */
const undo = new Map<string, string[][]>();

function undoAtExit(): void {
  for (const args of [...undo.values()].flat()) {
    try {
      execFileSync('ip', args, { stdio: 'ignore' });
    } catch {
      // Already gone.
    }
  }
}

function isRunning(pid: string | undefined): boolean {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

/** Deletes what processes that were killed left behind. */
async function sweep(): Promise<void> {
  const namespaces = await runCommand('ip', ['netns', 'list']);
  for (const [name, pid] of namespaces.matchAll(NAMESPACE_NAME)) {
    if (!isRunning(pid)) await runCommand('ip', ['netns', 'del', name]).catch(() => undefined);
  }
  const interfaces = await runCommand('ip', ['-o', 'link']);
  for (const [, name, pid] of interfaces.matchAll(INTERFACE_NAME)) {
    if (name && !isRunning(pid)) await runCommand('ip', ['link', 'del', name]).catch(() => undefined);
  }
}

/**
 * A network of its own with one or two links to this machine, for a browser that must notice its network change. Each link is a
 * /24 of 10.77.0.0/16; the first is preferred, the second takes over when the first is down.
 */
export class NetworkNamespace {
  readonly name: string;
  readonly links: readonly NamespaceLink[];

  /** Needs root. @throws Error naming the `ip` command that failed; nothing is left behind */
  static async create(options: { links?: 1 | 2 } = {}): Promise<NetworkNamespace> {
    await sweep();
    if (made === 0) process.once('exit', undoAtExit);
    made += 1;
    const id = `${process.pid}x${made.toString(36)}`;
    const name = `plns${id}`;
    await runCommand('ip', ['netns', 'add', name]);
    undo.set(name, [['netns', 'del', name]]);
    const links: NamespaceLink[] = [];
    try {
      await runCommand('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
      for (let index = 0; index < (options.links ?? 1); index += 1) links.push(await addLink(name, id, index));
    } catch (error) {
      await new NetworkNamespace(name, links).close();
      throw error;
    }
    return new NetworkNamespace(name, links);
  }

  private constructor(name: string, links: readonly NamespaceLink[]) {
    this.name = name;
    this.links = links;
  }

  /** The command line that runs a program inside. */
  wrap(command: string, args: readonly string[] = []): [command: string, ...args: string[]] {
    return ['ip', 'netns', 'exec', this.name, command, ...args];
  }

  /** Idempotent. Deletes the links and the namespace; programs inside lose their network. */
  async close(): Promise<void> {
    const commands = undo.get(this.name) ?? [];
    undo.delete(this.name);
    for (const args of commands) await runCommand('ip', args).catch(() => undefined);
  }
}

async function addLink(namespace: string, id: string, index: number): Promise<NamespaceLink> {
  // An interface name has at most 15 characters, and the whole machine shares them.
  const host = `plh${id}${index}`;
  const inside = `net${index}`;
  const subnet = await freeSubnet();
  const link: NamespaceLink = {
    hostAddress: `${subnet}.1`,
    address: `${subnet}.2`,
    down: async () => {
      // The kernel by itself would keep the address, and go on using it over the other link.
      await runCommand('ip', ['-n', namespace, 'addr', 'flush', 'dev', inside]);
      await runCommand('ip', ['-n', namespace, 'link', 'set', inside, 'down']);
    },
    up: async () => {
      await runCommand('ip', ['-n', namespace, 'link', 'set', inside, 'up']);
      await runCommand('ip', ['-n', namespace, 'addr', 'replace', `${link.address}/24`, 'dev', inside]);
      const route = ['default', 'via', link.hostAddress, 'dev', inside, 'metric', String(100 * (index + 1))];
      await runCommand('ip', ['-n', namespace, 'route', 'replace', ...route]);
    },
  };
  await runCommand('ip', ['link', 'add', host, 'type', 'veth', 'peer', 'name', inside, 'netns', namespace]);
  // The link goes first: a namespace lives on, with its links, while a program still runs inside.
  undo.get(namespace)?.unshift(['link', 'del', host]);
  await runCommand('ip', ['addr', 'add', `${link.hostAddress}/24`, 'dev', host]);
  await runCommand('ip', ['link', 'set', host, 'up']);
  await link.up();
  return link;
}

/** A /24 that no interface of this machine has. Starts at a random one, because test files run side by side. */
async function freeSubnet(): Promise<string> {
  const taken = await runCommand('ip', ['-o', '-4', 'addr']);
  const start = Math.floor(Math.random() * 256);
  for (let step = 0; step < 256; step += 1) {
    const subnet = `10.77.${(start + step) % 256}`;
    if (!taken.includes(`${subnet}.`)) return subnet;
  }
  throw new Error('Every subnet of 10.77.0.0/16 is taken; `ip addr` shows by what.');
}
