import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ConfigError, readConfig } from '../config.ts';
import { sharedSuffixOf } from './wide-origins.ts';

it('names of registries and of services that give names to anybody are told from somebody’s own', () => {
  const by = (entry: string) => sharedSuffixOf(entry)?.by ?? null;
  for (const entry of ['https://*.co.uk', 'https://*.com.au:8443', 'http://*.gouv.fr'])
    assert.equal(by(entry), 'registry', entry);
  for (const entry of ['https://*.github.io', 'https://*.vercel.app', 'https://*.eu-west-3.compute.amazonaws.com'])
    assert.equal(by(entry), 'service', entry);
  for (const entry of [
    'https://*.example.com',
    'https://*.example.co.uk',
    'https://*.ours.github.io',
    'https://*.lan.corp:3000',
    'https://co.uk',
    'capacitor://localhost',
    '*',
  ])
    assert.equal(by(entry), null, entry);
});

const ENV = {
  NODE_ENV: 'production',
  JWT_SECRET: 'kD9vQ2xW8zR4tY6uI1oP3aS5dF7gH0jK',
  ANNOUNCED_ADDRESS: '1.2.3.4',
};

it('in production a registry’s suffix stops the start; elsewhere, and for a service, it is warned about', () => {
  assert.throws(
    () => readConfig({ ...ENV, ALLOWED_ORIGINS: 'https://*.example.com,https://*.co.uk' }),
    (error) =>
      error instanceof ConfigError && /^ALLOWED_ORIGINS: https:\/\/\*\.co\.uk lets in/.test(error.problems.join('\n')),
  );
  const warnings = (env: object) => readConfig({ ...ENV, ...env }).warnings.filter((line) => /lets in/.test(line));
  assert.match(warnings({ ALLOWED_ORIGINS: 'https://*.vercel.app' }).join('\n'), /vercel\.app.*to anybody/);
  assert.equal(warnings({ NODE_ENV: 'test', ALLOWED_ORIGINS: 'https://*.co.uk' }).length, 1);
  assert.deepEqual(warnings({ ALLOWED_ORIGINS: 'https://*.example.co.uk' }), []);
});
