import { expose } from 'comlink';
import { AppError, asOutcome } from '../domain/errors';
import { fitGlass, Glass, LEAST_REFERENCE } from '../domain/glass/glass';
import type { GlassPicture } from '../domain/glass/picture';
import { alive } from '../thread/life';
import type { GlassApi } from './glass-api';
import { GlassPictures } from './glass-pictures';
import { openKernels } from './open-kernels';

let pictures: Promise<GlassPictures> | undefined;
let kernels: ReturnType<typeof openKernels> | undefined;
let glass: Glass | null = null;

const api: GlassApi = {
  ...alive,

  async fit(thumbnails, capturedAt) {
    return asOutcome(async () => {
      const known: { picture: GlassPicture; at: number }[] = [];
      for (const [i, thumbnail] of thumbnails.entries()) {
        const picture = await read(thumbnail).catch(orNull);
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

  async look(thumbnail, before) {
    return asOutcome(async () => {
      if (!glass) throw new Error('take a fit first');
      const picture = await read(thumbnail);
      const { fit } = glass;
      return picture.height === fit.height ? glass.look(picture, before) : null;
    });
  },
};

expose(api);

async function read(thumbnail: ArrayBuffer): Promise<GlassPicture> {
  pictures ??= GlassPictures.create();
  return (await pictures).read(thumbnail);
}

function opened(): ReturnType<typeof openKernels> {
  return (kernels ??= openKernels());
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
