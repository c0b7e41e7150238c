import type { VariableName } from './variables.ts';

/** Notes one thing that is wrong; reading goes on, so that all of them are listed at once. */
export type Report = (name: VariableName, problem: string) => void;

/** What a part of the configuration is judged with. */
export interface Review {
  readonly production: boolean;
  /** Variables that hold something unreadable, noted already. */
  readonly failed: ReadonlySet<VariableName>;
  readonly report: Report;
  /** Notes something that can be used but should be known. */
  readonly warn: Report;
}

/** The environment holds something that the relay cannot start with. Its message lists everything. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    const lines = problems.map((problem) => `  - ${problem}`).join('\n');
    super(`The configuration has ${count}:\n${lines}\nAll variables and their defaults: start the relay with --help`);
    this.problems = problems;
  }
}
