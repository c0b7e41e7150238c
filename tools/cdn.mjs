// `npm run cdn -- URL [BUNDLE]`: what a page needs to load the widgets from a CDN at this URL: tags with integrity values, import
// map, and sources for its Content-Security-Policy. docs/cdn.md says how the files get there.
import { readFileSync } from 'node:fs';
import { cdnTags } from './bundling/cdn-tags.mjs';
import { inRoot } from './setup/paths.mjs';
import { prepare } from './setup/prepare.mjs';
import { runMain, SetupError } from './setup/progress.mjs';

await runMain(async () => {
  const [url, bundle, ...others] = process.argv.slice(2);
  if (url === undefined || others.length > 0)
    throw new SetupError('Usage: npm run cdn -- https://cdn.example.com/prospect-live/ [prospect-live.js]');
  await prepare({ widgets: true });
  const manifest = JSON.parse(readFileSync(inRoot('widgets', 'dist', 'cdn', 'manifest.json'), 'utf8'));
  console.log(render(tagsOrWhyNot(url, manifest, bundle)));
});

function tagsOrWhyNot(url, manifest, bundle) {
  try {
    return cdnTags(url, manifest, bundle);
  } catch (error) {
    throw new SetupError(error.message);
  }
}

/** @param {import('./bundling/cdn-tags.mjs').CdnTags} tags */
function render({ script, importMap, scriptSources, stable }) {
  const [folder, mapHash] = scriptSources;
  return `
Upload widgets/dist/cdn/ as it is, and leave the older files there: pages may still ask for them (docs/cdn.md).

In the page, checked by the browser:

${script}

Or, where modules of the page import it:

${importMap}

Or always the newest, checked by nobody:

${stable}

In the page's Content-Security-Policy, script-src needs:

${folder}
${mapHash}   (with the import map only, to the byte as above)
`;
}
