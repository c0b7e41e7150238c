import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot } from '../../setup/paths.mjs';

const FOLDER = inRoot('.cache', 'docs-samples');
const BASE = '../../../demo/hosts/tsconfig.base.json';
/** Samples are pieces: what they define may be used by nobody. And those in JavaScript name no types. */
const LOOSE = { noUnusedLocals: false, noUnusedParameters: false, moduleDetection: 'force' };
const JAVASCRIPT = {
  allowJs: true,
  checkJs: true,
  noImplicitAny: false,
  strictNullChecks: false,
  exactOptionalPropertyTypes: false,
};
const WIDGETS = "import type {} from '@prospect-live/widgets';\n";
const INSTALLED = '../../../node_modules';

/** How each kind of host is compiled, as its application in demo/hosts is: settings beyond the common ones, and a file beside the samples. */
const HOSTS = {
  page: { options: JAVASCRIPT, beside: WIDGETS },
  node: { options: { ...JAVASCRIPT, types: ['node'] }, beside: '' },
  react: { options: { jsx: 'react-jsx' }, beside: WIDGETS },
  react18: {
    options: {
      jsx: 'react-jsx',
      paths: {
        react: [`${INSTALLED}/@types/react18`],
        'react/jsx-runtime': [`${INSTALLED}/@types/react18/jsx-runtime`],
        'react-dom/client': [`${INSTALLED}/@types/react-dom18/client`],
      },
    },
    beside: WIDGETS,
  },
  vue: { options: {}, beside: WIDGETS },
};

/** The kinds of hosts that a sample may be for (`host=` behind its language). */
export const HOST_NAMES = Object.keys(HOSTS);

/**
 * Compiles samples against the real types, those of one kind of host together, so that one may import another.
 * @param {string} host
 * @param {{ path: string, code: string }[]} samples
 * @returns {Promise<string>} what the compiler says; empty when it has nothing to say
 */
export async function checkTypes(host, samples) {
  const { options, beside } = HOSTS[host];
  const folder = join(FOLDER, host);
  rmSync(folder, { recursive: true, force: true });
  for (const { path, code } of samples) write(join(folder, path), code);
  write(join(folder, 'beside.d.ts'), beside);
  const config = {
    extends: BASE,
    compilerOptions: { ...LOOSE, ...options },
    ...(host === 'vue' ? { vueCompilerOptions: { strictTemplates: true } } : {}),
    include: ['**/*'],
  };
  write(join(folder, 'tsconfig.json'), JSON.stringify(config));
  return run(
    host === 'vue' ? [inRoot('tools', 'docs', 'samples', 'vue-tsc.mjs')] : [inRoot('node_modules', '.bin', 'tsc')],
    folder,
  );
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** @returns {Promise<string>} its output when it fails */
function run(args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args, '-p', cwd], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0 ? '' : output.trim() || `the compiler ended with code ${code}`));
  });
}
