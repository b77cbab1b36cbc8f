/** Runs what `glassOnnx` wrote in ONNX Runtime, and holds it against what `Glass` says. */
import * as ort from 'onnxruntime-web/wasm';
import type { GlassSight } from '../../../src/core/domain/glass/glass';
import { NO_MOVE, type Move } from '../../../src/core/domain/glass/move';
import type { GlassPicture } from '../../../src/core/domain/glass/picture';

ort.env.wasm.numThreads = 1;

export interface GlassResult {
  readonly excess: Float32Array;
  readonly loss: Float32Array;
  readonly visible: number;
  readonly brightness: number;
  readonly growthReference: readonly Float32Array[];
  readonly lossReference: readonly Float32Array[];
}

/**
 * @param pictures - of one size
 * @param moves - of each; those of one move are a batch
 */
export async function runGlass(
  bytes: Uint8Array,
  pictures: readonly GlassPicture[],
  moves: readonly Move[] = pictures.map(() => NO_MOVE),
): Promise<readonly GlassResult[]> {
  const { height, width } = pictures[0]!;
  const session = await ort.InferenceSession.create(bytes);
  const found: GlassResult[] = [];
  const keys = moves.map(({ down, right }) => `${down} ${right}`);
  for (const key of new Set(keys)) {
    const places = [...keys.keys()].filter((i) => keys[i] === key);
    const data = new Uint8Array(3 * places.length * height * width);
    for (const [i, place] of places.entries()) {
      data.set(pictures[place]!.data, i * pictures[place]!.data.length);
    }
    const results = await session.run({
      picture: new ort.Tensor('uint8', data, [places.length, height, width, 3]),
      move: new ort.Tensor('int64', BigInt64Array.from(key.split(' '), BigInt), [2]),
    });
    for (const [i, result] of resultsOf(results, places.length).entries()) found[places[i]!] = result;
  }
  await session.release();
  return found;
}

function resultsOf(results: ort.InferenceSession.OnnxValueMapType, count: number): GlassResult[] {
  const rows = (name: string) => {
    const { data, dims } = results[name]!;
    const count = dims[0]!;
    const length = data.length / count;
    return Array.from({ length: count }, (_, i) =>
      (data as Float32Array).slice(i * length, (i + 1) * length),
    );
  };
  const [excess, loss, visible, brightness] = ['excess', 'loss', 'visible', 'brightness'].map(rows);
  const [growthReference, lossReference] = [rows('growth_reference'), rows('loss_reference')];
  return Array.from({ length: count }, (_, i) => ({
    excess: excess![i]!,
    loss: loss![i]!,
    visible: visible![i]![0]!,
    brightness: brightness![i]![0]!,
    growthReference,
    lossReference,
  }));
}

/** The largest difference of any number of each kind; NaN stands only where NaN is expected. */
export function farthestFrom(
  sights: readonly Pick<GlassSight, 'excess' | 'loss' | 'visible' | 'brightness'>[],
  results: readonly Omit<GlassResult, 'growthReference' | 'lossReference'>[],
) {
  const far = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    let most = a.length === b.length ? 0 : Infinity;
    for (let i = 0; i < a.length; i++) {
      if (Number.isNaN(a[i]!) && Number.isNaN(b[i]!)) continue;
      const distance = Math.abs(a[i]! - b[i]!);
      most = Number.isNaN(distance) ? Infinity : Math.max(most, distance);
    }
    return most;
  };
  const over = (part: (of: (typeof results)[number] | (typeof sights)[number]) => ArrayLike<number>) =>
    Math.max(...sights.map((sight, i) => far(part(sight), part(results[i]!))));
  return {
    excess: over(({ excess }) => excess),
    loss: over(({ loss }) => loss),
    visible: over(({ visible }) => [visible]),
    brightness: over(({ brightness }) => [brightness]),
  };
}
