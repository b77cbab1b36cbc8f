import { download, fileNameFrom } from '../../core/browser/download';
import { glassOnnx } from '../../core/domain/glass/glass-onnx';
import type { Session } from '../../core/session/session.svelte';
import { loadGlassFit } from '../../core/storage/glass-fits';

/**
 * Saves growth and loss of the chosen camera's present reference as an ONNX file.
 *
 * @returns its name; null where the reference has no fit, or none yet
 * @throws AppError `storage-failed`
 */
export async function saveGlassFile({
  db,
  camera,
  reference,
}: Pick<Session, 'db' | 'camera' | 'reference'>): Promise<string | null> {
  const fit = reference && (await loadGlassFit(db, reference.id));
  if (!camera || !fit) return null;
  const bytes = glassOnnx(fit, {
    windowSize: camera.detector.windowSize,
    persistence: camera.persistence,
    offGlass: reference.offGlass ?? fit.captions,
    isWarm: camera.warmUp !== 'none',
  });
  const name = fileNameFrom(camera.name, 'glass', `${String(reference.version)}.onnx`);
  download(new Uint8Array(bytes), name, 'application/octet-stream');
  return name;
}
