/** Marks in the team's table whom the panel listens to: the host follows the element by its events. */
const panel = document.querySelector('prospect-listen-panel');

panel?.addEventListener('prospect-listen-change', (event) => {
  for (const row of document.querySelectorAll('tr[data-commercial]')) {
    row.classList.toggle('heard', row.dataset.commercial === event.commercialId);
  }
});
