import type { Commercial } from '@prospect-live/widgets';
import L from 'leaflet';
import 'leaflet/dist/leaflet.css';

type Feature = GeoJSON.Feature<GeoJSON.Geometry, { kind: string; name: string | null } | null>;

/** One commercial on the map. */
export interface Pin {
  readonly id: string;
  readonly name: string;
  readonly lat: number;
  readonly lng: number;
  readonly status: Commercial['status'];
  readonly speaking: boolean;
  /** What the panel does with them: null, nothing. */
  readonly heard: 'waiting' | 'listening' | null;
}

const STATUS_WORDS: Readonly<Record<Pin['status'], string>> = {
  live: 'en direct',
  paused: 'en pause',
  interrupted: 'interrompu',
  ready: 'connecté',
  offline: 'hors ligne',
};
const HEARD_WORDS = { waiting: 'en attente', listening: 'écouté' };

/** The map with its markers. All looks are in gps-map.css. */
export class MapView {
  readonly #map: L.Map;
  readonly #markers = new Map<string, L.Marker>();
  readonly #onToggle: (id: string) => void;
  readonly #loading = new AbortController();
  #framed = false;

  constructor(place: HTMLElement, onToggle: (id: string) => void) {
    this.#onToggle = onToggle;
    // The corner at the bottom right belongs to the panel's dock.
    this.#map = L.map(place, { attributionControl: false, minZoom: 12, maxZoom: 18, zoomSnap: 0.5 });
    L.control.attribution({ position: 'bottomleft', prefix: 'Leaflet · plan dessiné' }).addTo(this.#map);
    // Names lie under the markers; Leaflet's own pane for them lies above.
    this.#map.createPane('names').style.zIndex = '450';
    // At a distance streets are thin, and only the sectors have names (gps-map.css).
    this.#map.on('zoomend', () => {
      place.dataset.distance = this.#map.getZoom() >= 14.5 ? 'near' : 'far';
    });
    this.#map.setView([45.7535, 4.8605], 13);
    void this.#drawCity();
  }

  /** Brings the markers up to date. */
  show(pins: readonly Pin[]): void {
    for (const pin of pins) this.#update(this.#markers.get(pin.id) ?? this.#add(pin), pin);
    for (const [id, marker] of this.#markers) {
      if (pins.some((pin) => pin.id === id)) continue;
      marker.remove();
      this.#markers.delete(id);
    }
    if (this.#framed || pins.length === 0) return;
    this.#framed = true;
    this.#map.fitBounds(L.latLngBounds(pins.map(({ lat, lng }) => [lat, lng])).pad(0.15), { maxZoom: 15 });
  }

  /** Moves the map, if it must, so that this commercial is seen. */
  reveal(id: string): void {
    const marker = this.#markers.get(id);
    // Below on the right, the panel's dock may lie over the map.
    if (marker) this.#map.panInside(marker.getLatLng(), { paddingTopLeft: [60, 60], paddingBottomRight: [60, 170] });
  }

  close(): void {
    this.#loading.abort();
    this.#map.remove();
  }

  #add({ id, name, lat, lng }: Pin): L.Marker {
    const face = document.createElement('span');
    face.className = 'pin-face';
    // Drawn by the style sheet: the marker's name is said whole.
    face.dataset.initials = name
      .split(' ')
      .map((word) => word.slice(0, 1))
      .join('');
    const bars = document.createElement('span');
    bars.className = 'pin-bars';
    bars.append(...[0, 1, 2].map(() => document.createElement('i')));
    const pin = document.createElement('span');
    pin.className = 'pin';
    pin.append(face, bars);
    const icon = L.divIcon({ html: pin, className: 'pin-place', iconSize: [44, 44] });
    const marker = L.marker([lat, lng], { icon, keyboard: true, riseOnHover: true });
    marker.bindTooltip('', { direction: 'top', offset: [0, -20], className: 'pin-tip' });
    marker.on('click', () => this.#onToggle(id));
    // Leaflet lets markers be reached with the keyboard, but presses only those with a popup.
    marker.on('keydown', ({ originalEvent }) => {
      if (originalEvent.key !== 'Enter' && originalEvent.key !== ' ') return;
      originalEvent.preventDefault();
      this.#onToggle(id);
    });
    marker.addTo(this.#map);
    this.#markers.set(id, marker);
    return marker;
  }

  #update(marker: L.Marker, { id, name, lat, lng, status, speaking, heard }: Pin): void {
    marker.setLatLng([lat, lng]);
    marker.setZIndexOffset(heard ? 2000 : status === 'live' ? 1000 : 0);
    const words = [name, STATUS_WORDS[status], heard && HEARD_WORDS[heard]].filter(Boolean).join(', ');
    if (marker.getTooltip()?.getContent() !== words) marker.setTooltipContent(words);
    const element = marker.getElement();
    if (!element) return;
    element.dataset.id = id;
    element.dataset.status = status;
    element.dataset.heard = heard ?? '';
    element.dataset.speaking = String(speaking);
    element.setAttribute('aria-label', words);
    element.setAttribute('aria-pressed', String(heard !== null));
  }

  async #drawCity(): Promise<void> {
    const response = await fetch('/hosts/city.json', { signal: this.#loading.signal }).catch(() => null);
    if (!response?.ok || this.#loading.signal.aborted) return;
    const style = (feature?: Feature) => ({ className: `map-${feature?.properties?.kind}` });
    L.geoJSON(await response.json(), {
      style,
      interactive: false,
      onEachFeature: ({ properties }: Feature, layer) => {
        const kind = properties?.kind;
        if (properties?.name && (kind === 'sector' || kind === 'park')) {
          layer.bindTooltip(properties.name, {
            pane: 'names',
            permanent: true,
            direction: 'center',
            className: `map-name map-name-${kind}`,
          });
        }
      },
    }).addTo(this.#map);
  }
}
