import type { BundleProblem, UnusableRow } from '../../../core/domain/files/bundle';
import type { Destination } from '../../../core/domain/camera/records/delivery';
import type { Job } from '../../../core/domain/camera/job';
import type { ModelManifest } from '../../../core/domain/model/model';
import type { ImportedCamera } from '../storage/imports';
import type { JobRows } from '../../../core/storage/job-rows';
import type { Program } from '../../../core/domain/files/provenance';
import type { Alive } from '../../../core/thread/life';

export interface ExportOrder {
  readonly cameraIds: readonly string[] | null;
  readonly withOriginals: boolean;
  /** the id of the station whose backup it is */
  readonly station?: string;
  /** the page that writes it */
  readonly program: Program;
  /** models that ship with the page: they are named, not copied */
  readonly shipped: readonly Pick<ModelManifest, 'sha256' | 'name'>[];
}

export type OnProgress = (done: number, total: number) => void;

/** A camera of an export, with the parts that are missing here. */
export interface PlannedCamera {
  /** its place in the export */
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly isNew: boolean;
  /** it is here already, and its settings are not those of the export: they stay */
  readonly differs: boolean;
  readonly snapshots: number;
  /** snapshots of the export that do not come: under their own id, or judged by the same model, they are here already */
  readonly here: number;
  /** cleanings that are not here: they change what is said of the pictures after them */
  readonly cleanings: number;
  /** references, settings and other events that are not here */
  readonly others: number;
  /** the export's target for results; null if it names none, or the camera is here already */
  readonly destination: Destination | null;
}

/** An export's contents and the parts that are missing here; nothing is written yet. */
export interface ImportPlan {
  readonly exportedAt: string;
  readonly app: string;
  readonly cameras: readonly PlannedCamera[];
  /** the user's own models in the export that are not here */
  readonly models: readonly { readonly index: number; readonly name: string }[];
  /** names of models that its cameras need and that are neither here nor in the export */
  readonly missingModels: readonly string[];
  /** paths of parts that differ from the list of contents */
  readonly damaged: readonly string[];
  /** names of cameras that are left out because a part of them is damaged */
  readonly leftOut: readonly string[];
  /** rows that are left out: the first of them, and how many there are */
  readonly unusable: { readonly named: readonly UnusableRow[]; readonly count: number };
  /** new snapshots whose reconstruction error, of an earlier version, is left out */
  readonly reconstructionErrors: number;
}

export interface CameraPart extends ImportedCamera {
  /** paths of pictures and fits of its references that differ from the list, or make no sense */
  readonly damaged: readonly string[];
}

/** A job that is not here; its sight only if the fit comes along too, or is the one that is here. */
export interface JobPart extends JobRows {
  /** the kept picture, and the name it goes by */
  readonly original: { readonly name: string; readonly file: Blob } | null;
}

export interface JobBatch {
  readonly parts: readonly JobPart[];
  /** how many of the export's jobs were looked at for them, those already here included */
  readonly looked: number;
  /** paths of pictures and sights that differ from the lists, or make no sense: their jobs come without */
  readonly damaged: readonly string[];
}

/** A camera that is small enough to be handed over at once. */
export interface WholeCamera {
  readonly part: CameraPart;
  readonly jobs: JobBatch;
}

/** Failures are data: Comlink would drop the reason. */
export type BundleOutcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: BundleProblem };

/** The worker reads the database and never writes it. */
export interface BundleApi extends Alive {
  /** @returns the zip, or null when it went to the file that was given, and how many rows can't be used */
  write(
    order: ExportOrder,
    target: FileSystemFileHandle | null,
    onProgress: OnProgress,
  ): Promise<{ readonly zip: Blob | null; readonly leftOut: number }>;
  /** `onRead` hears how many entries of the zip were read, `onProgress` how many cameras were looked through. */
  open(
    file: File,
    shipped: readonly Pick<ModelManifest, 'sha256' | 'embeddingLength'>[],
    onRead: (count: number) => void,
    onProgress: OnProgress,
  ): Promise<BundleOutcome<ImportPlan>>;
  model(index: number): Promise<{ readonly manifest: ModelManifest; readonly bytes: ArrayBuffer }>;
  camera(index: number): Promise<CameraPart>;
  wholeCameras(indices: readonly number[]): Promise<readonly WholeCamera[]>;
  /** @returns null after the last */
  jobs(index: number): Promise<JobBatch | null>;
  /** Keeps the picture of a snapshot. @returns the reason if it is not kept, or null */
  keepOriginal(
    of: Pick<Job, 'cameraId' | 'imageName' | 'capturedAt' | 'contentSha256'>,
    name: string,
    file: Blob,
  ): Promise<'disk-full' | 'storage-failed' | null>;
}
