import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';

/**
 * A C or C++ library inside the worker, or that it loads.
 * @typedef {object} WorkerLibrary
 * @property {string} name
 * @property {string} version
 * @property {'static' | 'shared' | 'source'} linked `static`: in the program; `shared`: loaded from the system when it starts;
 *   `source`: in the program, from the source that mediasoup's own build names
 * @property {string} [sha256] of that source, as mediasoup's build checks it
 * @property {string} [url] of that source
 * @property {string} [debianPackage] the package that it came from
 */

/** What a worker that was built here has of Debian: the package it was built with, and the one it needs when it runs. */
const DEBIAN = [
  { name: 'openssl', debianPackage: 'libssl-dev', linked: 'static' },
  { name: 'libuv', debianPackage: 'libuv1-dev', linked: 'shared' },
  { name: 'libsrtp', debianPackage: 'libsrtp2-dev', linked: 'shared' },
  { name: 'flatbuffers', debianPackage: 'libflatbuffers-dev', linked: 'static' },
];

/** Subprojects of mediasoup's build that are not in the worker: a test framework, and a replacement for Windows' lack of getopt. */
const NOT_IN_IT = ['catch2', 'wingetopt'];

/**
 * Where the libraries of a worker that was built here are noted.
 * @param {string} worker its path
 */
export const listFile = (worker) => `${worker}.libraries.json`;

/**
 * Notes beside a worker that was just built which libraries it has.
 * @param {string} worker its path
 */
export function recordDebianLibraries(worker) {
  const libraries = DEBIAN.map(({ name, debianPackage, linked }) => {
    const { stdout } = spawnSync('dpkg-query', ['--show', debianPackage], { encoding: 'utf8' });
    const version = /\t(\S+)/.exec(stdout ?? '')?.[1] ?? 'unknown';
    return { name, version, linked, debianPackage };
  });
  writeFileSync(listFile(worker), `${JSON.stringify(libraries, null, 2)}\n`);
}

/**
 * The libraries of a worker that was built here, as noted beside it.
 * @param {string} worker its path
 * @returns {WorkerLibrary[]}
 * @throws {Error} when nothing is noted
 */
export function librariesOfBuiltWorker(worker) {
  return JSON.parse(readFileSync(listFile(worker), 'utf8'));
}

/**
 * The libraries that mediasoup's own build names: of these its prebuilt workers are made.
 * @returns {WorkerLibrary[]}
 */
export function librariesOfPrebuiltWorker() {
  const folder = inRoot('node_modules', 'mediasoup', 'worker', 'subprojects');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.wrap') && !NOT_IN_IT.includes(file.slice(0, -'.wrap'.length)))
    .map((file) => {
      const text = readFileSync(`${folder}/${file}`, 'utf8');
      const field = (key) => new RegExp(`^${key} *= *(\\S+)$`, 'm').exec(text)?.[1];
      const directory = field('directory') ?? '';
      const name = file.slice(0, -'.wrap'.length);
      const version = /-v?(\d.*)$/.exec(directory)?.[1] ?? directory;
      return { name, version, linked: 'source', sha256: field('source_hash'), url: field('source_url') };
    });
}
