import type { GlassSight } from '../domain/glass/sight';
import { calledAs, type CompletedJob, type Job } from '../domain/camera/job';
import type { Because } from '../domain/camera/history-change';
import { judgedOf, withJudged } from '../domain/camera/judged';
import { CHANGE_STORES, noteChange } from './changes';
import { markJudgedAnew, MARKING_STORES, type Store } from './judged-anew';

/** A camera's history after a change. */
export interface JudgedAgain {
  /** the jobs that change, by id, in capture order; all others stay */
  readonly judged: ReadonlyMap<string, CompletedJob>;
  /** new sights, by job id */
  readonly sights: ReadonlyMap<string, GlassSight>;
  /** the reason shown to a person; absent if they asked for the change */
  readonly told?: Because;
}

export const UNCHANGED: JudgedAgain = { judged: new Map(), sights: new Map() };

/** The stores that a transaction needs for {@link judgedWrites}. */
export const JUDGED_STORES = ['jobs', 'sights', ...CHANGE_STORES, ...MARKING_STORES] as const;

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
  { judged, sights, told }: JudgedAgain,
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
    ...[...sights].map(([id, sight]) => async () => {
      if ((await jobs.getKey(id)) !== undefined) await storeOf('sights').put(sight, id);
    }),
    ...(first ? [() => markJudgedAnew(storeOf('settings'), storeOf('destinations'), first.cameraId)] : []),
  ];
}
