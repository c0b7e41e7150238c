import { useEffect, useState } from 'react';
import { api } from '../shared/router.tsx';

interface TeamMember {
  readonly id: string;
  readonly name: string;
  readonly equipe: string;
  readonly sector: string;
  readonly figures: { readonly total: number; readonly visited: number; readonly signed: number };
  readonly lastVisit: string | null;
}

/** The team's day; whoever is listened to is marked. */
export function TeamTable({ heardId }: { readonly heardId: string | null }) {
  const [team, setTeam] = useState<readonly TeamMember[]>([]);
  useEffect(() => {
    const controller = new AbortController();
    fetch(api('equipe'), { signal: controller.signal })
      .then((response) => response.json())
      .then((answer: { team: readonly TeamMember[] }) => setTeam(answer.team))
      .catch(() => {
        // Gone to another page, or no network: the table stays as it is.
      });
    return () => controller.abort();
  }, []);
  return (
    <section className="sheet">
      <h2>Activité de l’équipe</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Commercial</th>
            <th scope="col">Secteur</th>
            <th scope="col">Avancement</th>
            <th scope="col" className="number">
              Signés
            </th>
            <th scope="col" className="number">
              Dernière visite
            </th>
          </tr>
        </thead>
        <tbody>
          {team.map(({ id, name, equipe, sector, figures, lastVisit }) => (
            <tr key={id} className={id === heardId ? 'heard' : undefined}>
              <th scope="row">
                {name}
                <small>{equipe}</small>
              </th>
              <td>{sector}</td>
              <td className="advance">
                <progress
                  className="progress"
                  max={figures.total}
                  value={figures.visited}
                  aria-label={`Portes visitées par ${name}`}
                />
                <span>
                  {figures.visited} / {figures.total}
                </span>
              </td>
              <td className="number">{figures.signed}</td>
              <td className="number">{lastVisit ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
