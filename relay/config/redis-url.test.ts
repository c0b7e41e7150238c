import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redisUrl } from './redis-url.ts';

describe('redisUrl', () => {
  it('reads one server, with and without TLS', () => {
    const { redis, name } = redisUrl.parse(' rediss://me:a%3Ab@redis.example.com:7000/2?name=staging ');
    assert.deepEqual(redis, {
      kind: 'single',
      hosts: [{ host: 'redis.example.com', port: 7000 }],
      tls: true,
      username: 'me',
      password: 'a:b',
      database: 2,
      sentinel: null,
    });
    assert.equal(name, 'staging');
    assert.deepEqual(redisUrl.parse('redis://[::1]:7000').redis.hosts, [{ host: '::1', port: 7000 }]);
  });

  it('reads a password with an at sign in it, as people write them', () => {
    assert.equal(redisUrl.parse('redis://:p@ss@host').redis.password, 'p@ss');
  });

  it('reads Sentinels', () => {
    const { redis } = redisUrl.parse(
      'redis+sentinel://me:pw@one,two:5000/mymaster?sentinelUsername=watch&sentinelPassword=dog',
    );
    assert.equal(redis.kind, 'sentinel');
    assert.deepEqual(redis.hosts, [
      { host: 'one', port: 26_379 },
      { host: 'two', port: 5000 },
    ]);
    assert.deepEqual(redis.sentinel, { master: 'mymaster', username: 'watch', password: 'dog' });
    assert.deepEqual(redisUrl.parse('rediss+sentinel://one/m').redis.sentinel?.password, null);
  });

  it('reads a Redis Cluster', () => {
    const { redis } = redisUrl.parse('rediss+cluster://one:1,two');
    assert.equal(redis.kind, 'cluster');
    assert.equal(redis.tls, true);
    assert.deepEqual(
      redis.hosts.map(({ port }) => port),
      [1, 6379],
    );
  });

  it('refuses anything else, and shows nothing of it', () => {
    for (const bad of [
      '',
      'redis.example.com:6379',
      'http://host',
      'redis://',
      'redis://host,other',
      'redis://host:0',
      'redis://host:70000',
      'redis://ho st',
      'redis://host/one',
      'redis://host/0/1',
      'redis://host?database=1',
      'redis://host?name=Staging',
      'redis://host?name=a&name=b',
      'redis://host?sentinelPassword=xyzzy',
      'redis://xyzzy@host',
      'redis://:xyzzy%@host',
      'redis+sentinel://host',
      'redis+sentinel://host/my master',
      'redis+cluster://host/1',
      'redis+tls://host',
    ]) {
      const result = redisUrl.safeParse(bad);
      assert.equal(result.success, false, bad);
      assert.doesNotMatch(result.error?.message ?? '', /xyzzy/);
    }
  });
});
