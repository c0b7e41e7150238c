import { readTextFile, reasonOf } from '../strict-text.ts';
import type { Report, Review } from './problems.ts';
import { hiddenInSecret, reviewSecret } from './secrets.ts';
import type { Values, VariableName } from './variables.ts';

/** Secrets that stand in a variable or in a file. */
type SecretName = 'CLUSTER_SECRET' | 'CLUSTER_SECRET_PREVIOUS' | 'AUDIT_WEBHOOK_SECRET';

/** Reads a secret from its variable or from the file that `NAME_FILE` names; null when there is none, or none that can be used, which is reported. */
export function readSecretValue(name: SecretName, leastBytes: number, values: Values, review: Review): string | null {
  const { report } = review;
  const fileName = `${name}_FILE` as const;
  const file = values[fileName];
  if (file !== null && values[name] !== null) {
    report(name, `only one of ${name} and ${fileName} may be set. Remove one.`);
    return null;
  }
  const secret = file === null ? values[name] : readValueFile(fileName, file, report);
  if (secret === null) return null;
  const from = file === null ? name : fileName;
  const hidden = secret.includes('-----BEGIN ') ? 'holds a PEM key, which is no shared secret' : hiddenInSecret(secret);
  if (hidden !== null || secret === '') {
    report(from, `${hidden ?? 'is empty'}. Make one: openssl rand -base64 48`);
    return null;
  }
  reviewSecret(secret, from, { leastBytes, weak: 'refuse' }, review);
  return secret;
}

/** What a file holds, without the line end behind it; null when it cannot be read, which is reported. */
export function readValueFile(name: VariableName, file: string, report: Report): string | null {
  try {
    return readTextFile(file, { mark: 'refuse' }).replace(/\r?\n$/, '');
  } catch (error) {
    report(name, reasonOf(error));
    return null;
  }
}
