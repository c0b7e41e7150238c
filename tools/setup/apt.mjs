import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './progress.mjs';
import { runLogged, succeeds, which } from './run.mjs';

/** Whether packages can be installed here without asking anybody: Debian or a relative, as root or with sudo. */
export function canUseApt() {
  return process.platform === 'linux' && which('apt-get') !== null && asRoot() !== null;
}

/**
 * Installs the Debian packages that are missing, and says so first.
 * @param {string[]} packages
 * @param {string} purpose completes "installing Debian packages for ..."
 */
export async function aptInstall(packages, purpose) {
  const missing = packages.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  say(`installing Debian packages for ${purpose}: ${missing.join(' ')} ...`);
  await aptGet('install', ['install', '-y', '--no-install-recommends', ...missing]);
}

/**
 * Fetches a Debian package with those that it needs and that this machine has not, and installs none of them.
 * @param {string} name
 * @param {string} into folder for the .deb files, which apt checks as it does those that it installs
 */
export async function aptDownload(name, into) {
  mkdirSync(join(into, 'partial'), { recursive: true });
  const only = ['-o', `Dir::Cache::archives=${into}`, '-o', 'APT::Sandbox::User=root', '--download-only'];
  await aptGet('download', [...only, 'install', '-y', '--no-install-recommends', '--reinstall', name]);
}

async function aptGet(log, args) {
  const [command, ...prefix] = [
    ...asRoot(),
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-o',
    'DPkg::Lock::Timeout=300',
  ];
  try {
    await runLogged(`apt-${log}`, command, [...prefix, ...args]);
  } catch {
    // New machines have no package lists yet, and old lists name versions that are gone.
    await runLogged('apt-update', command, [...prefix, 'update']);
    await runLogged(`apt-${log}`, command, [...prefix, ...args]);
  }
}

function isInstalled(name) {
  const query = spawnSync('dpkg', ['--status', name], { encoding: 'utf8' });
  return query.status === 0 && /^Status: .* installed$/m.test(query.stdout);
}

/** The words before a command that must run as root, or null where that is not to be had. */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  if (which('sudo') === null) return null;
  if (succeeds('sudo', ['-n', 'true'])) return ['sudo', '-n'];
  if (!process.stdin.isTTY) return null;
  say('your password is needed to install Debian packages (sudo)');
  return spawnSync('sudo', ['-v'], { stdio: 'inherit' }).status === 0 ? ['sudo'] : null;
}
