import { useEffect, useState } from 'react';
import { api } from '../shared/router.tsx';

/** Where a commercial is, as the company's server says. */
export interface GpsPosition {
  readonly id: string;
  readonly name: string;
  readonly lat: number;
  readonly lng: number;
  readonly source: 'gps' | 'demo';
}

/** Everybody's position, from the company's server (Server-Sent Events), about once a second. */
export function usePositions(): readonly GpsPosition[] {
  const [positions, setPositions] = useState<readonly GpsPosition[]>([]);
  useEffect(() => {
    const source = new EventSource(api('positions'));
    source.addEventListener('positions', (event) => setPositions(JSON.parse(event.data)));
    return () => source.close();
  }, []);
  return positions;
}
