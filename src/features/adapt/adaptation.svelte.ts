import { adaptModel, amountOf, type AdaptationResult } from './workers/adapter';
import { Work, type Stage } from './workers/work';
import { adviceOn, type Advice } from '../../core/domain/model/advice';
import { spreadSample } from '../../core/domain/drift/sets';
import { adoptKnown, ownVersion } from './adopted-model';
import { download } from '../../core/browser/download';
import type { Session } from '../../core/session/session.svelte';
import type { ChosenSnapshots } from './chosen.svelte';

/** Share of the work that reading is, as progress has it. */
const READING = 0.05;

/** An adaptation that waits for the person's decision. */
interface Outcome {
  /** of its camera and model */
  readonly key: string;
  readonly result: AdaptationResult;
  readonly advice: Advice;
}

/** Fits the chosen camera's model to its own clean snapshots; nothing changes before a person accepts it. */
export class CameraAdaptation {
  isRunning = $state(false);
  stage = $state<Stage>('read');
  /** false until the person has looked at suspicious snapshots and found them clean */
  isConfirmed = $state(false);
  /** 0..1 of the work */
  share = $state(0);
  secondsLeft = $state<number | null>(null);

  readonly chosen: ChosenSnapshots;
  readonly #session: Session;
  #outcome = $state.raw<Outcome | null>(null);
  #abort = new AbortController();
  readonly #key = $derived.by(() => {
    const { chosen: camera } = this.#session.cameras;
    return camera ? `${camera.id} ${camera.modelSha256}` : '';
  });
  /** null when nothing was tried for the chosen camera and its model */
  readonly outcome: Outcome | null = $derived.by(() =>
    this.#outcome?.key === this.#key ? this.#outcome : null,
  );
  readonly canAccept = $derived.by(() => {
    const { outcome } = this;
    if (!outcome || outcome.advice.advice === 'refuse') return false;
    return outcome.result.readings.suspicions?.length === 0 || this.isConfirmed;
  });
  readonly model = $derived.by(() => {
    const { chosen: camera } = this.#session.cameras;
    const { models } = this.#session;
    return camera && (models.find(camera.modelSha256)?.manifest ?? null);
  });

  constructor(session: Session, chosen: ChosenSnapshots) {
    this.#session = session;
    this.chosen = chosen;
  }

  async choose(...chosen: Parameters<ChosenSnapshots['choose']>): Promise<void> {
    this.#outcome = null;
    await this.#session.work.attempt(() => this.chosen.choose(...chosen));
  }

  /** Adapts the model, in workers, and tries it; what was tried before is gone. */
  async run(): Promise<void> {
    const session = this.#session;
    const { chosen: camera } = session.cameras;
    if (!camera) return;
    const key = this.#key;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#outcome = null;
    this.isConfirmed = false;
    this.share = 0;
    this.secondsLeft = null;
    this.stage = 'read';
    this.isRunning = true;
    await session.work.attempt(() =>
      session.work.alone(async () => {
        try {
          const { pool, readings } = await this.chosen.read(camera, signal, (share) => {
            this.share = READING * share;
          });
          const { detector, thresholds, transform, name } = camera;
          const work = new Work(amountOf(readings, detector.windowSize), (stage, share, left) => {
            this.stage = stage;
            this.share = READING + (1 - READING) * share;
            this.secondsLeft = left === null ? null : left / 1000;
          });
          const model = await session.models.source(camera.modelSha256);
          const present = { detector, thresholds };
          const named = ownVersion(session.models, this.model, name);
          const result = await adaptModel({
            model,
            transform,
            present,
            ...named,
            pool,
            readings,
            work,
          });
          const advice = adviceOn(result.evidence, model.manifest.detector.windowSize);
          this.#outcome = { key, result, advice };
        } catch (error) {
          if (!signal.aborted) throw error;
        }
      }),
    );
    this.isRunning = false;
  }

  cancel(): void {
    this.#abort.abort(new DOMException('cancelled', 'AbortError'));
  }

  discard(): void {
    this.#outcome = null;
  }

  /**
   * Makes the adapted model the camera's own: keeps it, and freezes what it made of the clean snapshots as the next
   * reference. What was scored before stays as it is, in a history of its own.
   *
   * @returns whether it was
   */
  async accept(): Promise<boolean> {
    return this.canAccept && this.acceptAnyway();
  }

  /** As `accept`, against advice too: for a program that was told to, never for a button. */
  async acceptAnyway(): Promise<boolean> {
    const { outcome } = this;
    if (!outcome) return false;
    const session = this.#session;
    const { made, clean } = outcome.result;
    const isAccepted = await session.cameras.change((camera) => adoptKnown(session, camera, made, clean));
    if (!isAccepted) return false;
    this.#outcome = null;
    this.chosen.close();
    return true;
  }

  save(): void {
    const { outcome } = this;
    if (!outcome) return;
    const { made } = outcome.result;
    download(made.bytes, made.manifest.file, 'application/octet-stream');
  }

  /** A few of the clean snapshots, spread over their days, for a person to look at. */
  readonly contactSheet = $derived.by(() => {
    const parts = this.outcome?.result.readings.parts;
    return parts ? spreadSample([...parts.fitted, ...parts['kept-out']], 8) : [];
  });
}
