import type { CompletedJob, Job } from '../../domain/camera/job';
import type { Pool } from '../../encoder/pool';
import type { Sources } from '../history/contents';
import type { BatchNote } from './batch-note';
import type { ChangedJob } from './known-jobs';
import type { Models } from '../models.svelte';
import type { LivePreview } from './live-preview.svelte';
import type { WatchedCamera } from '../history/window';
import type { Turns } from '../../domain/turns';

/** Results for the files of one call. */
export interface ScoredFiles {
  /** one for each file, in capture order; a file seen before gives the job it had */
  readonly jobs: readonly Job[];
  /** the job of each file; null for one of a watched folder that can't be read now; a file that was not reached is absent */
  readonly byFile: ReadonlyMap<File, Job | null>;
  /** number of files that had been checked before */
  readonly seenBefore: number;
  /** stored jobs that were judged again in the call, each before and after it */
  readonly changed: readonly ChangedJob<Job>[];
}

/** The outcome of a part of the files of one call. */
export interface CountedFiles extends Omit<ScoredFiles, 'changed'> {
  /** jobs that were stored or judged again: as they were shown before (null for new ones), and as they are shown now */
  readonly written: readonly { readonly before: Job | null; readonly after: Job }[];
  /** true if a cycle has got another reference */
  readonly isRenewed?: boolean;
}

/** Reads the jobs of a camera that are stored but not watched. */
interface Beside {
  readonly ofContents: (contents: readonly string[]) => Promise<readonly Job[]>;
  /** all of its jobs, in capture order */
  readonly all: () => Promise<readonly Job[]>;
}

/** Listeners for each write. */
interface WriteListener {
  /** @param jobs - that were stored; none if other ones count from now on */
  stored(jobs: readonly Job[]): void;
  /** A stored job goes by a better witness of its time. */
  corrected(job: Job, before: Job): void;
  /** @param because - jobs that came and made stored ones say something else */
  judgedAnew(changed: readonly ChangedJob[], because: readonly Job[]): void;
  /** A snapshot was scored, and its job stored. */
  scored(job: CompletedJob, file: File): void;
}

/** All that scoring works with, whichever camera it is for. */
export interface ScoringParts extends Sources {
  readonly pool: Pool;
  readonly models: Models;
  /** the batches of all cameras: nothing may be encoding when another model is opened */
  readonly turns: Turns;
  readonly followers: WriteListener;
}

export interface BatchParts extends ScoringParts {
  /** the stored note of the files at work; null if they come again by themselves */
  readonly note: BatchNote | null;
  /** the stored jobs that are not watched; absent if all are watched */
  readonly beside?: Beside;
  /** receives references made by cycles; absent without a viewer */
  readonly renewed?: (watched: WatchedCamera) => void;
  /** shows the scored snapshots; absent without a viewer */
  readonly preview?: LivePreview;
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
