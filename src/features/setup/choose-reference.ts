import { earliestDays } from '../../core/domain/camera/earliest-days';
import { toWall, type CameraTime } from '../../core/domain/camera/time/zone';
import type { GivenSorted } from '../../core/domain/glass/sort-given';
import { MOST_FITTED, type GlassLooker } from '../../core/encoder/glass/glass-looker';
import { splitWarmUp, type EncodedSnapshot } from '../../core/session/reference/reference-builder';

/** Snapshots that were given as clean, by what becomes of them; each in capture order. */
export interface ChosenClean {
  /** the reference */
  readonly clean: readonly EncodedSnapshot[];
  /** kept out of it, to fill the window */
  readonly warmUp: readonly EncodedSnapshot[];
  /** how many others are clean: more would only make the reference blinder */
  readonly spare: number;
  /** false if file dates alone tell when some were taken: then the earliest days are not known */
  readonly isDated: boolean;
  /** beyond those that are looked at */
  readonly unseen: readonly EncodedSnapshot[];
  /** left out, since something begins to show; `begins` is that day by the camera's clock, as if it were UTC */
  readonly traced: readonly EncodedSnapshot[];
  readonly begins: number | null;
  /** each other view, the largest first */
  readonly views: readonly (readonly EncodedSnapshot[])[];
  /** another shape, or a scene of their own */
  readonly foreign: readonly EncodedSnapshot[];
}

/** Snapshots that were given as clean, sorted by what they show. */
export interface SortedClean {
  readonly given: readonly EncodedSnapshot[];
  /** by the camera's clock, as if it were UTC; null where a file's date alone tells the time */
  readonly walls: readonly (number | null)[];
  /** their places in `given` */
  readonly places: GivenSorted;
}

/**
 * Sorts all that was given, in whatever order. Those after the first 400 are not looked at.
 *
 * @throws AppError `worker-lost`
 */
export async function sortClean(
  looker: Pick<GlassLooker, 'sort'>,
  given: readonly EncodedSnapshot[],
  camera: CameraTime,
): Promise<SortedClean> {
  const looked = given.slice(0, MOST_FITTED);
  const walls = looked.map(({ capturedAt, isGuessed }) => (isGuessed ? null : toWall(capturedAt, camera)));
  const places = await looker.sort(
    looked.map(({ glass, thumbnail }) => glass ?? thumbnail!),
    walls,
  );
  return { given, walls, places };
}

/**
 * Chooses a reference: of the largest view the earliest days, and of these none on which something begins to show.
 *
 * @param keepOut - how many of the newest clean ones fill the window instead
 * @param takesTraced - the person wants the days on which something begins to show in it
 * @throws AppError `clean-too-few`
 */
export function chooseReference(
  { given, walls, places }: SortedClean,
  { keepOut, takesTraced }: { readonly keepOut: number; readonly takesTraced: boolean },
): ChosenClean {
  const at = (places: readonly number[]) => places.map((place) => given[place]!);
  const traced = takesTraced ? [] : places.traced;
  const split = splitWarmUp(places.clean, keepOut);
  const first = earliestDays(split.clean.map((place) => walls[place] ?? null)).map((i) => split.clean[i]!);
  return {
    clean: at(takesTraced ? [...first, ...places.traced] : first),
    warmUp: at(split.warmUp),
    spare: split.clean.length - first.length,
    isDated: places.clean.every((place) => walls[place] !== null),
    unseen: given.slice(MOST_FITTED),
    traced: at(traced),
    begins: walls[traced[0] ?? -1] ?? null,
    views: places.views.map(at),
    foreign: at(places.foreign),
  };
}
