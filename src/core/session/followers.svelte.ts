import type { NamedFiles } from '../domain/camera/by-name';
import type { CompletedJob, Job } from '../domain/camera/job';
import { appWords } from '../i18n/app-words';
import type { SentRecords } from '../storage/deletion/sent-records';
import { ChangeChannel } from '../storage/writer-lock';
import type { SentCounts, FileOf, Follower, Given } from './follower';
import type { KeptHandle } from '../browser/file-handles';
import type { ChangedJob } from './scoring/known-jobs';
import type { FailedFiles } from './watched-files';

/** Notifies features and other tabs of writes, and asks features questions. */
export class Followers {
  /** in the order in which they are asked */
  all = $state.raw<readonly Follower[]>([]);
  /** from storage when the camera was shown; the sending feature has the current counts */
  sentBefore = $state.raw<SentRecords>({ isConnected: false, hasSent: false, sent: 0 });
  readonly isAtWork = $derived.by(() => this.all.some((follower) => follower.isAtWork?.() ?? false));

  /** counts of records that have left this device, of all features that send */
  readonly sentCounts = $derived.by((): SentCounts => {
    const counts = this.all.flatMap((follower) => follower.sentCounts?.() ?? []);
    if (counts.length === 0) return { ...this.sentBefore, waiting: 0 };
    return {
      isConnected: counts.some(({ isConnected }) => isConnected),
      sent: counts.reduce((sum, { sent }) => sum + sent, 0),
      waiting: counts.reduce((sum, { waiting }) => sum + waiting, 0),
    };
  });
  /** the same as a sentence without its stop */
  readonly left = $derived.by(() => {
    const { isConnected, sent, waiting } = this.sentCounts;
    if (sent > 0 || this.sentBefore.hasSent) return appWords.app.left.some({ count: sent, waiting });
    return isConnected ? appWords.app.left['no-result'] : appWords.app.left.nothing;
  });

  /** the name of a folder that new snapshots are taken from by themselves */
  readonly watchedFolder = $derived.by(
    () => this.all.flatMap((follower) => follower.watchedFolder?.() ?? [])[0] ?? null,
  );
  /** continues an interrupted batch by itself; null when its files have to be given again */
  readonly goOn = $derived.by(() => this.all.flatMap((follower) => follower.goOn?.() ?? [])[0] ?? null);

  readonly #channel: ChangeChannel;

  /** @param onOtherTab - called when another tab has written */
  constructor(onOtherTab: () => void) {
    this.#channel = new ChangeChannel(onOtherTab);
  }

  /** Announces this tab's writes to other tabs. */
  announce(): void {
    this.#channel.announce();
  }

  opened(): Promise<unknown> {
    return Promise.all(this.all.map(async (follower) => follower.opened?.()));
  }

  reading(): Promise<unknown> {
    return Promise.all(this.all.map(async (follower) => follower.reading?.()));
  }

  shown(): Promise<unknown> {
    return Promise.all(this.all.map(async (follower) => follower.shown?.()));
  }

  beginning(given: readonly NamedFiles<File>[]): void {
    for (const follower of this.all) follower.beginning?.(given);
  }

  /** Tells all that jobs were stored; none if some were taken away or put back. */
  stored(jobs: readonly Job[]): void {
    this.announce();
    for (const follower of this.all) follower.stored?.(jobs);
  }

  /**
   * Tells all that stored jobs have changed.
   *
   * @param because - jobs that came late and made it so; none if something else did
   */
  judgedAnew(changed: readonly ChangedJob[] = [], because: readonly Job[] = []): void {
    this.announce();
    for (const follower of this.all) follower.judgedAnew?.(changed, because);
  }

  corrected(job: Job, before: Job): void {
    for (const follower of this.all) follower.corrected?.(job, before);
  }

  scored(job: CompletedJob, file: File): void {
    for (const follower of this.all) follower.scored?.(job, file);
  }

  /** Offers files to one after the other. @returns what is left */
  async take(given: Given, handles: readonly KeptHandle[]): Promise<Given> {
    let rest = given;
    for (const follower of this.all) rest = (await follower.take?.(rest, handles)) ?? rest;
    return rest;
  }

  /** Files that a snapshot may have been scored from, kept or in a folder. */
  async *filesOf(of: FileOf): AsyncGenerator<File, void> {
    for (const follower of this.all) {
      const file = await follower.fileOf?.(of);
      if (file) yield file;
    }
  }

  /** Files of a camera's watched folder that can't be read now; null if unknown. */
  failedFiles(cameraId: string): FailedFiles | null {
    return this.all.flatMap((follower) => follower.failedFiles?.(cameraId) ?? [])[0] ?? null;
  }
}
