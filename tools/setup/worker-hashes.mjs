/**
 * SHA-256 of the workers that mediasoup's authors built, out of their archives, by mediasoup's version and by the platform as the
 * archive's name has it. mediasoup itself publishes none.
 *
 * Where each comes from: 3.27.1, both: the list of hashes in the public repository YYGKD/webspeak-for-teamspeak
 * (vendor/mediasoup-worker), noted by its authors on 2026-09-24 from the release on GitHub. It was not compared with the release
 * itself from here: GitHub could not be reached. A second, independent note of the same number would be better.
 */
export const WORKER_SHA256 = {
  '3.27.1': {
    'linux-x64-kernel6': 'f18d7f4af2563322d830a69ea1b0843e653bb74fd5a803676879958aac9db749',
    'win32-x64': '70c15a2919b21467e888887ce332f2f2ca26f9cc7da9c0572a6eb703a509b0c5',
  },
};
