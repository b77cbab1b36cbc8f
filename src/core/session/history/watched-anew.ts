import { loadCameras, loadReferences } from '../../storage/cameras';
import type { Database } from '../../storage/database';
import type { WatchedCamera } from './window';

/** A watched camera with the references of its cycles as they are stored by now. */
export async function watchedAnew(db: Database, watched: WatchedCamera): Promise<WatchedCamera> {
  const { id } = watched.camera;
  const [cameras, references] = await Promise.all([loadCameras(db), loadReferences(db, id)]);
  const camera = cameras.find((each) => each.id === id) ?? watched.camera;
  const reference = references.find((each) => each.id === camera.referenceId) ?? watched.reference;
  return { ...watched, camera, references, reference };
}
