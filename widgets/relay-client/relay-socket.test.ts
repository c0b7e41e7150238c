import { RelaySocket } from './relay-socket.ts';
import { describeRelaySocket } from './testing/relay-socket-cases.ts';

describeRelaySocket('relay socket', async () => RelaySocket);
