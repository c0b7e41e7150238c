import type { IceConfig } from '../../config/shape.ts';
import { iceServersFor } from '../../signalling/ice-servers.ts';
import { type Finding, failed, ok, skipped, warning, wordsOf } from './finding.ts';
import { readIceUrl } from './turn/ice-url.ts';
import { hostPort } from './turn/stun-message.ts';
import { askMappedAddress, StunError, tryAllocation } from './turn/turn-client.ts';

/** What the checks of STUN and TURN found. */
export interface IceFindings {
  readonly findings: readonly Finding[];
  /** As what addresses this machine is seen from there. */
  readonly seenAs: readonly string[];
}

/** Asks each STUN server once, and makes and gives back an allocation at each TURN server, with credentials as pages get them. */
export async function checkIce(config: IceConfig): Promise<IceFindings> {
  const seenAs: string[] = [];
  const stun = config.stunUrls.map(async (url): Promise<Finding> => {
    const server = readIceUrl(url);
    if (server.transport === 'dtls') return skipped('stun', `${url}: DTLS is not tried here.`);
    try {
      const mapped = await askMappedAddress(server);
      if (mapped) seenAs.push(mapped.ip);
      return ok('stun', `${url} answers; it sees this machine as ${mapped?.ip ?? 'something unknown'}.`);
    } catch (error) {
      return warning(
        'stun',
        `${url}: ${wordsOf(error)}.`,
        'Is it running, and does a firewall stand between? STUN_URLS',
      );
    }
  });
  const turn = config.turnUrls.map(async (url): Promise<Finding> => {
    const server = readIceUrl(url);
    if (server.transport === 'dtls') return skipped('turn', `${url}: DTLS is not tried here.`);
    const [{ username = '', credential = '' } = {}] = iceServersFor({ ...config, stunUrls: [] }, 'doctor');
    try {
      const { relayed, mapped } = await tryAllocation(server, { username, credential });
      if (mapped) seenAs.push(mapped.ip);
      const at = relayed ? hostPort(relayed.ip, relayed.port) : 'an address that it does not say';
      return ok('turn', `${url}: an allocation was made at ${at}, and given back.`);
    } catch (error) {
      return failed('turn', `${url}: ${wordsOf(error)}.`, fixFor(error));
    }
  });
  const findings = await Promise.all([...stun, ...turn]);
  if (config.turnUrls.length === 0)
    findings.push(skipped('turn', 'TURN_URLS is not set: pages behind firewalls that let only 443 pass get no sound.'));
  return { findings, seenAs };
}

function fixFor(error: unknown): string {
  if (!(error instanceof StunError))
    return 'Is it running, is the address right, and does a firewall stand between? TURN_URLS';
  if (error.code === 401)
    return 'TURN_SECRET is not the server’s own (coturn: static-auth-secret), or one of both clocks is wrong.';
  if (error.code === 486 || error.code === 508)
    return 'The server is full: raise its quotas (coturn: user-quota, total-quota) or its ports.';
  if (error.code === 0)
    return 'Set use-auth-secret and static-auth-secret there: what lets anybody in is used by anybody.';
  return 'Look into the log of the TURN server.';
}
