import { publicMembersOnly } from './tools/checks/manifest-plugin.mjs';

/** `npm run manifest` writes custom-elements.json from the elements' doc comments; `npm test` fails when it is stale. */
export default {
  globs: ['widgets/stream-button/*.ts', 'widgets/listen-panel/*.ts'],
  exclude: ['**/*.test.ts'],
  litelement: true,
  // The file stays in the root, beside every package that it describes.
  packagejson: false,
  plugins: [publicMembersOnly()],
};
