/** A whole session with audio, by everybody's rules and against them: nothing of it that is secret stands in a URL or in the log. */
import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { LivePage } from '../../relay/signalling/testing/live-page.ts';
import { admin, commercial } from '../../relay/streams/testing/scene.ts';
import { HearingPair } from '../harness/relay/hearing-pair.ts';
import { CLUSTER_SECRET, testInRealPlaces } from '../harness/relay/real-places.ts';
import { realToken, SECRET } from '../harness/relay/real-relay.ts';

const TURN_SECRET = 'the secret that is shared with the TURN server';

/** Passes everything on to the relay and keeps the lines that requests begin with. */
async function startWatcher(port: number) {
  const requestLines: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const relay = connect(port, '127.0.0.1');
    for (const socket of [client, relay]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        relay.destroy();
      });
    }
    client.on('data', (data) => {
      const line = /^[A-Z]+ \S+ HTTP\/1\.1/.exec(data.toString('latin1'))?.[0];
      if (line !== undefined) requestLines.push(line);
    });
    client.pipe(relay).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    url: `http://127.0.0.1:${address.port}`,
    requestLines,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** The parts of a description that must stay between the two sides. */
function secretsOf(sdp: string): string[] {
  return [...sdp.matchAll(/^a=(?:ice-ufrag|ice-pwd|fingerprint):(?:sha-\d+ )?(\S+)/gm)].map(([, value]) => value ?? '');
}

const ENV = { LOG_LEVEL: 'info', SESSION_GRACE: '100ms', TURN_URLS: 'turn:turn.example.com', TURN_SECRET };

testInRealPlaces(
  'no token, description, ICE credential, TURN credential, session id or name is in a URL, in the log at info or in Redis',
  ENV,
  async (t, { commercials, admins, relays, commands }) => {
    const watchers = await Promise.all(relays.map(({ port }) => startWatcher(port)));
    t.after(() => {
      for (const watcher of watchers) watcher.close();
    });
    const secrets = new Map<string, string>([
      [SECRET, 'the JWT secret'],
      [TURN_SECRET, 'the TURN secret'],
      [CLUSTER_SECRET, 'the secret of the cluster'],
    ]);
    const hide = (what: string, ...values: string[]): void => {
      for (const value of values) if (value !== '') secrets.set(value, what);
    };
    const hideToken = (token: string): string => {
      hide('a token', token, ...token.split('.').slice(1));
      return token;
    };
    const dial = (url: string, auth: object, transports: string[]): LivePage =>
      new LivePage(io(url, { transports, auth, reconnection: false, forceNew: true }));

    // A pair that hears, refreshes, is cut off and comes back.
    const zoe = commercial('c-17', 'Nord', 'Zoé Nomsecret');
    const yves = admin('a-23', ['Nord'], 'Yves Nomsecret');
    const pair = await HearingPair.start(commercials, zoe, yves, admins);
    t.after(() => pair.close());
    for (const page of [pair.commercial, pair.admin]) {
      const { sessionId, iceServers } = await page.until('session:ready');
      hide('a session id', sessionId);
      for (const { username, credential } of iceServers) hide('a TURN credential', username ?? '', credential ?? '');
    }
    const listening = await pair.admin.request('listen:connect', { mode: 'restart-ice' });
    hide('a description', ...[...pair.descriptions, listening.sdp].flatMap(secretsOf));
    await pair.admin.request('session:refresh', { token: hideToken(realToken(yves)) });
    await pair.commercial.request('stream:voice', { level: 3 });

    // Pages over both transports, a refused token, refused requests, an unknown request with a secret name, an HTTP question.
    const forged = hideToken(`${realToken(zoe)}x`);
    for (const { url } of watchers) {
      for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
        const page = dial(url, { token: hideToken(realToken(zoe)), sessionId: 'made-up-session-id' }, transports);
        hide('a session id', (await page.until('session:ready')).sessionId, 'made-up-session-id');
        await page.refused('publish:offer', { mode: 'connect', sdp: 'v=0\r\no=private-description' });
        await page.refused('secret-request-name', { name: 'Zoé Nomsecret' });
        page.socket.disconnect();
      }
      const refused = dial(url, { token: forged }, ['websocket']);
      await new Promise((resolve) => refused.socket.once('connect_error', resolve));
      for (const token of [hideToken(realToken(yves)), forged]) {
        await fetch(`${url}/api/streaming/status`, { headers: { authorization: `Bearer ${token}` } });
      }
    }
    hide('a description', 'private-description');
    pair.commercial.cut();
    pair.voice.close();
    await wait(300); // the time of grace is over, the session closed
    for (const relay of relays) await relay.close();

    const lines = relays.flatMap((relay) => relay.log);
    const log = lines.join('');
    for (const step of [
      'connected',
      'transport made',
      'answer read',
      'consumer made',
      'connection refused',
      'session closed',
    ]) {
      assert.ok(log.includes(`"msg":"${step}"`), `the log has no “${step}”, so this test proves nothing of it`);
    }
    const requestLines = watchers.flatMap((watcher) => watcher.requestLines);
    assert.ok(requestLines.some((line) => line.includes('transport=websocket')));
    assert.ok(requestLines.some((line) => line.includes('transport=polling')));
    const redis = commands.join('');
    if (relays.length > 1) assert.match(redis, /"publish" "prospect:\{[^}]+\}:node:a" "p1\./i, 'Redis was not watched');
    assert.ok(secrets.size > 25);
    const urls = decodeURIComponent(requestLines.join('\n'));
    for (const [secret, what] of secrets) {
      assert.ok(!log.includes(secret), `${what} is in the log: ${lines.find((line) => line.includes(secret))}`);
      assert.ok(!urls.includes(secret), `${what} is in a URL`);
      assert.ok(!redis.includes(secret), `${what} is in Redis`);
    }
    assert.doesNotMatch(log, /Nomsecret|v=0|a=ice|eyJ/);
    assert.doesNotMatch(urls, /eyJ|token|Nomsecret/i);
    // Nor are ids and teams, which are no secret, but nobody's business there either.
    assert.doesNotMatch(redis, /Nomsecret|Nord|c-17|a-23/);
  },
);
