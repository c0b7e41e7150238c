// `npm run dev`: the demo and the relay, rebuilt, restarted and reloaded as their sources change.
import { demoEnvironment } from './dev/demo-environment.mjs';
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/progress.mjs';
import { onParentGone } from './setup/run.mjs';

await runMain(async () => {
  await prepare({ worker: true, certificates: true, hosts: true });
  const { DemoProcess } = await import('./dev/demo-process.mjs');
  const { startReloadServer } = await import('./dev/reload-server.mjs');
  const { watchServers, watchWidgets } = await import('./dev/watch.mjs');

  const reload = await startReloadServer();
  const demo = new DemoProcess({ ...demoEnvironment(), PROSPECT_DEV: '1', PROSPECT_DEV_RELOAD_URL: reload.url });
  demo.onReady = () => reload.reloadPages();
  const widgets = await watchWidgets(() => reload.reloadPages());
  demo.start();
  const servers = watchServers((path) => {
    console.log(`dev: ${path} changed, restarting the demo and the relay ...`);
    demo.restart();
  });

  await new Promise((resolve) => {
    onParentGone(() => resolve(undefined));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  servers.close();
  await Promise.all([widgets.close(), demo.stop()]);
  reload.close();
});
