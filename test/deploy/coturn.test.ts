/** coturn, started as the kit starts it, on loopback. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { encodeRequest, METHOD } from '../../relay/cli/doctor/turn/stun-message.ts';
import { iceServersFor } from '../../relay/signalling/ice-servers.ts';
import { ChildProgram } from '../harness/child-program.ts';
import { freePort } from '../harness/network/free-port.ts';
import { answersStun } from '../harness/network/stun.ts';
import { inRoot, readEnv, readKit, run, without } from './kits.ts';
import { TurnClient } from './turn-client.ts';

const SECRET = randomBytes(32).toString('hex');
const ALLOCATED = 0x0103;
const NOT_ALLOCATED = 0x0113;
const PERMITTED = 0x0108;
const NOT_PERMITTED = 0x0118;
const BINDING_SUCCESS = 0x0101;

describe('coturn of the Compose kit', { skip: without('turnserver') }, () => {
  let folder: string;
  let port: number;
  let tlsPort: number;
  let coturn: ChildProgram;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prospect-kit-coturn-'));
    cpSync(inRoot('deploy', 'compose', 'coturn'), folder, { recursive: true });
    [port = 0, tlsPort = 0] = await Promise.all([freePort(), freePort()]);
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=relay.example.com'];
    const files = ['-keyout', join(folder, 'certs', 'privkey.pem'), '-out', join(folder, 'certs', 'fullchain.pem')];
    assert.equal(run('openssl', [...request, ...files]).status, 0);
    const own = readKit('compose/coturn/turnserver.conf').replace(/^listening-port=3478$/m, `listening-port=${port}`);
    // Loopback alone; in the kit it listens everywhere.
    writeFileSync(join(folder, 'turnserver.conf'), `${own}\nlistening-ip=127.0.0.1\nrelay-ip=127.0.0.1\n`);
    const { ANNOUNCED_ADDRESS, SITE_NAME } = readEnv(readKit('compose/.env.example'));
    const env = {
      ANNOUNCED_ADDRESS,
      SITE_NAME,
      TURN_SECRET: SECRET,
      COTURN_TLS_PORT: String(tlsPort),
      COTURN_DIR: folder,
      TMPDIR: folder,
    };
    const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    coturn = await ChildProgram.start('env', [...words, 'sh', join(folder, 'start.sh')], () =>
      answersStun('127.0.0.1', port),
    );
  });
  after(async () => {
    await coturn?.kill();
    rmSync(folder, { recursive: true });
  });

  const client = async (secret: string, use: (turn: TurnClient) => Promise<void>) => {
    const ice = { stunUrls: [], turnUrls: ['turn:127.0.0.1'], turnSecret: secret, turnCredentialTtlS: 600 };
    const [server] = iceServersFor(ice, 'somebody');
    const turn = await TurnClient.open(port, { username: server?.username ?? '', password: server?.credential ?? '' });
    try {
      await use(turn);
    } finally {
      turn.close();
    }
  };

  it('takes the credentials that the relay makes, and no others', async () => {
    await client(SECRET, async (turn) => assert.equal(await turn.allocate(), ALLOCATED));
    await client('another secret', async (turn) => assert.equal(await turn.allocate(), NOT_ALLOCATED));
  });

  it('is found well over TLS by the doctor, which refuses a certificate that this machine does not know', async () => {
    const ice = { stunUrls: [], turnSecret: SECRET, turnCredentialTtlS: 600 };
    const url = `turns:relay.example.com:${tlsPort}?transport=tcp`;
    const doctor = (env: Record<string, string>) => {
      const program = `
        import dns from 'node:dns';
        import { checkIce } from ${JSON.stringify(inRoot('relay', 'cli', 'doctor', 'ice-checks.ts'))};
        const [lookup] = [dns.lookup];
        dns.lookup = (name, options, done) => lookup(name === 'relay.example.com' ? '127.0.0.1' : name, options, done);
        const { findings } = await checkIce(${JSON.stringify({ ...ice, turnUrls: [url] })});
        process.stdout.write(JSON.stringify(findings));
        process.exit();`;
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
        env: { PATH: process.env.PATH, ...env },
        encoding: 'utf8',
        timeout: 20_000,
      });
      assert.match(stdout, /^\[/, stderr);
      const [finding] = JSON.parse(stdout);
      return `${finding.status}: ${finding.text} ${finding.fix ?? ''}`;
    };
    assert.match(
      doctor({ NODE_EXTRA_CA_CERTS: join(folder, 'certs', 'fullchain.pem') }),
      /^ok: .*an allocation was made/,
    );
    assert.match(doctor({}), /^failed: .*self-signed certificate/);
  });

  it('leads to public addresses, and not into a network behind it, nor to its own machine', async () => {
    await client(SECRET, async (turn) => {
      assert.equal(await turn.allocate(), ALLOCATED);
      assert.equal(await turn.permission('203.0.113.7'), PERMITTED);
      const closed = ['10.1.2.3', '172.20.0.1', '192.168.1.1', '127.0.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.1'];
      for (const peer of closed) assert.equal(await turn.permission(peer), NOT_PERMITTED, peer);
    });
  });

  it('speaks TLS when it has a certificate', async () => {
    const socket = connect({ host: '127.0.0.1', port: tlsPort, rejectUnauthorized: false });
    try {
      await once(socket, 'secureConnect');
      // What browsers still speak.
      assert.match(socket.getProtocol() ?? '', /^TLSv1\.[23]$/);
      socket.write(encodeRequest(METHOD.binding, []));
      const [answer] = await once(socket, 'data', { signal: AbortSignal.timeout(10_000) });
      assert.equal(answer.readUInt16BE(0), BINDING_SUCCESS);
    } finally {
      socket.destroy();
    }
  });

  it('has its secret in no command line', () => {
    const words = readFileSync(`/proc/${coturn.pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    assert.match(words, /^turnserver -c /);
    assert.doesNotMatch(words, new RegExp(SECRET));
  });

  it('understood every one of its settings', () => {
    assert.match(coturn.output, /bytes per second allowed per session/);
    assert.doesNotMatch(coturn.output, /Bad configuration format/);
  });
});
