import { existsSync } from 'node:fs';
import { certificateFiles } from '../setup/certificates.mjs';

/** What demo/start.ts reads: the worker's path is in the environment already, the certificates' are added where they are. */
export function demoEnvironment() {
  const { ca, cert, key } = certificateFiles;
  if (!existsSync(cert) || !existsSync(key)) return process.env;
  return { PROSPECT_CERT_FILE: cert, PROSPECT_KEY_FILE: key, PROSPECT_CA_FILE: ca, ...process.env };
}
