import type { Commercial } from '@prospect-live/widgets';
import { useEffect, useRef } from 'react';
import type { Heard } from './heard.ts';
import { MapView, type Pin } from './map-view.ts';
import type { GpsPosition } from './use-positions.ts';
import './gps-map.css';

interface GpsMapProps {
  readonly positions: readonly GpsPosition[];
  /** The panel's list: who is live, who speaks. */
  readonly commercials: readonly Commercial[];
  readonly heard: Heard;
  /** A marker was clicked, or chosen with the keyboard. */
  readonly onToggle: (id: string) => void;
}

/** The team on a map. React holds the state, `MapView` draws it. */
export function GpsMap({ positions, commercials, heard, onToggle }: GpsMapProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<MapView>(null);
  const toggle = useRef(onToggle);
  toggle.current = onToggle;

  useEffect(() => {
    if (!place.current) return;
    const map = new MapView(place.current, (id) => toggle.current(id));
    view.current = map;
    return () => map.close();
  }, []);

  useEffect(() => {
    view.current?.show(positions.map((position) => pinOf(position, commercials, heard)));
  }, [positions, commercials, heard]);

  useEffect(() => {
    if (heard.id) view.current?.reveal(heard.id);
  }, [heard.id]);

  return (
    <section className="sheet map-sheet" aria-label="Carte de l’équipe">
      <div ref={place} className="map" />
      <ul className="map-legend">
        <li data-status="live">En direct</li>
        <li data-status="ready">Connecté</li>
        <li data-status="offline">Hors ligne</li>
        <li data-heard="">Écouté</li>
      </ul>
    </section>
  );
}

function pinOf({ id, name, lat, lng }: GpsPosition, commercials: readonly Commercial[], heard: Heard): Pin {
  const commercial = commercials.find((other) => other.id === id);
  const status = commercial?.status ?? 'offline';
  return {
    id,
    name,
    lat,
    lng,
    status,
    speaking: status === 'live' && (commercial?.level ?? 0) > 0,
    heard: heard.id !== id ? null : heard.status === 'listening' ? 'listening' : 'waiting',
  };
}
