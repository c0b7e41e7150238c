import { type ReactNode, useSyncExternalStore } from 'react';
import { personPath } from './session.tsx';

/** `/as/lea-martin/react`: what stands before the routes. */
const base = location.pathname.split('/').slice(0, 4).join('/');
const CHANGED = 'app-navigate';

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  addEventListener(CHANGED, listener);
  return () => {
    removeEventListener('popstate', listener);
    removeEventListener(CHANGED, listener);
  };
}

/** The route: what follows the application's own address, such as `portes`; empty at first. */
export function useRoute(): string {
  return useSyncExternalStore(subscribe, () => location.pathname.slice(base.length + 1));
}

/** A link to a route: changes the address without loading a page. A real application has a router for it. */
export function RouteLink({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  const current = useRoute() === to;
  return (
    <a
      href={`${base}/${to}`}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        event.preventDefault();
        history.pushState(null, '', `${base}/${to}`);
        dispatchEvent(new Event(CHANGED));
      }}
    >
      {children}
    </a>
  );
}

/** An address of the person's own part of the server. */
export const api = (path: string) => `${personPath}/api/${path}`;
