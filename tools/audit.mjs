// `npm run audit`: asks the registry for known vulnerabilities of everything in the lock file. Code 0: none that matters;
// 1: some; 2: the registry's endpoint could not be asked, so nothing is known.
import { runMain } from './setup/progress.mjs';
import { judgeAudit } from './supply-chain/audit-report.mjs';
import { npmJson } from './supply-chain/npm.mjs';

const EXIT_CODES = { clean: 0, vulnerable: 1, 'not-asked': 2 };

await runMain(async () => {
  const registry = process.env.npm_config_registry ?? 'the one that npm is set to';
  // Offline, npm would count no vulnerabilities without having asked.
  const answer = await npmJson(['audit', '--json', '--offline=false', ...process.argv.slice(2)]);
  const { outcome, text } = judgeAudit(answer, registry);
  console.log(text);
  return EXIT_CODES[outcome];
});
