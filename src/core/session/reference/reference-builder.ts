import { withoutSceneAs, type UnusedFile } from '../../domain/camera/unused-file';
import { v4 as uuid } from 'uuid';
import { keptWallClocks } from '../../domain/camera/time/reference-times';
import type { CameraTime } from '../../domain/camera/time/zone';
import { wallClockOf } from '../../domain/camera/time/job-time';
import type { Embedding } from '../../domain/drift/embedding';
import type { Camera } from '../../domain/camera/camera';
import type { Reference } from '../../domain/camera/reference';
import type { ImageProperties } from '../../domain/picture/property-table';
import type { GlassPicture } from '../../domain/glass/picture';
import { MOST_FITTED, type GlassSource } from '../../encoder/glass/glass-looker';
import type { Pool } from '../../encoder/pool';
import { inCaptureOrder } from '../scoring/capture-order';

/** The distance takes the embeddings of a reference in pairs. */
export const LEAST_EMBEDDINGS = 2;

/** A snapshot that was encoded but not scored; all but the embedding is null when it was imported without them. */
export interface KnownSnapshot {
  /** empty when it was imported without one */
  readonly name: string;
  /** absent when it was imported, or joined a reference of before that was kept */
  readonly contentSha256?: string;
  readonly embedding: Embedding;
  readonly capturedAt: number | null;
  /** see `Reference.wallClocks`; absent where name and capture time tell it */
  readonly wallClock?: number | null;
  readonly properties: ImageProperties | null;
  /** JPEG bytes */
  readonly thumbnail: ArrayBuffer | null;
  /** absent when it was not encoded from one just now */
  readonly file?: File;
  /** the job of a snapshot that was scored: its picture is in storage */
  readonly jobId?: string;
  /** picture for growth and loss; absent if only the thumbnail is left */
  readonly glass?: GlassPicture;
  /** true if its file date is the only source of its capture time */
  readonly isGuessed?: boolean;
}

/** A snapshot whose time is known: encoded from a file, or scored before. */
export type DatedSnapshot = KnownSnapshot & { readonly capturedAt: number };

/** A snapshot that was encoded from a file just now. */
export type EncodedSnapshot = DatedSnapshot & {
  /** its file date is the only source of its capture time */
  readonly isGuessed: boolean;
};

/** A file that did not become an embedding; two files may have one name. */
export type UnusedGivenFile = UnusedFile & { readonly file?: File };

/** Snapshots of one kind, in capture order. */
export interface EncodedSnapshots<T extends KnownSnapshot = DatedSnapshot> {
  readonly snapshots: readonly T[];
  readonly unused: readonly UnusedGivenFile[];
}

interface EncodeOptions {
  readonly pool: Pool;
  readonly files: readonly File[];
  readonly camera: Pick<Camera, 'transform'> & CameraTime;
  readonly signal: AbortSignal;
  /** called with the number of files that are done since the last call, and the newest that is taken */
  readonly onProgress: (files: number, newest: DatedSnapshot | undefined) => void;
}

/** Encodes snapshots without scoring them; a file that can't be read, or the same picture twice, is left out and named. */
export async function encodeSnapshots(options: EncodeOptions): Promise<EncodedSnapshots<EncodedSnapshot>> {
  const { camera } = options;
  const ordered = await inCaptureOrder(options.files, camera, options.signal);
  const snapshots: EncodedSnapshot[] = [];
  const unused: UnusedGivenFile[] = [];
  const nameBySha256 = new Map<string, string>();
  const files = ordered.map((snapshot) => snapshot.file);
  let next = 0;
  for await (const results of options.pool.encode(files, camera.transform, options.signal)) {
    for (const result of results) {
      const snapshot = ordered[next];
      const { file, imageName: name = '', capturedAt = 0, capturedAtSource } = snapshot ?? {};
      next += 1;
      const twin = nameBySha256.get(result.contentSha256);
      const source = { name, ...(file && { file }) };
      if (!result.ok) {
        const { code, detail } = result;
        unused.push({ kind: 'failed', ...source, code, detail });
      } else if (twin !== undefined) unused.push({ kind: 'same-picture', ...source, as: twin });
      else {
        nameBySha256.set(result.contentSha256, name);
        const { contentSha256, embedding, properties, thumbnail, glass } = result;
        // Of 62 kB each; for the others the thumbnail does.
        const isKept = snapshots.length < MOST_FITTED;
        const isGuessed = capturedAtSource === 'file-date';
        const wallClock = snapshot ? wallClockOf(snapshot) : null;
        const facts = { ...source, contentSha256, capturedAt, isGuessed, wallClock, embedding, properties };
        snapshots.push({ ...facts, thumbnail, ...(isKept && glass && { glass }) });
      }
    }
    options.onProgress(results.length, snapshots.at(-1));
  }
  options.signal.throwIfAborted();
  return { snapshots, unused };
}

/** Leaves out what shows no scene, and names it: a reference of it would call every picture dirty. */
export function withScene<T extends KnownSnapshot>({
  snapshots,
  unused,
}: EncodedSnapshots<T>): EncodedSnapshots<T> {
  const unfit = snapshots.flatMap((snapshot) => {
    const kind = snapshot.properties && withoutSceneAs(snapshot.properties);
    return kind ? [{ kind, snapshot }] : [];
  });
  const gone = new Set(unfit.map(({ snapshot }) => snapshot));
  return {
    snapshots: snapshots.filter((snapshot) => !gone.has(snapshot)),
    unused: [
      ...unused,
      ...unfit.map(({ kind, snapshot: { name, file } }) => ({ kind, name, ...(file && { file }) })),
    ],
  };
}

/** A reference with the pictures of its snapshots, ready to be stored. */
export interface NewReference {
  readonly reference: Reference;
  /** one for each embedding of the reference; null where there is none */
  readonly thumbnails: readonly (ArrayBuffer | null)[];
  /** the same, as growth and loss are looked for in them */
  readonly glass: readonly (GlassSource | null)[];
}

/** Null for the date of a file, unless the camera's count as capture times. */
function knownTimeOf(
  { capturedAt, isGuessed = false }: KnownSnapshot,
  { fileDatesUntil = Infinity }: Pick<Camera, 'fileDatesUntil'>,
): number | null {
  return isGuessed && (capturedAt ?? 0) > fileDatesUntil ? null : capturedAt;
}

/**
 * Freezes clean snapshots as a camera's next reference version.
 *
 * @param clean - in capture order
 * @param warmUp - clean snapshots kept out of it
 * @param beside - all clean ones that were given and are not in it
 */
export function freezeReference(
  camera: Camera,
  version: number,
  clean: readonly KnownSnapshot[],
  warmUp: readonly KnownSnapshot[] = [],
  beside = warmUp,
): NewReference {
  const properties = clean.map((snapshot) => snapshot.properties).filter((known) => known !== null);
  const named = {
    names: clean.map(({ name }) => name),
    capturedAt: clean.map((snapshot) => knownTimeOf(snapshot, camera)),
  };
  const reference: Reference = {
    id: uuid(),
    cameraId: camera.id,
    version,
    modelSha256: camera.modelSha256,
    transform: camera.transform,
    ...named,
    ...keptWallClocks(
      named,
      clean.map(({ wallClock }) => wallClock),
    ),
    contentSha256: [...clean, ...warmUp].map(({ contentSha256 = '' }) => contentSha256),
    embeddings: clean.map(({ embedding }) => embedding),
    warmUpEmbeddings: warmUp.map(({ embedding }) => embedding),
    ...(beside.length > 0 && {
      besideTimes: beside.flatMap((snapshot) => {
        const at = knownTimeOf(snapshot, camera);
        const { wallClock = null } = snapshot;
        return at === null ? [] : { at, ...(wallClock !== null && { wallClock }) };
      }),
    }),
    ...(properties.length === clean.length && { properties }),
    createdAt: Date.now(),
  };
  return {
    reference,
    thumbnails: clean.map(({ thumbnail }) => thumbnail),
    glass: clean.map(({ glass, thumbnail }) => glass ?? thumbnail),
  };
}
