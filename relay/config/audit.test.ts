import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { describe, it } from 'node:test';
import { ConfigError, type Environment, readConfig } from '../config.ts';

const SECRET = 'kD9vQ2xW8zR4tY6uI1oP3aS5dF7gH0jK';
const URL = 'https://app.example.com/hooks';
const read = (env: Environment) => readConfig({ JWT_SECRET: SECRET, ...env });

function refusal(env: Environment): string {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('where the audit trail goes', () => {
  it('is the log alone when nothing is said', () => {
    const { audit, webhook } = read({}).config;
    assert.deepEqual([audit, webhook], [null, null]);
  });

  it('is a chain that is named by the node, else by the machine', () => {
    assert.equal(read({ AUDIT_DIR: '/srv/audit', NODE_ID: 'b' }).config.audit?.chain, 'b');
    const { config, warnings } = read({ AUDIT_DIR: '/srv/audit', NODE_ID: 'b' });
    assert.deepEqual([config.audit?.root, warnings.filter((text) => text.includes('NODE_ID'))], ['/srv/audit', []]);
    const named = read({ AUDIT_DIR: '/srv/audit' }).config.audit?.chain ?? '';
    assert.match(named, /^[A-Za-z0-9][A-Za-z0-9._-]*$/);
    assert.ok(hostname().startsWith(named.slice(0, 3)));
  });

  it('is a server too, with a secret that is long enough', () => {
    const { webhook } = read({ AUDIT_WEBHOOK_URL: URL, AUDIT_WEBHOOK_SECRET: SECRET }).config;
    assert.deepEqual([webhook?.url, webhook?.secret], [URL, SECRET]);
    assert.match(refusal({ AUDIT_WEBHOOK_URL: URL }), /AUDIT_WEBHOOK_SECRET: is needed with AUDIT_WEBHOOK_URL/);
    assert.match(
      read({ AUDIT_WEBHOOK_SECRET: SECRET }).warnings.join(),
      /AUDIT_WEBHOOK_SECRET: has no effect without AUDIT_WEBHOOK_URL/,
    );
    const production = {
      NODE_ENV: 'production',
      ANNOUNCED_ADDRESS: '203.0.113.7',
      ALLOWED_ORIGINS: 'https://a.example',
    };
    assert.match(
      refusal({ ...production, AUDIT_WEBHOOK_URL: URL, AUDIT_WEBHOOK_SECRET: 'dF7gH0jKx2' }),
      /AUDIT_WEBHOOK_SECRET: has 10 bytes, but needs at least 24/,
    );
    assert.match(
      refusal({ ...production, AUDIT_WEBHOOK_URL: 'http://app.example.com/', AUDIT_WEBHOOK_SECRET: SECRET }),
      /AUDIT_WEBHOOK_URL: http:\/\/app\.example\.com is not encrypted/,
    );
  });
});
