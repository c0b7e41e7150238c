import { pino } from 'pino';
import type { MediaConfig } from '../../config/shape.ts';
import { Measures } from '../../measures/measures.ts';
import { readFixture } from '../../sdp/testing/fixtures.ts';
import { AudioMedia } from '../audio-media.ts';
import type { PublishTransport, TransportEvents, TransportLoss, TransportState } from '../media.ts';
import type { NodePipesConfig } from '../node-link.ts';

/** What a transport's owner was told, for tests. */
export class RecordedEvents implements TransportEvents {
  readonly states: TransportState[] = [];
  readonly losses: TransportLoss[] = [];

  onState(state: TransportState): void {
    this.states.push(state);
  }

  onLost(reason: TransportLoss): void {
    this.losses.push(reason);
  }
}

/**
 * Real workers on loopback and free ports. `MEDIA_LOG` sets the log level.
 * @param pipes where links to other nodes end, if any @param measures where it is told what happens, if anywhere
 */
export function startMedia(
  overrides: Partial<MediaConfig> = {},
  pipes?: NodePipesConfig,
  measures = new Measures(),
): Promise<AudioMedia> {
  const config: MediaConfig = {
    workers: 2,
    basePort: 0,
    listen: [{ ip: '127.0.0.1', announcedAddress: null }],
    audioBitrate: 32_000,
    audioPacketMs: 20,
    ...overrides,
  };
  return AudioMedia.create(config, pino({ level: process.env.MEDIA_LOG ?? 'silent' }), pipes, undefined, { measures });
}

export const OFFER = readFixture('chromium-offer-track-gathered');
export const RESTART_OFFER = readFixture('chromium-offer-ice-restart');
export const ANSWER = readFixture('chromium-answer');
export const RESTART_ANSWER = readFixture('chromium-answer-ice-restart');

/** A publish transport that has answered a browser's offer. Its page never sends anything. */
export async function publishing(media: AudioMedia, events = new RecordedEvents()): Promise<PublishTransport> {
  const transport = await media.createPublishTransport(events);
  await transport.answer(OFFER);
  return transport;
}

/** Waits until something is so, for at most 10 seconds. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
