// Renews the token: the one thing that a page has to do.
const element = document.querySelector('prospect-stream-button, prospect-listen-panel');
const person = location.pathname.split('/')[2];
element.tokenProvider = async ({ signal }) => {
  const response = await fetch(`/as/${person}/api/token`, { cache: 'no-store', signal });
  if (!response.ok) throw new Error(`the token endpoint answered ${response.status}`);
  return (await response.json()).token;
};
// Streams that are sealed from end to end (`?e2ee`): the worker's file stands on this page's origin, so that the policy needs nothing more.
if (new URLSearchParams(location.search).has('e2ee')) await import('/public/sealed.js');
