import {
  changedVerdict,
  type ChangedVerdict,
  type HistoryChange,
} from '../../core/domain/camera/history-change';
import type { Camera } from '../../core/domain/camera/camera';
import { compareJobs } from '../../core/domain/camera/job';
import { fateOf } from '../../core/domain/camera/records/fate';
import { originalName } from '../../core/domain/camera/time/capture-time';
import { inZone } from '../../core/domain/camera/time/job-time';
import { judgedBy, type Present } from '../../core/session/history/change-inputs';
import type { ThumbnailAddresses } from '../../core/session/pictures/thumbnail-addresses';
import type { Sources } from '../../core/session/history/contents';
import { scoredBy } from '../../core/session/history/history';
import { HistoryJudge } from '../../core/session/history/judge-again';
import { saveInputs } from '../../core/storage/inputs';
import { loadFormerRows, undoUpgrade } from '../../core/storage/changes';
import { takeBackLate } from '../../core/storage/deletion/deletion';
import { fittedAmong } from '../../core/storage/glass-fits';
import { loadDestination } from '../../core/storage/deliveries';
import { deleteOriginals, findOriginal } from '../../core/storage/originals';
import { loadUnjudged } from '../../core/storage/unjudged';
import type { Session } from '../../core/session/session.svelte';

/** Jobs that are judged between two looks at whether a person wants the page for something else. */
const PART = 200;

/** A session has them. */
type Parts = Pick<Session, 'sources' | 'cameras'>;

/** Undoes a change as a whole. @throws AppError `disk-full` or `storage-failed`; then nothing was undone */
export async function undoChange(
  { sources, cameras }: Parts,
  thumbnails: ThumbnailAddresses,
  change: HistoryChange,
): Promise<void> {
  const { db } = sources;
  const { present } = cameras;
  if (change.cause === 'upgrade') {
    await undoUpgrade(db, change);
    return;
  }
  if (!present) return;
  const { camera } = present;
  const ids = new Set(change.snapshots.map(({ id }) => id));
  const late = present.jobs.filter(({ id }) => ids.has(id));
  const here = new Set(late.map(({ id }) => id));
  const rows = (await loadFormerRows(db, change)).filter(({ jobId }) => here.has(jobId));
  const former = rows.map(({ job }) => inZone(job, camera));
  const jobs = [...present.jobs.filter(({ id }) => !ids.has(id)), ...former];
  const from = [...late, ...former].map(({ capturedAt }) => capturedAt);
  const again = await judgedBy(sources, { ...present, jobs: jobs.sort(compareJobs) }, {}, { from });
  const destination = await loadDestination(db, camera.id);
  const back = new Set(former.map(({ id }) => id));
  const gone = late.filter(({ id }) => !back.has(id));
  const goneIds = gone.map(({ id }) => id);
  await takeBackLate(db, change, goneIds, former, (record) => fateOf(record, destination, false), again);
  thumbnails.forget(goneIds);
  const left = new Set(jobs.map(({ contentSha256 }) => contentSha256));
  for (const job of gone.filter(({ contentSha256 }) => !left.has(contentSha256))) {
    const kept = await findOriginal(job, originalName(job, camera.name));
    if (kept) await deleteOriginals(camera.id, [kept.name]);
  }
}

/** Judges a whole history again and keeps what it said before. */
export async function judgeInOrder({ sources, cameras }: Parts, camera: Camera): Promise<void> {
  const { present } = cameras;
  if (!present) return;
  const again = await judgedBy(sources, present);
  const reason = { cause: 'upgrade', snapshots: [], batch: Date.now() } as const;
  await saveInputs(sources.db, { camera: { ...camera, judgedInOrder: true } }, { ...again, told: reason });
}

/** Differences that judging a whole history again would make. */
export interface Offer {
  readonly cameraId: string;
  /** how many snapshots would be judged */
  readonly total: number;
  /** how many of them would say anything else */
  readonly numbers: number;
  readonly items: readonly ChangedVerdict[];
}

/**
 * Judges a whole history again; nothing is stored.
 *
 * @returns null if it was stopped, or a part of the history is still to be judged for the first time
 */
export async function wouldChange(
  sources: Sources,
  present: Present,
  signal: AbortSignal,
): Promise<Offer | null> {
  const { db } = sources;
  const { id: cameraId, modelSha256 } = present.camera;
  if (await loadUnjudged(db, cameraId)) return null;
  const before = scoredBy(modelSha256, present.jobs);
  const unseen = new Set(
    before.flatMap(({ glass, referenceId }) => (glass === undefined ? referenceId : [])),
  );
  if ((await fittedAmong(db, [...unseen])).size > 0) return null;
  const now = new Map(before.map((job) => [job.id, job]));
  const judge = new HistoryJudge(sources, present);
  for (let from: number | null = -Infinity; from !== null;) {
    const again = await judge.judge({ jobs: [...now.values()], from: [from], until: Infinity, most: PART });
    if (signal.aborted) return null;
    for (const [id, job] of again.judged) now.set(id, job);
    from = again.left?.from ?? null;
  }
  const changed = before.filter((job) => now.get(job.id) !== job);
  const items = changed.flatMap((job) => changedVerdict(job, now.get(job.id)!) ?? []);
  return { cameraId, total: before.length, numbers: changed.length, items };
}
