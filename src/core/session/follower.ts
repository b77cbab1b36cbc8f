import type { KeptHandle } from '../browser/file-handles';
import type { NamedFiles } from '../domain/camera/by-name';
import type { CompletedJob, Job } from '../domain/camera/job';
import type { ChangedJob } from './scoring/known-jobs';
import type { FailedFiles } from './watched-files';

/** Files that were given to the page, by kind. */
export interface Given {
  /** the name of the place that was shown when they were given; a person may have gone on since */
  readonly place: string;
  readonly snapshots: readonly File[];
  readonly configs: readonly File[];
  readonly models: readonly File[];
  readonly embeddings: readonly File[];
  /** tables as text, such as counts of fish */
  readonly tables: readonly File[];
  /** YAML and JSON */
  readonly descriptions: readonly File[];
  /** exports of Porthole */
  readonly bundles: readonly File[];
}

/** Counts of records that have left this device. */
export interface SentCounts {
  /** true if there is an address that results can be sent to */
  readonly isConnected: boolean;
  /** numbers of records of all cameras that have been sent, and that wait */
  readonly sent: number;
  readonly waiting: number;
}

/** The facts by which a snapshot's file is found; the content is empty if unknown, as for a reference's pictures. */
export type FileOf = Pick<Job, 'cameraId' | 'imageName' | 'capturedAt' | 'contentSha256'>;

/** A feature's answers to the session, and its work at each moment. All of it may be left out. */
export interface Follower {
  /** The tab was opened, or has just become the one that writes; storage has been read. */
  opened?(): Promise<void>;
  /** Storage is about to be read again: another tab may have written. */
  reading?(): Promise<void>;
  /** A camera is shown with the data that storage has now, or none is shown. */
  shown?(): Promise<void>;
  /** The set-up of other cameras begins, with the snapshots of each; of one without any if there are none. */
  beginning?(given: readonly NamedFiles<File>[]): void;
  /** This page has stored these jobs; none when it has taken some away or put some back, or believes others' times. */
  stored?(jobs: readonly Job[]): void;
  /** Stored jobs were judged again, because of late ones if these are known. */
  judgedAnew?(changed: readonly ChangedJob[], because: readonly Job[]): void;
  /** A stored job goes by a better witness of its time, with the same id. */
  corrected?(job: Job, before: Job): void;
  /** A snapshot was scored, and its job stored. */
  scored?(job: CompletedJob, file: File): void;
  /**
   * Takes the files that it can use.
   *
   * @param handles - by which the files can be read again in a later visit
   * @returns what is left for the next; snapshots that all of them leave are scored
   */
  take?(given: Given, handles: readonly KeptHandle[]): Promise<Given>;
  /** True if work is going on that other work must not be mixed with. */
  isAtWork?(): boolean;
  /** Gives a way to continue an interrupted batch; null when its files have to be given again. */
  goOn?(): (() => Promise<void>) | null;
  /** The file of a snapshot if the feature has it and may read it; only its name need agree. */
  fileOf?(of: FileOf): Promise<File | null>;
  /** Files of a camera's watched folder that can't be read now; null if unknown. */
  failedFiles?(cameraId: string): FailedFiles | null;
  /** The name of a folder that new snapshots are taken from by themselves; null when there is none. */
  watchedFolder?(): string | null;
  /** Counts of sent records; null if it knows no more than storage does. */
  sentCounts?(): SentCounts | null;
}
