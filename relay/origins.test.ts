import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { corsOrigin, isAllowedOrigin, problemOfOrigin } from './origins.ts';

describe('isAllowedOrigin', () => {
  it('compares letter for letter', () => {
    const allowed = ['https://app.example.com', 'capacitor://localhost'];
    for (const origin of ['https://app.example.com', 'capacitor://localhost', undefined]) {
      assert.equal(isAllowedOrigin(allowed, origin), true, origin);
    }
    for (const origin of [
      'http://app.example.com',
      'https://app.example.com.evil.example',
      'https://app.example.com:444',
      'https://localhost',
      'ionic://localhost',
      'null',
      '',
    ]) {
      assert.equal(isAllowedOrigin(allowed, origin), false, origin);
    }
  });

  it('takes * for one or more whole labels', () => {
    const allowed = ['https://*.example.com', 'http://*.lan.example:3000'];
    for (const origin of [
      'https://app.example.com',
      'https://a.b.example.com',
      'https://xn--mnchen-3ya.example.com',
      'http://a.lan.example:3000',
    ]) {
      assert.equal(isAllowedOrigin(allowed, origin), true, origin);
    }
    for (const origin of [
      'https://example.com',
      'https://.example.com',
      'https://evilexample.com',
      'https://app.example.com.evil.example',
      'https://app.example.com:444',
      'http://app.example.com',
      'https://evil.example/.example.com',
      'https://evil.example:80.example.com',
      'https://user@a.example.com',
      'https://a..example.com',
      'https://*.example.com.evil.example',
      'http://a.lan.example',
    ]) {
      assert.equal(isAllowedOrigin(allowed, origin), false, origin);
    }
  });

  it('is the same for the packages that answer CORS', () => {
    assert.equal(corsOrigin(['*']), '*');
    const cors = corsOrigin(['https://*.example.com']);
    assert(typeof cors === 'function');
    const answers: boolean[] = [];
    for (const origin of ['https://a.example.com', 'https://evil.example']) {
      cors(origin, (_error, allow) => answers.push(allow));
    }
    assert.deepEqual(answers, [true, false]);
  });
});

describe('problemOfOrigin', () => {
  it('takes what browsers and the shells of apps send', () => {
    for (const entry of [
      '*',
      'https://app.example.com',
      'https://*.example.com',
      'http://localhost:3000',
      'http://[::1]:3000',
      'https://xn--mnchen-3ya.example',
      'capacitor://localhost',
      'ionic://localhost',
      'tauri://localhost',
      'http://tauri.localhost',
      'app://my-app',
      'chrome-extension://abcdefghijklmnop',
    ]) {
      assert.equal(problemOfOrigin(entry), null, entry);
    }
  });

  it('names the near right value of what no browser sends', () => {
    for (const [entry, hint] of [
      ['https://app.example.com/', /spelling: https:\/\/app\.example\.com$/],
      ['https://App.example.com', /spelling: https:\/\/app\.example\.com$/],
      ['https://app.example.com:443', /spelling: https:\/\/app\.example\.com$/],
      ['https://*.example.com:443/x', /spelling: https:\/\/\*\.example\.com$/],
      ['https://münchen.example', /spelling: https:\/\/xn--mnchen-3ya\.example$/],
      ['https://*.münchen.example', /spelling: https:\/\/\*\.xn--mnchen-3ya\.example$/],
      ['capacitor://localhost/', /spelling: capacitor:\/\/localhost$/],
      ['*.example.com', /perhaps https:\/\/\*\.example\.com$/],
      ['app.example.com', /perhaps https:\/\/app\.example\.com$/],
      ['https://app.*.com', /whole labels at the start/],
      ['https://app*.example.com', /whole labels at the start/],
      ['https://*', /whole labels at the start|two labels/],
      ['https://*.com', /two labels or more/],
      ['https://*.127.0.0.1', /two labels or more/],
      ['https://app.example.com:*', /port by its number/],
      ['null', /files and sandboxed frames/],
      ['file:///x', /schemes https, http/],
      ['javascript://x', /schemes https, http/],
      ['https://', /origins such as/],
      ['https://user@app.example.com', /origins such as/],
      ['https://app..example.com', /origins such as/],
    ] as const) {
      assert.match(problemOfOrigin(entry) ?? 'accepted', hint, entry);
    }
  });
});
