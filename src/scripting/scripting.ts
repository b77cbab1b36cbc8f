import { AppError } from '../core/domain/errors';
import type { Job } from '../core/domain/camera/job';
import { cleanMissing } from '../core/domain/camera/reference-size';
import { isFinal } from '../core/domain/camera/snapshot-job';
import { summarise } from '../core/domain/camera/summary';
import { isOfNumbers, NO_MODEL } from '../core/domain/model/numbers';
import { UTC } from '../core/domain/camera/time/zone';
import { INSTANT } from '../core/domain/ranges';
import { expectation, judgingProblem, type JudgingProblem } from '../core/domain/drift/judging-problem';
import { withPath } from '../core/browser/given-path';
import { isAside } from '../core/domain/camera/time/clock';
import { sortFiles } from '../core/session/intake';
import { englishWords } from '../core/i18n/app-words';
import { correctClock } from '../core/session/history/change-camera';
import { changedWhile } from '../core/session/history/changed-while';
import { BY_HAND } from '../core/session/scoring/batch';
import type { Session } from '../core/session/session.svelte';
import { addModel } from '../features/settings/own-models';
import { cameraMakerOf } from '../features/setup/camera-maker.svelte';
import type { RestoreReport } from '../features/keep/restore';
import programsWords from '../words/programs.en.js';
import type { EventLog } from './event-log';
import type { EventFault } from './event-rows';
import type { Archive } from './shard-archive';
import {
  lastVerdictOf,
  scoredLine,
  openExplain,
  summarySentence,
  toldOf,
  type ScoredLine,
  type ToldJob,
} from './lines';
import { PREDICT_ARGS, predictionFrom } from './predict-args.js';
import {
  validated,
  type ArgumentDescription,
  type PredictArguments,
  type Prediction,
  type PredictLimits,
} from './predict';
import type { PageFunctions, SetUpOptions, SetUpReport, Station } from './station';
import { skippedSentence } from '../core/i18n/arrival-words';

/** No camera is set up: `predict` has nothing to compare with. */
class NotWarmedError extends Error {
  override readonly name = 'NotWarmedError';
}

/** The page's operations without its buttons, under the names of the tutorial's DEEPaaS module. */
export class Scripting implements PageFunctions {
  readonly #session: Session;
  /** report of the last scoring */
  #scored: readonly ToldJob[] = [];
  #unread: readonly string[] = [];
  #archive: Archive | null = null;
  #events: EventLog | null = null;
  #station: Station | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Opens the chosen camera's model. May be called again; DEEPaaS calls it once before it accepts requests. */
  async warm(): Promise<void> {
    const { chosen: camera } = this.#session.cameras;
    const { models } = this.#session;
    const sha256 = camera?.modelSha256 ?? models.defaultSha256;
    await this.#session.scoring.giveWay();
    await models.open(sha256);
  }

  getMetadata(): Record<string, unknown> {
    return {
      id: 'porthole',
      name: 'porthole',
      links: [{ rel: 'self', href: '/v2/models/porthole' }],
      description: programsWords.description,
      author: programsWords.author,
      license: 'MIT',
      version: __PORTHOLE_VERSION__,
      // The page's, whatever place is shown.
      url: new URL('.', document.baseURI).href,
    };
  }

  getPredictArgs(): Record<keyof typeof PREDICT_ARGS, ArgumentDescription> {
    return structuredClone(PREDICT_ARGS);
  }

  /**
   * Scores one snapshot of the chosen camera, after those already queued, and keeps it as a job. A snapshot that
   * was scored before gives the distance it had.
   *
   * @throws ValidationError for bad arguments, NotWarmedError without a camera, AppError when the model or the
   * storage fails
   */
  async predict(args: Partial<PredictArguments> = {}): Promise<Prediction> {
    const { file, limits } = validated(args);
    const { history } = this.#session;
    if (!history.watched) throw new NotWarmedError(englishWords.app.noCamera);
    const { rowsIn } = await import('../core/encoder/row-files');
    const files = isOfNumbers(history.watched.camera) ? await rowsIn(file) : [file];
    const { jobs } = await this.#session.scoring.score(files, [], { ...BY_HAND, isByHand: false });
    const job = jobs.at(-1);
    if (!job) throw new DOMException(programsWords.cancelled, 'AbortError');
    return this.predictionOf(job, limits, history.watched.camera.name);
  }

  async predictionOf(job: Job, limits: PredictLimits, camera: string): Promise<Prediction> {
    return predictionFrom(scoredLine(job, await openExplain()), limits, camera, __PORTHOLE_VERSION__);
  }

  async setUpCamera(files: readonly File[], options: SetUpOptions = {}): Promise<SetUpReport> {
    const [
      { chosenSentence, leftOutOf },
      { unusedFileSentenceIn },
      { default: setUpWords },
      { default: findingsWords },
      explain,
    ] = await Promise.all([
      import('../features/setup/setup-sentences'),
      import('../core/i18n/unused-file-words'),
      import('../words/setup.en.js'),
      import('../words/findings.en.js'),
      openExplain(),
    ]);
    const { models } = this.#session;
    const maker = cameraMakerOf(this.#session);
    const { given } = maker;
    const { warmUpFiles = [], paths = [], timeZone = null, isSensor = false, ...more } = options;
    const { existing = null, ...choices } = more;
    for (const [i, path] of paths.entries()) if (files[i]) withPath(files[i], path);
    maker.clear();
    given.chosenZone = timeZone;
    await given.add(files);
    given.warmUpFiles = sortFiles(warmUpFiles).snapshots;
    const { skipped: unknown, tables } = sortFiles(files);
    const read = [given.described?.file, ...(given.chosenModel === NO_MODEL ? tables : [])];
    const skipped = unknown.filter((file) => !read.includes(file));
    const notes = [
      ...(skipped.length > 0
        ? [
            skippedSentence(
              skipped.map((file) => file.name),
              englishWords,
            ),
          ]
        : []),
      ...(given.described ? [setUpWords.described({ name: given.described.file.name })] : []),
      ...(given.config?.notices ?? []).map(({ kind, key }) => setUpWords.configNotices[kind]({ key })),
      ...given.lists.problems.map(({ kind, name }) => setUpWords.matchProblems[kind]({ name })),
      ...(given.lists.other.length + given.lists.dirty.length > 0
        ? [chosenSentence(setUpWords, { ...given.lists, clean: given.clean })]
        : []),
    ];
    const built = await maker.setUpCamera(
      {
        name: setUpWords.defaultName,
        modelSha256: isSensor ? NO_MODEL : (given.chosenModel ?? models.defaultSha256),
        ...choices,
      },
      existing,
    );
    if (!built) throw new DOMException(programsWords.cancelled, 'AbortError');
    const missing = cleanMissing(built.reference);
    return {
      clean: built.reference.embeddings.length,
      warmUp: built.reference.warmUpEmbeddings.length,
      start: built.camera.warmUp,
      notes: [
        ...notes,
        ...(built.chosen ? leftOutOf(setUpWords, built.chosen).map(({ sentence }) => sentence) : []),
        ...built.unused.map((entry) => unusedFileSentenceIn(findingsWords, explain, entry)),
        ...(missing > 0 ? [explain('few-clean', { code: 'clean-missing', missing })] : []),
      ],
    };
  }

  /** The snapshots of the last set-up that are not in its reference. */
  snapshotsBesideReference(): readonly File[] {
    return cameraMakerOf(this.#session).last?.beside ?? [];
  }

  /**
   * Takes a log of what happened to the camera, for all that is scored from now on; `EventLog` says how.
   *
   * @returns the first row that can't be used; null if all can
   */
  async takeEvents(csv: string): Promise<EventFault | null> {
    const [{ EventLog }, { eventRowsIn }] = await Promise.all([
      import('./event-log'),
      import('./event-rows'),
    ]);
    const rows = eventRowsIn(csv, this.#session.cameras.now());
    if ('field' in rows) return rows;
    this.#events = new EventLog(this.#session, rows);
    return null;
  }

  /** Lines of that log with answers to no question. */
  unasked(): readonly number[] {
    return this.#events?.unasked ?? [];
  }

  /** Scores snapshots in capture order; the answer says for each what its line in a report would. */
  async score(files: readonly File[]): Promise<readonly ScoredLine[]> {
    return this.lines(0, await this.scoreMany(files));
  }

  /**
   * Scores them as `score` does, for who asks for the lines a part at a time. Lines of snapshots that were scored before
   * follow where they say something else by now.
   *
   * @param isOnlyNew - a content has one line, and none if it was scored before
   * @returns how many there are
   */
  async scoreMany(files: readonly File[], isOnlyNew = false): Promise<number> {
    this.#scored = [];
    const begunAt = Date.now();
    const { history, scoring } = this.#session;
    const { snapshots } = sortFiles(await this.#session.snapshotsIn(files));
    let jobs: readonly Job[] = [];
    const changed = await changedWhile(history, async () => {
      await this.#events?.log();
      const scored = await scoring.score(snapshots);
      jobs = scored.jobs;
      const isUnread = (job: Job | null) => !job || !(isAside(job) || isFinal(job));
      this.#unread = [...scored.byFile].flatMap(([{ name }, job]) => (isUnread(job) ? name : []));
      await this.#events?.answer();
    });
    const now = new Map(history.everything.map((job) => [job.id, job]));
    const asked = (isOnlyNew ? [...new Set(jobs)].filter(({ createdAt }) => createdAt >= begunAt) : jobs).map(
      (job) => now.get(job.id) ?? job,
    );
    const ids = new Set(asked.map(({ id }) => id));
    this.#scored = await toldOf(
      asked,
      changed.filter(({ after }) => !ids.has(after.id)),
    );
    return this.#scored.length;
  }

  /** Names of the files of `scoreMany` that could not be read, and may be another time. */
  unread(): readonly string[] {
    return this.#unread;
  }

  /** Judges an archive, and keeps nothing. @returns how many lines there are */
  async judgeArchive(): Promise<number> {
    this.#scored = await toldOf(await (await this.archive()).judge());
    return this.#scored.length;
  }

  /** Some of the lines of what was scored last. */
  async lines(from: number, to: number): Promise<readonly ScoredLine[]> {
    return this.linesOf(this.#scored.slice(from, to));
  }

  async linesOf(jobs: readonly ToldJob[]): Promise<readonly ScoredLine[]> {
    const explain = await openExplain();
    return jobs.map(({ job, ...more }) => ({ ...scoredLine(job, explain), ...more }));
  }

  /** Functions for an unattended station with several cameras. */
  async station(): Promise<Station> {
    this.#station ??= new (await import('./station')).Station(this.#session, this);
    return this.#station;
  }

  /** How far the scoring is, in snapshots. */
  progress(): { readonly done: number; readonly total: number } {
    const { done, total } = this.#session.scoring.batches.progress;
    return { done, total };
  }

  /** Ends what is being scored after the snapshots that are being encoded; what was scored stays. */
  cancel(): void {
    this.#session.scoring.batches.cancel();
  }

  async countFileDates(): Promise<boolean> {
    if (this.#session.cameras.chosen?.fileDatesUntil === INSTANT.most) return false;
    const isDone = await correctClock(this.#session, { fileDatesUntil: INSTANT.most });
    if (!isDone) throw this.#session.work.problem ?? new Error('not changed');
    return true;
  }

  /** See {@link lastVerdictOf}. */
  async lastVerdict(): Promise<ReturnType<typeof lastVerdictOf>> {
    const { history } = this.#session;
    await history.whole;
    return lastVerdictOf(history.present);
  }

  /**
   * Saves all cameras as the zip that the page takes in again, to the browser's downloads.
   *
   * @param station - the id of the station whose backup it is
   */
  async exportBundle(station?: string): Promise<void> {
    const { keepOf } = await import('../features/keep/keep.svelte');
    const { bundles } = await keepOf(this.#session).openCare();
    await bundles.export(null, false, station);
    if (bundles.exported === null) throw this.#session.work.problem ?? new Error('not exported');
  }

  /** Takes in such a zip; the page must have no cameras. @throws AppError what stopped it */
  async restore(file: File): Promise<RestoreReport> {
    return (await import('../features/keep/restore')).restore(this.#session, file);
  }

  /** Embeds an archive in shards, and opens them. */
  async archive(): Promise<Archive> {
    if (this.#archive) return this.#archive;
    const { Archive } = await import('./shard-archive');
    return (this.#archive = new Archive(this.#session));
  }

  async exportResults(format: 'csv' | 'json'): Promise<string> {
    const { chosen: camera } = this.#session.cameras;
    const { history, db } = this.#session;
    if (!camera) throw new NotWarmedError(englishWords.app.noCamera);
    await history.whole;
    const [{ resultsText }, { madeByOf }] = await Promise.all([
      import('../core/session/exports'),
      import('../core/session/provenance-facts'),
    ]);
    return resultsText(db, camera, history.everything, format, madeByOf(this.#session));
  }

  /** Summary of the chosen camera's jobs by its present model. */
  async summary(): Promise<ReturnType<typeof summarise>> {
    const { history } = this.#session;
    await history.whole;
    return summarise([...history.present, ...history.aside]);
  }

  /** The summary as a sentence. */
  async summaryLine(): Promise<string> {
    return summarySentence(await this.summary());
  }

  /** Takes in an ONNX autoencoder, as a drop on the page does, and gives its SHA-256. */
  async addModel(file: File): Promise<string> {
    const manifest = await addModel(this.#session, file);
    if (!manifest) throw new DOMException(programsWords.cancelled, 'AbortError');
    return manifest.sha256;
  }

  /** Runs work whose expected failure should come back as a sentence: codes don't cross a debugger's wire. */
  async tryTo<T>(work: () => Promise<T>): Promise<{ value: T } | { problem: string; code: string }> {
    try {
      return { value: await work() };
    } catch (error) {
      if (error instanceof AppError) {
        const explain = await openExplain();
        return { problem: explain(error.code, error.detail), code: error.code };
      }
      throw error;
    }
  }

  /** The first of a detector's settings that no camera may have, and why; null if all can be used. */
  async settingsProblem(
    given: Parameters<typeof judgingProblem>[0],
  ): Promise<(JudgingProblem & { readonly why: string }) | null> {
    const problem = judgingProblem(given);
    if (!problem) return null;
    const { detailInEnglish } = await import('../core/i18n/in-english');
    return { ...problem, why: detailInEnglish(expectation(problem)) };
  }

  /** The models that a camera can use, by id. */
  modelIds(): Record<string, string> {
    return Object.fromEntries(
      this.#session.models.list.map(({ manifest }) => [manifest.id, manifest.sha256]),
    );
  }

  /** The time zone of the chosen camera. */
  timeZone(): string {
    return this.#session.cameras.chosen?.timeZone ?? UTC;
  }

  /** The encoder's backend, and its measured speed. */
  encoderStatus(): Session['encoder'] {
    return this.#session.encoder;
  }
}
