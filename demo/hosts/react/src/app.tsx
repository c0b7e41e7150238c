import { SuiviPage } from './admin/suivi-page.tsx';
import { CommercialApp } from './commercial/commercial-app.tsx';
import { useSession } from './shared/session.tsx';
import './app.css';

/** The commercial's application or the admin's, by who is logged in. */
export function App() {
  const { person } = useSession();
  return person.role === 'commercial' ? <CommercialApp /> : <SuiviPage />;
}
