import type { LeftOut } from '../../core/domain/camera/left-out';
import { adapt, type AdaptationResult, type Stage } from './workers/adapter';
import { refusalOf, type Refusal } from '../../core/domain/model/adaptation-evidence';
import { dayOf } from '../../core/domain/drift/calibration';
import type { Detail } from '../../core/domain/detail';
import { AppError } from '../../core/domain/errors';
import { spreadSample } from '../../core/domain/drift/sets';
import { adopt, ownVersion } from './adopted-model';
import { download } from '../../core/browser/download';
import { inCaptureOrder, sortFiles, type Snapshot } from '../../core/session/intake';
import type { Session } from '../../core/session/session.svelte';
import { encodeSnapshots, freezeReference, splitWarmUp } from '../../core/session/reference-builder';

/** What a person says of the snapshots that they give. */
export type Kind = 'clean' | 'dirty';

export type Tried = AdaptationResult;

/** An adaptation that waits for the person's decision. */
interface Outcome {
  /** of the camera and model that it is for */
  readonly key: string;
  readonly result: AdaptationResult;
  /** null when it is better than what the camera has */
  readonly refusal: Refusal | null;
}

const NONE: Readonly<Record<Kind, readonly Snapshot[]>> = { clean: [], dirty: [] };

/** Fits the chosen camera's model to its own clean snapshots; nothing changes before a person accepts it. */
export class CameraAdaptation {
  isRunning = $state(false);
  stage = $state<Stage>('read');
  /** whether the person has looked at suspicious snapshots and found them clean */
  isConfirmed = $state(false);
  /** 0..1 of the work */
  share = $state(0);
  secondsLeft = $state<number | null>(null);

  readonly #session: Session;
  #chosen = $state.raw<{ readonly cameraId: string; readonly snapshots: typeof NONE } | null>(null);
  #outcome = $state.raw<Outcome | null>(null);
  #abort = new AbortController();
  readonly #key = $derived.by(() => {
    const { camera } = this.#session;
    return camera ? `${camera.id} ${camera.modelSha256}` : '';
  });
  readonly chosen: typeof NONE = $derived.by(() =>
    this.#chosen?.cameraId === this.#session.camera?.id ? (this.#chosen?.snapshots ?? NONE) : NONE,
  );
  readonly days = $derived.by(
    () => new Set(this.chosen.clean.map(({ capturedAt }) => dayOf(capturedAt))).size,
  );
  /** null when nothing was tried for the chosen camera and its model */
  readonly outcome: Outcome | null = $derived.by(() =>
    this.#outcome?.key === this.#key ? this.#outcome : null,
  );
  readonly canAccept = $derived.by(() => {
    const { outcome } = this;
    if (!outcome || outcome.refusal) return false;
    return outcome.result.suspicions?.length === 0 || this.isConfirmed;
  });
  readonly model = $derived.by(() => {
    const { camera, models } = this.#session;
    return camera && (models.find(camera.modelSha256)?.manifest ?? null);
  });

  constructor(session: Session) {
    this.#session = session;
  }

  /** Takes snapshots that a person knows to be clean, or dirty, in place of those that were chosen before. */
  async choose(files: readonly File[], kind: Kind): Promise<void> {
    await this.#session.attempt(() => this.#choose(files, kind));
  }

  async #choose(files: readonly File[], kind: Kind): Promise<void> {
    const { camera } = this.#session;
    if (!camera) return;
    const snapshots = await inCaptureOrder(sortFiles(files).snapshots, new AbortController().signal);
    this.#chosen = { cameraId: camera.id, snapshots: { ...this.chosen, [kind]: snapshots } };
    this.#outcome = null;
  }

  /** Adapts the model, in workers, and tries it; what was tried before is gone. */
  async run(): Promise<void> {
    const session = this.#session;
    const { camera } = session;
    if (!camera) return;
    const key = this.#key;
    const { clean, dirty } = this.chosen;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#outcome = null;
    this.isConfirmed = false;
    this.share = 0;
    this.secondsLeft = null;
    this.stage = 'read';
    this.isRunning = true;
    const startedAt = performance.now();
    await session.attempt(() =>
      session.runAlone(async () => {
        try {
          const model = await session.models.source(camera.modelSha256);
          const result = await adapt({
            model,
            transform: camera.transform,
            present: { detector: camera.detector, thresholds: camera.thresholds },
            ...ownVersion(session, this.model, camera.name),
            clean: clean.map(given),
            dirty: dirty.map(given),
            signal,
            onProgress: ({ stage, share }) => {
              this.stage = stage;
              this.share = share;
              const seconds = (performance.now() - startedAt) / 1000;
              if (share > 0.02) this.secondsLeft = (seconds / share) * (1 - share);
            },
          });
          this.#outcome = { key, result, refusal: refusalOf(result.evidence) };
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
   * Makes the adapted model the camera's own: keeps it, and freezes its embeddings of the clean snapshots as the next
   * reference. What was scored before stays as it is, in a history of its own.
   *
   * @returns whether it was
   */
  async accept(): Promise<boolean> {
    const { outcome } = this;
    if (!outcome || !this.canAccept) return false;
    const session = this.#session;
    const { made, clean } = outcome.result;
    const isAccepted = await session.changeChosen(async (camera) => {
      const { transform } = camera;
      const { detector, thresholds } = made.manifest;
      await adopt(session, { ...camera, detector, thresholds }, made, async (adapted, version) => {
        const encoded = await encodeSnapshots({
          pool: session.pool,
          files: clean.map(({ file }) => file),
          transform,
          signal: new AbortController().signal,
          onProgress: () => undefined,
        });
        // What was tried rests on all of them.
        const [missing] = encoded.leftOut;
        if (missing) throw new AppError('file-unreadable', missing.name);
        const keepOut = camera.warmUp === 'snapshots' ? detector.windowSize : 0;
        const split = splitWarmUp(encoded.snapshots, keepOut);
        return freezeReference(adapted, version, split.clean, split.warmUp);
      });
    });
    if (isAccepted) this.#outcome = null;
    return isAccepted;
  }

  /** Saves the adapted model as one file, for another laptop. */
  save(): void {
    const { outcome } = this;
    if (!outcome) return;
    const { made } = outcome.result;
    download(made.bytes, made.manifest.file, 'application/octet-stream');
  }

  readonly leftOut: readonly LeftOut[] = $derived.by(() =>
    (this.outcome?.result.unread ?? []).map(
      ({ name, code, detail }: { name: string; code: AppError['code']; detail: Detail }) => ({
        kind: 'unreadable',
        name,
        code,
        detail,
      }),
    ),
  );

  /** A few of the clean snapshots, spread over their days, for a person to look at. */
  readonly contactSheet = $derived.by(() => spreadSample(this.outcome?.result.clean ?? [], 8));
}

function given({ file, imageName, capturedAt }: Snapshot) {
  return { file, name: imageName, capturedAt };
}
