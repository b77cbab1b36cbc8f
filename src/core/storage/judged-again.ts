import type { InForce } from '../domain/camera/camera';
import type { Because } from '../domain/camera/history-change';
import { calledAs, type CompletedJob, type Job } from '../domain/camera/job';
import { judgedOf, withJudged } from '../domain/camera/judged';
import type { Reference } from '../domain/camera/reference';
import type { GlassFit } from '../domain/glass/glass';
import type { GlassSight } from '../domain/glass/sight';
import { picturesOf, referenceThumbnailKey } from './cameras';
import { CHANGE_STORES, noteChange } from './changes';
import { markJudgedAnew, MARKING_STORES, type Store } from './judged-anew';

/** The references of a camera's cycles, where a change has made others. */
export interface Renewed {
  readonly cameraId: string;
  readonly timeline: readonly InForce[];
  /** the one in force at last */
  readonly referenceId: string | null;
  readonly made: readonly {
    readonly reference: Reference;
    readonly thumbnails: readonly (ArrayBuffer | null)[];
    readonly glassFit: GlassFit;
  }[];
  /** ids of those that judge nothing any more */
  readonly gone: readonly string[];
}

/** A camera's history after a change. */
export interface JudgedAgain {
  /** the jobs that change, by id, in capture order; all others stay */
  readonly judged: ReadonlyMap<string, CompletedJob>;
  /** new sights, by job id */
  readonly sights: ReadonlyMap<string, GlassSight>;
  /** absent if its references are as before */
  readonly renewed?: Renewed;
  /** the reason shown to a person; absent if they asked for the change */
  readonly told?: Because;
}

export const UNCHANGED: JudgedAgain = { judged: new Map(), sights: new Map() };

const RENEWED_STORES = ['cameras', 'references', 'thumbnails', 'glassFits'] as const;
/** The stores that a transaction needs for {@link judgedWrites}. */
export const JUDGED_STORES = [
  ...(['jobs', 'sights'] as const),
  ...RENEWED_STORES,
  ...CHANGE_STORES,
  ...MARKING_STORES,
] as const;

type StoreOf = <Name extends (typeof JUDGED_STORES)[number]>(name: Name) => Store<Name>;

/** Replaces a job's result in a transaction; a person's judgement of it stays. */
export async function putAnother(storeOf: StoreOf, job: Job): Promise<void> {
  const jobs = storeOf('jobs');
  await jobs.put(calledAs(job, await jobs.get(job.id)));
  await markJudgedAnew(storeOf('settings'), storeOf('destinations'), job.cameraId);
}

/** The writes of a history judged again, for the transaction with its cause; a deleted job stays deleted. */
export function judgedWrites(
  storeOf: StoreOf,
  { judged, sights, told, renewed }: JudgedAgain,
): (() => Promise<unknown>)[] {
  const jobs = storeOf('jobs');
  const [first] = judged.values();
  const changed: { readonly before: CompletedJob; readonly after: CompletedJob }[] = [];
  const keep = async (id: string) => {
    // A sight that stays need not be kept twice.
    const [job, sight] = await Promise.all([
      jobs.get(id),
      sights.has(id) ? storeOf('sights').get(id) : undefined,
    ]);
    if (!job) return;
    const row = { cause: 'upgrade', cameraId: job.cameraId, jobId: id, job } as const;
    await storeOf('formerRows').put({ ...row, ...(sights.has(id) && { sight: sight ?? null }) });
  };
  const judge = async ([id, job]: readonly [string, CompletedJob]) => {
    const before = await jobs.get(id);
    if (before?.jobStatus !== 'Completed') return;
    const after = withJudged(before, judgedOf(job));
    await jobs.put(after);
    changed.push({ before, after });
  };
  const judgeAll = async () => {
    await Promise.all([...judged].map(judge));
    if (told) await noteChange(storeOf('changes'), told, changed);
  };
  return [
    // Former rows are read before anything is written over.
    ...(told?.cause === 'upgrade' ? [...new Set([...judged.keys(), ...sights.keys()])] : []).map(
      (id) => () => keep(id),
    ),
    judgeAll,
    ...(renewed ? renewedWrites(storeOf, renewed) : []),
    ...[...sights].map(([id, sight]) => async () => {
      if ((await jobs.getKey(id)) !== undefined) await storeOf('sights').put(sight, id);
    }),
    ...(first ? [() => markJudgedAnew(storeOf('settings'), storeOf('destinations'), first.cameraId)] : []),
  ];
}

/** Keeps the newest fits of cycles: of one of before it is made again from its pictures. */
const FITS_KEPT = 2;

function renewedWrites(
  storeOf: StoreOf,
  { cameraId, timeline, referenceId, made, gone }: Renewed,
): (() => Promise<unknown>)[] {
  const [cameras, references] = [storeOf('cameras'), storeOf('references')];
  const [thumbnails, fits] = [storeOf('thumbnails'), storeOf('glassFits')];
  const renew = async () => {
    const camera = await cameras.get(cameraId);
    if (camera) await cameras.put({ ...camera, timeline, referenceId });
  };
  const forget = async () => {
    const all = await references.index('cameraId').getAll(cameraId);
    const own = all.filter(({ beganAt }) => beganAt !== undefined).sort((a, b) => b.createdAt - a.createdAt);
    await Promise.all(own.slice(FITS_KEPT).map(({ id }) => fits.delete(id)));
  };
  return [
    renew,
    ...made.flatMap(({ reference, thumbnails: pictures, glassFit }) => [
      () => references.put(reference),
      () => fits.put(glassFit, reference.id),
      ...pictures.flatMap((picture, i) =>
        picture ? [() => thumbnails.put(picture, referenceThumbnailKey(reference.id, i))] : [],
      ),
    ]),
    ...gone.flatMap((id) => [
      () => references.delete(id),
      () => fits.delete(id),
      () => thumbnails.delete(picturesOf(id)),
    ]),
    forget,
  ];
}
