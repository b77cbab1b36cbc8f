import type { Made } from './workers/adaptation-api';
import type { Camera } from '../../core/domain/camera/job';
import type { ModelManifest } from '../../core/domain/model/model';
import { fileNameFrom } from '../../core/browser/download';
import type { Models } from '../../core/session/models.svelte';
import { freezeReference, type KnownSnapshot } from '../../core/session/reference/reference-builder';
import { storeReference, type ReferenceParts } from '../../core/session/reference/store-reference';

/**
 * Makes a model that was made on this device a camera's own: keeps it, opens it, and freezes what it made of the clean
 * snapshots as the next reference. What was scored before stays as it is, in a history of its own. Call it in
 * `Cameras.change`.
 *
 * @param clean - in capture order, each with its embedding by the model
 */
export async function adoptKnown(
  parts: ReferenceParts,
  camera: Camera,
  made: Made,
  clean: readonly KnownSnapshot[],
): Promise<void> {
  const { models, cameras } = parts;
  const { sha256, detector, thresholds } = made.manifest;
  const wasHere = models.find(sha256) !== null;
  await models.take(made);
  // A calibration measured another model, and so its limits don't hold.
  const adopting = { ...camera, detector, thresholds, modelSha256: sha256, calibrationId: null };
  const version = (cameras.references.at(-1)?.version ?? 0) + 1;
  try {
    await models.open(sha256);
    await storeReference(parts, adopting, freezeReference(adopting, version, clean));
  } catch (error) {
    if (!wasHere) await models.forget(sha256);
    throw error;
  }
}

/** A name and an id for a camera's own version of a model, which no other model on this device has. */
export function ownVersion(
  models: Models,
  base: ModelManifest | null,
  cameraName: string,
): { readonly name: string; readonly id: string; readonly cameraName: string } {
  const taken = new Set(models.list.map(({ manifest }) => manifest.id));
  const stem = fileNameFrom('adapted', cameraName);
  let id = stem;
  for (let n = 2; taken.has(id); n++) id = `${stem}-${n}`;
  return { name: `${base?.name.replace(/ for .*$/, '') ?? ''} for ${cameraName}`, id, cameraName };
}
