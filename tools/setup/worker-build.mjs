import { copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptInstall, canUseApt } from './apt.mjs';
import { inRoot } from './paths.mjs';
import { SetupError, say } from './progress.mjs';
import { runLogged } from './run.mjs';
import { recordDebianLibraries } from './worker-libraries.mjs';

const DEBIAN_PACKAGES = [
  'meson',
  'ninja-build',
  'g++',
  'pkg-config',
  'libuv1-dev',
  'libssl-dev',
  'libsrtp2-dev',
  'flatbuffers-compiler',
  'libflatbuffers-dev',
];

/** Changes to the copied source; worker-build/README.md says why each is needed. */
const EDITS = [
  { file: 'meson.build', from: "meson_version: '>= 1.1.0'", to: "meson_version: '>= 1.0.0'" },
  {
    file: 'src/RTC/DtlsTransport.cpp',
    from: '(operationType == BIO_CB_RETURN) ? static_cast<long>(ret) : 1',
    to: '(operationType & BIO_CB_RETURN) != 0 ? static_cast<long>(ret) : 1',
  },
];

/** Between two progress lines, in milliseconds. */
const PROGRESS_MS = 10_000;

/** Whether the worker can be built here. */
export const canBuildWorker = canUseApt;

/**
 * Builds mediasoup's worker from the source in its npm package, with Debian's libraries, which it notes beside it.
 * @param {string} output the file to write
 * @throws {SetupError} with the compiler's words
 */
export async function buildWorker(output) {
  say("building mediasoup's worker from source: once, about 3 to 5 minutes on two cores");
  await aptInstall(DEBIAN_PACKAGES, "building mediasoup's worker");
  const work = mkdtempSync(join(tmpdir(), 'prospect-worker-'));
  try {
    const source = join(work, 'worker');
    const build = join(work, 'build');
    cpSync(inRoot('node_modules', 'mediasoup', 'worker'), source, { recursive: true });
    for (const edit of EDITS) applyEdit(source, edit);
    addSubprojects(join(source, 'subprojects'));
    await runLogged('worker-configure', 'meson', [
      'setup',
      '--buildtype=release',
      '-Db_ndebug=true',
      '--wrap-mode=nodownload',
      '-Dms_use_builtin_bwe=true',
      build,
      source,
    ]);
    await runLogged('worker-build', 'ninja', ['-C', build, 'mediasoup-worker'], { onLine: progressPrinter() });
    const binary = join(build, 'mediasoup-worker');
    await runLogged('worker-strip', 'strip', [binary]);
    copyFileSync(binary, output);
    recordDebianLibraries(output);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function applyEdit(source, { file, from, to }) {
  const path = join(source, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) {
    throw new SetupError(
      `This mediasoup's worker/${file} no longer has the line that tools/setup/worker-build.mjs edits ("${from}"). ` +
        'See tools/worker-build/README.md, and adapt the edit to this version.',
    );
  }
  writeFileSync(path, text.replace(from, to));
}

/** Puts each stand-in where Meson would have unpacked the download of that name. */
function addSubprojects(subprojects) {
  const standIns = inRoot('tools', 'worker-build', 'subprojects');
  for (const name of readdirSync(standIns)) {
    const wrap = readFileSync(join(subprojects, `${name}.wrap`), 'utf8');
    const directory = /^directory *= *(\S+)$/m.exec(wrap)?.[1];
    if (!directory) throw new SetupError(`mediasoup's worker/subprojects/${name}.wrap names no directory.`);
    cpSync(join(standIns, name), join(subprojects, directory), { recursive: true });
  }
}

/** Prints ninja's "[123/215]" now and then. */
function progressPrinter() {
  let last = Date.now();
  return (line) => {
    const count = /^\[\d+\/\d+\]/.exec(line)?.[0];
    if (!count || Date.now() - last < PROGRESS_MS) return;
    last = Date.now();
    say(`building the worker ${count}`);
  };
}
