import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Move } from '../../../src/core/domain/glass/move';
import type { GlassPicture } from '../../../src/core/domain/glass/picture';
import type { GlassResult } from './run-glass';

const SCRIPT = fileURLToPath(new URL('../../fixtures/glass/run-onnx.py', import.meta.url));
/** The system's own where another comes first. */
const PYTHONS = ['python3', '/usr/bin/python3'];

type Numbers = readonly (number | null)[];
type Row = Readonly<Record<'excess' | 'loss' | 'visible' | 'brightness', Numbers>>;

/**
 * Runs what `glassOnnx` wrote in ONNX Runtime for Python.
 *
 * @returns null where no Python with it is installed
 * @throws Error when it fails
 */
export function runGlassInPython(
  bytes: Uint8Array,
  pictures: readonly GlassPicture[],
  moves: readonly Move[],
): readonly Omit<GlassResult, 'growthReference' | 'lossReference'>[] | null {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-glass-'));
  try {
    writeFileSync(join(folder, 'glass.onnx'), bytes);
    writeFileSync(join(folder, 'pictures.bin'), Buffer.concat(pictures.map(({ data }) => data)));
    writeFileSync(join(folder, 'moves.json'), JSON.stringify(moves.map(({ down, right }) => [down, right])));
    for (const python of PYTHONS) {
      const { status, error, stdout, stderr } = spawnSync(python, [SCRIPT, folder], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      if (error || status === 3) continue;
      if (status !== 0) throw new Error(stderr);
      const { results } = JSON.parse(stdout) as { readonly results: readonly Row[] };
      return results.map(({ excess, loss, visible, brightness }) => ({
        excess: numbers(excess),
        loss: numbers(loss),
        visible: numbers(visible)[0]!,
        brightness: numbers(brightness)[0]!,
      }));
    }
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function numbers(values: Numbers): Float32Array {
  return Float32Array.from(values, (value) => value ?? NaN);
}
