import { useState } from 'react';
import { PageBar } from '../shared/page-bar.tsx';
import { RouteLink, useRoute } from '../shared/router.tsx';
import { DayPage } from './day-page.tsx';
import { DoorsPage } from './doors-page.tsx';
import { LiveButton } from './live-button.tsx';
import { PositionSwitch } from './position-switch.tsx';
import { TrainingPage } from './training-page.tsx';

/**
 * The commercial's application. The button stands above the routes: React keeps it, and the sound goes on, while the pages change
 * under it. On the route "formation" the page has a button of its own instead, to show what that means.
 */
export function CommercialApp() {
  const route = useRoute();
  const [live, setLive] = useState(false);
  return (
    <div className="field">
      <PageBar>
        <nav className="tabs" aria-label="Pages">
          <RouteLink to="portes">Portes</RouteLink>
          <RouteLink to="journee">Journée</RouteLink>
          <RouteLink to="formation">Formation</RouteLink>
        </nav>
      </PageBar>
      <main>
        {live && (
          <p className="on-air" role="status">
            Vous êtes en direct, sur toutes les pages.
          </p>
        )}
        <PositionSwitch />
        {route === 'journee' ? <DayPage /> : route === 'formation' ? <TrainingPage /> : <DoorsPage />}
        {route !== 'formation' && <LiveButton onLiveChange={setLive} />}
      </main>
    </div>
  );
}
