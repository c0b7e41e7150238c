/** Bundle `prospect-stream-button.js`: registers the commercial's button alone, and exports its class. */
import '../stream-button/define.ts';

export { ProspectStreamButton } from '../stream-button/stream-button.ts';
