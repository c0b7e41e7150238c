import { createReadStream } from 'node:fs';

/** A line of a file. */
export interface Line {
  readonly text: string;
  /** It has its end; only the last one of a file may have none. */
  readonly whole: boolean;
}

const LINE_END = 10;
/** No record is as long. What is longer is given in pieces, so that a spoilt file does not fill the memory. */
const LONGEST = 1_048_576;

/**
 * The lines of a file as they were written: `\n` ends one, and nothing else. Node's own readline also takes U+2028 and U+2029 for ends,
 * which JSON text may hold. @throws what the file system says
 */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path)) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END)) {
      yield { text: bytes.toString('utf8', 0, end), whole: true };
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > LONGEST) {
      yield { text: bytes.toString('utf8'), whole: true };
      bytes = Buffer.alloc(0);
    }
    rest = bytes;
  }
  if (rest.length > 0) yield { text: rest.toString('utf8'), whole: false };
}
