import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inRoot } from '../setup/paths.mjs';

/** demo/start.ts as a child process that can be started again and again. It starts the relay itself. */
export class DemoProcess {
  /** Called whenever the demo and its relay answer again. */
  onReady = () => {};
  #env;
  #child = null;
  #changing = Promise.resolve();

  /** @param {NodeJS.ProcessEnv} env */
  constructor(env) {
    this.#env = env;
  }

  start() {
    this.#change(() => this.#spawn());
  }

  /** Restarts one after another: a change during a restart leads to one more. */
  restart() {
    this.#change(async () => {
      await this.#end();
      this.#spawn();
    });
  }

  /** @returns {Promise<void>} when it has ended */
  stop() {
    return this.#change(() => this.#end());
  }

  #change(step) {
    this.#changing = this.#changing.then(step);
    return this.#changing;
  }

  #spawn() {
    const child = spawn(process.execPath, [inRoot('demo', 'start.ts')], {
      env: this.#env,
      // The IPC channel brings its "ready", and ends it should this process die without a word.
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    child.on('message', (/** @type {{ type?: string }} */ message) => {
      if (message?.type === 'ready') this.onReady();
    });
    child.on('exit', (code, signal) => {
      if (this.#child !== child) return;
      this.#child = null;
      console.log(`dev: the demo ended (${signal ?? `code ${code}`}); it is started again at the next change`);
    });
    this.#child = child;
  }

  async #end() {
    const child = this.#child;
    if (!child) return;
    this.#child = null;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}
