/** Put in by the bundler (rollup.config.mjs); not there when the modules are used one by one, as in tests. */
declare const __WIDGET_VERSION__: string | undefined;

/** The widgets' version, as in their package.json, e.g. `1.2.3`; `0.0.0-dev` outside a bundle. */
export const WIDGET_VERSION: string = typeof __WIDGET_VERSION__ === 'string' ? __WIDGET_VERSION__ : '0.0.0-dev';
