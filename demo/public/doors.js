/** The host's own business on the commercial's page: notes the result of a visit and brings the figures up to date. */
for (const select of document.querySelectorAll('select[data-door]')) {
  select.addEventListener('change', async () => {
    const before = select.dataset.state;
    const response = await fetch(`api/portes/${select.dataset.door}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ state: select.value }),
    }).catch(() => null);
    if (!response?.ok) {
      select.value = before;
      return;
    }
    const { door, figures } = await response.json();
    select.dataset.state = door.state;
    select.closest('.door').querySelector('time').textContent = door.visitedAt ?? '';
    for (const [key, value] of Object.entries(figures)) {
      const place = document.querySelector(`[data-figure="${key}"]`);
      if (place) place.textContent = value;
    }
    document.querySelector('.progress').value = figures.visited;
  });
}
