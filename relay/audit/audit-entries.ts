import type { PolicyReason } from '../protocol/policy-shapes.ts';
import type { WhisperEnd } from '../protocol/whisper-messages.ts';

/** Why a hearing ended. */
export type HearingEnd =
  /** The admin stopped, or chose somebody else in the same page. */
  | 'asked'
  /** The same admin chose somebody in another page. */
  | 'replaced'
  /** The teams changed: this admin may not hear this commercial any more. */
  | 'forbidden'
  /** The admin's token ended. */
  | 'token_expired'
  /** The admin's page has neither connection nor media. */
  | 'page_gone'
  /** The admin's page, or the commercial's, did not come back in the grace time. */
  | 'grace_expired'
  /** The stream reached `MAX_STREAM`. */
  | 'time_limit'
  /** The commercial stopped. */
  | 'stream_stopped'
  /** The commercial went live in another page. */
  | 'stream_replaced'
  /** The commercial's token ended. */
  | 'stream_token_expired'
  /** The commercial's page gave way to newer ones of the same user. */
  | 'stream_page_gone'
  /** The commercial's audio is gone for the moment; the stream is not over. */
  | 'source_lost'
  /** The commercial's page does not show this admin any more, as after a reconnection before it has acknowledged. */
  | 'not_shown'
  /** A media worker of the relay died. */
  | 'worker_died'
  /** The admin's media path failed for good. */
  | 'transport_failed'
  /** The admin's page closed its media, or negotiates it anew. */
  | 'media_closed'
  /** The relay stops. */
  | 'relay_stopping'
  /** The stream is sealed from end to end and the admin's page cannot open it, or it is not and the admin's token asks for it. */
  | 'e2ee_required'
  /** The policy allows it no longer; of `policy_devices`: that streams of devices are heard. */
  | PolicyReason
  | 'policy_devices';

/** Why a stream ended. */
export type StreamEnd =
  /** The commercial pressed stop. */
  | 'stopped'
  /** The commercial went live in another page. */
  | 'replaced'
  /** The page, or its audio, did not come back in the grace time. */
  | 'grace_expired'
  /** `MAX_STREAM`. */
  | 'time_limit'
  /** The commercial's token ended. */
  | 'token_expired'
  /** The page gave way to newer ones of the same user. */
  | 'page_gone'
  /** The relay stops. */
  | 'relay_stopping'
  /** The policy allows it no longer. */
  | 'policy_hours'
  | 'policy_time'
  | 'consent_required'
  /** The commercial's newer token asks for streams that are sealed from end to end, and this one was not. */
  | 'e2ee_required'
  | 'storage_unavailable'
  /** The policy does not let streams of devices be heard any more. */
  | 'policy_devices';

/** Why a commercial asks for help no longer. */
export type HelpEnd =
  /** By a page of the commercial. */
  | 'taken_back'
  /** An admin began to hear the commercial, whose page shows that. */
  | 'answered'
  /** The stream ended, whoever ended it. */
  | 'stream_ended'
  /** The page did not come back in the grace time, or gave way to newer ones of the same user. */
  | 'page_gone'
  /** The commercial's token ended. */
  | 'token_expired'
  /** The relay stops. */
  | 'relay_stopping';

/** Who heard whom: ids of the host's tokens (`sub`), never names. Durations are whole milliseconds of a clock that never jumps. */
export type AuditEntry =
  | {
      readonly event: 'stream_started';
      readonly stream: string;
      readonly commercial: string;
      /** The commercial's team. */
      readonly equipe: string;
      /** It comes from a device (WHIP), which shows nobody who listens. Left out: from a page. */
      readonly device?: true;
    }
  | {
      readonly event: 'stream_ended';
      readonly stream: string;
      readonly commercial: string;
      readonly equipe: string;
      readonly cause: StreamEnd;
      /** From start to end, pauses included. */
      readonly liveMs: number;
      readonly pausedMs: number;
    }
  | {
      /** From now on the relay passes this commercial's audio on to this admin's page; the commercial's page shows that. */
      readonly event: 'hearing_began';
      /** Names the hearing; its end has the same. */
      readonly hearing: string;
      readonly stream: string;
      readonly commercial: string;
      readonly equipe: string;
      readonly admin: string;
      /** Why, where the policy asks: the id of one of its purposes. */
      readonly purpose?: string;
    }
  | {
      /** The commercial has paused (`paused`), or goes on. `objection`: because a person at the door minds, once for each pause; also in one that ran already. */
      readonly event: 'stream_paused';
      readonly stream: string;
      readonly commercial: string;
      readonly equipe: string;
      readonly paused: boolean;
      readonly reason: 'asked' | 'objection';
    }
  | {
      /** The commercial has acknowledged the policy's text of this version. */
      readonly event: 'consent_given';
      readonly commercial: string;
      readonly equipe: string;
      readonly version: string;
    }
  | {
      /** The policy did not allow a stream (without `admin`), or a listening, that was asked for. */
      readonly event: 'policy_refused';
      readonly commercial: string;
      readonly equipe: string;
      readonly admin?: string;
      readonly reason: PolicyReason | 'policy_devices';
    }
  | {
      /** This policy holds from now on: SHA-256 of its file. */
      readonly event: 'policy_loaded';
      readonly digest: string;
    }
  /** The relay takes nobody new from now on, because it stops on purpose. */
  | { readonly event: 'drain_began' }
  | {
      readonly event: 'hearing_ended';
      readonly hearing: string;
      readonly stream: string;
      readonly commercial: string;
      readonly equipe: string;
      readonly admin: string;
      readonly cause: HearingEnd;
      /** How long audio was passed on. */
      readonly heardMs: number;
      /** Of `heardMs`: how long the path to the admin's page was up (ICE and DTLS), so that it could arrive. */
      readonly connectedMs: number;
      /** How long the commercial had paused meanwhile. Nothing was passed on. */
      readonly pausedMs: number;
    }
  | {
      /** A commercial asked for help: the admins of the team see it. */
      readonly event: 'help_asked';
      readonly commercial: string;
      readonly equipe: string;
      /** Null: not live. */
      readonly stream: string | null;
    }
  | {
      readonly event: 'help_ended';
      readonly commercial: string;
      readonly equipe: string;
      /** The last one while it was asked for; null: not live. */
      readonly stream: string | null;
      readonly cause: HelpEnd;
      /** Who answered; null with another cause. */
      readonly admin: string | null;
      readonly askedMs: number;
    }
  | {
      /** The commercial lets admins speak into their ear during this stream, or no longer. */
      readonly event: 'whisper_allowed';
      readonly commercial: string;
      readonly equipe: string;
      readonly stream: string;
      readonly allowed: boolean;
    }
  | {
      /** From now on this admin's voice is passed on to the commercial's page, which shows that. */
      readonly event: 'whisper_began';
      /** Names the whisper; its end has the same. */
      readonly whisper: string;
      readonly commercial: string;
      readonly equipe: string;
      readonly stream: string;
      readonly admin: string;
    }
  | {
      readonly event: 'whisper_ended';
      readonly whisper: string;
      readonly commercial: string;
      readonly equipe: string;
      readonly stream: string;
      readonly admin: string;
      readonly cause: WhisperEnd;
      /** How long the voice was passed on. */
      readonly spokenMs: number;
      /** Other admins who heard it, all of it or a part, by id. Left out: nobody else did. */
      readonly heardBy?: readonly string[];
    }
  | {
      /** The commercial's page has shown a short text of this admin. What it says is kept nowhere. */
      readonly event: 'whisper_cue';
      readonly commercial: string;
      readonly equipe: string;
      readonly stream: string;
      readonly admin: string;
    };

/** Where the audit trail goes. */
export interface AuditSink {
  /** Keeps the entry, in the order of the calls, before the process can end. Never throws. */
  record(entry: AuditEntry): void;
}
