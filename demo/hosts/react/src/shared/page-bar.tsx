import type { ReactNode } from 'react';
import { useSession } from './session.tsx';

const initials = (name: string) =>
  name
    .split(' ')
    .map((word) => word.slice(0, 1))
    .join('');

/** The company's bar: mark, links, who is logged in. */
export function PageBar({ children }: { readonly children?: ReactNode }) {
  const { person } = useSession();
  return (
    <header className="bar">
      <a className="brand" href="/" aria-label="Clairvoie, accueil">
        <svg className="logo" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 11 12 4l8 7v8a1.5 1.5 0 0 1-1.5 1.5H15v-6H9v6H5.5A1.5 1.5 0 0 1 4 19z" />
        </svg>
        <span>Clairvoie</span>
      </a>
      {children}
      <span className="who">
        <span className="avatar" aria-hidden="true">
          {initials(person.name)}
        </span>
        <span className="who-name">
          {person.name}
          <small>{person.role === 'admin' ? person.title : person.equipe}</small>
        </span>
      </span>
    </header>
  );
}
