import { STATUSES } from './analysis/analysis-api';
import { blindnessOf } from '../../core/domain/drift/blindness';
import type { Blindness } from '../../core/domain/drift/detectors/detector';
import { AppError } from '../../core/domain/errors';
import {
  alarmsOf,
  breaksWindow,
  verdictOf,
  type CompletedJob,
  type Reference,
} from '../../core/domain/camera/job';
import type { Judging } from '../../core/domain/drift/judging';
import type { ReplaySettings } from './pure/replay';
import { replayedDays, type ReplayedDay } from './pure/replayed-days';
import { loadEmbeddings } from '../../core/storage/jobs';
import { countedBy, scoredBy } from '../../core/session/history/history';
import { Question } from './question.svelte';
import { warmUpEmbeddings } from '../../core/domain/camera/warm-up';
import type { Analyst } from './analysis/analyst';
import type { Draft } from './draft.svelte';

/** A history as other settings of the learned distance would have judged it; growth and loss stay. */
export interface Replay {
  /** with learned distances as they would have been, in capture order */
  readonly jobs: readonly CompletedJob[];
  readonly days: readonly ReplayedDay[];
  /** alarms that stood, and those of the replay */
  readonly before: number;
  readonly after: number;
  /** snapshots whose verdict differs */
  readonly changed: number;
}

/** Judges the chosen camera's whole history by the settings that are being tried. */
export class Replayer {
  readonly question = new Question<Replay>();
  /** a reference version to try instead of the camera's own */
  referenceId = $state<string | null>(null);

  readonly #draft: Draft;
  readonly #analyst: Analyst;
  /** the jobs that can be replayed: scored ones of the camera's model that are part of a window */
  readonly jobs = $derived.by((): readonly CompletedJob[] => {
    const { chosen: camera } = this.#draft.session.cameras;
    const { history } = this.#draft.session;
    return countedBy(camera?.modelSha256 ?? '', history.jobs);
  });
  /** number of scored jobs that are no part of it; null if growth and loss are not used */
  readonly aside = $derived.by((): number | null => {
    const { chosen: camera } = this.#draft.session.cameras;
    const { history } = this.#draft.session;
    const scored = scoredBy(camera?.modelSha256 ?? '', history.jobs);
    return scored.some(({ glass }) => glass) ? scored.length - this.jobs.length : null;
  });
  /** the reference versions that can be tried: those of the camera's model, oldest first */
  readonly versions = $derived.by((): readonly Reference[] => {
    const { chosen: camera, references } = this.#draft.session.cameras;
    return references.filter(({ modelSha256 }) => modelSha256 === camera?.modelSha256);
  });
  readonly reference: Reference | null = $derived.by(
    () => this.versions.find(({ id }) => id === this.referenceId) ?? this.#draft.session.cameras.reference,
  );
  readonly settings: ReplaySettings | null = $derived.by(() => {
    const { judging, session } = this.#draft;
    const { chosen: camera } = session.cameras;
    const { reference } = this;
    if (!judging || !camera || !reference || reference.modelSha256 !== camera.modelSha256) return null;
    const { detector, thresholds, persistence } = judging;
    return {
      detector,
      thresholds,
      persistence,
      reference: reference.embeddings,
      warmUp: warmUpEmbeddings({ ...camera, detector }, reference),
      cleanings: session.cameras.events.filter(breaksWindow).map(({ at }) => at),
    };
  });

  #heldIds: readonly string[] = [];

  constructor(draft: Draft, analyst: Analyst) {
    this.#draft = draft;
    this.#analyst = analyst;
  }

  async recompute(jobs: readonly CompletedJob[], settings: ReplaySettings | null): Promise<void> {
    const isAsked = settings !== null && jobs.length > 0;
    await this.question.ask(isAsked ? () => this.#replay(jobs, settings) : null);
    // The worker may have been lost, and the history with it.
    if (this.question.problem) this.#heldIds = [];
  }

  /** Makes the camera judge by the settings that are being tried; jobs scored before keep their verdicts. */
  async keep(): Promise<boolean> {
    const { judging, session } = this.#draft;
    if (!judging) return false;
    const { reference } = this;
    const isOther = reference !== null && reference.id !== session.cameras.chosen?.referenceId;
    const isKept = await this.#draft.accept({
      judging,
      evidence: null,
      reference: isOther ? reference.id : null,
    });
    if (isKept) this.referenceId = null;
    return isKept;
  }

  async #replay(jobs: readonly CompletedJob[], settings: ReplaySettings): Promise<Replay> {
    await this.#hold(jobs);
    const { distances, statuses } = await this.#analyst.ask((api) => api.replay(settings));
    const sight = blindnessOf(settings.reference, settings);
    const judged = jobs.map((job, i) =>
      asJudged(job, distances[i]!, STATUSES[statuses[i]!]!, settings, sight),
    );
    return {
      // The chart is of the learned distance alone.
      jobs: judged.map(({ glass: _glass, ...learned }) => learned),
      days: replayedDays(jobs, judged),
      before: alarmsOf(jobs).length,
      after: alarmsOf(judged).length,
      changed: judged.filter((job, i) => verdictOf(job) !== verdictOf(jobs[i]!)).length,
    };
  }

  async #hold(jobs: readonly CompletedJob[]): Promise<void> {
    const ids = jobs.map(({ id }) => id);
    // Jobs are new objects whenever something was filled in about them; their embeddings are not.
    if (ids.length === this.#heldIds.length && ids.every((id, i) => id === this.#heldIds[i])) return;
    const embeddings = await loadEmbeddings(this.#draft.session.db, ids);
    const missing = ids.find((id) => !embeddings.has(id));
    if (missing !== undefined) throw new AppError('embeddings-lost', missing);
    await this.#analyst.hold(
      jobs.map(({ id, capturedAt }) => ({ capturedAt, embedding: embeddings.get(id)! })),
    );
    this.#heldIds = ids;
  }
}

function asJudged(
  job: CompletedJob,
  distance: number,
  driftStatus: (typeof STATUSES)[number],
  { detector, thresholds, persistence }: Judging,
  sight: Blindness | null,
): CompletedJob {
  return {
    ...job,
    distance: Number.isNaN(distance) ? null : distance,
    driftStatus,
    blindness: Number.isNaN(distance) ? sight : null,
    detector,
    thresholds,
    persistence,
  };
}
