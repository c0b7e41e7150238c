import type { Choices, PageMemory } from '../storage.ts';

/** What a tab keeps, as text, in a test's hands. */
export class FakeMemory implements PageMemory {
  readonly kept = new Map<string, string>();

  read(name: string): unknown {
    return JSON.parse(this.kept.get(name) ?? 'null');
  }

  write(name: string, value: object | null): void {
    if (value) this.kept.set(name, JSON.stringify(value));
    else this.kept.delete(name);
  }
}

/** A browser's storage that a test can look into. */
export class FakeChoices implements Choices {
  readonly kept = new Map<string, string>();

  read(name: string): string | null {
    return this.kept.get(name) ?? null;
  }

  write(name: string, value: string): void {
    this.kept.set(name, value);
  }
}
