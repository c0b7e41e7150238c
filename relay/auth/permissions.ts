/** Who may know and hear what. Pure functions of the verified user; everything that is not allowed here is denied. */
import { type RequestName, requests, type SessionUser } from '../protocol/messages.ts';

/** May this user send this request at all? What it may touch is asked separately. */
export function mayRequest(user: SessionUser, request: RequestName): boolean {
  return requests[request].roles.some((role) => role === user.role);
}

/** May this user hear the commercials of this team? Admins only, and only the teams that their token names, letter for letter. */
export function mayHear(user: SessionUser, equipe: string): boolean {
  return user.role === 'admin' && user.equipes.includes(equipe);
}

/** May this user see who of this team is there, streams and is listened to? Whoever may hear them, nobody else. */
export function maySee(user: SessionUser, equipe: string): boolean {
  return mayHear(user, equipe);
}

/** May a session go on with this other token (`session:refresh`)? Only as the same person in the same role. */
export function mayContinueAs(current: SessionUser, next: SessionUser): boolean {
  return current.id === next.id && current.role === next.role;
}
