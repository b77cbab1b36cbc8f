import type { Camera } from '../../core/domain/camera/camera';
import { captureTimeFromName, imageNameOf } from '../../core/domain/camera/time/capture-time';
import { contentSha256Of } from '../../core/encoder/content';
import type { FileFacts } from '../../core/session/watched-files';
import { loadReferences } from '../../core/storage/cameras';
import type { Database } from '../../core/storage/database';
import { loadSetting } from '../../core/storage/settings';

/**
 * Finds the files that a camera's reference was made from: compared with itself a picture would look too clean.
 *
 * They are known by content. Where a reference of before does not have it, a name has to do that states a time and that no
 * other file in the folder has.
 *
 * @param paths - of all snapshots in the folder
 */
export async function ofReference(
  db: Database,
  camera: Camera,
  files: ReadonlyMap<File, FileFacts>,
  paths: Iterable<string>,
): Promise<ReadonlyMap<File, FileFacts>> {
  const references = await loadReferences(db, camera.id);
  const { names = [], contentSha256 } = references.find(({ id }) => id === camera.referenceId) ?? {};
  const given = (await loadSetting(db, 'given'))?.get(camera.id);
  const all = new Set([...names, ...(given?.clean ?? [])]);
  const suspects = [...files].filter(([{ name }]) => all.has(imageNameOf(name)));
  const own = new Map<File, FileFacts>();
  if (suspects.length === 0) return own;
  const contents = new Set<string | null>(contentSha256?.filter((content) => content !== ''));
  const byName = contentSha256 ? new Set(names.filter((_, i) => contentSha256[i] === '')) : all;
  const [seen, twice] = [new Set<string>(), new Set<string>()];
  for (const path of paths) {
    const name = imageNameOf(path);
    (seen.has(name) ? twice : seen).add(name);
  }
  for (const [file, facts] of suspects) {
    const name = imageNameOf(file.name);
    const isNamed = byName.has(name) && captureTimeFromName(name) !== null;
    const isOwn = isNamed ? seen.has(name) && !twice.has(name) : contents.has(await contentSha256Of(file));
    if (isOwn) own.set(file, facts);
  }
  return own;
}
