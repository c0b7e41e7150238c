import type { TokenProvider } from '@prospect-live/widgets';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';

/** Someone who is logged in at the company. */
export type Person =
  | {
      readonly role: 'commercial';
      readonly id: string;
      readonly name: string;
      readonly equipe: string;
      readonly sector: string;
    }
  | {
      readonly role: 'admin';
      readonly id: string;
      readonly name: string;
      readonly title: string;
      readonly equipes: readonly string[];
    };

/** The company's session, and the token that its server mints for the relay. */
export interface Session {
  readonly person: Person;
  readonly token: string;
  /** Null: the elements find the relay by themselves. */
  readonly relayUrl: string | null;
  /** Asks the company's server for another token: the elements' `tokenProvider`. */
  readonly fetchToken: TokenProvider;
}

const SessionContext = createContext<Session | null>(null);
const RETRY_MS = 5000;

/** The person's own part of the server: `/as/lea-martin`, of `/as/lea-martin/react/...`. */
export const personPath = location.pathname.split('/').slice(0, 3).join('/');

async function fetchSession(signal?: AbortSignal): Promise<Omit<Session, 'fetchToken'>> {
  const response = await fetch(`${personPath}/api/session`, { cache: 'no-store', signal: signal ?? null });
  if (!response.ok) throw new Error(`the session endpoint answered ${response.status}`);
  return response.json();
}

const fetchToken: TokenProvider = async ({ signal }) => (await fetchSession(signal)).token;

/** Loads the session, then shows the application. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const [loaded, setLoaded] = useState<Omit<Session, 'fetchToken'> | null>(null);
  const load = useCallback(async () => {
    try {
      setLoaded(await fetchSession());
    } catch {
      setTimeout(() => void load(), RETRY_MS);
    }
  }, []);
  useEffect(() => void load(), [load]);
  const session = useMemo(() => loaded && { ...loaded, fetchToken }, [loaded]);
  if (!session) return null;
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** The session of whoever is logged in. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession is for components inside SessionGate');
  return session;
}
