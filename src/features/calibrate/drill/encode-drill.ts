import type { UnusedFile } from '../../../core/domain/camera/unused-file';
import type { Detail } from '../../../core/domain/detail';
import type { Embedding } from '../../../core/domain/drift/embedding';
import { AppError } from '../../../core/domain/errors';
import type { GlassFit } from '../../../core/domain/glass/glass';
import type { JudgedSight } from '../../../core/domain/glass/glass-judge';
import type { GlassPicture } from '../../../core/domain/glass/picture';
import type { Transform } from '../../../core/domain/model/model';
import { FOULINGS } from '../../../core/domain/picture/fouling';
import type { LensSettings } from '../../../core/encoder/encoder-api';
import type { GlassLooker } from '../../../core/encoder/glass/glass-looker';
import type { Pool } from '../../../core/encoder/pool';
import type { DrillRun, FouledRun } from '../pure/drill';

const SEVERITIES = [1, 2, 3, 4, 5];
/** One lens of each kind, the same for everybody: two drills with other settings can be compared. */
export const SEED = 7;
export const DRILL_LENSES: readonly LensSettings[] = FOULINGS.flatMap((kind) =>
  SEVERITIES.map((severity) => ({ kind, severity, seed: SEED })),
);

/** A pool with the camera's model open, and a looker. */
interface Eyes {
  readonly pool: Pick<Pool, 'encode' | 'encodeFouled'>;
  readonly looker: Pick<GlassLooker, 'look'>;
}

/** Clean snapshots and their sights through every lens. */
export interface DrillSights {
  /** those that could be read, in capture order, as are the runs */
  readonly files: readonly File[];
  readonly clean: DrillRun;
  readonly fouled: readonly FouledRun[];
  readonly unused: readonly UnusedFile[];
}

interface OpenRun {
  readonly embeddings: Embedding[];
  readonly sights: (JudgedSight | null)[];
}

/**
 * Looks at clean snapshots as they are, and then through every lens.
 *
 * @param files - in capture order
 * @param fit - of the camera's reference; null if it has none: then nothing but the model looks
 * @param onDone - is told of so many files more that are done
 * @returns null when it was aborted
 * @throws AppError as `EncoderPool.encode` and `GlassLooker.look`
 */
export async function encodeDrill(
  { pool, looker }: Eyes,
  files: readonly File[],
  transform: Transform,
  fit: GlassFit | null,
  signal: AbortSignal,
  onDone: (count: number) => void,
): Promise<DrillSights | null> {
  const look = async (run: OpenRun, pictures: readonly GlassPicture[]) => {
    const sights = fit ? await looker.look(fit, pictures) : pictures.map(() => null);
    for (const sight of sights) run.sights.push(sight && judgedOf(sight));
  };
  const readable: File[] = [];
  const unused: UnusedFile[] = [];
  const clean: OpenRun = { embeddings: [], sights: [] };
  let done = 0;
  for await (const batch of pool.encode(files, transform, signal)) {
    const read = batch.filter((result) => result.ok);
    await look(
      clean,
      read.map(({ glass }) => glass!),
    );
    for (const { embedding } of read) clean.embeddings.push(embedding);
    for (const [i, result] of batch.entries()) {
      const file = files[done + i]!;
      if (result.ok) readable.push(file);
      else unused.push(failedFile(file.name, result.code, result.detail));
    }
    done += batch.length;
  }
  if (signal.aborted) return null;
  onDone(unused.length);
  const runs = DRILL_LENSES.map((): OpenRun => ({ embeddings: [], sights: [] }));
  let measures: readonly FouledRun['measure'][] = [];
  for await (const batch of pool.encodeFouled(readable, transform, DRILL_LENSES, signal)) {
    const read = batch.map((result) => {
      // It could be read before: the error that ended its workers now leaves no run of it whole.
      if (!result.ok) throw new AppError(result.code, result.detail);
      return result;
    });
    for (const [nth, run] of runs.entries()) {
      await look(
        run,
        read.map(({ glass }) => glass[nth]!),
      );
      for (const { fouled } of read) run.embeddings.push(fouled[nth]!);
    }
    measures = read[0]?.measures ?? measures;
    onDone(batch.length);
  }
  if (runs.some(({ embeddings }) => embeddings.length < readable.length)) return null;
  const fouled = measures.map((measure, nth) => {
    const { kind, severity } = DRILL_LENSES[nth]!;
    const { embeddings, sights } = runs[nth]!;
    return { kind, severity, measure, embeddings, sights };
  });
  return { files: readable, clean, fouled, unused };
}

/** No more of each than is judged: it crosses to a worker whenever a setting moves. */
function judgedOf({ move, places, strength, view, excess, losses, brightness }: JudgedSight): JudgedSight {
  return { move, places, strength, view, excess, losses, brightness };
}

export function failedFile(name: string, code: AppError['code'], detail: Detail = ''): UnusedFile {
  return { kind: 'failed', name, code, detail };
}
