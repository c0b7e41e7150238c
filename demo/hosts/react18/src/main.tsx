import '@prospect-live/widgets/define';
import { StrictMode, version } from 'react';
import { createRoot } from 'react-dom/client';
import { AdminPage } from './admin-page.tsx';
import { CommercialPage } from './commercial-page.tsx';
import { fetchSession } from './session.ts';

const root = document.getElementById('app');
if (root) {
  document.documentElement.dataset.react = version;
  const session = await fetchSession();
  createRoot(root).render(
    <StrictMode>
      {session.person.role === 'commercial' ? <CommercialPage {...session} /> : <AdminPage {...session} />}
    </StrictMode>,
  );
}
