import type { Camera } from '../../core/domain/camera/camera';
import { correctionsBeside, withCorrection, type ClockRun } from '../../core/domain/camera/time/clock';
import { INSTANT } from '../../core/domain/ranges';
import { correctClock as correctCamera } from '../../core/session/history/change-camera';
import type { TimeCorrections } from '../../core/session/history/change-inputs';
import { saveSetting } from '../../core/storage/settings';
import { intakeOf } from './intake-part.svelte';
import type { Session } from '../../core/session/session.svelte';

/**
 * Keeps by how much the chosen camera's clock was wrong, and judges its history in the right time.
 *
 * @param by - milliseconds; null to leave the pictures out
 */
export function correctClock(session: Session, run: ClockRun, by: number | null): Promise<boolean> {
  const madeAt = session.cameras.now();
  const clockCorrections = withCorrection(run, correctionsOf(session.cameras.chosen), { by, madeAt });
  return correct(session, run, { clockCorrections }, by ?? 'left-out');
}

/** From now on the dates of files count as capture times of the chosen camera where nothing else tells them. */
export function trustFileDates(session: Session, run: ClockRun): Promise<boolean> {
  return correct(session, run, { fileDatesUntil: INSTANT.most }, 'file-dates');
}

/** Takes back what was said last. */
export async function undoCorrection(session: Session): Promise<void> {
  const { corrected } = intakeOf(session);
  if (corrected && (await correctCamera(session, corrected.before))) intakeOf(session).corrected = null;
}

/** Removes a correction of these times: their snapshots return to the times in their files. */
export async function forgetCorrection(session: Session, run: ClockRun): Promise<boolean> {
  const clockCorrections = correctionsBeside(run, correctionsOf(session.cameras.chosen));
  return correctCamera(session, { clockCorrections });
}

/** Goes by another time than the device's clock shows, until that shows it too. */
export function setDeviceClock(session: Session, is: number): Promise<boolean> {
  return session.cameras.change(() => saveSetting(session.db, 'deviceClock', { shown: Date.now(), is }));
}

async function correct(
  session: Session,
  run: ClockRun,
  said: TimeCorrections,
  as: number | 'left-out' | 'file-dates',
): Promise<boolean> {
  const { chosen: camera } = session.cameras;
  const { fileDatesUntil = INSTANT.most } = camera ?? {};
  const before = { clockCorrections: correctionsOf(camera), fileDatesUntil };
  const isDone = await correctCamera(session, said);
  if (isDone) intakeOf(session).corrected = { cameraId: camera?.id ?? '', run, as, before };
  return isDone;
}

function correctionsOf(camera: Camera | null) {
  return camera?.clockCorrections ?? [];
}
