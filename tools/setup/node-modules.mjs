import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { SetupError, say, since } from './progress.mjs';
import { runLogged, which } from './run.mjs';

const lockFile = inRoot('package-lock.json');
const stampFile = inRoot('node_modules', '.prospect-setup');
/** npm's own record of what it put into node_modules. */
const installedFile = inRoot('node_modules', '.package-lock.json');

/** Installs the packages of package-lock.json with `npm ci`, unless node_modules holds exactly these already. */
export async function ensureNodeModules() {
  const wanted = stampOf(readFileSync(lockFile));
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  if (!installedMatchesLock()) {
    say('installing the npm packages (about half a minute) ...');
    const start = Date.now();
    const [command, ...args] = npmCommand();
    // An npm older than 11 does not know "allowScripts" and would run mediasoup's install step, which fails without its download
    // site. With this set, the step does nothing; tools/setup/worker.mjs finds the worker later.
    const env = { ...process.env, MEDIASOUP_WORKER_BIN: process.env.MEDIASOUP_WORKER_BIN || 'found-later' };
    await runLogged('npm-ci', command, [...args, 'ci', '--no-fund', '--no-audit', '--loglevel=error'], { env });
    say(`npm packages installed in ${since(start)}`);
  }
  writeFileSync(stampFile, wanted);
}

/** Names the lock file's content and the platform, for which npm chooses binary packages. */
function stampOf(lockContent) {
  const hash = createHash('sha256').update(lockContent).digest('hex');
  return `${hash} ${process.platform}-${process.arch}\n`;
}

/** The npm that runs this script, if one does, else the one on the PATH. */
export function npmCommand() {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js') && existsSync(cli)) return [which('node') ?? process.execPath, cli];
  const npm = which('npm') ?? which('npm.cmd');
  if (npm) return [npm];
  throw new SetupError('npm was not found on the PATH. Install Node.js with npm (https://nodejs.org) and start again.');
}

/** True when someone ran `npm ci` or `npm install` by hand after the last change of the lock file. */
function installedMatchesLock() {
  const wanted = readPackages(lockFile);
  const installed = readPackages(installedFile);
  if (!wanted || !installed) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.link || !path.startsWith('node_modules/')) continue;
    const found = installed[path];
    // Binary packages of other platforms are rightly absent.
    if (!found && entry.optional) continue;
    if (!found || found.version !== entry.version || found.integrity !== entry.integrity) return false;
  }
  return Object.keys(installed).every((path) => wanted[path] !== undefined);
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}
