import { importsIn } from './imports.mjs';
import { findFiles, readSource } from './source-files.mjs';

/**
 * Who stands on whom. A module imports from its own folder and from lower levels, never upwards or sideways. A name is a
 * folder or a file of the package; one that is not listed stands at the top, where nothing else may import it.
 */
const LEVELS = {
  relay: [
    ['protocol', 'package-info', 'log'],
    [
      'errors',
      'config/shape',
      'origins',
      'strict-text',
      'audit',
      'streams/timers',
      'load',
      'drain',
      'ice-url',
      'spelling',
    ],
    ['logger', 'measures', 'tracing', 'config/values'],
    ['policy'],
    ['cluster/bus-rows'],
    ['cluster/bus-protocol', 'cluster/cluster-error'],
    ['cluster/bus'],
    ['sdp'],
    ['auth', 'doors', 'media'],
    ['streams', 'start-error'],
    ['cluster'],
    ['http', 'signalling'],
    ['wish'],
    ['whip', 'whep'],
    ['wish-service'],
    ['config'],
    ['relay-parts'],
    ['relay-server'],
    ['cli'],
    ['testing'],
  ],
  widgets: [
    ['policy-texts', 'whisper-texts', 'panel-texts', 'fault-texts'],
    ['shared', 'locales'],
    ['i18n'],
    ['audio', 'e2ee', 'relay-client'],
    ['sessions'],
    ['events'],
    ['ui'],
    ['policy', 'whisper'],
    ['stream-button', 'listen-panel', 'doctor'],
    ['index', 'define'],
  ],
};

/** Packages that a folder may use; where there is no entry, any. Node's own modules are a matter of the types. */
const PACKAGES = {
  'relay/protocol': ['zod'],
  'relay/sdp': ['sdp-transform', 'mediasoup'],
  'relay/cluster': ['zod'],
  'relay/cluster/bus-protocol': ['zod'],
  'relay/cluster/bus-rows': ['zod'],
  'relay/cluster/bus': ['zod', 'ioredis'],
  widgets: ['lit', 'socket.io-client'],
  'widgets/i18n': ['@internationalized/string'],
};

/** Packages that a folder must never use. */
const FORBIDDEN = { 'relay/streams': ['socket.io', 'express'], 'relay/media': ['socket.io', 'express'] };

/**
 * Finds imports against the direction in which the folders of relay and widgets may depend on each other.
 * @returns {string[]} one line per problem
 */
export function checkImportDirection() {
  return findFiles(['relay', 'widgets'], /(?<!\.test|\.d)\.ts$/)
    .filter((file) => !/\/(?:testing|fixtures)\//.test(file))
    .flatMap((file) => checkFile(file, readSource(file)));
}

/** The problems of one module. Exported for its test. */
export function checkFile(file, source) {
  const problems = [];
  for (const { target, path, typeOnly } of importsIn(file, source)) {
    const problem = path === null ? checkPackage(file, target) : checkProjectImport(file, path, typeOnly);
    if (problem) problems.push(`${file}: imports ${target}, but ${problem}`);
  }
  return problems;
}

function checkProjectImport(file, target, typeOnly) {
  const from = place(file);
  const to = place(target);
  if (from.pkg !== to.pkg) {
    if (from.pkg === 'widgets' && to.pkg === 'relay' && to.part === 'protocol') {
      return typeOnly
        ? null
        : 'the page may take types only from the protocol (import type), or zod would be in the bundle';
    }
    return `${from.pkg} must not depend on ${to.pkg}`;
  }
  if (from.part === to.part || to.level < from.level) return null;
  return `${from.part} stands ${to.level === from.level ? 'beside' : 'below'} ${to.part} (tools/checks/import-direction.mjs)`;
}

function checkPackage(file, target) {
  if (target.startsWith('node:')) return file.startsWith('widgets/') ? 'there is no Node in a page' : null;
  const name = target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
  const { pkg, part } = place(file);
  const allowed = PACKAGES[`${pkg}/${part}`] ?? PACKAGES[pkg];
  if (allowed && !allowed.includes(name)) return `only these packages belong there: ${allowed.join(', ')}`;
  if (FORBIDDEN[`${pkg}/${part}`]?.includes(name)) return 'that package has no business there';
  return null;
}

/** Package, part and level of a module. */
function place(file) {
  const [pkg, ...rest] = file.replace(/\.ts$/, '').split('/');
  const levels = LEVELS[pkg] ?? [];
  // What stands at a level of its own within a folder: the shape of the configuration is known to all who are given a part of it,
  // while reading it is for main alone.
  const inner = rest.slice(0, 2).join('/');
  const part = levels.flat().includes(inner) ? inner : (rest[0] ?? '');
  const found = levels.findIndex((names) => names.includes(part));
  return { pkg, part, level: found === -1 ? levels.length : found };
}
