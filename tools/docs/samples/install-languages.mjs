import { aptInstall, canUseApt } from '../../setup/apt.mjs';
import { say } from '../../setup/progress.mjs';
import { which } from '../../setup/run.mjs';

/** Programs that samples are run with, and Debian's packages of them. A Java development kit is too large to install for one sample. */
const PACKAGES = { python3: 'python3-minimal', php: 'php-cli' };

/** Installs what the samples' languages lack, where nobody has to be asked for it. Elsewhere the tests say what they leave out. */
export async function installSampleLanguages() {
  const missing = Object.entries(PACKAGES).filter(([program]) => which(program) === null);
  // As root only: a password is too much to ask for this.
  if (missing.length === 0 || process.getuid?.() !== 0 || !canUseApt()) return;
  try {
    await aptInstall(
      missing.map(([, name]) => name),
      'the samples of the documentation',
    );
  } catch (error) {
    say(
      `not installed, so their samples are not run: ${missing.map(([program]) => program).join(', ')} (${error.message.split('\n').at(-1)})`,
    );
  }
}
