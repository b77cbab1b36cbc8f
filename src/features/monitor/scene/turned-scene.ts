import { isInScene, type SceneEvent } from '../../../core/domain/camera/event';
import type { CompletedJob, Job } from '../../../core/domain/camera/job';
import type { Places } from '../../../core/domain/glass/scene-answer';
import { positionOf, VIEW_MEMORY } from '../../../core/domain/glass/glass-facts';
import { distanceOf, type Move } from '../../../core/domain/glass/move';
import type { Database } from '../../../core/storage/database';
import { loadThumbnail } from '../../../core/storage/jobs';
import type { Cameras } from '../../../core/session/cameras.svelte';
import { reviseEvent, type EventLog } from '../../../core/session/history/log-event';

/** A turn of so many pixels of a picture 192 wide shows if a pattern is on the glass. */
const LEAST_TURN = 3;
/** So long the position, a median of a dozen, takes to follow a turn. */
const LAG = VIEW_MEMORY / 2;

/** answers that are being looked at */
const looking = new Set<SceneEvent>();

/** A change that was said to be in the scene, and the camera that was turned since then. */
export interface TurnedScene {
  readonly event: SceneEvent;
  /** a dozen snapshots on each side of the turn */
  readonly before: readonly CompletedJob[];
  readonly after: readonly CompletedJob[];
  /** capture time of the first snapshot after the turn, about */
  readonly turnedAt: number;
  readonly position: Move;
}

/** The first change in the scene whose place can be told from the glass, since the camera was turned after the answer. */
export function turnedSceneOf({ events, reference }: Cameras, jobs: readonly Job[]): TurnedScene | null {
  const answered = reference
    ? events.filter((event) => isInScene(event, reference)).filter(({ scene }) => hasPlaces(scene))
    : [];
  if (answered.length === 0) return null;
  const counts = (job: Job): job is CompletedJob =>
    job.jobStatus === 'Completed' && job.referenceId === reference?.id && Boolean(job.glass?.growth);
  const newest = jobs.findLast(counts)?.glass;
  if (!newest) return null;
  const position = positionOf(newest);
  for (const event of answered) {
    const { at, scene } = event;
    if (distanceOf(position, scene.position) < LEAST_TURN) continue;
    const counted = jobs.filter(counts).filter(({ capturedAt }) => capturedAt >= at);
    const isAsThen = (move: Move) => distanceOf(move, scene.position) < distanceOf(move, position);
    const followed = counted.findLastIndex(({ glass }) => isAsThen(positionOf(glass!))) + 1;
    const before = counted.slice(0, Math.max(0, followed - LAG)).slice(-VIEW_MEMORY);
    const after = counted.slice(followed, followed + VIEW_MEMORY);
    if (before.length < VIEW_MEMORY || after.length < VIEW_MEMORY) continue;
    const around = counted.slice(followed - LAG, followed + 1);
    const turnedAt = (around.find(({ glass }) => !isAsThen(glass!.move)) ?? after[0]!).capturedAt;
    return { event, before, after, turnedAt, position };
  }
  return null;
}

function hasPlaces({ growth, loss }: Places): boolean {
  return growth.length + loss.length > 0;
}

/**
 * Finds out if the change was on the glass after all. Then its places are judged again from the turn on, and the
 * question is asked again; else the next turn is looked for from here.
 */
export async function settleTurn(log: EventLog, turned: TurnedScene): Promise<void> {
  const { sources, work, cameras } = log;
  const { event, before, after, turnedAt, position } = turned;
  const { scene } = event;
  if (looking.has(event)) return;
  looking.add(event);
  const turn = { down: scene.position.down - position.down, right: scene.position.right - position.right };
  const [then, now] = await Promise.all([before, after].map((jobs) => placed(sources.db, jobs)));
  const isOnGlass = await sources.looker
    .staysOnGlass(then!, now!, scene, turn)
    .finally(() => looking.delete(event));
  // Something else has begun, another camera is shown, or the answer has changed: it is found out at the next rest.
  if (!work.isAtRest || !cameras.events.includes(event)) return;
  const found = isOnGlass ? { liftedAt: turnedAt } : { position };
  await reviseEvent(log, { ...event, scene: { ...scene, ...found } }, isOnGlass ? [turnedAt] : []);
}

async function placed(db: Database, jobs: readonly CompletedJob[]) {
  const known = jobs.map(async ({ id, glass }) => ({
    source: await loadThumbnail(db, id),
    move: glass!.move,
  }));
  return (await Promise.all(known)).flatMap(({ source, move }) => (source ? [{ source, move }] : []));
}
