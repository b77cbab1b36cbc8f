import type { ClockRun } from '../../core/domain/camera/time/clock';
import { correctClock as correctCamera } from '../../core/session/history/change-camera';
import { saveSetting } from '../../core/storage/settings';
import { intakeOf } from './intake-part.svelte';
import type { Session } from '../../core/session/session.svelte';

/** Keeps by how much the chosen camera's clock was wrong, and judges its history in the right time. */
export async function correctClock(session: Session, run: ClockRun, by: number): Promise<boolean> {
  const { from, to } = run;
  const cameraId = session.cameras.chosen?.id ?? '';
  const correction = { from, to, by, madeAt: session.cameras.now() };
  const isDone = await correctCamera(session, [...othersThan(session, run), correction]);
  if (isDone) intakeOf(session).corrected = { cameraId, run, by };
  return isDone;
}

/** Removes a correction of these times: their snapshots return to the times in their files. */
export async function forgetCorrection(session: Session, run: ClockRun): Promise<boolean> {
  const isDone = await correctCamera(session, othersThan(session, run));
  if (isDone) intakeOf(session).corrected = null;
  return isDone;
}

/** Goes by another time than the device's clock shows, until that shows it too. */
export function setDeviceClock(session: Session, is: number): Promise<boolean> {
  return session.cameras.change(() => saveSetting(session.db, 'deviceClock', { shown: Date.now(), is }));
}

function othersThan({ cameras }: Session, { from, to }: Pick<ClockRun, 'from' | 'to'>) {
  return (cameras.chosen?.clockCorrections ?? []).filter((each) => each.to < from || each.from > to);
}
