import { AppError } from '../core/domain/errors';
import { conclusionOf, isSetAside, verdictOf, whyNotChecked, type Job } from '../core/domain/camera/job';
import { glassColumns } from '../core/domain/camera/results';
import { LIMIT } from '../core/domain/ranges';
import { isoSeconds, summarise, type Summary } from '../core/domain/camera/summary';
import { imageNameOf } from '../core/domain/camera/capture-time';
import { sortFiles } from '../core/session/intake';
import { inEnglish as t } from '../core/i18n/messages';
import type { explainInEnglish } from '../core/i18n/in-english';
import type { Session } from '../core/session/session.svelte';
import type { Advice } from '../core/domain/model/advice';
import { adaptationOf } from '../features/adapt/adaptation-of';
import { addModel } from '../features/settings/own-models';
import { cameraMakerOf } from '../features/setup/camera-maker.svelte';
import type { SetUpChoices } from '../features/setup/set-up.svelte';
import conclusionWords from '../words/conclusion.en.js';
import p from '../words/programs.en.js';

/** An argument of `predict`, in the shape of a Swagger 2.0 parameter, as DEEPaaS publishes it. */
interface ArgumentDescription {
  readonly in: 'formData' | 'query';
  readonly type: 'file' | 'number';
  readonly required: boolean;
  readonly description: string;
  readonly format?: string;
  readonly default?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

const PREDICT_ARGS = {
  input_file: {
    in: 'formData',
    type: 'file',
    required: true,
    description: 'Snapshot of the camera: a JPEG, PNG or WebP picture.',
  },
  drift_distance: {
    in: 'query',
    type: 'number',
    format: 'float',
    required: false,
    default: 0.125,
    minimum: 0,
    maximum: LIMIT.most,
    description: 'Distance above which a snapshot counts as drift.',
  },
} as const satisfies Record<string, ArgumentDescription>;

export interface PredictArguments {
  input_file: Blob;
  drift_distance?: number;
}

export interface Prediction {
  /** null while the window fills, when the file is no picture, or when the camera's settings can tell nothing */
  readonly drift: boolean | null;
  readonly distance: number | null;
  readonly drift_distance: number;
  /** why there is no verdict; absent when there is one */
  readonly reason?: string;
  readonly image_name: string;
  readonly captured_at: string;
}

type Explain = typeof explainInEnglish;

/** Bad arguments, with the messages that DEEPaaS gives for them: field to messages. */
class ValidationError extends Error {
  override readonly name = 'ValidationError';

  constructor(readonly messages: Readonly<Record<string, readonly string[]>>) {
    super(JSON.stringify(messages));
  }
}

/** No camera is set up: `predict` has nothing to compare with. */
class NotWarmedError extends Error {
  override readonly name = 'NotWarmedError';
}

/** The page's operations without its buttons, under the names of the tutorial's DEEPaaS module. */
export class Scripting {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Opens the chosen camera's model. May be called again; DEEPaaS calls it once before it accepts requests. */
  async warm(): Promise<void> {
    const { camera, models } = this.#session;
    const sha256 = camera?.modelSha256 ?? models.defaultSha256;
    await this.#session.giveWay();
    await models.open(sha256);
  }

  getMetadata(): Record<string, unknown> {
    return {
      id: 'porthole',
      name: 'porthole',
      links: [{ rel: 'self', href: '/v2/models/porthole' }],
      description: p.description,
      author: p.author,
      license: 'MIT',
      version: __PORTHOLE_VERSION__,
      url: document.baseURI,
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
    const { file, driftDistance } = validated(args);
    const { monitor } = this.#session;
    if (!monitor.watched) throw new NotWarmedError(t.app.noCamera);
    const { jobs } = await this.#session.score([file], [], false);
    const job = jobs[0];
    if (!job) throw new DOMException(p.cancelled, 'AbortError');
    const distance = job.jobStatus === 'Completed' ? job.distance : null;
    const reason = reasonOf(job, await openExplain());
    return {
      drift: distance === null ? null : distance > driftDistance,
      distance,
      drift_distance: driftDistance,
      ...(reason === null ? {} : { reason }),
      image_name: job.imageName,
      captured_at: isoSeconds(job.capturedAt),
    };
  }

  /** Sets up a camera from clean snapshots, or from a `config.toml` among the files with its folder's snapshots. */
  async setUpCamera(
    files: readonly File[],
    options: Partial<SetUpChoices> & { warmUpFiles?: readonly File[] } = {},
  ): Promise<{ readonly clean: number; readonly warmUp: number; readonly notes: readonly string[] }> {
    const [{ composeSetUp }, { composeFindings }, setUpWords, findingsWords, explain] = await Promise.all([
      import('../features/setup/messages-setup'),
      import('../core/i18n/messages-findings'),
      import('../words/setup.en.js'),
      import('../words/findings.en.js'),
      openExplain(),
    ]);
    const su = composeSetUp(setUpWords.default);
    const findings = composeFindings(findingsWords.default, explain);
    const { models } = this.#session;
    const maker = cameraMakerOf(this.#session);
    const { setUp } = maker;
    const { warmUpFiles = [], ...choices } = options;
    setUp.clear();
    await setUp.add(files);
    setUp.warmUpFiles = sortFiles(warmUpFiles).snapshots;
    const { ignored } = sortFiles(files);
    const notes = [
      ...(ignored.length > 0 ? [t.app.ignored(ignored.map((file) => file.name))] : []),
      ...(setUp.config?.notices ?? []).map(su.configNotice),
      ...setUp.matchProblems.map(su.matchProblem),
      ...(setUp.unlisted > 0 ? [su.unlisted({ count: setUp.unlisted })] : []),
    ];
    const built = await maker.setUpCamera(
      {
        name: su.defaultName,
        modelSha256: models.defaultSha256,
        warmUp: setUp.suggestedWarmUp(),
        ...choices,
      },
      null,
    );
    if (!built) throw new DOMException(p.cancelled, 'AbortError');
    return {
      clean: built.reference.embeddings.length,
      warmUp: built.reference.warmUpEmbeddings.length,
      notes: [...notes, ...built.leftOut.map(findings.leftOut)],
    };
  }

  /**
   * Adapts the chosen camera's model to clean snapshots as the Reference place does, and makes the adapted model the
   * camera's own only if the page recommends it and finds nothing suspicious.
   *
   * @param given - those of them that are in the reference are taken for clean
   * @param options - `dirty`: real dirty snapshots to try it on; `isAnyway`: makes it the camera's own whatever is advised
   * @throws AppError `busy`, or what stopped the adaptation
   */
  async adaptCamera(
    given: readonly File[],
    { dirty = [], isAnyway = false }: { readonly dirty?: readonly File[]; readonly isAnyway?: boolean } = {},
  ): Promise<AdaptedLine> {
    const [{ composeAdvice }, adaptWords, foulingWords, adaptation] = await Promise.all([
      import('../features/adapt/messages-adapt'),
      import('../words/adapt.en.js'),
      import('../words/fouling.en.js'),
      adaptationOf(this.#session)(),
    ]);
    const { reference } = this.#session;
    if (!reference) throw new NotWarmedError(t.app.noCamera);
    const words = adaptWords.default;
    const say = composeAdvice(words, foulingWords.default);
    const { chosen, model } = adaptation;
    const kept = (notes: readonly string[], advice: Advice['advice'] | null = null): AdaptedLine => ({
      advice,
      isAdapted: false,
      notes: [...notes, p.adapted.no],
    });
    if (!model?.adaptable) return kept([words.notAdaptable({ name: model?.name ?? '' })]);
    const names = new Set(reference.names);
    await adaptation.choose(
      given.filter(({ name }) => names.has(imageNameOf(name))),
      'clean',
    );
    if (!chosen.isEnough) return kept([say.tooFew(chosen.clean.length, chosen.days)]);
    if (dirty.length > 0) await adaptation.choose(dirty, 'dirty');
    await adaptation.run();
    const { outcome } = adaptation;
    if (!outcome) throw this.#session.problem ?? new DOMException(p.cancelled, 'AbortError');
    const { advice, result } = outcome;
    const { suspicions } = result.readings;
    const notes = [
      say.advice(advice, result.evidence),
      ...('gains' in advice ? advice.gains.flatMap(say.gain) : []),
      ...(suspicions === null ? [words.suspicions.unexamined] : suspicions.map(say.suspicion)),
    ];
    const isRecommended = advice.advice === 'accept' && suspicions?.length === 0;
    if (!isRecommended && !isAnyway) {
      adaptation.discard();
      return kept(notes, advice.advice);
    }
    if (!(await adaptation.acceptAnyway())) throw this.#session.problem ?? new Error('not accepted');
    const used = isRecommended ? p.adapted.yes : p.adapted.anyway;
    return { advice: advice.advice, isAdapted: true, notes: [...notes, used] };
  }

  /** The snapshots of the last set-up that are not in its reference. */
  snapshotsBesideReference(): readonly File[] {
    return cameraMakerOf(this.#session).beside;
  }

  /** Scores snapshots in capture order; the answer says for each what its line in a report would. */
  async score(files: readonly File[]): Promise<readonly ScoredLine[]> {
    const { jobs } = await this.#session.score(sortFiles(files).snapshots);
    const explain = await openExplain();
    return jobs.map((job) => ({
      captured_at: isoSeconds(job.capturedAt),
      image_name: job.imageName,
      distance: job.jobStatus === 'Completed' ? job.distance : null,
      verdict: verdictOf(job),
      reason: reasonOf(job, explain),
      ...glassColumns(job),
    }));
  }

  /** The chosen camera's results as the Jobs place exports them. */
  async exportResults(format: 'csv' | 'json'): Promise<string> {
    const { camera, monitor, db } = this.#session;
    if (!camera) throw new NotWarmedError(t.app.noCamera);
    await monitor.whole;
    const { resultsText } = await import('../core/session/exports');
    return resultsText(db, camera, monitor.everything, format);
  }

  /** What the chosen camera's present model says of its snapshots. */
  async summary(): Promise<ReturnType<typeof summarise>> {
    const { monitor } = this.#session;
    await monitor.whole;
    return summarise([...monitor.present, ...monitor.aside]);
  }

  /** The summary as a sentence. */
  async summaryLine(): Promise<string> {
    return summarySentence(await this.summary());
  }

  /** Takes in an ONNX autoencoder, as a drop on the page does, and gives its SHA-256. */
  async addModel(file: File): Promise<string> {
    const manifest = await addModel(this.#session, file);
    if (!manifest) throw new DOMException(p.cancelled, 'AbortError');
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

  /** The models that a camera can use, by id. */
  modelIds(): Record<string, string> {
    return Object.fromEntries(
      this.#session.models.list.map(({ manifest }) => [manifest.id, manifest.sha256]),
    );
  }

  /** What computes, and how fast it was measured to be. */
  encoderStatus(): Session['encoder'] {
    return this.#session.encoder;
  }
}

/** What became of an adaptation. */
export interface AdaptedLine {
  /** what the page advises; null where nothing was tried */
  readonly advice: Advice['advice'] | null;
  readonly isAdapted: boolean;
  /** why, sentence by sentence */
  readonly notes: readonly string[];
}

/** One scored snapshot, as a terminal shows it. */
export interface ScoredLine extends ReturnType<typeof glassColumns> {
  readonly captured_at: string;
  readonly image_name: string;
  readonly distance: number | null;
  readonly verdict: ReturnType<typeof verdictOf>;
  readonly reason: string | null;
}

function validated(args: Partial<PredictArguments>): { file: File; driftDistance: number } {
  const messages: Record<string, string[]> = {};
  const blob: unknown = args.input_file;
  if (blob === undefined || blob === null) messages['input_file'] = ['Missing data for required field.'];
  else if (!(blob instanceof Blob)) messages['input_file'] = ['Not a valid file.'];
  const distance: unknown = args.drift_distance ?? PREDICT_ARGS.drift_distance.default;
  const number = typeof distance === 'string' && distance.trim() !== '' ? Number(distance) : distance;
  if (typeof number !== 'number' || (typeof distance === 'string' && Number.isNaN(number))) {
    messages['drift_distance'] = ['Not a valid number.'];
  } else if (!Number.isFinite(number)) {
    messages['drift_distance'] = ['Special numeric values (nan or infinity) are not permitted.'];
  } else if (number < 0 || number > LIMIT.most) {
    messages['drift_distance'] = [
      `Must be greater than or equal to 0.0 and less than or equal to ${String(LIMIT.most)}.`,
    ];
  }
  if (Object.keys(messages).length > 0 || !(blob instanceof Blob)) throw new ValidationError(messages);
  const file = blob instanceof File ? blob : new File([blob], 'snapshot', { type: blob.type });
  return { file, driftDistance: number as number };
}

/** The details of failures are not needed for the first paint. */
async function openExplain(): Promise<Explain> {
  return (await import('../core/i18n/in-english')).explainInEnglish;
}

/** Why a job has no verdict, or null when it has one. */
function reasonOf(job: Job, explain: Explain): string | null {
  const why = whyNotChecked(job);
  if (why) return explain(why.code, why.detail);
  if (job.jobStatus === 'Completed' && isSetAside(job)) {
    return conclusionWords.words[conclusionOf(job).code];
  }
  return job.jobStatus === 'Completed' && job.distance === null
    ? t.verdict.warmingUp({ fill: job.windowFill, windowSize: job.detector.windowSize })
    : null;
}

function summarySentence({ verdicts, jobs, highest, firstDriftAt, driftEpisodes }: Summary): string {
  const said = (['normal', 'warning', 'drift', 'warming-up', 'not-checked'] as const)
    .filter((verdict) => verdicts[verdict] > 0)
    .map((verdict) => `${String(verdicts[verdict])} ${t.verdict.words[verdict]}`);
  return p.summary({
    count: jobs,
    verdicts: said.join(', ') || p.none,
    hasHighest: highest !== null,
    who: highest?.speaker ?? '',
    highest: highest?.distance ?? 0,
    limit: highest?.thresholds.drift ?? 0,
    episodes: firstDriftAt === null ? 0 : driftEpisodes,
    first: firstDriftAt ?? 0,
  });
}
