import { useDay } from './use-day.ts';

/** The day in figures. */
export function DayPage() {
  const { day } = useDay();
  const figures = [
    ['Visitées', day?.figures.visited],
    ['Intéressés', day?.figures.interested],
    ['Signés', day?.figures.signed],
  ] as const;
  return (
    <>
      <div className="title">
        <h1>Ma journée</h1>
      </div>
      <dl className="figures">
        {figures.map(([label, value]) => (
          <div className="figure" key={label}>
            <dt>{label}</dt>
            <dd>
              <strong>{value ?? '–'}</strong>
            </dd>
          </div>
        ))}
      </dl>
      <progress
        className="progress"
        max={day?.figures.total ?? 1}
        value={day?.figures.visited ?? 0}
        aria-label="Portes visitées"
      />
    </>
  );
}
