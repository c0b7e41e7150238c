import { closeSync, openSync, readSync } from 'node:fs';

/** The machine in an ELF header (System V ABI, e_machine) for Node's names of architectures. */
const ELF_MACHINE: Readonly<Record<string, number>> = {
  ia32: 0x03,
  arm: 0x28,
  x64: 0x3e,
  arm64: 0xb7,
  riscv64: 0xf3,
  ppc64: 0x15,
  s390x: 0x16,
  loong64: 0x102,
};

/** What a program file begins with, and for which system it is. */
const MAGIC: readonly (readonly [system: string, ...starts: string[]])[] = [
  ['linux', '7f454c46'],
  ['darwin', 'cffaedfe', 'cefaedfe', 'cafebabe', 'feedfacf'],
  ['win32', '4d5a'],
];

/**
 * For which other kind of machine a program is, such as `linux arm64`; null when it may be for this one. The system does not
 * always say so: where a program cannot be run, the C library tries it as a shell script.
 */
export function foreignProgram(
  file: string,
  platform: string = process.platform,
  arch: string = process.arch,
): string | null {
  const head = readHead(file);
  const hex = head.toString('hex');
  const system = MAGIC.find(([, ...starts]) => starts.some((start) => hex.startsWith(start)))?.[0];
  if (system === undefined) return null;
  if (system !== platform) return system;
  if (system !== 'linux' || head.length < 20) return null;
  // The sixth byte tells in which order the others of a number stand.
  const machine = head[5] === 2 ? head.readUInt16BE(18) : head.readUInt16LE(18);
  if (ELF_MACHINE[arch] === undefined || ELF_MACHINE[arch] === machine) return null;
  const name = Object.keys(ELF_MACHINE).find((known) => ELF_MACHINE[known] === machine);
  return `linux ${name ?? `machine ${machine}`}`;
}

function readHead(file: string): Buffer {
  const head = Buffer.alloc(20);
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return head.subarray(0, 0);
  }
  try {
    return head.subarray(0, readSync(handle, head));
  } finally {
    closeSync(handle);
  }
}
