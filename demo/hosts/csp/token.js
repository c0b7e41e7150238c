// Renews the token: the one thing that a page has to do.
const element = document.querySelector('prospect-stream-button, prospect-listen-panel');
const person = location.pathname.split('/')[2];
element.addEventListener('prospect-token-expiring', async () => {
  const response = await fetch(`/as/${person}/api/token`, { cache: 'no-store' });
  if (response.ok) element.setAttribute('token', (await response.json()).token);
});
