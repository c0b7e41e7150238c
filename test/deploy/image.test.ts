/** What can be known of the image without building it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { inRoot, readKit, run, without } from './kits.ts';

const text = readKit('image/Containerfile');
/** Instructions, their lines joined. */
const instructions = text
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '');
const of = (name: string) => instructions.filter((line) => line.startsWith(`${name} `));

describe('Containerfile', () => {
  it('builds every stage on the same base, so that the worker finds the libraries it was linked with', () => {
    const stages = of('FROM').map((line) => /^FROM \$\{NODE_IMAGE\}(?: AS (\w+))?$/.exec(line));
    assert.ok(stages.every(Boolean));
    assert.deepEqual(
      stages.map((stage) => stage?.[1]),
      ['modules', 'worker', 'build', undefined],
    );
  });

  it('copies what is there: files of the project, or of a stage before', () => {
    for (const line of of('COPY')) {
      const [, from, words = ''] = /^COPY (?:--from=(\w+) )?(.*)$/.exec(line) ?? [];
      const sources = words.split(' ').slice(0, -1);
      if (from !== undefined) assert.ok(text.indexOf(`AS ${from}`) < text.indexOf(line), line);
      else for (const source of sources) assert.ok(existsSync(inRoot(source)), source);
    }
  });

  it('downloads nothing but what the lock file names with its hash, and Debian’s packages', () => {
    assert.doesNotMatch(instructions.join('\n'), /curl|wget|https?:\/\/(?!127\.0\.0\.1)|postinstall|^ADD /m);
    const installs = instructions.flatMap((line) => line.match(/npm ci[^&]*/g) ?? []);
    assert.equal(installs.length, 2);
    for (const install of installs) assert.match(install, /--ignore-scripts/);
    const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
    for (const part of ['mediasoup', 'ioredis', 'socket.io'])
      assert.match(packages[`node_modules/${part}`].integrity, /^sha512-/, part);
  });

  it('has every place where npm puts what the relay needs', () => {
    const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
    const beside = Object.keys(packages).some((path) => path.startsWith('relay/node_modules/'));
    assert.ok(text.includes('COPY --from=modules /app/node_modules node_modules\n'));
    if (beside) assert.ok(text.indexOf('COPY --from=modules /app/relay relay\n') > text.indexOf('COPY relay relay\n'));
  });

  it('runs without being root, and names the worker for mediasoup', () => {
    assert.deepEqual(of('USER'), ['USER 10001:10001']);
    assert.match(of('ENV').join(' '), /MEDIASOUP_WORKER_BIN=\/app\/mediasoup-worker/);
    assert.ok(text.includes('COPY --from=worker /out/mediasoup-worker /app/mediasoup-worker'));
  });

  const worker = process.env.MEDIASOUP_WORKER_BIN ?? '';
  const built = worker !== '' && run('ldd', [worker]).output.includes('libsrtp2.so');
  const skip = (!built && 'this worker was not built here') || without('dpkg') || without('readelf');
  it('installs the libraries that a worker of that build loads', { skip }, () => {
    const needed = [...run('readelf', ['-d', worker]).output.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name);
    const paths = [...run('ldd', [worker]).output.matchAll(/^\s*(\S+) => (\S+)/gm)]
      .filter(([, name]) => needed.includes(name))
      // Packages say /usr/lib or /lib, which are one.
      .flatMap(([, , path = '']) => [path, `/usr${path}`]);
    const packages = [...run('dpkg', ['-S', ...paths]).output.matchAll(/^([\w.+-]+):\w+: \//gm)].map(
      ([, name]) => name,
    );
    const inBase = ['libc6', 'libstdc++6', 'libgcc-s1'];
    const wanted = [...new Set(packages)].filter((name) => !inBase.includes(name ?? '')).sort();
    const installed = /apt-get install -y --no-install-recommends ([\w. -]+?) *&&/.exec(of('RUN').join('\n'))?.[1];
    assert.deepEqual(installed?.split(' ').sort(), wanted);
  });
});
