import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { parseEnvFile } from './env-file.ts';

it('reads names, values, quotes, comments and line ends of both kinds', () => {
  const text = [
    '# a comment',
    '',
    'NODE_ENV=production',
    '  HTTP_PORT = 9000  ',
    'export LOG_LEVEL=warn',
    'JWT_SECRET="a#b c"',
    'JWT_ISSUER=\'say "hi"\' # why',
    'EMPTY=',
    'JWT_PUBLIC_KEY="-----BEGIN PUBLIC KEY-----\\nMIIB\\n-----END PUBLIC KEY-----"',
    'LINES="one',
    '  two"',
  ];
  for (const end of ['\n', '\r\n']) {
    assert.deepEqual(parseEnvFile(text.join(end)), {
      NODE_ENV: 'production',
      HTTP_PORT: '9000',
      LOG_LEVEL: 'warn',
      JWT_SECRET: 'a#b c',
      JWT_ISSUER: 'say "hi"',
      EMPTY: '',
      JWT_PUBLIC_KEY: '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
      LINES: 'one\n  two',
    });
  }
});

for (const [what, text, reason] of [
  [
    'a # inside a value',
    'A=1\nJWT_SECRET=abc#def',
    /line 2: the value of JWT_SECRET has a #.*JWT_SECRET='…' in single/,
  ],
  ['a # after a space', 'JWT_SECRET=abc #def', /line 1: .* comment stands on a line of its own/],
  ['a # at the start of a value', 'JWT_SECRET=#def', /line 1/],
  ['a variable of the shell or of Compose', 'JWT_SECRET=abc$def', /line 1: the value of JWT_SECRET has a \$.*Compose/],
  ['one in double quotes', 'A="1$def"', /line 1: the value of A has a \$/],
  ['a backslash', 'JWT_SECRET=abc\\def', /line 1: the value of JWT_SECRET has a \\.*systemd/],
  ['a line that goes on', 'A=abc\\\ndef', /line 1: the value of A has a \\/],
  ['a backslash in double quotes', 'A="1\\\\def"', /line 1: the value of A has a \\/],
  ['back quotes', 'A=`def`', /line 1: the value of A has a `/],
  [
    'a mark in the middle',
    'A=1\n\uFEFFB=def',
    /line 2: it is not NAME=value, but holds the invisible character U\+FEFF/,
  ],
  ['a no-break space before a name', '\u00A0B=def', /line 1: it is not NAME=value, but holds .*U\+00A0/],
  ['a no-break space after the closing quote', 'A="1"\u00A0', /after the closing " of A there is more/],
  ['a name twice', 'A=1\nB=2\nA=3', /line 3: A is set a second time/],
  ['a line that sets nothing', 'NODE_ENV production', /line 1: it is not NAME=value/],
  ['a name with a dash', 'HTTP-PORT=80', /line 1: it is not NAME=value/],
  ['quotes that are never closed', 'A="1\nB=2', /line 1: A begins with "/],
  ['more after the closing quote', 'A="1"2', /after the closing " of A there is more/],
] as const) {
  it(`refuses ${what}, with the line`, () => {
    assert.throws(() => parseEnvFile(text), reason);
    // Never the value: it may be a secret.
    assert.throws(
      () => parseEnvFile(text),
      (error) => !String(error).includes('def'),
    );
  });
}

it('keeps what it cannot see in a value, so that the variable is refused by its name', () => {
  for (const hidden of ['\u00A0', '\uFEFF', '\r', '\u3000']) {
    assert.deepEqual(parseEnvFile(`A= x${hidden}\t\n`), { A: `x${hidden}` });
  }
  assert.deepEqual(parseEnvFile("A='a$b\\c#d`e'"), { A: 'a$b\\c#d`e' }, 'single quotes keep everything');
});

it('never reads a value otherwise than Node does: it reads the same or refuses', () => {
  const piece = fc.constantFrom(
    'A',
    'B',
    '=',
    '#',
    '"',
    "'",
    '`',
    ' ',
    '\n',
    '\r\n',
    '\\n',
    '\\',
    '$',
    'x',
    'export ',
    '-',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const text = pieces.join('');
      let read: Record<string, string>;
      try {
        read = parseEnvFile(text);
      } catch {
        return;
      }
      const node = parseEnv(text);
      for (const [name, value] of Object.entries(read)) assert.equal(node[name] ?? '', value, JSON.stringify(text));
    }),
    { numRuns: 5000 },
  );
});
