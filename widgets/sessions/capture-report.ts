import type { VoiceLevel } from '../../relay/protocol/messages.ts';
import type { RelayLink } from '../relay-client/relay-link.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import type { CaptureLoss } from './capture.ts';
import { LevelReport } from './level-report.ts';
import type { Pause } from './pause.ts';
import { tell } from './relay-use.ts';

/** What is told of, as it is at the moment. */
export interface CaptureReportOptions {
  readonly relay: RelayLink;
  readonly log: DebugLog;
  readonly pause: Pick<Pause, 'paused' | 'told'>;
  /** The microphone, while it is taken. */
  capture(): { readonly loss: CaptureLoss | null; readonly level: VoiceLevel } | null;
  isLive(): boolean;
  /** Whether somebody listens. */
  isHeard(): boolean;
}

/** Tells the relay of pause, interruption and level. */
export class CaptureReport {
  readonly #options: CaptureReportOptions;
  readonly #levels: LevelReport;

  constructor(options: CaptureReportOptions) {
    this.#options = options;
    this.#levels = new LevelReport(options.relay, options.log);
  }

  /** @param begun whether the stream has just begun there: then it has none of them */
  sync(begun: boolean): void {
    const { relay, log, pause, capture } = this.#options;
    const { loss, level } = capture() ?? { loss: null, level: 0 };
    if (!begun || loss) this.loss(loss);
    if (!begun || pause.paused) void tell(relay, log, 'stream:pause', pause.told);
    if (!begun || level > 0) this.level(level);
  }

  loss(loss: CaptureLoss | null): void {
    void tell(this.#options.relay, this.#options.log, 'stream:capture', { interruption: loss?.reason ?? null });
  }

  level(level: VoiceLevel): void {
    if (this.#options.isLive()) this.#levels.tell(level, this.#options.isHeard());
  }
}
