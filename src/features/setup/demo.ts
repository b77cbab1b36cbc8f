import { v4 as uuid } from 'uuid';
import type { CameraEvent } from '../../core/domain/camera/job';
import { fetchAsset, fetchJson } from '../../core/browser/fetch-asset';
import { inLanes } from '../../core/browser/lanes';
import { PackedFile } from '../../core/encoder/packed-file';

/** `public/demo/index.json`, written by training/render_demo.py: a static host can't list a folder. */
interface DemoIndex {
  readonly camera: string;
  readonly reference: readonly string[];
  readonly snapshots: readonly string[];
  readonly events: readonly {
    readonly kind: CameraEvent['kind'];
    readonly at: string;
    readonly note: string;
  }[];
}

/** The demo camera's files, as if a person had dropped them. */
export interface Demo {
  readonly name: string;
  readonly config: File;
  readonly reference: readonly File[];
  /** each fetched when its turn comes, so that the first verdict waits for a few of them */
  readonly snapshots: readonly File[];
  readonly events: readonly Omit<CameraEvent, 'cameraId'>[];
}

/** How many files are fetched at the same time. */
const LANES = 6;

/**
 * Fetches the demo camera's configuration and the snapshots of its reference.
 *
 * @throws AppError `fetch-failed`, as each later snapshot does, when the page is offline and they were not kept
 */
export async function fetchDemo(): Promise<Demo> {
  const index = await fetchJson<DemoIndex>('demo/index.json');
  const [config, reference] = await Promise.all([
    fetchFile('demo/config.toml'),
    inLanes(LANES, index.reference, (name) => fetchFile(`demo/reference/${name}`)),
  ]);
  const snapshots = index.snapshots.map(
    (name) => new PackedFile(name, 0, () => fetchFile(`demo/snapshots/${name}`)),
  );
  const events = index.events.map((event) => ({
    id: uuid(),
    kind: event.kind,
    at: Date.parse(event.at),
    note: event.note,
  }));
  return { name: index.camera, config, reference, snapshots, events };
}

async function fetchFile(path: string): Promise<File> {
  const blob = await (await fetchAsset(path)).blob();
  return new File([blob], path.slice(path.lastIndexOf('/') + 1), { type: blob.type });
}
