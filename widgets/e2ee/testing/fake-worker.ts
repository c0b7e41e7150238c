import { WorkerService } from '../worker-service.ts';

/** Transforms that were made, by the end that they were set on. */
export interface FakeEnd {
  transform?: object | null;
}

/** A worker that does its work here; and how the browser around it is. */
export class FakeBrowser {
  /** Workers that were started, the newest last. */
  readonly services: WorkerService[] = [];
  readonly terminated: WorkerService[] = [];
  /** No worker starts, as under a strict policy. */
  blocked = false;
  /** Workers answer nothing any more, as one that has died. */
  dead = false;

  /** Puts it in the place of the browser's own. @param supported with RTCRtpScriptTransform */
  install(supported = true): void {
    const browser = this;
    class FakeWorker {
      onmessage: ((event: { data: unknown }) => void) | null = null;
      onerror: ((event: { message: string }) => void) | null = null;
      readonly #service: WorkerService;
      constructor() {
        this.#service = new WorkerService((message) => queueMicrotask(() => this.onmessage?.({ data: message })));
        browser.services.push(this.#service);
        queueMicrotask(() => {
          if (browser.blocked) this.onerror?.({ message: '' });
          else this.onmessage?.({ data: { type: 'ready' } });
        });
      }
      postMessage(message: Parameters<WorkerService['take']>[0]): void {
        if (!browser.dead) this.#service.take(message);
      }
      terminate(): void {
        browser.terminated.push(this.#service);
      }
    }
    class FakeTransform {
      readonly options: unknown;
      constructor(_worker: unknown, options: unknown) {
        this.options = options;
      }
    }
    Object.assign(globalThis, { Worker: FakeWorker, RTCRtpScriptTransform: supported ? FakeTransform : undefined });
  }

  get service(): WorkerService {
    const service = this.services.at(-1);
    if (!service) throw new Error('no worker was started');
    return service;
  }
}
