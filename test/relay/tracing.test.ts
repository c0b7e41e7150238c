/** With an OpenTelemetry SDK in the process, a complaint can be followed from the page to the worker: by one trace id. */
import assert from 'node:assert/strict';
import { after, afterEach, describe, it } from 'node:test';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { RtpPages } from '../../relay/media/testing/rtp-pages.ts';
import { admin, commercial } from '../../relay/streams/testing/scene.ts';
import { eventually, RealRelay, realToken } from '../harness/relay/real-relay.ts';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
trace.setGlobalTracerProvider(provider);

const spans = (name: string, traceId: string): ReadableSpan[] =>
  exporter.getFinishedSpans().filter((span) => span.name === name && span.spanContext().traceId === traceId);

describe('tracing', () => {
  const running: RealRelay[] = [];
  after(() => provider.shutdown());
  afterEach(async () => {
    for (const relay of running.splice(0)) await relay.close();
    exporter.reset();
  });

  async function start(): Promise<RealRelay> {
    const relay = await RealRelay.start();
    running.push(relay);
    return relay;
  }

  it('follows a listening page: handshake, negotiation, selection, each with what came about', async (t) => {
    const relay = await start();
    const pages = await RtpPages.start();
    const open: { close(): void }[] = [];
    t.after(async () => {
      for (const page of open) page.close();
      await pages.close();
    });
    const cleo = await relay.join(commercial('cleo'));
    const voice = await pages.publisher();
    open.push(voice);
    const { sdp: answer } = await cleo.request('publish:offer', { mode: 'connect', sdp: await voice.offer() });
    await cleo.request('stream:start', {});
    await cleo.request('demand:seen', { version: (await cleo.until('demand:changed')).version });
    await voice.speak(answer);

    const ada = await relay.join(admin('ada'));
    const { traceId, sessionId } = await ada.until('session:ready');
    assert.match(traceId, /^[0-9a-f]{32}$/);
    const ear = await pages.listener();
    open.push(ear);
    const { sdp } = await ada.request('listen:connect', { mode: 'connect' });
    await ada.request('listen:answer', { sdp: await ear.answer(sdp) });
    await eventually('the connection is up', () => spans('negotiation', traceId).length === 1);
    await ada.request('listen:select', { commercialId: 'cleo' });
    assert.equal(
      spans('selection', traceId).length,
      0,
      'nothing was sent yet: the commercial’s page has not said that it shows her',
    );
    await eventually('the commercial is told of her', () =>
      cleo.all('demand:changed').some(({ version }) => version === 2),
    );
    await cleo.request('demand:seen', { version: 2 });
    await eventually('the first packet was sent', () => spans('selection', traceId).length === 1);

    const [handshake] = spans('handshake', traceId);
    const [negotiation] = spans('negotiation', traceId);
    const [selection] = spans('selection', traceId);
    assert.equal(handshake?.attributes['prospect.role'], 'admin');
    assert.equal(negotiation?.attributes['prospect.kind'], 'listen');
    assert.equal(negotiation?.attributes['prospect.path'], 'udp');
    assert.equal(negotiation?.attributes['prospect.worker'], 0);
    assert.equal(selection?.attributes['prospect.cause'], 'first');
    for (const span of [handshake, negotiation, selection]) assert.equal(span?.status.code, SpanStatusCode.UNSET);
    const told = JSON.stringify(exporter.getFinishedSpans().map(({ name, attributes }) => ({ name, attributes })));
    assert.doesNotMatch(told, /cleo|ada|CLEO|ADA/, 'spans say nothing of who it is');

    // From the id to the worker and its transport, in the log alone.
    const lines = relay.log.filter((line) => line.includes(traceId));
    assert.ok(lines.some((line) => /"msg":"connected"/.test(line)));
    assert.ok(lines.some((line) => /"worker":0,.*"msg":"transport made"/.test(line)));
    assert.ok(lines.some((line) => /"msg":"consumer made"/.test(line)));

    ada.cut();
    const back = await relay.join(admin('ada'), sessionId);
    assert.equal((await back.until('session:ready')).traceId, traceId, 'a resume is the same page');
    assert.equal(spans('handshake', traceId).length, 2);
  });

  it('follows a page that is refused, by the id that it was told', async () => {
    const relay = await start();
    const error = await relay.dial({ token: realToken(commercial('cleo'), -10) }).refusal();
    const data: unknown = error.data;
    assert.ok(typeof data === 'object' && data !== null && 'traceId' in data && typeof data.traceId === 'string');
    const [handshake] = spans('handshake', data.traceId);
    assert.equal(handshake?.status.code, SpanStatusCode.ERROR);
    assert.equal(handshake?.attributes['error.type'], 'token_expired');
    const { traceId } = data;
    assert.ok(relay.log.some((line) => line.includes(traceId) && /"code":"token_expired"/.test(line)));
  });
});
