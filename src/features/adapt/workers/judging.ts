import { dayOf } from '../../../core/domain/drift/calibration';
import { spreadSample } from '../../../core/domain/drift/sets';
import type { AdaptationEvidence } from '../../../core/domain/model/adaptation-evidence';
import { FOULINGS } from '../../../core/domain/picture/fouling';
import { colourShare } from '../pure/chroma';
import type { Lens } from './adaptation-api';
import type { AdaptationPool } from './adaptation-pool';
import type { Look, Looks } from './trial';

/** Lenses of each kind and severity, none of which is among the views'. */
const SEEDS = [7, 8];
const SEVERITIES = [1, 2, 3, 4, 5];

/** The lenses that a camera's model is tried through before the camera may have it. */
export const TRIAL_LENSES: readonly Lens[] = FOULINGS.flatMap((kind) =>
  SEVERITIES.flatMap((severity) => SEEDS.map((seed) => ({ kind, severity, seed }))),
);

/** Use of a snapshot: the head is fitted to it, judged by it as clean, or judged by it as dirty. */
export type Part = 'fitted' | 'kept-out' | 'dirty';

/** Snapshots by use, in capture order; a pool keeps their pictures. */
type Parts = Readonly<Record<Part, readonly { readonly id: number; readonly capturedAt: number }[]>>;

/** Pictures in one question to a worker: as many as it takes through the model at once. */
const STRIDE = 8;

/**
 * The open model's view of the snapshots that it is judged by, each once, and of a window of the kept-out
 * ones through every lens.
 *
 * @param onLook - called with the number of pictures that were looked at since, and of lenses that were made
 */
export async function lookAtAll(
  pool: AdaptationPool,
  parts: Parts,
  windowSize: number,
  onLook: (pictures: number, lenses: number) => void,
): Promise<Looks> {
  const idsOf = (part: Part) => parts[part].map(({ id }) => id);
  const [fitted, keptOut, dirty] = [idsOf('fitted'), idsOf('kept-out'), idsOf('dirty')];
  const colours = await shownColours(pool, fitted);
  const plain = await plainLooks(pool, [...fitted, ...keptOut, ...dirty], onLook);
  const some = spreadSample(keptOut, windowSize);
  // Each lens is drawn once, by whoever is free: so all of them need the pictures.
  await pool.copy(some);
  const fouled = await pool.deal(
    TRIAL_LENSES,
    (api, lens) => api.look(some, lens, colours),
    () => {
      onLook(some.length, 1);
    },
  );
  const of = (ids: readonly number[]) => ids.map((id) => plain.get(id)!);
  return {
    reference: of(fitted),
    clean: of(keptOut),
    fouled: TRIAL_LENSES.map(({ kind, severity }, i) => ({ kind, severity, looks: fouled[i]! })),
    dirty: of(dirty),
  };
}

async function plainLooks(
  pool: AdaptationPool,
  ids: readonly number[],
  onLook: (pictures: number, lenses: number) => void,
): Promise<ReadonlyMap<number, Look>> {
  const portions = Array.from({ length: pool.size }, (_, nth) => ids.filter((id) => id % pool.size === nth))
    .map((own) => inPortions(own, STRIDE))
    .flat();
  const looks = await pool.share(
    portions,
    ([first]) => first!,
    (api, portion) => api.look(portion, null, 1),
    (portion) => {
      onLook(portion.length, 0);
    },
  );
  return new Map(portions.flatMap((portion, i) => portion.map((id, k) => [id, looks[i]![k]!] as const)));
}

function inPortions<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

/** Which share of drawn colours the camera shows, by its clean pictures. */
export async function shownColours(pool: AdaptationPool, ids: readonly number[]): Promise<number> {
  return colourShare(await pool.split(ids, (api, own) => api.chromas(own)));
}

export function evidenceSize(
  parts: Readonly<Record<Part, readonly { readonly capturedAt: number }[]>>,
): Pick<
  AdaptationEvidence,
  'fitted' | 'fittedDays' | 'keptOut' | 'keptOutDays' | 'dirtySnapshots' | 'lenses'
> {
  return {
    fitted: parts.fitted.length,
    fittedDays: daysOf(parts.fitted),
    keptOut: parts['kept-out'].length,
    keptOutDays: daysOf(parts['kept-out']),
    dirtySnapshots: parts.dirty.length,
    lenses: TRIAL_LENSES.map(({ kind, severity }) => ({ kind, severity })),
  };
}

export function daysOf(snapshots: readonly { readonly capturedAt: number }[]): number {
  return new Set(snapshots.map(({ capturedAt }) => dayOf(capturedAt))).size;
}
