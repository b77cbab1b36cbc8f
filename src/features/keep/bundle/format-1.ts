import {
  cameraIn,
  checked,
  damaged,
  JOB_PARTS,
  parsed,
  REFERENCE_FILES,
  referenceIn,
  path,
  type BundleLayout,
  type CameraFacts,
  type ListedReference,
} from '../../../core/domain/files/bundle';
import { listOf, row, single } from '../../../core/domain/row';

const anything = single<unknown>(() => true);

/** `camera.json`: references are paths of files of their own. */
const CAMERA_FILE = row({
  ...JOB_PARTS.fields,
  camera: anything,
  destination: anything,
  references: listOf(path),
});

/** `reference-….json`: its embeddings are in the `.npz` of that name. */
const REFERENCE_FILE = row({ ...REFERENCE_FILES.fields, reference: anything });

const NAMES = {
  cameras: 'camera',
  destinations: 'camera',
  jobs: 'jobs',
  events: 'events',
  calibrations: 'calibrations',
  spansByHand: 'spans',
};

/** Exports of format 1 have a JSON list of each store's rows, and the pictures of a job in its row. */
export const LAYOUT_1: BundleLayout = {
  cameraFactsIn,
  rowsPath: (folder, store) => `${folder}/${NAMES[store]}.json`,
  valuesIn: (json, where) => {
    const found = parsed(where, json);
    if (!Array.isArray(found)) throw damaged(where);
    return found as unknown[];
  },
  // One job on each line, so that it can be read a line at a time however long the list is.
  jobLine: (line, where) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed === '[' || trimmed === ']') return null;
    if (!trimmed.startsWith('{')) throw damaged(where);
    return trimmed.endsWith(',') ? trimmed.slice(0, -1) : trimmed;
  },
  picturesPath: null,
};

async function cameraFactsIn(
  folder: string,
  cameraId: string,
  textOf: (path: string) => Promise<string>,
): Promise<CameraFacts> {
  const where = LAYOUT_1.rowsPath(folder, 'cameras');
  const found = checked(CAMERA_FILE, parsed(where, await textOf(where)), where);
  const camera = cameraIn(found.camera, where, cameraId);
  const references: ListedReference[] = [];
  for (const path of found.references) {
    const { reference, ...files } = checked(REFERENCE_FILE, parsed(path, await textOf(path)), path);
    const arrays = path.replace(/\.json$/, '.npz');
    references.push(referenceIn(reference, { ...files, arrays }, path, cameraId));
  }
  return { ...found, camera, references };
}
