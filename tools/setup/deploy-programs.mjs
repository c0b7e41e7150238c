import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptDownload, aptInstall, canUseApt } from './apt.mjs';
import { ensureHelm } from './helm.mjs';
import { withLock } from './lock.mjs';
import { cacheDir } from './paths.mjs';
import { SetupError, say } from './progress.mjs';
import { isExecutable, runLogged, which } from './run.mjs';

/**
 * Programs that read the files of deploy/, by the Debian package that has them. They are unpacked beside the system and not
 * installed: as packages, each would start a service of its own on this machine.
 */
const UNPACKED = [
  { program: 'caddy', debianPackage: 'caddy', path: 'usr/bin/caddy' },
  { program: 'nginx', debianPackage: 'nginx', path: 'usr/sbin/nginx' },
  { program: 'promtool', debianPackage: 'prometheus', path: 'usr/bin/promtool' },
];

/** Programs whose packages are installed where they are missing, as other tests do. */
const INSTALLED = [
  ['systemd-analyze', 'systemd'],
  ['turnserver', 'coturn'],
];

const folder = join(cacheDir, 'deploy-programs');

/**
 * Makes ready what the suite `deploy` reads the kits with, and puts it on this process's PATH. Where something cannot be had,
 * that is said, and the tests that need it say so again.
 */
export async function ensureDeployPrograms() {
  const bin = join(folder, 'bin');
  process.env.PATH = [process.env.PATH, bin].filter(Boolean).join(delimiter);
  await withLock(`${folder}.lock`, 'waiting for the programs of the deployment kits', async () => {
    mkdirSync(bin, { recursive: true });
    if (canUseApt()) {
      const missing = INSTALLED.filter(([program]) => which(program) === null).map(([, name]) => name);
      if (missing.length > 0) await aptInstall(missing, 'the tests of the deployment kits');
      for (const one of UNPACKED) if (which(one.program) === null) await unpack(one, bin);
    }
    if (which('helm') === null) await orSay('helm', () => ensureHelm(join(bin, 'helm')));
  });
}

async function unpack({ program, debianPackage, path }, bin) {
  await orSay(program, async () => {
    say(`fetching Debian's ${debianPackage} for the tests of the deployment kits ...`);
    const made = join(folder, `.new-${process.pid}`);
    const target = join(folder, debianPackage);
    try {
      const packages = join(made, 'packages');
      await aptDownload(debianPackage, packages);
      for (const file of readdirSync(packages).filter((name) => name.endsWith('.deb')))
        await runLogged(`unpack-${debianPackage}`, 'dpkg', ['-x', join(packages, file), join(made, 'root')]);
      rmSync(target, { recursive: true, force: true });
      renameSync(join(made, 'root'), target);
    } finally {
      rmSync(made, { recursive: true, force: true });
    }
    const libraries = ['usr/lib', 'lib'].flatMap((lib) =>
      ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((arch) => join(target, lib, arch)),
    );
    // A script, because the libraries that came with it lie where no loader looks.
    const script = `#!/bin/sh\nLD_LIBRARY_PATH=${libraries.join(':')} exec ${join(target, path)} "$@"\n`;
    writeFileSync(join(bin, program), script, { mode: 0o755 });
    if (!isExecutable(join(target, path))) throw new SetupError(`Debian's ${debianPackage} has no ${path}.`);
  });
}

async function orSay(program, make) {
  try {
    await make();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`${program} is not to be had here: ${error.message.trim().split('\n').at(-1)}`);
  }
}
