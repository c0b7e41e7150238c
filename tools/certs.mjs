// `npm run certs`: the development certificates, made or made anew where needed, and what to do with them.
import { relative } from 'node:path';
import { certificateFiles, ensureCertificates } from './setup/certificates.mjs';
import { root } from './setup/paths.mjs';
import { prepare } from './setup/prepare.mjs';
import { runMain } from './setup/progress.mjs';

await runMain(async () => {
  await prepare();
  const { names, caIsNew, certIsNew } = await ensureCertificates();
  const show = (path) => relative(root, path);
  console.log(certIsNew ? '' : 'The certificates are up to date.');
  console.log(
    `${show(certificateFiles.ca)}  the development CA: trust this one on your phone and computer (certs/README.md)`,
  );
  console.log(`${show(certificateFiles.cert)}, ${show(certificateFiles.key)}  the server's, for ${names.join(', ')}`);
  if (caIsNew) console.log('The CA is new: devices that trusted an older one have to trust it again.');
});
