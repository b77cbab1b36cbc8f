import { dayOf } from '../../../core/domain/drift/calibration';
import { spreadSample } from '../../../core/domain/drift/sets';
import type { AdaptationEvidence } from '../../../core/domain/model/adaptation-evidence';
import type { Part } from '../../../core/domain/model/training-course';
import { FOULINGS } from '../../../core/domain/picture/fouling';
import { colourShare } from '../pure/chroma';
import type { Lens, Look } from './api';
import type { Crew } from './crew';
import type { Looks } from './trial';

/** Lenses of each kind and severity, none of which is among the views'. */
const SEEDS = [7, 8];
const SEVERITIES = [1, 2, 3, 4, 5];

/** The lenses that a camera's model is tried through before the camera may have it. */
export const LENSES: readonly Lens[] = FOULINGS.flatMap((kind) =>
  SEVERITIES.flatMap((severity) => SEEDS.map((seed) => ({ kind, severity, seed }))),
);

/** Snapshots by what they are for, in capture order; a crew keeps their pictures. */
export type Parts = Readonly<Record<Part, readonly { readonly id: number; readonly capturedAt: number }[]>>;

/** Pictures between two words of progress. */
const STRIDE = 16;

/**
 * What the model that is open sees of the snapshots that it is judged by, each once, and of a window of the kept-out
 * ones through every lens.
 *
 * @param onLook - called with the number of pictures that were looked at since, and of lenses that were made
 */
export async function lookAtAll(
  crew: Crew,
  parts: Parts,
  windowSize: number,
  onLook: (pictures: number, lenses: number) => void = () => undefined,
): Promise<Looks> {
  const idsOf = (part: Part) => parts[part].map(({ id }) => id);
  const colours = await coloursOf(crew, idsOf('fitted'));
  const plainly = async (ids: readonly number[]) => {
    const looks: Look[] = [];
    for (let first = 0; first < ids.length; first += STRIDE) {
      const some = ids.slice(first, first + STRIDE);
      looks.push(...(await crew.split(some, (api, own) => api.look(own, null, 1))));
      onLook(some.length, 0);
    }
    return looks;
  };
  const reference = await plainly(idsOf('fitted'));
  const clean = await plainly(idsOf('kept-out'));
  const dirty = await plainly(idsOf('dirty'));
  const some = spreadSample(idsOf('kept-out'), windowSize);
  const fouled = [];
  for (const lens of LENSES) {
    const looks = await crew.split(some, (api, own) => api.look(own, lens, colours));
    fouled.push({ kind: lens.kind, severity: lens.severity, looks });
    onLook(some.length, 1);
  }
  return { reference, clean, fouled, dirty };
}

/** Which share of drawn colours the camera shows, by its clean pictures. */
export async function coloursOf(crew: Crew, ids: readonly number[]): Promise<number> {
  return colourShare(await crew.split(ids, (api, own) => api.chromas(own)));
}

/** How much evidence there will be. */
export function factsOf(
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
    lenses: LENSES.map(({ kind, severity }) => ({ kind, severity })),
  };
}

export function daysOf(snapshots: readonly { readonly capturedAt: number }[]): number {
  return new Set(snapshots.map(({ capturedAt }) => dayOf(capturedAt))).size;
}
