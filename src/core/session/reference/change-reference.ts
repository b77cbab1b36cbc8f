import { v4 as uuid } from 'uuid';
import type { Camera } from '../../domain/camera/camera';
import type { CameraEvent } from '../../domain/camera/event';
import type { CompletedJob } from '../../domain/camera/job';
import type { Reference } from '../../domain/camera/reference';
import { fetched } from '../../browser/late';
import { appWords } from '../../i18n/app-words';
import { referenceName } from '../../i18n/reference-name';
import type { ReferenceParts } from './store-reference';

/** Loads the code that makes a next reference and stores it. @throws AppError `fetch-failed` */
async function openReferences() {
  const parts = Promise.all([
    import('./next-reference'),
    import('./store-reference'),
    import('../history/change-inputs'),
  ]);
  const [next, store, inputs] = await fetched(appWords.app.places.reference, parts);
  return { ...next, ...store, ...inputs };
}

/** Freezes the present reference and these snapshots, which a person takes for clean, as the next version. */
export async function extendReference(
  parts: ReferenceParts,
  jobs: readonly CompletedJob[],
): Promise<boolean> {
  const { cameras, sources } = parts;
  return cameras.change(async (camera) => {
    const { reference } = cameras;
    if (!reference) return;
    const { extendedReference, storeReference } = await openReferences();
    const frozen = await extendedReference(sources.db, camera, reference, nextVersion(parts), jobs);
    await storeReference(parts, camera, frozen);
  });
}

/** Freezes these snapshots alone, which a person takes for clean, as the reference of the view that they show. */
export async function referenceOfView(
  parts: ReferenceParts,
  jobs: readonly CompletedJob[],
): Promise<boolean> {
  const { cameras, sources } = parts;
  return cameras.change(async (camera) => {
    const version = nextVersion(parts);
    const events = newView(camera, String(version), jobs);
    const { referenceOf, storeReference } = await openReferences();
    await storeReference(parts, camera, await referenceOf(sources.db, camera, version, jobs), { events });
  });
}

/** Goes on with an earlier version of the reference, whose view these snapshots show again. */
export async function useReference(
  { cameras, sources }: ReferenceParts,
  reference: Reference,
  jobs: readonly CompletedJob[],
): Promise<boolean> {
  return cameras.change(async (camera) => {
    const events = newView(camera, referenceName(reference), jobs);
    const { present } = cameras;
    const [at] = events.map((event) => event.at);
    if (!present || at === undefined) return;
    const { changeInputs, inForceFrom } = await openReferences();
    const timeline = inForceFrom(present, reference.id, at);
    const using = { ...camera, referenceId: reference.id, calibrationId: null, timeline };
    await changeInputs(sources, present, { camera: using, events }, [at]);
  });
}

function nextVersion({ cameras }: ReferenceParts): number {
  return (cameras.references.at(-1)?.version ?? 0) + 1;
}

/** The log entry of a camera that goes on with another view: no window reaches back over it. */
function newView({ id }: Camera, reference: string, [first]: readonly CompletedJob[]): CameraEvent[] {
  if (!first) return [];
  const note = appWords.app.newView({ reference });
  return [{ id: uuid(), cameraId: id, kind: 'moved', at: first.capturedAt, note, isNewView: true }];
}
