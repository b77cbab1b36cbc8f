import { readFileSync } from 'node:fs';

interface Case {
  readonly name: string;
  readonly reference: readonly number[][];
  readonly window_size: number;
  readonly sigma: number;
  readonly stream: readonly number[][];
  readonly distances: readonly number[];
}

/** Frouros' own distances of float32 rows, in a window that begins with the last of the reference. */
export const GOLDEN_ROWS = (
  JSON.parse(readFileSync('tests/fixtures/mmd_streaming.json', 'utf8')) as { cases: Case[] }
).cases.find(({ name }) => name.startsWith('07_d64_f32'))!;
