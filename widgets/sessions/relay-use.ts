import type { ParamsOf, RequestName, SessionUser } from '../../relay/protocol/messages.ts';
import type { LinkStatus, RelayLink } from '../relay-client/relay-link.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import { type Fault, type PageFaultCode, ProspectError, toFault } from '../shared/fault.ts';

/** How long a stop waits for the relay's word. */
const TELL_PATIENCE_MS = 3_000;
/** Failures of media negotiation that a second try may mend: the socket or a worker was lost in the middle of it. */
const PASSING: readonly string[] = ['relay_unreachable', 'request_timeout', 'not_connected', 'media_unavailable'];

/** True when the same request may well succeed in a moment. */
export const isPassing = (error: unknown): boolean => PASSING.includes(toFault(error).code);

/** Sends what needs no answer. A relay that is away is told at its return, by whoever keeps the state. Never rejects. */
export async function tell<N extends RequestName>(
  relay: RelayLink,
  log: DebugLog,
  name: N,
  params: ParamsOf<N>,
): Promise<void> {
  if (relay.status !== 'online') return;
  await relay.request(name, params, TELL_PATIENCE_MS).catch((error: unknown) => {
    const { code } = toFault(error);
    log(`${name} failed`, code);
    // A socket can die without a word, when the network under it is gone: this may be the first sign.
    if (code === 'request_timeout') relay.check();
  });
}

/** Throws what is wrong when waiting for the relay would be in vain. @throws ProspectError */
export function refuseWithoutRelay(relay: RelayLink, needed: SessionUser['role']): void {
  const fault = relay.status === 'refused' ? relay.fault : misfit(relay, needed);
  if (fault) throw new ProspectError(fault.code, fault.message);
  if (relay.status === 'idle') throw new ProspectError('token_missing', 'No token is set: set the token attribute.');
}

/** The link's status; with a token of the other role it is of no more use than a refused one. */
export const usableStatus = (relay: RelayLink, needed: SessionUser['role']): LinkStatus =>
  misfit(relay, needed) ? 'refused' : relay.status;

const misfit = ({ status, session }: RelayLink, needed: SessionUser['role']): Fault | null =>
  status === 'online' && session ? wrongRole(session.user, needed) : null;

/** What to say when the token is of the other role, else null. */
export function wrongRole(user: SessionUser, needed: SessionUser['role']): Fault | null {
  if (user.role === needed) return null;
  return { code: 'forbidden', message: `This needs a token of role ${needed}; the token's role is ${user.role}.` };
}

/** One object for one failure, as everywhere. */
const NO_TEAM: Fault = Object.freeze({
  code: 'no_team' satisfies PageFaultCode,
  message: 'The token names no team: its claim equipes is an empty list.',
});

/** What to say when an admin is there, and nobody can be shown to them; else null. */
function noTeam({ status, session }: RelayLink): Fault | null {
  const user = status === 'online' ? session?.user : null;
  return user?.role === 'admin' && user.equipes.length === 0 ? NO_TEAM : null;
}

/**
 * The one failure to show. What the relay refused comes first: nothing else can be mended before. That the relay is out of reach
 * comes last, and not at all while sound flows.
 * @param status as of `usableStatus`
 * @param own failures of the page, the most urgent first
 */
export function faultToShow(
  { fault }: RelayLink,
  status: LinkStatus,
  flowing: boolean,
  own: readonly (Fault | null | undefined)[],
): Fault | null {
  if (status === 'refused' && fault) return fault;
  return own.find(Boolean) ?? (flowing && fault?.code === 'relay_unreachable' ? null : fault);
}

/** What to show of a refusal and of why nothing can be sealed or opened here: of a stream that must be sealed, why this page cannot. */
export function failureOf(
  refusal: Fault | null,
  sealing: { readonly fault: Fault | null } | undefined,
): Fault | null | undefined {
  const own = sealing?.fault;
  return refusal?.code === 'e2ee_required' ? (own ?? refusal) : (refusal ?? own);
}

/** What to show to an admin whose own wish has not failed. @param selected the media of somebody who is selected; null: nobody is */
export function faultOfListening(
  relay: RelayLink,
  flowing: boolean,
  selected: { readonly fault: Fault | null } | null,
): Fault | null {
  const { fault } = relay;
  const away = flowing && selected && fault?.code === 'relay_unreachable' ? null : fault;
  return selected?.fault ?? away ?? noTeam(relay);
}
