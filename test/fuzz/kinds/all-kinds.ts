import type { FuzzKind } from '../kind.ts';
import { answers, offers } from './descriptions.ts';
import { connectionFloods, messageFloods, oversize } from './floods.ts';
import { frames } from './frames.ts';
import { handshakes } from './handshakes.ts';
import { foreignDatagrams, nominatedDatagrams, tcp } from './media-port.ts';
import { packets, packetsBefore } from './packets.ts';
import { polling } from './polling.ts';
import { anything, nearly, shapes } from './requests.ts';
import { sequences } from './sequences.ts';

/** Every kind of bad input, in the order in which they are tried. */
export const allKinds: readonly FuzzKind[] = [
  anything,
  nearly,
  shapes,
  offers,
  answers,
  sequences,
  handshakes,
  packets,
  packetsBefore,
  polling,
  frames,
  oversize,
  messageFloods,
  connectionFloods,
  foreignDatagrams,
  nominatedDatagrams,
  tcp,
];
