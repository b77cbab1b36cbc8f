import type { CompletedJob, Job } from '../../domain/camera/job';
import type { GlassLooker } from '../../encoder/glass/glass-looker';
import type { Pool } from '../../encoder/pool';
import type { Database } from '../../storage/database';
import type { BatchNote } from './batch-note';
import type { Changed } from './known-jobs';
import type { Models } from '../models.svelte';
import type { Passing } from './live-preview.svelte';
import type { Turns } from './turns';

/** Results for the files of one call. */
export interface Scored {
  /** one for each file, in capture order; a file seen before gives the job it had */
  readonly jobs: readonly Job[];
  /** the job of each file; null for one of a watched folder that can't be read now; a file that was not reached is absent */
  readonly byFile: ReadonlyMap<File, Job | null>;
  /** number of files that had been checked before */
  readonly seenBefore: number;
  /** stored jobs that were judged again in the call, each before and after it */
  readonly changed: readonly Changed<Job>[];
}

/** The outcome of a part of the files of one call. */
export interface Counted extends Omit<Scored, 'changed'> {
  /** jobs that were stored or judged again: as they were shown before (null for new ones), and as they are shown now */
  readonly written: readonly { readonly before: Job | null; readonly after: Job }[];
}

/** Reads the jobs of a camera that are stored but not watched. */
interface Beside {
  readonly ofContents: (contents: readonly string[]) => Promise<readonly Job[]>;
  /** all of its jobs, in capture order */
  readonly all: () => Promise<readonly Job[]>;
}

export interface MonitorParts {
  readonly db: Database;
  readonly pool: Pool;
  readonly looker: GlassLooker;
  /** the file of a snapshot if this device has it; absent if it has none */
  readonly pictureOf?: (job: CompletedJob) => Promise<Blob | null>;
  readonly models: Models;
  /** the batches of all monitors: nothing may be encoding when another model is opened */
  readonly turns: Turns;
  /** the stored note of the files at work; null if they come again by themselves */
  readonly note: BatchNote | null;
  /** the stored jobs that are not watched; absent if all are watched */
  readonly beside?: Beside;
  /** shows the scored snapshots; absent without a viewer */
  readonly passing?: Passing;
  /** the time if known, in milliseconds since 1970 */
  readonly now: () => number;
  /** called after each write with the jobs that it stored, and with none when other ones count from now on */
  readonly onWrite: (jobs: readonly Job[]) => void;
  /** called with a stored job that has a better witness of its time, and with the job before that */
  readonly onCorrected: (job: Job, before: Job) => void;
  /** called with stored jobs that say something else from now on, and with those that came and made it so */
  readonly onJudgedAgain: (changed: readonly Changed[], because: readonly Job[]) => void;
  /** called with each snapshot that was scored and stored */
  readonly onScored: (job: CompletedJob, file: File) => void;
}

/** The way that files came. */
export interface Arrival {
  /** false for files that came by themselves: the note of an interrupted batch stays */
  readonly isByHand: boolean;
  /** files that get a failed job if they can't be read; others of a watched folder come again */
  readonly isAnswered: (file: File) => boolean;
}

/** Facts of a batch that counting depends on. */
export interface CountedArrival extends Pick<Arrival, 'isAnswered'> {
  /** milliseconds since 1970 */
  readonly begunAt: number;
}

/** A person gets an answer for each file. */
export const BY_HAND: Arrival = { isByHand: true, isAnswered: () => true };
