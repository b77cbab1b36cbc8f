import type { DBSchema } from 'idb';
import type { DeviceClock } from '../domain/camera/time/clock';
import type { Delivery, DeliveryState, Destination } from '../domain/camera/records/delivery';
import type { Calibration } from '../domain/drift/judging';
import type { Embedding } from '../domain/drift/embedding';
import type { GlassFit } from '../domain/glass/glass';
import type { GlassSight } from '../domain/glass/sight';
import type { ChangeCause, FormerRow, HistoryChange } from '../domain/camera/history-change';
import type { Camera } from '../domain/camera/camera';
import type { CameraEvent } from '../domain/camera/event';
import type { Job } from '../domain/camera/job';
import type { Reference } from '../domain/camera/reference';
import type { ToldAlarm, Reminders } from '../domain/camera/seen';
import type { EarlierBoxes, EarlierDetector } from '../domain/camera/earlier-boxes';
import type { SpanByHand } from '../domain/usable/span';
import type { EncoderChoice } from '../domain/model/encoder-choice';
import type { ModelManifest } from '../domain/model/model';
import type { SealedSecret } from '../domain/sealed-secret';

/** A row of a file in a watched folder. */
export interface SeenFile {
  readonly cameraId: string;
  /** unique among the files that are watched for the camera */
  readonly path: string;
  /** size, date and the model that has seen this version of the file */
  readonly stamp: string;
  /** milliseconds since 1970; only while it can't be read */
  readonly unreadSince?: number;
}

/** A stretch of a camera's history that has to be judged again, by capture time in milliseconds since 1970. */
export interface UnjudgedStretch {
  readonly from: number;
  readonly to: number;
  /** because of snapshots or events from elsewhere; absent if only growth and loss have to look at it */
  readonly isImported?: true;
}

/** A model that is kept on the device. */
export interface StoredModel {
  readonly manifest: ModelManifest;
  readonly addedAt: number;
  /** when it last took too long to give one embedding on this device; absent when it has not */
  readonly stuckAt?: number;
}

/** A batch that began and has not ended, as after a reload in the middle. */
export interface OpenBatch {
  readonly cameraId: string;
  readonly total: number;
  /** number of those that had been seen before; absent in older notes */
  readonly known?: number;
  readonly startedAt: number;
}

/** Reason for keeping the handles of files: to go on with a batch, to watch a folder, or to read given files again. */
export type HandlePurpose = 'batch' | 'watch' | 'given';

/** A step after a set-up. */
export type GivenStep = 'watch' | 'calibrate';

/** The source of a camera's set-up, stored so that it is asked for only once. All names are image names. */
export interface GivenNote {
  /** empty if files were given without a folder */
  readonly folder: string;
  /** the snapshots that the reference was made from, a warm-up that was kept out of it included */
  readonly clean: readonly string[];
  /** snapshots that the configuration calls dirty */
  readonly dirty: readonly string[];
  /** snapshots of unknown content */
  readonly other: readonly string[];
  /** next steps that the person has done or does not want to see again */
  readonly done: readonly GivenStep[];
}

/** Attempts at a watched folder's new files that did not end: the page was closed, or ended by itself. */
interface WatchBegun {
  readonly times: number;
  /** names of the first few files */
  readonly names: readonly string[];
}

/** Address and settings of DriftWatch on this device. */
export interface Connection {
  /** API root without a trailing slash: a full URL, or a path of this page's origin */
  readonly baseUrl: string;
  readonly mytokenServer: string;
  /** seconds that one request may take */
  readonly timeout: number;
  readonly isPaused: boolean;
}

/** Settings of this device, each with its own type. */
export interface Settings {
  readonly currentCameraId: string;
  readonly openBatch: OpenBatch;
  /** by camera id */
  readonly watchesBegun: ReadonlyMap<string, WatchBegun>;
  readonly connection: Connection;
  readonly mytoken: SealedSecret;
  /** for addresses other than the first one, by context */
  readonly otherMytokens: Readonly<Record<string, SealedSecret>>;
  /** true if any result was ever sent from this device, even if deleted since */
  readonly hasSent: boolean;
  /** chosen engine for embeddings; absent for automatic */
  readonly encoder: EncoderChoice;
  /** true if notifications tell of a change of verdict */
  readonly alerts: { readonly notification: boolean; readonly reminders?: Reminders };
  /** this device's clock when a person said that it is behind; null when it is taken for right */
  readonly deviceClock: DeviceClock;
  /** the last export of everything, null before one was made here, and how many jobs an export has */
  readonly lastExport: { readonly at: number | null; readonly jobs: number };
  /** end of the pause in reminders to export, milliseconds since 1970 */
  readonly remindAfter: number;
  /** capture time of the snapshot after which a camera went silent, by camera id: one notice for each silence */
  readonly silenceTold: ReadonlyMap<string, number>;
  /** the alarm that was told last of each camera, and when, by camera id */
  readonly alarmTold: ReadonlyMap<string, ToldAlarm>;
  /** ids of cameras with files that can't be read: one notice until all can be read */
  readonly unreadTold: readonly string[];
  /** when the newest failed file that a person has seen was checked, by camera id */
  readonly failedSeen: ReadonlyMap<string, number>;
  /** the source of each camera's set-up, by camera id */
  readonly given: ReadonlyMap<string, GivenNote>;
  /** ids of the cameras on a person's cleaning trip, in the order of the way */
  readonly trip: readonly string[];
  /** ids of the cameras whose pictures are kept */
  readonly keepsOriginals: readonly string[];
  /** stretches of histories that are to be judged again, by camera id */
  readonly unjudged: ReadonlyMap<string, UnjudgedStretch>;
  /** a mark for each camera whose jobs say something else than their records that wait, by camera id */
  readonly judgedAnew: ReadonlyMap<string, string>;
}

/**
 * All data that Porthole keeps on the device. Embeddings, thumbnails and ONNX files have stores of their own, so that
 * their descriptions can be read without them; thumbnails are ArrayBuffers, which IndexedDB writes faster than Blobs.
 */
export interface Schema extends DBSchema {
  cameras: { key: string; value: Camera };
  references: { key: string; value: Reference; indexes: { cameraId: string } };
  jobs: {
    key: string;
    value: Job;
    indexes: {
      cameraId: string;
      /** capture order, as `compareJobs` has it */
      inOrder: [cameraId: string, capturedAt: number, imageName: string];
      /** finds a file that comes again */
      byContent: [cameraId: string, contentSha256: string];
    };
  };
  embeddings: { key: string; value: Embedding };
  /** by job id; those of a reference's snapshots by `referenceThumbnailKey` */
  thumbnails: { key: string; value: ArrayBuffer };
  /** the clean lens as a reference's pictures show it, by reference id; made again from them if missing */
  glassFits: { key: string; value: GlassFit };
  /** each snapshot's sight through the fit of its job's reference, by job id; 2 kB each */
  sights: { key: string; value: GlassSight };
  events: { key: string; value: CameraEvent; indexes: { cameraId: string } };
  calibrations: { key: string; value: Calibration; indexes: { cameraId: string } };
  /** a person's corrections of how far a camera's pictures can be used */
  spansByHand: { key: string; value: SpanByHand; indexes: { cameraId: string } };
  /** object detectors of version 1 by SHA-256 of their ONNX file, which is kept no more */
  detectors: { key: string; value: EarlierDetector };
  /** their findings on a snapshot */
  detections: {
    key: [jobId: string, detectorSha256: string];
    value: EarlierBoxes;
    indexes: { cameraId: string };
  };
  models: { key: string; value: StoredModel };
  modelFiles: { key: string; value: ArrayBuffer };
  /** by camera id */
  destinations: { key: string; value: Destination };
  deliveries: {
    key: [lane: string, jobId: string];
    value: Delivery;
    indexes: {
      jobId: string;
      cameraId: string;
      /** a lane's next deliveries: oldest capture first */
      inLane: [lane: string, state: DeliveryState, capturedAt: number];
      /** when a lane has something to do again */
      waiting: [lane: string, state: DeliveryState, notBefore: number];
      /** a camera's deliveries, for the page */
      ofCamera: [cameraId: string, state: DeliveryState, capturedAt: number];
    };
  };
  /** files and folders of the person's own disk */
  handles: { key: [cameraId: string, purpose: HandlePurpose]; value: FileSystemHandle[] };
  /** files of watched folders that need no reading; see `seen-files.ts` */
  seenFiles: {
    key: [cameraId: string, path: string];
    value: SeenFile;
  };
  /** changed verdicts that a person has not dismissed yet */
  changes: { key: [cameraId: string, cause: ChangeCause]; value: HistoryChange };
  /** rows that such a change took the place of */
  formerRows: { key: [cameraId: string, cause: ChangeCause, jobId: string]; value: FormerRow };
  settings: { key: keyof Settings; value: Settings[keyof Settings] };
}
