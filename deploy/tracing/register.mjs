// Sends the relay's traces to an OpenTelemetry collector. The relay itself has only the API, so this takes the SDK beside it, in the
// releases that go with that API:
//
//   npm install @opentelemetry/sdk-trace-base@2.12.1 @opentelemetry/resources@2.12.1 @opentelemetry/exporter-trace-otlp-proto@0.223.1
//   OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 node --import ./register.mjs node_modules/@prospect-live/relay/dist/main.js
//
// OpenTelemetry's own variables for these parts count (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER,
// OTEL_EXPORTER_OTLP_HEADERS, ...).
import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

process.env.OTEL_SERVICE_NAME ??= 'prospect-relay';

const provider = new BasicTracerProvider({
  resource: defaultResource().merge(detectResources({ detectors: [envDetector] })),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
trace.setGlobalTracerProvider(provider);

// The relay ends the process by itself, within five seconds of a signal; what was not sent by then is lost with it.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void provider.shutdown().catch(() => undefined));
