import type { Made } from './workers/adaptation-api';
import { daysOf } from './workers/judging';
import type { SnapshotReader } from './workers/reader';
import { makeTrained, train, usedOf } from './workers/training';
import { AppError } from '../../core/domain/errors';
import { isoInstant } from '../../core/domain/instant';
import type { Camera } from '../../core/domain/camera/job';
import type { ModelManifest } from '../../core/domain/model/model';
import { nextVersion, type ManifestDraft } from '../../core/domain/model/model-file';
import { isGoodEnough } from '../../core/domain/model/rebuilding';
import { LossCourse, type BestVersion, type TrainingPicture } from '../../core/domain/model/training-course';
import type { StoredTraining } from '../../core/storage/schema';
import {
  beginTraining,
  deleteTraining,
  isEarlierTraining,
  loadTraining,
  loadTrainingPictures,
  saveTraining,
  saveTrainingPicture,
} from '../../core/storage/trainings';
import { adoptKnown, ownVersion } from './adopted-model';
import { download } from '../../core/browser/download';
import type { Session } from '../../core/session/session.svelte';
import type { ChosenSnapshots } from './chosen.svelte';

type Phase = 'reading' | 'opening' | 'training' | 'stopping' | 'trying';

/** What a reference says of a snapshot besides its embedding. */
type Facts = Omit<TrainingPicture, 'pixels'>;

/** A training that this device has no room for: it is there until the page is closed. */
interface Unkept {
  readonly training: StoredTraining;
  readonly facts: readonly Facts[];
}

/**
 * Trains a camera's whole model on its own clean snapshots, for as long as a person likes; nothing of the camera
 * changes before they accept it. What was reached is stored, so that it goes on after the page was closed.
 */
export class CameraTraining {
  /** null while nothing is trained */
  phase = $state<Phase | null>(null);
  /** 0..1 of the snapshots that are read */
  share = $state(0);
  /** whether it ended in this visit, by a person's wish or by itself */
  isStopped = $state(false);
  /** whether what is reached now would be there after a reload */
  isKept = $state(true);
  /** whether a training of before the whole model was trained was discarded for the chosen camera */
  isEarlierGone = $state(false);

  readonly #session: Session;
  #training = $state.raw<StoredTraining | null>(null);
  #facts: readonly Facts[] = [];
  readonly #unkept = new Map<string, Unkept>();
  #stop: AbortController | null = null;
  /** the chosen camera's training: running, stopped, or interrupted before the page was opened; null for none */
  readonly training: StoredTraining | null = $derived.by(() =>
    this.#training?.cameraId === this.#session.camera?.id ? this.#training : null,
  );
  /** whether the camera got another model since, or a reference of another */
  readonly isOutdated = $derived.by(() => {
    const { camera, reference } = this.#session;
    return [camera, reference].some((own) => own?.modelSha256 !== this.training?.modelSha256);
  });
  #cameraId = $state<string | null>(null);
  readonly #runningFor = $derived.by(() => (this.phase === null ? null : this.#cameraId));
  readonly isRunning = $derived.by(
    () => this.#runningFor !== null && this.#runningFor === this.#session.camera?.id,
  );
  /** the name of another camera that is trained for now */
  readonly elsewhere: string | null = $derived.by(() => {
    if (this.#runningFor === null || this.isRunning) return null;
    return this.#session.cameras.find(({ id }) => id === this.#runningFor)?.name ?? null;
  });

  constructor(session: Session) {
    this.#session = session;
    $effect.root(() => {
      $effect(() => {
        const id = session.camera?.id;
        if (id !== undefined && this.#runningFor === null) void this.#look(id);
      });
    });
  }

  /** Whether a model has a decoder, and says so. */
  canTrain(manifest: ModelManifest | null): boolean {
    return Boolean(manifest?.adaptable?.reconstruction);
  }

  /** Begins; what was trained for this camera before is gone. */
  async begin(chosen: ChosenSnapshots): Promise<void> {
    await this.#run(async (camera, signal) => {
      const { db } = this.#session;
      this.phase = 'reading';
      this.share = 0;
      this.isKept = true;
      this.isEarlierGone = false;
      this.#forget(camera.id);
      await deleteTraining(db, camera.id);
      const lease = await chosen.read(camera, signal, (share) => {
        this.share = share;
      });
      const used = usedOf(lease.readings);
      this.#facts = used.map(factsOf);
      const fitted = used.filter(({ part }) => part === 'fitted');
      const training: StoredTraining = {
        cameraId: camera.id,
        modelSha256: camera.modelSha256,
        transform: camera.transform,
        startedAt: Date.now(),
        trainedFor: 0,
        step: 0,
        state: null,
        before: null,
        latest: null,
        best: null,
        losses: new Float32Array(0),
        fitted: { snapshots: fitted.length, days: daysOf(fitted) },
      };
      const pictures = this.#keeping(training, used, lease.reader, () => {
        // The training has what the reader had.
        lease.giveBack();
        chosen.close();
      });
      await this.#train(camera, training, pictures, signal).finally(lease.giveBack);
    });
  }

  /** Goes on where it was stopped or interrupted. */
  async goOn(): Promise<void> {
    if (!this.training || this.isOutdated) return;
    await this.#run(async (camera, signal) => {
      const { db } = this.#session;
      // Another tab may have gone on with it since it was shown here.
      const training = await loadTraining(db, camera.id);
      this.isKept = true;
      if (training) await this.#train(camera, training, loadTrainingPictures(db, camera.id), signal);
      else this.#training = null;
    });
  }

  /**
   * Ends the training after the step that it is at, and then tries the version of that step; asked again, ends it at
   * once. The best version and the state stay.
   */
  stop(): void {
    if (this.phase === 'training') this.phase = 'stopping';
    else if (this.phase !== 'stopping') this.#stop?.abort(new DOMException('stopped', 'AbortError'));
  }

  async discard(): Promise<void> {
    const { training } = this;
    if (!training) return;
    await this.#session.attempt(() => deleteTraining(this.#session.db, training.cameraId));
    this.#forget(training.cameraId);
  }

  /**
   * Makes the best version the camera's model, and freezes what it made of the clean snapshots as the next reference.
   * What was scored before stays as it is, in a history of its own.
   *
   * @returns whether it was
   */
  async accept(): Promise<boolean> {
    const { training } = this;
    const best = training?.best;
    if (!best || this.isOutdated) return false;
    const session = this.#session;
    const isAccepted = await session.changeChosen(async (camera) => {
      const made = await this.#make(training, best);
      const clean = (await this.#factsOf(camera.id)).filter(({ part }) => part !== 'dirty');
      if (clean.length !== best.embeddings.length) throw new AppError('storage-failed');
      const known = clean.map((facts, i) => ({ ...facts, embedding: best.embeddings[i]! }));
      await adoptKnown(session, camera, made, known);
      await deleteTraining(session.db, camera.id);
    });
    if (isAccepted) this.#forget(training.cameraId);
    return isAccepted;
  }

  /** Saves the best version as one file, for another laptop. */
  async save(): Promise<void> {
    const { training } = this;
    if (!training?.best) return;
    await this.#session.attempt(async () => {
      const made = await this.#make(training, training.best!);
      download(made.bytes, made.manifest.file, 'application/octet-stream');
    });
  }

  async #run(work: (camera: Camera, signal: AbortSignal) => Promise<void>): Promise<void> {
    const { camera, role } = this.#session;
    if (!camera || this.phase !== null) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#cameraId = camera.id;
    this.phase = 'opening';
    await this.#session.attempt(async () => {
      if (role !== 'writer') throw new AppError('not-the-writer');
      try {
        await work(camera, signal);
      } catch (error) {
        // What it can go on from is what was stored last.
        if (this.isKept) this.#training = await loadTraining(this.#session.db, camera.id);
        this.isStopped = true;
        if (!signal.aborted) throw error;
      }
    });
    this.phase = null;
    const training = this.#training;
    if (!this.isKept && training) this.#unkept.set(camera.id, { training, facts: this.#facts });
  }

  async #train(
    { detector, thresholds }: Camera,
    begun: StoredTraining,
    pictures: AsyncIterable<TrainingPicture>,
    signal: AbortSignal,
  ): Promise<void> {
    const model = await this.#session.models.source(begun.modelSha256);
    this.#training = begun;
    this.phase = 'opening';
    let training = begun;
    const course = new LossCourse(begun.losses);
    let beganAt = performance.now();
    const { state } = begun;
    const update = (changes: Partial<StoredTraining>) => {
      training = { ...training, ...changes };
      this.#training = training;
    };
    await train(
      {
        model,
        transform: begun.transform,
        present: { detector, thresholds },
        before: begun.before,
        from: state && { step: begun.step, state },
        best: begun.best,
        signal,
        mustStop: () => this.phase === 'stopping' || !this.#holds(begun),
        onBegin: () => {
          this.phase = 'training';
          beganAt = performance.now();
        },
        onStep: (step, loss) => {
          course.add(loss);
          const trainedFor = begun.trainedFor + performance.now() - beganAt;
          update({ step, trainedFor, losses: course.all });
        },
        onTrying: () => {
          this.phase = 'trying';
        },
        onBefore: (before) => {
          update({ before });
        },
        onJudged: ({ latest, best }) => {
          update({ latest, best });
        },
        onSave: (state) => {
          update({ state });
          return this.#keep(() => saveTraining(this.#session.db, training));
        },
      },
      pictures,
    );
    this.isStopped = true;
    await this.#keep(() => saveTraining(this.#session.db, training));
  }

  /** Stores the pictures on their way from the reader to the training, and the training behind them. */
  async *#keeping(
    training: StoredTraining,
    used: ReturnType<typeof usedOf>,
    reader: SnapshotReader,
    onEnd: () => void,
  ): AsyncGenerator<TrainingPicture> {
    const { db } = this.#session;
    try {
      for (const [i, snapshot] of used.entries()) {
        const picture = { ...factsOf(snapshot), pixels: await reader.pixels(snapshot) };
        await this.#keep(() => saveTrainingPicture(db, training.cameraId, i, picture));
        yield picture;
      }
    } finally {
      onEnd();
    }
    await this.#keep(() => beginTraining(db, training));
  }

  /** What a reference says of the pictures that the camera's training has, in its order. */
  async #factsOf(cameraId: string): Promise<readonly Facts[]> {
    if (!this.isKept) return this.#facts;
    const facts: Facts[] = [];
    for await (const picture of loadTrainingPictures(this.#session.db, cameraId))
      facts.push(factsOf(picture));
    return facts;
  }

  #forget(cameraId: string): void {
    this.#unkept.delete(cameraId);
    this.#training = null;
    this.#facts = [];
  }

  /** Stores something of the training; where there is no room it goes on without. */
  async #keep(write: () => Promise<unknown>): Promise<void> {
    if (!this.isKept) return;
    try {
      await write();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.isKept = false;
      this.#session.problem = error;
      if (this.#cameraId !== null) {
        await deleteTraining(this.#session.db, this.#cameraId).catch(() => undefined);
      }
    }
  }

  /** Whether the camera still has the model that is trained. */
  #holds({ cameraId, modelSha256 }: StoredTraining): boolean {
    return this.#session.cameras.find(({ id }) => id === cameraId)?.modelSha256 === modelSha256;
  }

  async #look(cameraId: string): Promise<void> {
    if (this.#training?.cameraId === cameraId) return;
    // What was stopped and could not be stored is only here.
    const unkept = this.#unkept.get(cameraId);
    if (unkept) {
      this.#training = unkept.training;
      this.#facts = unkept.facts;
      this.isStopped = true;
      this.isKept = false;
      return;
    }
    const { db, role } = this.#session;
    try {
      const isEarlier = await isEarlierTraining(db, cameraId);
      if (isEarlier && role === 'writer') await deleteTraining(db, cameraId);
      const training = await loadTraining(db, cameraId);
      if (this.phase !== null || this.#session.camera?.id !== cameraId) return;
      this.#training = training;
      this.isStopped = false;
      this.isKept = true;
      this.isEarlierGone = isEarlier;
    } catch (error) {
      // Nobody asked for this, so what another failure said stays until there is one here.
      if (!(error instanceof AppError)) throw error;
      this.#session.problem = error;
    }
  }

  async #make(training: StoredTraining, best: BestVersion): Promise<Made> {
    const session = this.#session;
    const model = await session.models.source(training.modelSha256);
    const cameraName = session.camera?.name ?? '';
    const named = ownVersion(session, model.manifest, cameraName);
    return makeTrained(model, best, draftOf(model.manifest, named, training, best));
  }
}

function factsOf({ part, name, capturedAt, properties, thumbnail }: Facts): Facts {
  return { part, name, capturedAt, properties, thumbnail };
}

/** What the trained version says of itself. */
function draftOf(
  base: ModelManifest,
  { id, name, cameraName }: { readonly id: string; readonly name: string; readonly cameraName: string },
  { fitted }: StoredTraining,
  { step, rebuilding, evidence }: BestVersion,
): ManifestDraft {
  const reconstruction = isGoodEnough(rebuilding) ? (base.adaptable?.reconstruction ?? null) : null;
  return nextVersion(base, {
    id,
    name,
    description: `${base.name}, trained for the camera ${cameraName}.`,
    outputs: { ...base.outputs, reconstruction },
    training: {
      trainedFrom: { id: base.id, version: base.version, sha256: base.sha256 },
      trainedFor: cameraName,
      trainedAt: isoInstant(Date.now()),
      trainedBy: `${step} steps of the whole autoencoder, on this camera's own clean snapshots: ${fitted.snapshots} of ${fitted.days} days`,
    },
    judged: {
      ...evidence,
      rebuilding,
      how: `on ${evidence.keptOut} clean snapshots of ${evidence.keptOutDays} later days`,
    },
  });
}
