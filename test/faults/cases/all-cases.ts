import { crowdCases } from './crowd-case.ts';
import { farCases } from './far-case.ts';
import type { FaultCase } from './fault-case.ts';
import { microphoneCases } from './microphone-cases.ts';
import { namespaceCases } from './namespace-case.ts';
import { networkCases } from './network-cases.ts';
import { pathCases } from './path-cases.ts';
import { signallingCases } from './signalling-cases.ts';
import { tokenCases } from './token-cases.ts';
import { workerCases } from './worker-cases.ts';

/** Every fault that the project promises to survive, in the order of the report. */
export const allCases: readonly FaultCase[] = [
  ...signallingCases,
  ...networkCases,
  ...farCases,
  ...namespaceCases,
  ...pathCases,
  ...workerCases,
  ...microphoneCases,
  ...tokenCases,
  ...crowdCases,
];
