/** The worker in which frames are sealed and opened: a script of its own (`npm run e2ee-worker` makes worker-text.ts of it). */
import type { FromWorker, ToWorker, TransformOptions } from './worker-messages.ts';
import { type EncodedFrame, type FrameTransform, WorkerService } from './worker-service.ts';

/** What this uses of DedicatedWorkerGlobalScope (W3C WebRTC Encoded Transform 4), which the page's types do not have. */
interface TransformScope {
  postMessage(message: FromWorker): void;
  onmessage: ((event: { data: ToWorker }) => void) | null;
  onrtctransform:
    | ((event: {
        transformer: {
          readonly options: TransformOptions;
          readonly readable: ReadableStream<EncodedFrame>;
          readonly writable: WritableStream<EncodedFrame>;
        };
      }) => void)
    | null;
}

const scope = globalThis as typeof globalThis & TransformScope;
const service = new WorkerService((message) => scope.postMessage(message));

const through = (transform: FrameTransform): TransformStream<EncodedFrame, EncodedFrame> =>
  new TransformStream({ transform: (frame, out) => transform(frame, (passed) => out.enqueue(passed)) });

scope.onmessage = ({ data }) => service.take(data);
scope.onrtctransform = ({ transformer: { options, readable, writable } }) => {
  const transform = { seal: () => service.seal, open: () => service.opening(), overhear: () => service.overhearing() }[
    options.side
  ]();
  // It ends with the connection, and not otherwise: a stream that failed would pass nothing on, and so is no danger.
  readable
    .pipeThrough(through(transform))
    .pipeTo(writable)
    .catch(() => {});
};
scope.postMessage({ type: 'ready' });
