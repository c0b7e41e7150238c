import { useEffect, useState } from 'react';
import { api } from '../shared/router.tsx';

const RESEND_MS = 20_000;

/** Shares the phone's position with the company's own server while it is on. Prospect Live has no part in it. */
export function PositionSwitch() {
  const [shared, setShared] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (!shared) return;
    let body: string | null = null;
    const send = () => {
      const headers = { 'content-type': 'application/json' };
      // One lost position is no matter: the next one follows.
      if (body) fetch(api('position'), { method: 'PUT', headers, body }).catch(() => {});
    };
    const watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        setProblem(null);
        body = JSON.stringify({ lat: coords.latitude, lng: coords.longitude });
        send();
      },
      () => setProblem('Position indisponible : autorisez la localisation.'),
      { enableHighAccuracy: true },
    );
    // The browser tells of movements only; the server forgets who is silent.
    const timer = setInterval(send, RESEND_MS);
    return () => {
      navigator.geolocation.clearWatch(watch);
      clearInterval(timer);
    };
  }, [shared]);
  return (
    <label className="switch">
      <input type="checkbox" checked={shared} onChange={(event) => setShared(event.target.checked)} />
      <span>
        Partager ma position
        <small>{problem ?? (shared ? 'Votre responsable vous voit sur la carte.' : 'Désactivé')}</small>
      </span>
    </label>
  );
}
