import { timeOfName } from '../core/domain/camera/time/reference-times';
import { clockFacts, isAside } from '../core/domain/camera/time/clock';
import { clockStand } from '../core/domain/camera/time/clock-stand';
import type { Camera, WarmUpSource } from '../core/domain/camera/camera';
import { compareJobs, type Job } from '../core/domain/camera/job';
import { conclusionOf, verdictOf } from '../core/domain/camera/verdict';
import { isReminderDue, type ToldAlarm, type Reminders } from '../core/domain/camera/seen';
import { glassColumns } from '../core/domain/camera/results';
import { isoSeconds } from '../core/domain/camera/summary';
import { isOfNumbers } from '../core/domain/model/numbers';
import { isoDay } from '../core/domain/instant';
import { AppError } from '../core/domain/errors';
import { overviewOf, loadRecent, type CameraOverview } from '../core/session/camera-overview';
import { seenSentence } from '../core/i18n/conclusion-words';
import { questionHeadline } from '../core/i18n/question-words';
import { withYears } from '../core/i18n/format';
import { alertsWords } from '../words/alerts';
import { hoursWords } from '../words/hours';
import type { ChangedJob } from '../core/session/scoring/known-jobs';
import type { Arrival, ScoredFiles } from '../core/session/scoring/batch';
import type { Session } from '../core/session/session.svelte';
import { coverNow, type Cover } from '../core/session/glass/cover';
import { staysAt, type Stays } from '../core/session/pictures/what-stays';
import { thumbnailTexts } from '../core/session/pictures/thumbnail-texts';
import { changeCamera } from '../core/session/history/change-camera';
import type { Refusal, TellOutcome } from '../core/session/history/take-told';
import { unshownOf } from '../core/session/history/unshown';
import {
  instructionOf,
  isPressing,
  shownAs,
  tellVerdict,
  verdictNow,
} from '../core/session/history/verdict-now';
import { WatchedFiles, type FileFacts } from '../core/session/watched-files';
import { loadReferences } from '../core/storage/cameras';
import { loadJobs } from '../core/storage/jobs';
import type { Connection } from '../core/storage/schema';
import { keepOf } from '../features/keep/keep.svelte';
import { OutboxWatch, type SendingStand } from '../features/driftwatch/outbox/outbox-watch';
import { sendingOf } from '../features/driftwatch/outbox/sending.svelte';
import type { StaticWall } from '../features/wall/static-wall';
import type { SetUpChoices } from '../features/setup/pure/new-camera';
import { validated, type PredictArguments, type Prediction, type PredictLimits } from './predict';
import { toldOf, type ScoredLine, type ToldJob } from './lines';
import { stationWords } from '../words/station';

/** The choices of a set-up by a program. */
export interface SetUpOptions extends Partial<SetUpChoices> {
  readonly warmUpFiles?: readonly File[];
  /** of the first files, from the folder that was given: folders may say which are clean */
  readonly paths?: readonly string[];
  /** of times that names and EXIF state without one, instead of the configuration's */
  readonly timeZone?: string;
  /** true if an array of embeddings is of rows of numbers, which no model made */
  readonly isSensor?: boolean;
  /** the chosen camera, which gets its next reference */
  readonly existing?: Camera;
}

/** A camera that was set up, in numbers of embeddings. */
export interface SetUpReport {
  readonly clean: number;
  readonly warmUp: number;
  /** how the window is filled before the first snapshot */
  readonly start: WarmUpSource;
  readonly notes: readonly string[];
}

/** The page's functions that a station needs; those about a camera are about the chosen one. */
export interface PageFunctions {
  /** Sets up a camera from clean snapshots, or from a `config.toml` among the files with its folder's snapshots. */
  setUpCamera(files: readonly File[], options?: SetUpOptions): Promise<SetUpReport>;
  /** Lets the dates of files count as the chosen camera's capture times. @returns false if they did before */
  countFileDates(): Promise<boolean>;
  /** `predict`'s answer for a job. */
  predictionOf(job: Job, limits: PredictLimits, camera: string): Promise<Prediction>;
  /** The chosen camera's results as the Jobs place exports them. */
  exportResults(format: 'csv' | 'json'): Promise<string>;
  /** The lines of a report for jobs. */
  linesOf(jobs: readonly ToldJob[]): Promise<readonly ScoredLine[]>;
}

/** A scored snapshot with its job's id, by which one that was told is known. */
export interface IdentifiedLine extends ScoredLine {
  readonly id: string;
}

/** The answer of `predict`, and its job's line. */
interface PredictAnswer {
  /** null if the file is no picture that can be read */
  readonly prediction: Prediction | null;
  readonly lines: readonly IdentifiedLine[];
}

/** How a camera stands, for a wall, a metric or an alert. */
export interface CameraStanding {
  readonly name: string;
  /** the verdict as the wall shows it: one that is old is `silent` */
  readonly verdict: ReturnType<typeof shownAs>;
  /** false for an archive, which is silent when it comes */
  readonly isNews: boolean;
  /** the action, as in the page's headline */
  readonly word: string;
  /** why, in a sentence or two */
  readonly told: string;
  /** the question about a change; null if nothing is asked */
  readonly asks: string | null;
  /** the newest snapshot that the verdict is about, as an export tells it; null where there is none */
  readonly latest: (ReturnType<typeof glassColumns> & { readonly captured_at: string }) | null;
  /** a person's word on the alarm that stands; null without one */
  readonly seen: {
    readonly who: string;
    readonly until: string;
    readonly note: string;
    readonly told: string;
  } | null;
  /** the heading under which the alarm is told again; null while that is not due */
  readonly reminder: string | null;
  /** in times of the drift limit; null while nothing is told */
  readonly times: number | null;
  /** capture time of the newest snapshot of all, milliseconds since 1970; null without any */
  readonly newestAt: number | null;
  /** from when on it counts as silent, milliseconds since 1970; null where it is not silent */
  readonly silentFrom: number | null;
  /** an alarm that was asked about, as it is told once it is over; null where none was */
  readonly passed: PassedAlarm | null;
}

/** Alarms of a camera's snapshots since its verdict was told last. */
interface Alarm {
  /** the job that had the worst verdict first */
  readonly id: string;
  /** snapshots with a warning or drift */
  readonly count: number;
}

/** The alert for an alarm that came and went between two looks. */
interface PassedAlarm {
  readonly verdict: ReturnType<typeof verdictOf>;
  /** the action at the time, and that it is over */
  readonly word: string;
  readonly told: string;
}

/** How often alarms are told again, and which were told, by their cameras' names. */
interface ReminderState {
  readonly every: Reminders;
  readonly told: Readonly<Record<string, ToldAlarm>>;
}

/** The outcome of a person's word. */
interface Heard extends Pick<TellOutcome, 'isNew'> {
  readonly lines: readonly IdentifiedLine[];
}

/** Content and links of a wall; see `StaticWall`. */
interface WallRequest extends Pick<StaticWall, 'cameras' | 'data' | 'said' | 'unguarded'> {
  /** until the next one, in milliseconds */
  readonly nextIn: number;
  readonly hasPictures: boolean;
}

/** Between two tries while other work goes first, in milliseconds. */
const PAUSE = 500;

/** The page's functions for an unattended station, besides {@link PageFunctions}: several cameras, by their names. */
export class Station {
  readonly #session: Session;
  readonly #page: PageFunctions;
  /** by camera id; this page alone scores */
  readonly #watched = new Map<string, Promise<WatchedFiles>>();

  #watch: OutboxWatch | null = null;

  constructor(session: Session, page: PageFunctions) {
    this.#session = session;
    this.#page = page;
  }

  /** The names of the cameras that are set up. */
  cameras(): readonly string[] {
    return this.#session.cameras.all.map(({ name }) => name);
  }

  /** The same with their ids. */
  cameraIds(): readonly (readonly [name: string, id: string])[] {
    return this.#session.cameras.all.map(({ name, id }) => [name, id]);
  }

  /** Sets up a camera, as {@link PageFunctions.setUpCamera}. */
  async setUp(name: string, files: readonly File[], options: SetUpOptions = {}): Promise<SetUpReport> {
    this.#session.startNewCamera();
    return this.#page.setUpCamera(files, { ...options, name });
  }

  /** Makes a camera's next reference, which judges from now on, as {@link PageFunctions.setUpCamera}. */
  async renewReference(name: string, files: readonly File[], paths: readonly string[]): Promise<SetUpReport> {
    const existing = await this.#choose(name);
    return this.#page.setUpCamera(files, { paths, existing, modelSha256: existing.modelSha256 });
  }

  /** Gives a camera another name. */
  async rename(name: string, to: string): Promise<void> {
    await this.#choose(name);
    if (!(await changeCamera(this.#session, { name: to })))
      throw this.#session.work.problem ?? new AppError('busy');
  }

  /** Deletes a camera with all that belongs to it. */
  async remove(name: string): Promise<void> {
    const { id } = this.#camera(name);
    await keepOf(this.#session).deleteCamera(id);
    const { cameras, work } = this.#session;
    if (cameras.all.some((camera) => camera.id === id)) throw work.problem ?? new AppError('busy');
  }

  /** Lets the dates of a camera's files count, as {@link PageFunctions.countFileDates}. */
  async countFileDates(name: string): Promise<boolean> {
    await this.#choose(name);
    return this.#page.countFileDates();
  }

  /** The files of a camera's folder. @throws AppError `storage-failed` */
  watchedFiles(name: string): Promise<WatchedFiles> {
    const camera = this.#camera(name);
    const opened =
      this.#watched.get(camera.id) ??
      WatchedFiles.open(this.#session.db, camera, () => this.#session.cameras.now());
    this.#watched.set(camera.id, opened);
    return opened;
  }

  /**
   * Decides what is to be done with the files in a camera's folder.
   *
   * @param found - all that are there, but for those that were `seen` before and have not changed
   * @param isWhole - false while a part of the folder can't be read: files that are missing may be there
   * @returns indices of files that need no reading until they change, and of those due now, in capture order
   */
  async look(
    name: string,
    found: readonly FileFacts[],
    isWhole: boolean,
  ): Promise<{ readonly seen: readonly number[]; readonly due: readonly number[] }> {
    const watched = await this.watchedFiles(name);
    const paths = new Set(found.map(({ path }) => path));
    if (isWhole) watched.keepOnly((path) => paths.has(path));
    const camera = this.#camera(name);
    const takenAt = ({ path, modifiedAt }: FileFacts) => timeOfName(path, camera) ?? modifiedAt;
    const due = [...found.entries()].filter(([, file]) => watched.isDue(file));
    due.sort(([, a], [, b]) => takenAt(a) - takenAt(b) || (a.path < b.path ? -1 : 1));
    return {
      seen: [...found.keys()].filter((i) => watched.isSeen(found[i]!)),
      due: due.map(([i]) => i),
    };
  }

  /**
   * Scores snapshots of a camera's folder, after what is at work; a content seen before gives the job it had.
   *
   * @param facts - of each file
   * @param toldUntil - jobs made before it were told, milliseconds since 1970
   * @returns lines of the jobs that may not have been told, and of earlier ones that say something else by now
   * @throws AppError what stopped the batch; what was scored until then stays
   */
  async check(
    name: string,
    files: readonly File[],
    facts: readonly FileFacts[],
    toldUntil: number,
  ): Promise<readonly IdentifiedLine[]> {
    const watched = await this.watchedFiles(name);
    const given = new Map(files.map((file, i) => [file, facts[i]!]));
    const rows = await this.#rowsOf(this.#camera(name), files);
    // A clock that was set back must not silence new jobs.
    const since = Math.min(toldUntil, Date.now());
    const fileOf = new Map([...rows].flatMap(([file, own]) => own.map((row) => [row, file] as const)));
    const isAnswered = (file: File) => watched.isAnswered(given.get(fileOf.get(file)!)!);
    const { jobs, byFile, changed } = await this.#score(name, [...fileOf.keys()], isAnswered);
    // A file with rows is done when all of them are.
    const isReached = (own: readonly File[]) => own.every((row) => byFile.has(row));
    const settled = [...rows].filter(([, own]) => isReached(own));
    await watched.settle(
      given,
      new Map(settled.map(([file, own]) => [file, byFile.get(own.at(-1)!) ?? null])),
    );
    return this.#linesOf(
      jobs.filter(({ createdAt }) => createdAt >= since),
      changed,
    );
  }

  /**
   * Scores one snapshot for a camera, as the page's `predict` does for the chosen one.
   *
   * @throws ValidationError for bad arguments, or as `check`
   */
  async predict(name: string, args: Partial<PredictArguments>): Promise<PredictAnswer> {
    const { file, limits } = validated(args);
    const rows = await this.#rowsOf(this.#camera(name), [file]);
    const { jobs, changed } = await this.#score(name, rows.get(file)!, () => true);
    const job = jobs.at(-1)!;
    const isRead = job.jobStatus === 'Completed' || isAside(job);
    const prediction = isRead ? await this.#page.predictionOf(job, limits, name) : null;
    return { prediction, lines: await this.#linesOf(jobs, changed) };
  }

  /**
   * Lines of a camera's jobs that were made since then, and of those after them, which they may have changed; both in
   * capture order.
   *
   * @param since - milliseconds since 1970
   */
  async linesSince(
    name: string,
    since: number,
  ): Promise<{ readonly made: readonly IdentifiedLine[]; readonly after: readonly IdentifiedLine[] }> {
    const { db } = this.#session;
    const camera = this.#camera(name);
    const references = await loadReferences(db, camera.id);
    const reference = references.find(({ id }) => id === camera.referenceId) ?? null;
    const facts = clockFacts(camera, reference, this.#session.cameras.now());
    const { believed, aside } = clockStand(await loadJobs(db, camera.id), facts);
    const isMade = ({ createdAt }: Job) => createdAt >= since;
    const first = believed.find(isMade)?.capturedAt ?? Infinity;
    return {
      made: await this.#linesOf([...believed, ...aside].filter(isMade).sort(compareJobs)),
      after: await this.#linesOf(believed.filter((job) => job.capturedAt >= first && !isMade(job))),
    };
  }

  /** How every camera stands now. @param alarms - what else is to be worded, by a camera's name */
  async standings(
    alarms: Readonly<Record<string, Alarm>> = {},
    { every, told }: ReminderState = { every: 'never', told: {} },
  ): Promise<readonly CameraStanding[]> {
    const [passing, toldAlarms] = [new Map(Object.entries(alarms)), new Map(Object.entries(told))];
    const overviews = await this.#overviews(this.#session.cameras.all);
    const standings = overviews.map(async (overview): Promise<CameraStanding> => {
      const { seen } = overview;
      const { latest, silence, verdict } = overview.now;
      const before = toldAlarms.get(overview.camera.name);
      const isDue =
        !overview.now.question?.isAlone &&
        before?.verdict === verdict &&
        isReminderDue(every, before, seen, this.#session.cameras.now());
      const { name } = overview.camera;
      const word = instructionOf(overview.now);
      return {
        name,
        passed: await this.#passed(passing.get(name), word),
        verdict: shownAs(overview.now),
        isNews: silence?.isNews ?? true,
        word,
        told: await this.#reasonOf(overview),
        asks: asksOf(overview),
        seen: seen && {
          ...{ who: seen.who ?? '', until: isoDay(seen.until), note: seen.note },
          told: withYears(() => seenSentence(seen)),
        },
        reminder: isDue ? alertsWords.reminder({ word }) : null,
        latest: latest ? { captured_at: isoSeconds(latest.capturedAt), ...glassColumns(latest) } : null,
        times: overview.times,
        newestAt: overview.newestAt,
        silentFrom: silence?.silentFrom ?? null,
      };
    });
    return Promise.all(standings);
  }

  /** The wall of these cameras as one HTML file. @throws AppError `storage-failed`, `fetch-failed` */
  async wall({ cameras, nextIn, hasPictures, ...more }: WallRequest): Promise<string> {
    const { db, sources } = this.#session;
    const [{ writeWall }, { tileOf }, { worstFirst }] = await Promise.all([
      import('../features/wall/static-wall'),
      import('../features/wall/tile'),
      import('../features/wall/pure/worst-first'),
    ]);
    const asked = new Set(cameras.map(({ name }) => name));
    const overviews = await this.#overviews(this.#session.cameras.all.filter(({ name }) => asked.has(name)));
    const now = this.#session.cameras.now();
    const tiles = worstFirst(overviews.map((overview) => tileOf(overview, now)));
    const shown = hasPictures ? tiles.flatMap((tile) => tile.now.latest?.id ?? []) : [];
    const covers = new Map<string, Cover | null>();
    for (const tile of hasPictures ? tiles : []) covers.set(tile.camera.id, await coverNow(sources, tile));
    return writeWall({
      ...more,
      cameras,
      tiles,
      now,
      nextAt: now + nextIn,
      pictures: await thumbnailTexts(db, shown),
      covers,
      stays: hasPictures ? await this.#staysOf(overviews) : new Map(),
    });
  }

  /** Takes what a person says of a camera. @returns the lines that say something else by now, or why it was refused */
  async tell(name: string, said: unknown): Promise<Heard | Refusal> {
    const { takeTold } = await import('../core/session/history/take-told');
    const [overview] = await this.#overviews([await this.#choose(name)]);
    const taken = await takeTold(this.#session, overview!, said);
    return 'problem' in taken ? taken : { isNew: taken.isNew, lines: await this.#linesOf([], taken.changed) };
  }

  /** The pictures of what stays, of a camera with an alarm: data URLs by the names of their files. @throws AppError `storage-failed` */
  async stays(name: string): Promise<Readonly<Record<string, string | undefined>>> {
    const camera = this.#camera(name);
    const stays = (await this.#staysOf(await this.#overviews([camera]))).get(camera.id);
    return { 'what-stays.jpg': stays?.own?.address, 'clean.jpg': stays?.clean?.address };
  }

  /** A camera's report over all its snapshots, as one HTML file. @throws AppError as the report's place does */
  async report(name: string): Promise<string> {
    await this.#choose(name);
    const { reportText } = await import('../features/report/save-report');
    const text = await reportText(this.#session, 'all');
    if (text === null) throw new AppError('not-fitted');
    return text;
  }

  /** A camera's results as the Jobs place exports them. @throws AppError `storage-failed` */
  async results(name: string, format: 'csv' | 'json'): Promise<string> {
    await this.#choose(name);
    return this.#page.exportResults(format);
  }

  /** How far a camera's pictures can be used, as Science saves it as JSON. @throws AppError `storage-failed` */
  async usable(name: string): Promise<string> {
    await this.#choose(name);
    const { usableText } = await import('../features/science/usable/usable-source');
    const text = await usableText(this.#session);
    if (text === null) throw new AppError('not-fitted');
    return text;
  }

  /**
   * Connects to DriftWatch with a mytoken, which this page forgets when it is closed.
   *
   * @param keep - keeps the mytoken that its server gives in its place, where it does with each use
   * @returns when the mytoken expires, in milliseconds since 1970; null when it does not, or its server does not say
   * @throws AppError what the service or the token server answered
   */
  async connect(
    connection: Pick<Connection, 'baseUrl' | 'mytokenServer' | 'timeout'>,
    mytoken: string,
    keep: (mytoken: string) => Promise<void>,
  ): Promise<number | null> {
    const { account } = await sendingOf(this.#session).openSync();
    await account.connect(connection);
    account.keeper.onReplaced = keep;
    await account.giveToken(mytoken);
    await account.test();
    const failure = account.checked?.failure;
    if (failure) throw new AppError(failure.code, failure.detail);
    return account.mytoken?.expiresAt ?? null;
  }

  /** How results travel to DriftWatch. @param isChecking - asks it, too, and lets what was held try again */
  async sending(isChecking: boolean): Promise<SendingStand> {
    const sync = await sendingOf(this.#session).openSync();
    const show = (camera: Camera) => this.#choose(camera.name);
    this.#watch ??= new OutboxWatch({ db: this.#session.db, sync, show });
    if (isChecking) await this.#watch.check(this.#session.cameras.all);
    return this.#watch.stand(this.#session.cameras.all);
  }

  /**
   * Sends a camera's results to an experiment, all of them; one that is not there is made.
   *
   * @param experiment - its id or its name
   * @param corrects - true if records there are corrected when their jobs are judged again
   * @throws AppError what the service answered
   */
  async sendTo(name: string, experiment: string, tags: readonly string[], corrects: boolean): Promise<void> {
    const sync = await sendingOf(this.#session).openSync();
    const camera = await this.#choose(name);
    const { destination } = sync;
    if (destination?.experimentId !== experiment && destination?.experimentName !== experiment) {
      await sync.experiments.loadWritable();
      const known = sync.experiments.writable?.find(
        (each) => each.id === experiment || each.name === experiment,
      );
      const chosen =
        known ?? (await sync.experiments.create({ name: experiment, description: name, public: false }));
      await sync.choose(chosen, { tags, model: this.#session.cameras.modelId(camera), since: 0 });
    }
    await sync.correct(corrects);
  }

  /** Why a camera stands as it does, and of an alarm whether it may be made of the shadows of other hours. */
  async #reasonOf({ camera, now, run, course, events, seen }: CameraOverview): Promise<string> {
    const { latest, verdict } = now;
    if (!latest) return '';
    const sentence = withYears(() => tellVerdict({ ...now, latest }, run));
    if (!isPressing(verdict)) return sentence;
    const references = await loadReferences(this.#session.db, camera.id);
    const reference = references.find(({ id }) => id === camera.referenceId);
    const unshown = unshownOf(now, course, events, reference);
    const parts = [
      sentence,
      ...withYears(() => [unshown && hoursWords.unshown(unshown), seen && seenSentence(seen)]),
    ];
    return parts.filter((part) => part !== null).join(' ');
  }

  /** Those of cameras with an alarm, by their ids. */
  async #staysOf(overviews: readonly CameraOverview[]): Promise<Map<string, Stays | null>> {
    const made = new Map<string, Stays | null>();
    for (const { camera, now, course, events } of overviews) {
      const { latest, verdict } = now;
      if (!latest || !isPressing(verdict)) continue;
      const references = await loadReferences(this.#session.db, camera.id);
      made.set(camera.id, await staysAt(this.#session, latest, course, events, references));
    }
    return made;
  }

  async #passed(alarm: Alarm | undefined, now: string): Promise<PassedAlarm | null> {
    const job = alarm && (await this.#session.db.get('jobs', alarm.id));
    // A question is no alarm.
    if (job?.jobStatus !== 'Completed' || conclusionOf(job).code === 'changed') return null;
    const word = instructionOf(verdictNow(job, [], job.capturedAt));
    return {
      verdict: verdictOf(job),
      word: stationWords.passed.heading({ word }),
      told: withYears(() => stationWords.passed.told({ word, count: alarm!.count, at: job.capturedAt, now })),
    };
  }

  /** The snapshots of each file: itself, or the rows of a sensor. One that has none gives a failed job. */
  async #rowsOf(camera: Camera, files: readonly File[]): Promise<Map<File, readonly File[]>> {
    const { rowsOrFailure } = await import('../core/encoder/row-files');
    const of = (file: File) => (isOfNumbers(camera) ? rowsOrFailure(file) : [file]);
    return new Map(await Promise.all(files.map(async (file) => [file, await of(file)] as const)));
  }

  /** It waits until other work has gone before. */
  async #score(
    name: string,
    files: readonly File[],
    isAnswered: Arrival['isAnswered'],
  ): Promise<ScoredFiles> {
    const changed = new Map<string, ChangedJob<Job>>();
    for (;;) {
      const scored = await this.#session.scoring.scoreFor(this.#camera(name).id, files, [], isAnswered);
      for (const { before, after } of scored.changed) {
        changed.set(after.id, { before: changed.get(after.id)?.before ?? before, after });
      }
      if (!scored.hasGivenWay) return { ...scored, changed: [...changed.values()] };
      await new Promise((done) => setTimeout(done, PAUSE));
    }
  }

  async #linesOf(
    jobs: readonly Job[],
    changed: readonly ChangedJob<Job>[] = [],
  ): Promise<readonly IdentifiedLine[]> {
    const toldJobs = await toldOf(jobs, changed);
    const lines = await this.#page.linesOf(toldJobs);
    return lines.map((line, i) => ({ id: toldJobs[i]!.job.id, ...line }));
  }

  /** @throws AppError `not-fitted` without such a camera, or what kept it from being chosen */
  async #choose(name: string): Promise<Camera> {
    const camera = this.#camera(name);
    if (this.#session.cameras.chosen?.id === camera.id) return camera;
    await this.#session.cameras.choose(camera.id);
    if (this.#session.cameras.chosen?.id !== camera.id) throw new AppError('busy');
    return camera;
  }

  async #overviews(cameras: readonly Camera[]): Promise<readonly CameraOverview[]> {
    const now = this.#session.cameras.now();
    return Promise.all(
      cameras.map(async (camera) => overviewOf(await loadRecent(this.#session.db, camera), now)),
    );
  }

  /** @throws AppError `not-fitted` without such a camera */
  #camera(name: string): Camera {
    const camera = this.#session.cameras.all.find((each) => each.name === name);
    if (!camera) throw new AppError('not-fitted');
    return camera;
  }
}

function asksOf({ now: { question }, camera }: CameraOverview): string | null {
  return question && withYears(() => questionHeadline(question, camera));
}
