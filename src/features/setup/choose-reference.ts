import { earliestDays } from '../../core/domain/camera/earliest-days';
import { ENOUGH_CLEAN, missingOf } from '../../core/domain/camera/reference-size';
import { toWall, type CameraTime } from '../../core/domain/camera/time/zone';
import { AppError } from '../../core/domain/errors';
import type { GivenSorted } from '../../core/domain/glass/sort-given';
import { MOST_FITTED, type GlassLooker } from '../../core/encoder/glass/glass-looker';
import { LEAST_EMBEDDINGS, type EncodedSnapshot } from '../../core/session/reference/reference-builder';

/** Clean pictures that a camera has already. */
export interface KnownPictures {
  readonly snapshots: readonly EncodedSnapshot[];
  /** SHA-256 of those in its reference */
  readonly contents: ReadonlySet<string>;
}

/** Snapshots that were given as clean, by what becomes of them; each in capture order. */
export interface ChosenClean {
  /** the reference of the usual view */
  readonly clean: readonly EncodedSnapshot[];
  /** clean pictures of that view that are needed before there is a verdict; 0 if there are enough */
  readonly missing: number;
  /** how many others of it are clean: more would only make the reference blinder */
  readonly spare: number;
  /** false if file dates alone tell when some were taken: then the earliest days are not known */
  readonly isDated: boolean;
  /** beyond those that are looked at */
  readonly unseen: readonly EncodedSnapshot[];
  /** left out, since something begins to show; `begins` is that day by the camera's clock, as if it were UTC */
  readonly traced: readonly EncodedSnapshot[];
  readonly begins: number | null;
  /** the other views, the largest first */
  readonly views: readonly OtherView[];
  /** another shape, or a scene of their own */
  readonly foreign: readonly EncodedSnapshot[];
}

/** Pictures of another view than the usual one. */
export interface OtherView {
  readonly pictures: readonly EncodedSnapshot[];
  /** its own reference among them */
  readonly clean: readonly EncodedSnapshot[];
  /** clean pictures that it still needs; 0 if it has enough */
  readonly missing: number;
}

/** Snapshots that were given as clean, sorted by what they show. */
export interface SortedClean {
  readonly given: readonly EncodedSnapshot[];
  /** by the camera's clock, as if it were UTC; null where a file's date alone tells the time */
  readonly walls: readonly (number | null)[];
  /** their places in `given`, view by view, the largest first */
  readonly views: readonly Pick<GivenSorted, 'clean' | 'traced'>[];
  readonly foreign: readonly number[];
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
  const sources = looked.map(({ glass, thumbnail }) => glass ?? thumbnail!);
  const { clean, traced, views: others, foreign } = await looker.sort(sources, walls);
  const views = [{ clean, traced }];
  const alone = [...foreign];
  for (const places of others) {
    const own = await looker.sort(
      places.map((place) => sources[place]!),
      places.map((place) => walls[place] ?? null),
    );
    const at = (some: readonly number[]) => some.map((i) => places[i]!);
    views.push({ clean: at(own.clean), traced: at(own.traced) });
    alone.push(...at([...own.foreign, ...own.views.flat()]));
  }
  return { given, walls, views, foreign: alone };
}

/**
 * Chooses a reference: of the usual view the earliest days, and of these none on which something begins to show.
 *
 * @param usual - place of the usual view in `views`; 0 is the largest
 * @param takesTraced - the person wants the days on which something begins to show in it
 * @throws AppError `clean-too-few` if the usual view has no two clean pictures
 */
export function chooseReference(
  { given, walls, views, foreign }: SortedClean,
  { usual = 0, takesTraced }: { readonly usual?: number; readonly takesTraced: boolean },
): ChosenClean {
  const at = (places: readonly number[]) => places.map((place) => given[place]!);
  const firstOf = (places: readonly number[]) =>
    earliestDays(places.map((place) => walls[place] ?? null)).map((i) => places[i]!);
  const { clean, traced } = views[usual]!;
  const otherView = ({ clean, traced }: SortedClean['views'][number]): OtherView => {
    const first = firstOf(clean);
    return { pictures: at([...clean, ...traced]), clean: at(first), missing: missingOf(first.length) };
  };
  const first = firstOf(clean);
  const chosen = takesTraced ? [...first, ...traced] : first;
  if (chosen.length < LEAST_EMBEDDINGS) {
    const detail = { code: 'clean-needed', needed: ENOUGH_CLEAN, usable: chosen.length } as const;
    throw new AppError('clean-too-few', detail);
  }
  const left = takesTraced ? [] : traced;
  return {
    clean: at(chosen),
    missing: missingOf(chosen.length),
    spare: clean.length - first.length,
    isDated: clean.every((place) => walls[place] !== null),
    unseen: given.slice(MOST_FITTED),
    traced: at(left),
    begins: walls[left[0] ?? -1] ?? null,
    views: views.flatMap((view, i) => (i === usual ? [] : otherView(view))),
    foreign: at(foreign),
  };
}

/** Place of the view that a person called the usual one, else of the one that shows most of the camera's reference. */
export function usualView(
  { given, views }: SortedClean,
  { chosenView, known }: { readonly chosenView: number | null; readonly known: KnownPictures },
): number {
  if (chosenView !== null) return chosenView;
  const counts = views.map(
    ({ clean, traced }) =>
      [...clean, ...traced].filter((place) => known.contents.has(given[place]!.contentSha256 ?? '')).length,
  );
  return counts.indexOf(Math.max(...counts));
}
