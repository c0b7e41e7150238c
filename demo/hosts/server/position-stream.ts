import type { Request, Response } from 'express';
import type { CommercialPerson } from '../../server/people.ts';
import type { PositionBook } from './positions.ts';

/** How often positions are sent. */
const PERIOD_MS = 1000;

/**
 * Sends the people's positions as Server-Sent Events, one event with all of them every second, until the page goes away. The
 * browser connects again by itself.
 */
export function streamPositions(
  req: Request,
  res: Response,
  people: readonly CommercialPerson[],
  book: PositionBook,
): void {
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  const send = () => res.write(`event: positions\ndata: ${JSON.stringify(book.of(people))}\n\n`);
  send();
  const timer = setInterval(send, PERIOD_MS);
  req.once('close', () => clearInterval(timer));
}
