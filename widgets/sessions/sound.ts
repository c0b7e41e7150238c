import type { AudioOutput, Player } from '../audio/player.ts';
import type { PeerSample } from '../relay-client/peer-sample.ts';
import { isRemembered, recall, remember, rememberFlag } from '../shared/storage.ts';
import { Loudness } from './loudness.ts';

const LEVELLING_OFF = 'levelling-off';
const OUTPUT = 'output';

/** What the sound is made with. */
export interface SoundOptions {
  readonly player: Player<never>;
  /** 0 to 1. */
  readonly volume: number;
  readonly muted?: boolean;
  rememberVolume(volume: number): void;
}

/** What is left of the loudness while the user speaks: a third, 10 dB less. */
const DUCKED = 0.32;

/** How it sounds, as the dock shows it. */
export interface SoundState {
  /** 0 to 1. */
  readonly volume: number;
  readonly muted: boolean;
  /** Quiet and loud people are evened out. */
  readonly levelling: boolean;
  /** Outputs that the browser names, or can ask for; none: the system's is the only one. */
  readonly outputs: readonly AudioOutput[];
  /** The id of the output in use; empty: the system's. */
  readonly output: string;
  /** The browser has a picker of its own for outputs. */
  readonly picksOutput: boolean;
}

/** What a user can do about how it sounds. */
export interface SoundControl {
  setLevelling(on: boolean): void;
  /** Looks which outputs there are. Never rejects. */
  lookOutputs(): Promise<void>;
  /** Plays there from now on. @param id empty: the system's; null: the browser asks, within the click. Never rejects */
  setOutput(id: string | null): Promise<void>;
}

/** Volume, loudness and output of what is played; all are remembered, but for muting. */
export class Sound implements SoundControl {
  readonly #player: Player<never>;
  readonly #rememberVolume: (volume: number) => void;
  readonly #commit: (state: Partial<SoundState>) => void;
  readonly #loudness = new Loudness();
  readonly #stopWatching: () => void;
  #levelling = !isRemembered(LEVELLING_OFF);
  /** What the user chose, there or not. */
  #wanted = recall(OUTPUT) ?? '';
  #inUse = '';
  #gain = 1;
  #volume: number;
  #muted: boolean;
  /** Sounds along. */
  #other: Player<never> | null = null;
  #ducked = false;

  constructor(options: SoundOptions, commit: (state: Partial<SoundState>) => void) {
    const { player, volume, muted = false } = options;
    this.#player = player;
    this.#volume = volume;
    this.#muted = muted;
    this.#rememberVolume = (next) => options.rememberVolume(next);
    player.setVolume(volume);
    player.setMuted(muted);
    this.#commit = commit;
    commit({ volume, muted, levelling: this.#levelling, picksOutput: player.picksOutput });
    this.#stopWatching = player.onOutputs(() => void this.#follow());
    if (this.#wanted) void this.#follow();
  }

  /** Somebody else is heard from now on: with their own gain, if it is known. */
  turnTo(id: string): void {
    this.#setGain(this.#levelling ? this.#loudness.gainOf(id) : 1);
  }

  /** What was received of them between two readings. */
  heard(id: string, before: PeerSample, after: PeerSample): void {
    this.#loudness.push(id, before, after);
    this.turnTo(id);
  }

  setVolume(volume: number): void {
    const next = Math.min(1, Math.max(0, Number.isFinite(volume) ? volume : 1));
    this.#volume = next;
    this.#player.setVolume(next);
    this.#other?.setVolume(next);
    this.#rememberVolume(next);
    this.#commit({ volume: next });
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#player.setMuted(muted);
    this.#other?.setMuted(muted);
    this.#commit({ muted });
  }

  setLevelling(on: boolean): void {
    this.#levelling = on;
    rememberFlag(LEVELLING_OFF, !on);
    if (!on) this.#setGain(1);
    this.#commit({ levelling: on });
  }

  /** Quieter while the user speaks into a microphone beside it, or as before. */
  duck(on: boolean): void {
    this.#ducked = on;
    this.#setGain(this.#gain);
  }

  /** Another player is as loud, muted, and on the same output, from now on; it is its owner's to close. */
  accompany(player: Player<never>): void {
    this.#other = player;
    player.setVolume(this.#volume);
    player.setMuted(this.#muted);
    void player.setOutput(this.#inUse);
  }

  async lookOutputs(): Promise<void> {
    this.#commit({ outputs: await this.#player.outputs(), output: this.#inUse });
  }

  async setOutput(id: string | null): Promise<void> {
    const chosen = id ?? (await this.#player.pickOutput());
    // The picker was closed without a choice.
    if (chosen === null) return;
    this.#wanted = chosen;
    remember(OUTPUT, chosen);
    await this.#use(chosen);
    await this.lookOutputs();
  }

  /** Idempotent. */
  close(): void {
    this.#stopWatching();
    this.#player.close();
  }

  #setGain(gain: number): void {
    this.#gain = gain;
    this.#player.setGain(this.#ducked ? gain * DUCKED : gain);
  }

  /** Headphones came or went: the chosen ones are used again, and without them the system's. */
  async #follow(): Promise<void> {
    const outputs = await this.#player.outputs();
    const there = outputs.some(({ id }) => id === this.#wanted);
    // Browsers that name no output may still know the one that was allowed before.
    await this.#use(there || outputs.length === 0 ? this.#wanted : '');
    await this.lookOutputs();
  }

  async #use(id: string): Promise<void> {
    if (id === this.#inUse) return;
    const used = await this.#player.setOutput(id);
    if (used) this.#inUse = id;
    else if (this.#inUse && (await this.#player.setOutput(''))) this.#inUse = '';
    await this.#other?.setOutput(this.#inUse);
  }
}
