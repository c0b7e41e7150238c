import assert from 'node:assert/strict';
import { it } from 'node:test';
import { disguised, findUnknownNames } from './unknown-names.ts';
import { variables } from './variables.ts';

it('finds names that were meant for the relay, and what was meant', () => {
  for (const [name, meant] of [
    ['JWT_AUDIENC', 'JWT_AUDIENCE'],
    ['JWT_ADUIENCE', 'JWT_AUDIENCE'],
    ['jwt_audience', 'JWT_AUDIENCE'],
    ['JWT-AUDIENCE', 'JWT_AUDIENCE'],
    ['ALLOWED_ORIGIN', 'ALLOWED_ORIGINS'],
    ['ANNOUNCED_ADDRESSES', 'ANNOUNCED_ADDRESS'],
    ['SECRET_JWT', 'JWT_SECRET'],
    ['JWKS_URI', 'JWKS_URL'],
    ['TURN_URL', 'TURN_URLS'],
    ['TLS_CERT', 'TLS_CERT_FILE'],
    ['PROSPECT_JWT_SECRET', 'JWT_SECRET'],
    ['PROSPECT_MAX_STREAMS', 'MAX_STREAMS'],
    ['SESSION_GRACE_MS', 'SESSION_GRACE'],
    ['NODE_ENVV', 'NODE_ENV'],
    ['RELAY_ENV_FIEL', 'RELAY_ENV_FILE'],
    ['JWT_EXPIRES_IN', null],
  ] as const) {
    assert.deepEqual(findUnknownNames([name]), [{ name, meant }], name);
  }
});

it('leaves other programs’ names and its own alone', () => {
  const others =
    'PATH HOME HOSTNAME HOST host USER LANG TZ PWD SHLVL TERM PORT HTTP_PROXY HTTPS_PROXY NO_PROXY NODE_OPTIONS npm_config_cache ' +
    'npm_package_json KUBERNETES_SERVICE_HOST MEDIA_SERVICE_PORT MEDIA_PORT_44400_TCP_ADDR INVOCATION_ID JOURNAL_STREAM ' +
    'SSL_CERT_FILE NODE_EXTRA_CA_CERTS MEDIASOUP_WORKER_BIN RELAY_ENV_FILE DATABASE_URL';
  assert.deepEqual(findUnknownNames(others.split(' ')), []);
  assert.deepEqual(findUnknownNames(Object.keys(variables)), []);
});

it('finds a name behind a byte order mark', () => {
  assert.equal(disguised('\uFEFFNODE_ENV'), 'NODE_ENV');
  assert.equal(disguised('NODE_ENV '), 'NODE_ENV');
  assert.equal(disguised('NODE_ENV'), null);
  assert.equal(disguised('\uFEFFOTHER'), null);
});
