import {
  changedVerdict,
  type ChangedVerdict,
  type HistoryChange,
} from '../../core/domain/camera/history-change';
import { compareJobs, type Camera, type CompletedJob } from '../../core/domain/camera/job';
import { fateOf } from '../../core/domain/camera/records/delivery';
import { originalName } from '../../core/domain/camera/time/capture-time';
import { inZone } from '../../core/domain/camera/time/zone';
import { judgedBy, type Present } from '../../core/session/history/change-inputs';
import { scoredBy } from '../../core/session/history/history';
import { HistoryJudge, WHOLE } from '../../core/session/history/judge-again';
import type { Session } from '../../core/session/session.svelte';
import { saveInputs } from '../../core/storage/cameras';
import { loadFormerRows, undoUpgrade } from '../../core/storage/changes';
import { takeBackLate } from '../../core/storage/deletion/deletion';
import { fittedAmong } from '../../core/storage/glass-fits';
import { loadDestination } from '../../core/storage/deliveries';
import { deleteOriginals, findOriginal } from '../../core/storage/originals';
import { loadUnjudged } from '../../core/storage/unjudged';

/** Jobs that are judged between two looks at whether a person wants the page for something else. */
const PART = 200;

/** Undoes a change as a whole. @throws AppError `disk-full` or `storage-failed`; then nothing was undone */
export async function undoChange(session: Session, camera: Camera, change: HistoryChange): Promise<void> {
  const { db, present, thumbnails } = session;
  if (change.cause === 'upgrade') {
    await undoUpgrade(db, change);
    return;
  }
  if (!present) return;
  const ids = new Set(change.snapshots.map(({ id }) => id));
  const late = present.jobs.filter(({ id }) => ids.has(id));
  const here = new Set(late.map(({ id }) => id));
  const rows = (await loadFormerRows(db, change)).filter(({ jobId }) => here.has(jobId));
  const former = rows.map((row) => ({ ...row, job: inZone(row.job, camera) }));
  const jobs = [...present.jobs.filter(({ id }) => !ids.has(id)), ...former.map(({ job }) => job)];
  const from = [...late, ...former.map(({ job }) => job)].map(({ capturedAt }) => capturedAt);
  const again = await judgedBy(session, { ...present, jobs: jobs.sort(compareJobs) }, {}, { from });
  const destination = await loadDestination(db, camera.id);
  const snapshots = late.map(({ id, capturedAt }) => ({ id, capturedAt }));
  await takeBackLate(
    db,
    { ...change, snapshots },
    former,
    (record) => fateOf(record, destination, false),
    again,
  );
  const gone = late.filter((job) => !former.some(({ jobId }) => jobId === job.id));
  thumbnails.forget(gone.map(({ id }) => id));
  const left = new Set(jobs.map(({ contentSha256 }) => contentSha256));
  for (const job of gone.filter(({ contentSha256 }) => !left.has(contentSha256))) {
    const kept = await findOriginal(job, originalName(job, camera.name));
    if (kept) await deleteOriginals(camera.id, [kept.name]);
  }
}

/** Judges a whole history again and keeps what it said before. */
export async function judgeInOrder(session: Session, camera: Camera): Promise<void> {
  const { db, present } = session;
  if (!present) return;
  const again = await judgedBy(session, present, {}, WHOLE);
  const told = { cause: 'upgrade', snapshots: [], batch: Date.now() } as const;
  await saveInputs(db, { camera: { ...camera, judgedInOrder: true } }, { ...again, told });
}

/**
 * What judging a whole history again would change; nothing is stored.
 *
 * @returns null where it was stopped, or a part of the history is still to be judged for the first time
 */
export async function wouldChange(
  { db, looker, pictureOf }: Session,
  present: Present,
  signal: AbortSignal,
): Promise<{
  readonly total: number;
  /** how many jobs would say anything else */
  readonly numbers: number;
  readonly items: readonly ChangedVerdict[];
} | null> {
  if (await loadUnjudged(db, present.camera.id)) return null;
  const before = scoredBy(present.camera.modelSha256, present.jobs);
  const unseen = new Set(
    before.flatMap(({ glass, referenceId }) => (glass === undefined ? referenceId : [])),
  );
  if ((await fittedAmong(db, [...unseen])).size > 0) return null;
  const now = new Map(before.map((job) => [job.id, job]));
  const changed = new Map<string, CompletedJob>();
  const judge = new HistoryJudge({ db, looker, pictureOf }, present);
  for (let from: number | null = -Infinity; from !== null;) {
    const again = await judge.judge({ jobs: [...now.values()], from: [from], until: Infinity, most: PART });
    if (signal.aborted) return null;
    for (const [id, job] of again.judged) {
      now.set(id, job);
      changed.set(id, job);
    }
    from = again.left?.from ?? null;
  }
  const items = before.flatMap((job) => {
    const after = changed.get(job.id);
    return (after && changedVerdict(job, after)) ?? [];
  });
  return { total: before.length, numbers: changed.size, items };
}
