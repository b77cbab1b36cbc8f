import type { Calibration } from '../domain/drift/judging';
import { writeConfig } from '../domain/files/config-toml';
import { AppError } from '../domain/errors';
import { isoInstant } from '../domain/instant';
import type { Camera } from '../domain/camera/camera';
import type { Job } from '../domain/camera/job';
import type { Reference } from '../domain/camera/reference';
import { writeNpy, writeNpz } from '../domain/files/npy';
import { resultsCsv, resultsJson } from '../domain/camera/results';
import type { Database } from '../storage/database';
import { onsetsForFlags } from '../domain/usable/track';
import { loadEvents, loadReferences } from '../storage/cameras';
import { loadEmbeddings } from '../storage/jobs';
import { download, fileNameFrom } from '../browser/download';
import { detailInEnglish } from '../i18n/in-english';
import { asOf } from './history/history';

/** The name of a reference in those of files: the day on which its cycle began, or the version that a person made. */
export function keyOf({ version, beganAt }: Pick<Reference, 'version' | 'beganAt'>): string {
  return beganAt === undefined ? String(version) : isoInstant(beganAt).slice(0, 10);
}

/** Saves a reference as NumPy files: `.npy` the embeddings as float32 (n, d), `.npz` their names too. */
export function exportReference(camera: Camera, reference: Reference, format: 'npy' | 'npz'): void {
  const { embeddings, names } = reference;
  const name = fileNameFrom(camera.name, 'reference', `${keyOf(reference)}.${format}`);
  const content = format === 'npy' ? writeNpy(embeddings) : writeNpz({ embeddings, names });
  download(content, name, 'application/octet-stream');
}

/** The camera's settings as the tutorial's `config.toml`, with the keys it came with. */
export function configText(
  camera: Camera,
  reference: Reference | null,
  calibration: Calibration | null,
): string {
  const clean = reference?.names.filter((name) => name !== '') ?? [];
  const evidence = calibration?.evidence;
  const source = {
    ...camera,
    ...(clean.length > 0 && { clean }),
    // Without the reference's names, the calibration does not show which snapshots it was measured against.
    calibration:
      calibration && evidence && reference?.names.length === clean.length
        ? {
            modelSha256: camera.modelSha256,
            referenceSize: clean.length,
            judging: calibration,
            evidence,
          }
        : null,
  };
  return writeConfig(source, camera.configToml);
}

/** The same; null if the configuration that the camera came with can't be read, because its keys could not be kept. */
export function configTextOrNull(...source: Parameters<typeof configText>): string | null {
  try {
    return configText(...source);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** Saves the camera's settings as `config.toml`. */
export function exportConfig(
  camera: Camera,
  reference: Reference | null,
  calibration: Calibration | null,
): void {
  download(configText(camera, reference, calibration), 'config.toml', 'application/toml');
}

/**
 * The results as text: CSV for a spreadsheet, JSON with the embeddings. Each row names the model it is of; the summary
 * in JSON is of the camera's present one.
 *
 * @param made - what they are made by, as `madeBy` says it: JSON carries it; a CSV's columns are promised, and a line
 * beside them would break what reads them
 */
export async function resultsText(
  db: Database,
  camera: Camera,
  jobs: readonly Job[],
  format: 'csv' | 'json',
  made: object | null = null,
): Promise<string> {
  const events = camera.flagsSinceOnset ? await loadEvents(db, camera.id) : [];
  const onsets = onsetsForFlags(camera, jobs, events);
  const of = { name: camera.name, onsets, references: await loadReferences(db, camera.id) };
  if (format === 'csv') return resultsCsv(jobs, of);
  const ids = jobs.filter((job) => job.jobStatus === 'Completed').map((job) => job.id);
  const embeddings = await loadEmbeddings(db, ids);
  return resultsJson(jobs, embeddings, of, detailInEnglish, asOf(camera.modelSha256, jobs), made);
}

interface ExportOptions {
  readonly fileName?: string;
  readonly made?: object | null;
}

/** Saves the results of these jobs. */
export async function exportResults(
  db: Database,
  camera: Camera,
  jobs: readonly Job[],
  format: 'csv' | 'json',
  { fileName = fileNameFrom(camera.name, `results.${format}`), made = null }: ExportOptions = {},
): Promise<void> {
  const text = await resultsText(db, camera, jobs, format, made);
  download(text, fileName, format === 'csv' ? 'text/csv' : 'application/json');
}
