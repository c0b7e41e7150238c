import { LiveButton } from './live-button.tsx';

/** A page with the button inside its route: leaving the page takes the button away, which stops the stream and frees the microphone. */
export function TrainingPage() {
  return (
    <>
      <div className="title">
        <h1>Formation</h1>
        <p>Un direct lancé sur cette page s’arrête quand on la quitte.</p>
      </div>
      <LiveButton />
    </>
  );
}
