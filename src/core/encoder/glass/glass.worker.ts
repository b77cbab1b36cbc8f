import { expose } from 'comlink';
import { AppError, asOutcome } from '../../domain/errors';
import { fitGlass, Glass } from '../../domain/glass/glass';
import type { GlassSight } from '../../domain/glass/sight';
import { LEAST_REFERENCE } from '../../domain/glass/glass-facts';
import type { KernelsFor } from '../../domain/glass/kernels';
import type { PlacedSnapshot } from '../../domain/glass/move';
import { GLASS_WIDTH, glassSize, ofCommonestShape, type GlassPicture } from '../../domain/glass/picture';
import { sortGiven } from '../../domain/glass/sort-given';
import { staysOnGlass } from '../../domain/glass/stays-on-glass';
import { LEAST_STAYING, whatStays } from '../../domain/picture/what-stays';
import { alive } from '../../thread/life';
import type { GlassApi, GlassSource, PlacedSource } from './glass-api';
import { GlassPictures } from './glass-pictures';
import { simdKernels } from './glass-kernels';
import wasmUrl from './glass.wasm?url';
import { openWasm } from '../open-wasm';
import { thumbnailSize } from '../thumbnail/thumbnail-maker';

let pictures: Promise<GlassPictures> | undefined;
let kernels: KernelsFor | undefined;
let glass: Glass | null = null;

/** Medians do not depend on it. */
const ANY_SIZE = { height: 24, width: GLASS_WIDTH };

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
        await openedKernels(),
      );
    });
  },

  async sort(sources, walls) {
    return asOutcome(async () => {
      const pictures: GlassPicture[] = [];
      for (const source of sources) pictures.push(await read(source));
      return sortGiven(pictures, walls, await openedKernels());
    });
  },

  async look(sources, fit) {
    return asOutcome(async () => {
      if (fit) glass = new Glass(fit, await openedKernels());
      if (!glass) throw new Error('no fit yet');
      const sights: (GlassSight | null)[] = [];
      for (const source of sources) {
        const picture = await read(source);
        sights.push(picture.height === glass.fit.height ? glass.look(picture) : null);
      }
      return sights;
    });
  },

  async stays(placed) {
    return asOutcome(async () => {
      const kernels = (await openedKernels())(ANY_SIZE);
      const alike = ofCommonestShape(await pictured(placed, thumbnailSize));
      if (alike.length < LEAST_STAYING) return null;
      const { height, width, data } = whatStays(alike, kernels);
      const jpeg = (await opened()).write({ height, width, data });
      return { height, width, jpeg, count: alike.length };
    });
  },

  async staysOnGlass(before, after, places, turn) {
    return asOutcome(async () => {
      const [then, now] = [await pictured(before, glassSize), await pictured(after, glassSize)];
      return staysOnGlass(then, now, places, turn, await openedKernels());
    });
  },
};

expose(api);

async function read(source: GlassSource): Promise<GlassPicture> {
  return 'data' in source ? source : (await opened()).read(source, glassSize);
}

/** Those that are whole pictures, at the size that `sizeOf` gives. */
async function pictured(
  sources: readonly PlacedSource[],
  sizeOf: typeof glassSize,
): Promise<PlacedSnapshot[]> {
  const decoder = await opened();
  const known: PlacedSnapshot[] = [];
  for (const { source, move } of sources) {
    const picture = await decoder.read(source, sizeOf).catch(orNull);
    if (picture) known.push({ picture, move });
  }
  return known;
}

function opened(): Promise<GlassPictures> {
  return (pictures ??= GlassPictures.create());
}

async function openedKernels(): Promise<KernelsFor> {
  return (kernels ??= simdKernels(await openWasm(wasmUrl)));
}

function orNull(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}
