import { isAnsweredFor, type CameraEvent, type CompletedJob } from '../../domain/camera/job';
import { positionOf, VIEW_MEMORY } from '../../domain/glass/glass-facts';
import type { Move } from '../../domain/glass/move';
import type { AnsweredChange } from '../../domain/glass/scene-answer';
import { loadThumbnail } from '../../storage/jobs';
import type { Session } from '../session.svelte';

/** A turn of so many pixels of a picture 192 wide shows if a pattern is on the glass. */
const LEAST_TURN = 3;
/** So long the position, a median of a dozen, takes to follow a turn. */
const LAG = VIEW_MEMORY / 2;

/** ids of the answers that are being looked at */
const looking = new Set<string>();

/** A change that was said to be in the scene, and the camera that was turned since then. */
export interface TurnedScene {
  readonly event: CameraEvent & { readonly scene: AnsweredChange };
  /** a dozen snapshots on each side of the turn */
  readonly before: readonly CompletedJob[];
  readonly after: readonly CompletedJob[];
  /** capture time of the first snapshot after the turn, about */
  readonly turnedAt: number;
  readonly position: Move;
}

/** The first change in the scene whose place can be told from the glass, since the camera was turned after the answer. */
export function turnedSceneOf({ events, monitor, reference }: Session): TurnedScene | null {
  for (const event of events) {
    const { scene } = event;
    if (scene?.answer !== 'in-scene' || scene.liftedAt !== undefined) continue;
    if (!reference || !isAnsweredFor(scene, reference)) continue;
    const counted = monitor.jobs.filter(
      (job): job is CompletedJob =>
        job.jobStatus === 'Completed' &&
        job.referenceId === reference.id &&
        job.capturedAt >= event.at &&
        Boolean(job.glass?.growth),
    );
    const newest = counted.at(-1)?.glass;
    if (!newest) continue;
    const position = positionOf(newest);
    if (distanceOf(position, scene.position) < LEAST_TURN) continue;
    const isAsThen = (move: Move) => distanceOf(move, scene.position) < distanceOf(move, position);
    const followed = counted.findLastIndex(({ glass }) => isAsThen(positionOf(glass!))) + 1;
    const before = counted.slice(0, Math.max(0, followed - LAG)).slice(-VIEW_MEMORY);
    const after = counted.slice(followed, followed + VIEW_MEMORY);
    if (before.length < VIEW_MEMORY || after.length < VIEW_MEMORY) continue;
    const around = counted.slice(followed - LAG, followed + 1);
    const turnedAt = (around.find(({ glass }) => !isAsThen(glass!.move)) ?? after[0]!).capturedAt;
    return { event: { ...event, scene }, before, after, turnedAt, position };
  }
  return null;
}

/**
 * Finds out if the change was on the glass after all. Then its places are judged again from the turn on, and the
 * question is asked again; else the next turn is looked for from here.
 */
export async function settleTurn(session: Session, turned: TurnedScene): Promise<void> {
  const { event, before, after, turnedAt, position } = turned;
  const { scene } = event;
  if (looking.has(event.id)) return;
  looking.add(event.id);
  const turn = { down: scene.position.down - position.down, right: scene.position.right - position.right };
  const [then, now] = await Promise.all([before, after].map((jobs) => placed(session, jobs)));
  const isOnGlass = await session.looker
    .staysOnGlass(then!, now!, scene, turn)
    .finally(() => looking.delete(event.id));
  // Something else has begun, another camera is shown, or the answer has changed: it is found out at the next rest.
  const known = session.events.find(({ id }) => id === event.id);
  if (!session.isAtRest || JSON.stringify(known) !== JSON.stringify(event)) return;
  if (isOnGlass) {
    await session.reviseEvent({ ...event, scene: { ...scene, liftedAt: turnedAt } }, [turnedAt]);
  } else {
    await session.reviseEvent({ ...event, scene: { ...scene, position } }, []);
  }
}

async function placed({ db }: Session, jobs: readonly CompletedJob[]) {
  const known = jobs.map(async ({ id, glass }) => ({
    source: await loadThumbnail(db, id),
    move: glass!.move,
  }));
  return (await Promise.all(known)).flatMap(({ source, move }) => (source ? [{ source, move }] : []));
}

function distanceOf(a: Move, b: Move): number {
  return Math.hypot(a.down - b.down, a.right - b.right);
}
