// Sends the relay's traces to an OpenTelemetry collector. The relay itself has only the API, so this takes the SDK beside it:
//
//   npm install @opentelemetry/sdk-node@0.301.0 @opentelemetry/exporter-trace-otlp-proto@0.301.1
//   OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 node --import ./register.mjs node_modules/@prospect-live/relay/dist/main.js
//
// All of OpenTelemetry's own variables count (OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS, ...).
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { NodeSDK } from '@opentelemetry/sdk-node';

process.env.OTEL_SERVICE_NAME ??= 'prospect-relay';

const sdk = new NodeSDK({ traceExporter: new OTLPTraceExporter() });
sdk.start();

// The relay ends the process by itself, within five seconds of a signal; what was not sent by then is lost with it.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void sdk.shutdown().catch(() => undefined));
