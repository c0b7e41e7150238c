import { resolve } from 'node:path';
import type { Review } from './problems.ts';
import type { LogFileConfig } from './shape.ts';
import type { Values, VariableName } from './variables.ts';

/** The log file; null where none is set. @param set names of the variables that were given */
export function readLogFileConfig(values: Values, set: ReadonlySet<string>, { warn }: Review): LogFileConfig | null {
  if (values.LOG_FILE === null) {
    for (const name of ['LOG_FILE_BYTES', 'LOG_FILES_KEPT'] satisfies VariableName[])
      if (set.has(name)) warn(name, 'has no effect without LOG_FILE.');
    return null;
  }
  return { path: resolve(values.LOG_FILE), maxBytes: values.LOG_FILE_BYTES, keep: values.LOG_FILES_KEPT };
}
