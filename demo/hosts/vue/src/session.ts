/** What the company's server says of whoever is logged in. */
export interface Session {
  readonly person: { readonly id: string; readonly name: string; readonly role: 'commercial' | 'admin' };
  readonly token: string;
  readonly relayUrl: string | null;
}

const personPath = location.pathname.split('/').slice(0, 3).join('/');

/** @throws Error when the server does not answer, or with a refusal */
export async function fetchSession(): Promise<Session> {
  const response = await fetch(`${personPath}/api/session`, { cache: 'no-store' });
  if (!response.ok) throw new Error(`the session endpoint answered ${response.status}`);
  return response.json();
}
