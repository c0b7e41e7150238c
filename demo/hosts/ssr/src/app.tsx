import type {} from '@prospect-live/widgets/react';

/** What the server knows when it renders a page; the browser gets the same. */
export interface PageProps {
  /** What stands in the address: which build this is. */
  readonly host: string;
  readonly person: { readonly id: string; readonly name: string; readonly role: 'commercial' | 'admin' };
  readonly view: 'portes' | 'journal';
  readonly doors: readonly { readonly number: number; readonly address: string; readonly visitedAt: string | null }[];
  readonly token: string;
  readonly relayUrl: string | null;
}

/** One page. Its links are plain links: each leads to another document. */
export function App({ host, person, view, doors, token, relayUrl }: PageProps) {
  const isCommercial = person.role === 'commercial';
  return (
    <div className={isCommercial ? 'field' : 'desk'}>
      <header className="bar">
        <a className="brand" href="/">
          Clairvoie
        </a>
        <span>{person.name}</span>
      </header>
      <main>
        <nav className="tabs" aria-label="Pages">
          <a href={`/as/${person.id}/${host}/portes`} aria-current={view === 'portes' ? 'page' : undefined}>
            Portes
          </a>
          <a href={`/as/${person.id}/${host}/journal`} aria-current={view === 'journal' ? 'page' : undefined}>
            Journal
          </a>
        </nav>
        <h1>{view === 'portes' ? 'Mes portes' : 'Mon journal'}</h1>
        {/* Awake before React is, an element has set its attribute `state` already; React would warn of what it did not render. */}
        {isCommercial ? (
          <prospect-stream-button token={token} relay-url={relayUrl} suppressHydrationWarning />
        ) : (
          <prospect-listen-panel token={token} relay-url={relayUrl} suppressHydrationWarning />
        )}
        <ul className="doors">
          {doors
            .filter(({ visitedAt }) => view === 'portes' || visitedAt !== null)
            .map(({ number, address, visitedAt }) => (
              <li className="door" key={number}>
                <span className="door-where">
                  <strong>{address}</strong>
                </span>
                <time>{visitedAt}</time>
              </li>
            ))}
        </ul>
      </main>
    </div>
  );
}
