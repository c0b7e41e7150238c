import { readFileSync, writeFileSync } from 'node:fs';

/** Mono sound, samples from -1 to 1. */
export interface Sound {
  readonly rate: number;
  readonly samples: Float32Array;
}

/** Reads a WAV file of 16-bit PCM, one channel (RIFF chunks in any order). @throws Error when it is something else */
export function readWav(path: string): Sound {
  const data = readFileSync(path);
  if (data.toString('latin1', 0, 4) !== 'RIFF' || data.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error(`${path} is not a WAV file`);
  }
  let rate = 0;
  for (let at = 12; at + 8 <= data.length; ) {
    const id = data.toString('latin1', at, at + 4);
    const size = data.readUInt32LE(at + 4);
    const body = at + 8;
    if (id === 'fmt ') {
      rate = data.readUInt32LE(body + 4);
      const isPcm = data.readUInt16LE(body) === 1;
      if (!isPcm || data.readUInt16LE(body + 2) !== 1 || data.readUInt16LE(body + 14) !== 16) {
        throw new Error(`${path} is not 16-bit PCM with one channel`);
      }
    } else if (id === 'data' && rate > 0) {
      const samples = new Float32Array(Math.floor(Math.min(size, data.length - body) / 2));
      for (let i = 0; i < samples.length; i++) samples[i] = data.readInt16LE(body + 2 * i) / 32_768;
      return { rate, samples };
    }
    at = body + size + (size % 2);
  }
  throw new Error(`${path} holds no sound`);
}

/** Writes a WAV file of 16-bit PCM, one channel. */
export function writeWav(path: string, { rate, samples }: Sound): void {
  const data = Buffer.alloc(44 + samples.length * 2);
  data.write('RIFF', 0, 'latin1');
  data.writeUInt32LE(36 + samples.length * 2, 4);
  data.write('WAVEfmt ', 8, 'latin1');
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(rate, 24);
  data.writeUInt32LE(rate * 2, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36, 'latin1');
  data.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) => {
    data.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))), 44 + 2 * i);
  });
  writeFileSync(path, data);
}
