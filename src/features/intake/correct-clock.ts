import { statedTime, type ClockRun } from '../../core/domain/camera/time/clock';
import { saveCamera } from '../../core/storage/cameras';
import { saveSetting } from '../../core/storage/settings';
import { intakeOf } from './intake-part.svelte';
import type { Session } from '../../core/session/session.svelte';

/** A file is dated when it is written, so a date that is no later than now may be that of the picture. */
export function likelyTime({ jobs }: ClockRun, now: number): number {
  const newest = jobs.at(-1);
  const detail = newest?.jobStatus === 'Failed' ? newest.detail : '';
  const fileDate = typeof detail === 'string' ? Date.parse(detail) : NaN;
  const isLikely = newest !== undefined && fileDate <= now && fileDate !== statedTime(newest);
  return isLikely ? fileDate : now;
}

/** Keeps by how much the chosen camera's clock was wrong; its snapshots are judged when their files are given again. */
export async function correctClock(session: Session, { from, to }: ClockRun, by: number): Promise<boolean> {
  const isDone = await session.changeChosen((camera) => {
    const others = othersThan(session, { from, to });
    const clockCorrections = [...others, { from, to, by, madeAt: Date.now() }];
    return saveCamera(session.db, { ...camera, clockCorrections });
  });
  await intakeOf(session).watches?.chosen?.lookAgain();
  return isDone;
}

/** Takes back what was said of these times; what was judged by it stays as it is. */
export async function forgetCorrection(session: Session, run: ClockRun): Promise<boolean> {
  return session.changeChosen((camera) =>
    saveCamera(session.db, { ...camera, clockCorrections: othersThan(session, run) }),
  );
}

/** Goes by another time than the device's clock shows, until that shows it too. */
export async function setDeviceClock(session: Session, is: number): Promise<boolean> {
  const isDone = await session.changeChosen(() =>
    saveSetting(session.db, 'deviceClock', { shown: Date.now(), is }),
  );
  await intakeOf(session).watches?.lookAgain();
  return isDone;
}

function othersThan({ camera }: Session, { from, to }: Pick<ClockRun, 'from' | 'to'>) {
  return (camera?.clockCorrections ?? []).filter((each) => each.to < from || each.from > to);
}
