import type { DestinationStream } from 'pino';
import type { BoundedOutput, Trouble } from './bounded-output.ts';
import { FileOutput } from './file-output.ts';
import { logLine } from './log-line.ts';
import type { LogFileSettings } from './rotating-file.ts';
import { isForPeople, prettyOutput, standardOutput } from './standard-output.ts';

/** Where lines go. */
export const OUTPUT_NAMES = ['stdout', 'file'] as const;
export type OutputName = (typeof OUTPUT_NAMES)[number];

/** How many lines each output has lost since the start; outputs that are not in use are not in it. */
export type LogLosses = () => ReadonlyMap<OutputName, number>;

/** How lines are written. */
export interface LogOutputSettings {
  /** Null: none. */
  readonly file: LogFileSettings | null;
  /** Coloured lines for people on standard output; by default when it is a terminal and pino-pretty is installed. */
  readonly pretty?: boolean;
}

/**
 * Everything that takes the relay's lines, those of the log and those of the audit trail: standard output, and a file where one is
 * set. None of them makes the relay wait; what one could not take is counted, and said in the others.
 */
export class LogOutputs implements DestinationStream {
  static readonly #standard = new Map<boolean, LogOutputs>();
  readonly #outputs = new Map<OutputName, BoundedOutput>();
  readonly #terminal: DestinationStream | null;
  #file: FileOutput | null = null;

  private constructor(pretty: boolean) {
    this.#terminal = pretty ? prettyOutput() : null;
    if (!pretty) this.#outputs.set('stdout', standardOutput(this.#told('stdout')));
  }

  /** Standard output alone; the same object each time, as a process has one standard output. */
  static standard(pretty = isForPeople()): LogOutputs {
    const outputs = LogOutputs.#standard.get(pretty) ?? new LogOutputs(pretty);
    LogOutputs.#standard.set(pretty, outputs);
    return outputs;
  }

  /** @throws LogFileError when the file cannot be opened */
  static async open({ file, pretty = isForPeople() }: LogOutputSettings): Promise<LogOutputs> {
    // First of all: whoever cannot open it has begun nothing. Until there are others, there is nobody to tell.
    let told = (_trouble: Trouble): void => undefined;
    const output = file && (await FileOutput.open(file, (trouble) => told(trouble)));
    const outputs = new LogOutputs(pretty);
    if (output === null) return outputs;
    told = outputs.#told('file');
    outputs.#file = output;
    outputs.#outputs.set('file', output);
    return outputs;
  }

  /** Opens the log file anew at its path, as whoever has moved it asks for by SIGHUP. Without a file nothing happens. */
  reopenFile(): void {
    this.#file?.reopen();
  }

  /** A line of the log. */
  write(line: string): void {
    this.#send(line, false);
  }

  /** Takes the lines of the audit trail, which have room when others have none. */
  readonly audit: DestinationStream = { write: (line) => this.#send(line, true) };

  /** Lines lost since the start. */
  readonly losses: LogLosses = () => new Map([...this.#outputs].map(([name, { dropped }]) => [name, dropped]));

  /** Resolves when every output has written what it could, or the time is over. */
  async written(withinMs: number): Promise<void> {
    await Promise.all([...this.#outputs.values()].map((output) => output.written(withinMs)));
  }

  #send(line: string, audit: boolean): void {
    this.#terminal?.write(line);
    for (const output of this.#outputs.values()) output.write(line, audit);
  }

  /** What is said in the other outputs when one begins to lose lines. */
  #told(name: OutputName): (trouble: Trouble) => void {
    return ({ reason }) => {
      const words =
        reason === null
          ? 'lines of the log are lost: this output takes them too slowly'
          : 'lines of the log are lost: this output has failed';
      const line = logLine('error', { output: name, ...(reason !== null && { reason }) }, words);
      this.#terminal?.write(line);
      for (const [other, output] of this.#outputs) if (other !== name) output.write(line, true);
    };
  }
}
