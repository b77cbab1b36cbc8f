import { v4 as uuid } from 'uuid';
import type { CameraEvent } from '../../core/domain/camera/event';
import { fetchAsset, fetchJson } from '../../core/browser/fetch-asset';
import { AppError } from '../../core/domain/errors';
import type { ImageProperties } from '../../core/domain/picture/property-table';
import { PackedFile } from '../../core/encoder/packed-file';
import { setupWords } from '../../words/setup';
import type { KnownSnapshot } from '../../core/session/reference/reference-builder';

/** `public/demo/index.json`, written by training/render_demo.py: a static host can't list a folder. */
interface DemoIndex {
  readonly camera: string;
  readonly reference: readonly string[];
  readonly snapshots: readonly string[];
  readonly events: readonly {
    readonly kind: CameraEvent['kind'];
    readonly at: string;
    readonly note: keyof typeof setupWords.demo;
  }[];
}

/** `public/demo/reference.json`, written by scripts/demo-reference.mjs; the numbers are in `reference.bin`. */
interface LearnedIndex {
  readonly modelSha256: string;
  readonly snapshots: readonly {
    readonly name: string;
    readonly capturedAt: number;
    readonly properties: ImageProperties | null;
    readonly thumbnailBytes: number;
  }[];
}

/** The demo camera's files, as if a person had dropped them. */
export interface Demo {
  readonly name: string;
  /** each fetched when its turn comes, as the snapshots are */
  readonly reference: readonly File[];
  /** the first verdict waits for a few of them */
  readonly snapshots: readonly File[];
  readonly events: readonly Omit<CameraEvent, 'cameraId'>[];
}

/** How many snapshots are fetched before anybody asks for them: the first verdict is about them. */
const FIRST = 4;

/** Knows the demo's files. @throws AppError `fetch-failed`, as each file does, when offline and they were not kept */
export async function openDemo(): Promise<Demo> {
  const index = await fetchJson<DemoIndex>('demo/index.json');
  const inFolder = (folder: string, first: number) => (name: string, i: number) => {
    const fetching = i < first ? fetchFile(`demo/${folder}/${name}`) : null;
    fetching?.catch(() => undefined);
    return new PackedFile(name, 0, () => fetching ?? fetchFile(`demo/${folder}/${name}`));
  };
  const events = index.events.map((event) => ({
    id: uuid(),
    kind: event.kind,
    at: Date.parse(event.at),
    note: setupWords.demo[event.note],
  }));
  return {
    name: index.camera,
    reference: index.reference.map(inFolder('reference', 0)),
    snapshots: index.snapshots.map(inFolder('snapshots', FIRST)),
    events,
  };
}

/** @throws AppError `fetch-failed` */
export async function fetchConfig(): Promise<File> {
  return fetchFile('demo/config.toml');
}

/**
 * The demo camera's clean snapshots as the shipped model has learned them. They ship with the page, because learning
 * them takes longer than the rest of a first visit.
 *
 * @returns null when it was learned with another model, or can't be had: then the snapshots themselves are
 */
export async function fetchLearned(modelSha256: string): Promise<readonly KnownSnapshot[] | null> {
  try {
    const [index, bytes] = await Promise.all([
      fetchJson<LearnedIndex>('demo/reference.json'),
      fetchAsset('demo/reference.bin').then((response) => response.arrayBuffer()),
    ]);
    const { snapshots } = index;
    if (index.modelSha256 !== modelSha256) return null;
    const pictures = snapshots.reduce((sum, { thumbnailBytes }) => sum + thumbnailBytes, 0);
    const length = (bytes.byteLength - pictures) / snapshots.length;
    let next = length * snapshots.length;
    return snapshots.map(({ thumbnailBytes, ...facts }, i) => {
      const embedding = new Float32Array(bytes.slice(i * length, (i + 1) * length));
      const thumbnail = bytes.slice(next, next + thumbnailBytes);
      next += thumbnailBytes;
      return { ...facts, embedding, thumbnail };
    });
  } catch (error) {
    if (error instanceof AppError || error instanceof RangeError) return null;
    throw error;
  }
}

async function fetchFile(path: string): Promise<File> {
  const blob = await (await fetchAsset(path)).blob();
  return new File([blob], path.slice(path.lastIndexOf('/') + 1), { type: blob.type });
}
