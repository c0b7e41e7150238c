import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
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
  { debianPackage: 'caddy', paths: ['usr/bin/caddy'] },
  { debianPackage: 'nginx', paths: ['usr/sbin/nginx'] },
  { debianPackage: 'prometheus', paths: ['usr/bin/promtool', 'usr/bin/prometheus'] },
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
      for (const one of UNPACKED) if (one.paths.some((path) => which(basename(path)) === null)) await unpack(one, bin);
    }
    if (which('helm') === null) await orSay('helm', () => ensureHelm(join(bin, 'helm')));
  });
}

async function unpack({ debianPackage, paths }, bin) {
  await orSay(debianPackage, async () => {
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
    for (const path of paths) {
      if (!isExecutable(join(target, path))) throw new SetupError(`Debian's ${debianPackage} has no ${path}.`);
      // A script, because the libraries that came with it lie where no loader looks.
      const script = `#!/bin/sh\nLD_LIBRARY_PATH=${libraries.join(':')} exec ${join(target, path)} "$@"\n`;
      writeFileSync(join(bin, basename(path)), script, { mode: 0o755 });
    }
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
