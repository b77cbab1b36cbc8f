import { withDeployment, type Camera } from '../../domain/camera/camera';
import { judgingKey, type Judging } from '../../domain/drift/judging';
import { fetched } from '../../browser/late';
import { appWords } from '../../i18n/app-words';
import { saveCamera } from '../../storage/cameras';
import type { Session } from '../session.svelte';
import type { TimeCorrections } from './change-inputs';

/** The chosen camera and what its history is judged from; a session has them. */
type ChosenHistory = Pick<Session, 'sources' | 'cameras'>;

async function openInputs() {
  return fetched(appWords.app.places.monitor, import('./change-inputs'));
}

/**
 * Changes settings of the chosen camera. If they judge differently, its stored history is judged again at once.
 *
 * @returns whether they were changed
 */
export async function changeCamera(
  { sources, cameras }: ChosenHistory,
  changes: Partial<Pick<Camera, 'name' | 'deployment' | 'renewsReference' | keyof Judging>>,
): Promise<boolean> {
  return cameras.change(async (camera) => {
    const changed = withDeployment({ ...camera, ...changes }, changes.deployment ?? camera.deployment ?? {});
    const isCalibrated = judgingKey(changed) === judgingKey(camera);
    const { present } = cameras;
    const isRenewed = (changed.renewsReference ?? true) !== (camera.renewsReference ?? true);
    if (isCalibrated && !(isRenewed && present)) {
      await saveCamera(sources.db, changed);
      return;
    }
    // Settings that blind the verdict are refused here; a camera that has them already may still be renamed.
    const problems = import('../../domain/drift/judging-problem');
    const { refuseBlinding } = await fetched(appWords.app.places.settings, problems);
    if (!isCalibrated) refuseBlinding(changed, cameras.reference?.embeddings ?? []);
    if (!present) return;
    const { changeInputs } = await openInputs();
    await changeInputs(sources, present, {
      camera: isCalibrated ? changed : { ...changed, calibrationId: null },
    });
  });
}

/** Says by how much the chosen camera's clock was wrong, and when, or that the dates of files are right. */
export async function correctClock(
  { sources, cameras }: ChosenHistory,
  said: TimeCorrections,
): Promise<boolean> {
  return cameras.change(async () => {
    const { present } = cameras;
    if (!present) return;
    const { changeClock } = await openInputs();
    await changeClock(sources, present, said);
  });
}

/** Leaves cells out of growth that are not on the glass, and judges the history of the reference without them. */
export async function leaveOut(
  { sources, cameras }: ChosenHistory,
  offGlass: readonly number[],
): Promise<boolean> {
  return cameras.change(async () => {
    const { present } = cameras;
    if (!present) return;
    const { changeInputs } = await openInputs();
    const { version } = present.reference;
    const ofView = present.references.filter((each) => each.version === version);
    await changeInputs(sources, present, { references: ofView.map((each) => ({ ...each, offGlass })) });
  });
}
