import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { RelayError } from '../errors.ts';

/** What a request takes. @throws RelayError bad_request with what does not fit, without the values: they may be secret, or long */
export function readParams<T>(name: string, schema: z.ZodType<T>, params: unknown): T {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 3).map((issue) => {
    const path = issue.path.map(String).join('.');
    return path ? `${path}: ${issue.message}` : issue.message;
  });
  throw new RelayError('bad_request', `${name}: ${issues.join('; ').slice(0, 400)}.`);
}

/**
 * What a page is told when the relay itself failed: where the log has the cause, and nothing of it.
 * @param facts whose request it was, for the log
 * @param what the log's line
 */
export function internalFailure(
  logger: Logger,
  error: unknown,
  facts: object,
  what: string,
): { readonly code: 'internal'; readonly message: string } {
  const reference = randomBytes(4).toString('hex');
  logger.error({ err: error, ...facts, reference }, what);
  return { code: 'internal', message: `The relay failed; its log has the cause under ${reference}.` };
}
