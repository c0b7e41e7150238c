import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fillIn, judge, readEnv, readKit, run, STOP_S, variableNames, without } from './kits.ts';

const UNIT = 'systemd/prospect-relay.service';
const unit = readKit(UNIT);
const skip = without('systemd-analyze');

describe('prospect-relay.service', () => {
  let folder: string;
  let file: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'prospect-unit-'));
    file = join(folder, 'prospect-relay.service');
    // Programs are looked for; the relay is installed elsewhere.
    writeFileSync(file, unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** What systemd has to say of this unit; others of this machine may have faults of their own. */
  const verify = () =>
    run('systemd-analyze', ['verify', '--man=no', file])
      .output.split('\n')
      .filter((line) => line.includes('prospect-relay'));

  it('is one that systemd takes, without a word', { skip }, () => {
    assert.deepEqual(verify(), []);
    const wrong = join(folder, 'prospect-relay-wrong.service');
    writeFileSync(
      wrong,
      unit.replace('ProtectHome=true', 'ProtectHom=true').replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'),
    );
    assert.match(run('systemd-analyze', ['verify', '--man=no', wrong]).output, /ProtectHom/);
  });

  it('leaves the relay little that it could do to the machine', { skip }, () => {
    // 10 is a service without any confinement. What is left is what it needs: the network, and to compile.
    const { status, output } = run('systemd-analyze', [
      'security',
      '--offline=true',
      '--threshold=20',
      '--no-pager',
      file,
    ]);
    assert.equal(status, 0, output);
  });

  it('has its settings from the file that the kit brings, all of it', () => {
    assert.match(unit, /^Environment=RELAY_ENV_FILE=\/etc\/prospect-live\/relay\.env$/m);
    const set = [...unit.matchAll(/^Environment=([A-Z_]+)=/gm)].map(([, name]) => name);
    assert.deepEqual(set, ['NODE_ENV', 'RELAY_ENV_FILE']);
  });

  it('is given longer to stop than a drain takes', () => {
    assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) >= STOP_S);
  });
});

describe('relay.env', () => {
  let folder: string;
  const env = readEnv(readKit('systemd/relay.env'));

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'prospect-env-'));
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '90', '-subj', '/CN=relay.example.com'];
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    assert.equal(spawnSync('openssl', [...request, ...files]).status, 0);
  });
  after(() => rmSync(folder, { recursive: true }));

  const here = () => ({
    ...env,
    TLS_CERT_FILE: join(folder, 'cert.pem'),
    TLS_KEY_FILE: join(folder, 'key.pem'),
  });

  it('has variables of the relay, and nothing else', () => {
    for (const name of Object.keys(env)) assert.ok(variableNames.includes(name), name);
  });

  it('says to the commands beside the service that it is production', () => {
    assert.equal(env.NODE_ENV, 'production');
  });

  it('is refused as it stands, and taken without a warning once it is filled in', () => {
    assert.match(judge(here()).join('\n'), /JWT_SECRET: is a placeholder/);
    assert.deepEqual(judge(fillIn(here())), []);
  });
});

describe('what is beside the unit', () => {
  it('the journal has limits of size and of age', () => {
    const conf = readKit('systemd/journald@prospect-live.conf');
    assert.match(unit, /^LogNamespace=prospect-live$/m);
    for (const limit of [/^SystemMaxUse=\d+G$/m, /^MaxRetentionSec=\d+day$/m]) assert.match(conf, limit);
  });

  it('the kernel is asked for the buffers that the relay asks of it', () => {
    const conf = readKit('systemd/prospect-live.sysctl.conf');
    for (const name of ['net.core.rmem_max', 'net.core.wmem_max'])
      assert.ok(conf.includes(`\n${name} = ${4 * 1024 * 1024}\n`), name);
  });
});
