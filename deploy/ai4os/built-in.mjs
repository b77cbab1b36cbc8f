/** Facts that the module's commands share. They lie in the station's image as in Porthole's repository, in deploy/ai4os. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Porthole's folder. */
export const HOME = fileURLToPath(new URL('../../', import.meta.url));
/** The volume that the platform gives a deployment. */
const { PORTHOLE_STORAGE: STORAGE = '/storage' } = process.env;
export const OWN_REFERENCE = join(STORAGE, 'reference');

/**
 * The camera that snapshots are judged for. A camera's reference is frozen at its set-up, so each reference has a camera
 * of its own, whose name is in every answer.
 */
export function cameraGiven() {
  return existsSync(OWN_REFERENCE)
    ? { name: 'Camera', reference: OWN_REFERENCE }
    : { name: 'Demo', reference: join(HOME, 'dist/demo/reference') };
}
