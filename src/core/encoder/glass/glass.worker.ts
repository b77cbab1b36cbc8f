import { expose } from 'comlink';
import { AppError, asOutcome } from '../../domain/errors';
import { fitGlass, Glass } from '../../domain/glass/glass';
import type { GlassSight } from '../../domain/glass/sight';
import { LEAST_REFERENCE } from '../../domain/glass/glass-facts';
import type { KernelsFor } from '../../domain/glass/kernels';
import type { GlassPicture } from '../../domain/glass/picture';
import { staysOnGlass, type Placed } from '../../domain/glass/stays-on-glass';
import { alive } from '../../thread/life';
import type { GlassApi, GlassSource, PlacedSource } from './glass-api';
import { GlassPictures } from './glass-pictures';
import { simdKernels } from './glass-kernels';
import wasmUrl from './glass.wasm?url';
import { openWasm } from '../open-wasm';

let pictures: Promise<GlassPictures> | undefined;
let kernels: KernelsFor | undefined;
let glass: Glass | null = null;

const api: GlassApi = {
  ...alive,

  async fit(sources, capturedAt) {
    return asOutcome(async () => {
      const known: { picture: GlassPicture; at: number }[] = [];
      for (const [i, source] of sources.entries()) {
        const picture = await read(source).catch(orNull);
        if (picture) known.push({ picture, at: capturedAt[i] ?? 0 });
      }
      const alike = ofCommonestShape(known);
      if (alike.length < LEAST_REFERENCE) return null;
      return fitGlass(
        alike.map(({ picture }) => picture),
        alike.map(({ at }) => at),
        await opened(),
      );
    });
  },

  async take(fit) {
    glass = new Glass(fit, await opened());
  },

  async look(sources) {
    return asOutcome(async () => {
      if (!glass) throw new Error('take a fit first');
      const sights: (GlassSight | null)[] = [];
      for (const source of sources) {
        const picture = await read(source);
        const kind = source instanceof ArrayBuffer ? 'thumbnail' : 'pixels';
        sights.push(picture.height === glass.fit.height ? glass.look(picture, kind) : null);
      }
      return sights;
    });
  },

  async staysOnGlass(before, after, places, turn) {
    return asOutcome(async () => {
      const placed = async (side: readonly PlacedSource[]) => {
        const known: Placed[] = [];
        for (const { source, move } of side) known.push({ picture: await read(source), move });
        return known;
      };
      return staysOnGlass(await placed(before), await placed(after), places, turn, await opened());
    });
  },
};

expose(api);

async function read(source: GlassSource): Promise<GlassPicture> {
  if ('data' in source) return source;
  pictures ??= GlassPictures.create();
  return 'file' in source ? (await pictures).readFile(source) : (await pictures).read(source);
}

async function opened(): Promise<KernelsFor> {
  return (kernels ??= simdKernels(await openWasm(wasmUrl)));
}

function orNull(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}

function ofCommonestShape<T extends { readonly picture: GlassPicture }>(known: readonly T[]): readonly T[] {
  const counts = new Map<number, number>();
  for (const { picture } of known) counts.set(picture.height, (counts.get(picture.height) ?? 0) + 1);
  const [commonest] = [...counts].sort((a, b) => b[1] - a[1]);
  return known.filter(({ picture }) => picture.height === commonest?.[0]);
}
