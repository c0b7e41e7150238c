import { useSession } from '../shared/session.tsx';
import { useDay, VISIT_STATES } from './use-day.ts';

/** Today's doors. */
export function DoorsPage() {
  const { person } = useSession();
  const { day, mark } = useDay();
  return (
    <>
      <div className="title">
        <h1>Prospection - portes</h1>
        {person.role === 'commercial' && <p>Secteur {person.sector}</p>}
      </div>
      <ul className="doors">
        {day?.doors.map((door) => (
          <li className="door" key={door.number}>
            <span className="door-where">
              <strong>{door.address}</strong>
              <small>{door.detail}</small>
            </span>
            <span className="door-when">
              <time>{door.visitedAt}</time>
            </span>
            <select
              className="chip"
              data-state={door.state}
              aria-label={`Résultat de la visite, ${door.address}`}
              value={door.state}
              onChange={(event) => void mark(door.number, event.target.value)}
            >
              {Object.entries(VISIT_STATES).map(([state, label]) => (
                <option key={state} value={state}>
                  {label}
                </option>
              ))}
            </select>
          </li>
        ))}
      </ul>
    </>
  );
}
