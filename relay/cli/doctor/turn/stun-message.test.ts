import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readIceUrl } from './ice-url.ts';
import { ATTRIBUTE, addressIn, decodeMessage, encodeRequest, errorIn, longTermKey } from './stun-message.ts';

/** RFC 5769, 2.2 and 2.3: sample responses, IPv4 and IPv6. */
const IPV4 =
  '0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96';
const IPV6 =
  '010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c';
/** RFC 5769, 2.4: a request with long-term authentication. */
const REQUEST = {
  nonce: 'f//499k954d6OL34oL9FSTvy64sA',
  realm: 'example.org',
  username: '\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9',
  password: 'TheMatrIX',
  integrity: 'f67024656dd64a3e02b8e0712e85c9a28ca89666',
};

describe('STUN messages', () => {
  it('reads the addresses of the samples of RFC 5769', () => {
    const read = (hex: string) => {
      const message = decodeMessage(Buffer.from(hex, 'hex')) ?? assert.fail('no message');
      return addressIn(message, ATTRIBUTE.xorMappedAddress);
    };
    assert.deepEqual(read(IPV4), { ip: '192.0.2.1', port: 32853 });
    assert.deepEqual(read(IPV6), { ip: '2001:db8:1234:5678:11:2233:4455:6677', port: 32853 });
  });

  it('makes the key of long-term credentials, and a signature over what stands before it', async () => {
    const { createHmac } = await import('node:crypto');
    const key = longTermKey(REQUEST.username, REQUEST.realm, REQUEST.password);
    const sample = Buffer.concat([
      Buffer.from('000100602112a44278ad3433c6ad72c029da412e', 'hex'),
      Buffer.from('00060012e3839ee38388e383aae38383e382afe382b90000', 'hex'),
      Buffer.from(`0015001c${Buffer.from(REQUEST.nonce).toString('hex')}`, 'hex'),
      Buffer.from(`0014000b${Buffer.from(REQUEST.realm).toString('hex')}00`, 'hex'),
    ]);
    assert.equal(createHmac('sha1', key).update(sample).digest('hex'), REQUEST.integrity);
    const signed = encodeRequest(0x0001, [[ATTRIBUTE.username, Buffer.from(REQUEST.username)]], key);
    const { attributes, type } = decodeMessage(signed) ?? assert.fail('no message');
    assert.equal(type, 0x0001);
    const mac = createHmac('sha1', key).update(signed.subarray(0, -24)).digest();
    assert.deepEqual(attributes.get(ATTRIBUTE.messageIntegrity), mac);
  });

  it('takes nothing else for a message', () => {
    const good = encodeRequest(0x0001, []);
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      good.subarray(1),
      Buffer.concat([good, good]),
    ])
      assert.equal(decodeMessage(bytes), null);
    const cut = Buffer.from(IPV4, 'hex');
    cut.writeUInt16BE(0x7000, 22);
    assert.equal(decodeMessage(cut), null);
  });

  it('reads an error', () => {
    const value = Buffer.concat([Buffer.from([0, 0, 4, 1]), Buffer.from('Unauthorized')]);
    const message = decodeMessage(encodeRequest(0x0113, [[ATTRIBUTE.errorCode, value]])) ?? assert.fail('no message');
    assert.deepEqual(errorIn(message), { code: 401, reason: 'Unauthorized' });
  });
});

describe('addresses of STUN and TURN servers', () => {
  it('are read with their usual ports and transports', () => {
    const read = (url: string) => Object.values(readIceUrl(url)).join(' ');
    assert.equal(read('turn:turn.example.com'), 'turn turn.example.com 3478 udp');
    assert.equal(read('turn:turn.example.com:80?transport=tcp'), 'turn turn.example.com 80 tcp');
    assert.equal(read('turns:turn.example.com'), 'turns turn.example.com 5349 tls');
    assert.equal(read('turns:[2001:db8::1]:443?transport=udp'), 'turns 2001:db8::1 443 dtls');
    assert.equal(read('stun:192.0.2.1'), 'stun 192.0.2.1 3478 udp');
    assert.throws(() => readIceUrl('https://turn.example.com'), /no address/);
  });
});
