import { PolicyError, problemText, readPolicy } from '../../../relay/policy/read-policy.ts';

/** What is wrong with a policy file, as the relay reads it. */
export function checkPolicyFile(code) {
  try {
    readPolicy('the sample', Buffer.from(code));
    return [];
  } catch (error) {
    if (error instanceof PolicyError) return error.problems.map(problemText);
    throw error;
  }
}
