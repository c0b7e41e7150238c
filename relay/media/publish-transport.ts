import { RelayError } from '../errors.ts';
import type { Room } from '../load/room.ts';
import type { AudioEncoding } from '../sdp/opus.ts';
import { invalidSdp } from '../sdp/parse-sdp.ts';
import { type PublishOffer, producerParameters, readOffer } from '../sdp/read-offer.ts';
import { writeAnswer } from '../sdp/write-answer.ts';
import { ProducerSource } from './audio-source.ts';
import type { AudioSource, PublishTransport, TransportState } from './media.ts';
import { readSample } from './quality-sample.ts';
import type { Measured, QualitySample } from './quality-watch.ts';
import type { RtcConnection } from './rtc-connection.ts';

/** A commercial's connection: the page's offer becomes one mediasoup producer. */
export class AudioPublishTransport implements PublishTransport, Measured {
  readonly #connection: RtcConnection;
  readonly #encoding: AudioEncoding;
  /** The first offer, from the moment it was read. */
  #offer: PublishOffer | null = null;
  /** Done once DTLS knows the page. */
  #connected: Promise<void> | null = null;
  #producing: Promise<ProducerSource> | null = null;
  #source: ProducerSource | null = null;
  silent = false;
  /** As last read; still true after the connection closed. */
  #bytesReceived = 0;

  constructor(connection: RtcConnection, encoding: AudioEncoding) {
    this.#connection = connection;
    this.#encoding = encoding;
  }

  get id(): string {
    return this.#connection.id;
  }

  get room(): Room {
    return this.#connection.worker.room;
  }

  get state(): TransportState {
    return this.#connection.state;
  }

  /** Open producers: 0 or 1. */
  get producers(): number {
    return this.#source === null ? 0 : 1;
  }

  async answer(offerSdp: string): Promise<string> {
    if (this.#offer !== null)
      throw invalidSdp('offer', 'this connection has its first offer already; use mode "restart-ice".');
    const offer = readOffer(offerSdp);
    this.#offer = offer;
    this.#connection.logger.info({ payloadType: offer.payloadType, hasSsrc: offer.ssrc !== null }, 'offer read');
    this.#connected = this.#connection.connect(offer.dtlsRole, offer.fingerprints);
    await this.#connected;
    return this.#writeAnswer(offer);
  }

  async restartIce(offerSdp: string): Promise<string> {
    const first = this.#offer;
    if (first === null) {
      throw new RelayError('not_connected', 'There is no connection to restart; negotiate one with mode "connect".');
    }
    const offer = readOffer(offerSdp);
    const differing = difference(first, offer);
    if (differing !== null) {
      throw invalidSdp('offer', `its ${differing} differs from the connection's first offer; use mode "connect".`);
    }
    await this.#connected;
    await this.#connection.restartIce();
    return this.#writeAnswer(first);
  }

  produce(): Promise<AudioSource> {
    this.#producing ??= this.#produce().catch((error: unknown) => {
      this.#producing = null;
      throw error;
    });
    return this.#producing;
  }

  async bytesReceived(): Promise<number> {
    if (!this.#connection.closed) {
      const stats = await this.#connection
        .run(() => this.#connection.transport.getStats())
        .catch((error: unknown) => {
          if (this.#connection.closed) return [];
          throw error;
        });
      this.#bytesReceived = stats[0]?.rtpBytesReceived ?? this.#bytesReceived;
    }
    return this.#bytesReceived;
  }

  async sample(): Promise<QualitySample | null> {
    const source = this.#source;
    if (!source || this.state !== 'connected') return null;
    return readSample(source.id, await source.producer.getStats());
  }

  close(): void {
    this.#connection.close('asked');
  }

  async #produce(): Promise<ProducerSource> {
    const { transport, worker, logger } = this.#connection;
    const offer = this.#offer;
    if (offer === null) throw new RelayError('not_connected', 'There is no media connection yet; send an offer first.');
    await this.#connected;
    const rtpParameters = producerParameters(offer, this.#encoding);
    const producer = await this.#connection.run(() => transport.produce({ kind: 'audio', rtpParameters }));
    const source = new ProducerSource(producer, worker, logger, () => {
      this.#source = null;
      this.#producing = null;
    });
    this.#source = source;
    logger.info({ producer: producer.id }, 'producer made');
    return source;
  }

  #writeAnswer(offer: PublishOffer): string {
    return writeAnswer(offer, this.#connection.local(), this.#encoding);
  }
}

/** What of an ICE restart's offer cannot be the same connection's, or null. */
function difference(first: PublishOffer, offer: PublishOffer): string | null {
  if (offer.mid !== first.mid) return 'MID';
  if (offer.payloadType !== first.payloadType) return 'payload type of Opus';
  if (offer.ssrc !== first.ssrc) return 'SSRC';
  const values = new Set(first.fingerprints.map(({ value }) => value));
  return offer.fingerprints.some(({ value }) => values.has(value)) ? null : 'certificate fingerprint';
}
