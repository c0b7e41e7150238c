import { type Command, EXIT, readOptions } from './command.ts';

const OPTIONS = { help: { type: 'boolean', default: false } } as const;

const WHERE = `The load generator puts commercials and admins with real WebRTC on a relay or a cluster, and says what they heard.

It is not in this package: it needs a native WebRTC library (node-datachannel), which a relay has no use for, and it must run on
another machine than the relay, whose processor it would take. It is in the project's repository:

  npm run load -- --url https://relay.example.com --streams 20 --listeners 40 --secret-file jwt-secret

"npm run load -- --help" explains the rest. What was measured with it: docs/deployment.md.
`;

/** `load`: says where the load generator is. Without `--help` that is a failure: no load was made. */
export const loadCommand: Command = {
  run: async (args, { out, err }) => {
    // Whatever it is called with was meant for the generator.
    const asked =
      args.length === 1 &&
      readOptions(
        'load',
        args.filter((arg) => arg === '--help'),
        OPTIONS,
      ).help;
    (asked ? out : err)(WHERE);
    return asked ? EXIT.done : EXIT.failed;
  },
};
