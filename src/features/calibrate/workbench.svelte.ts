import { v4 as uuid } from 'uuid';
import { Analyst } from './analysis/analyst';
import type { Calibration, CalibrationEvidence } from '../../core/domain/drift/calibration';
import type { CompletedJob } from '../../core/domain/camera/job';
import { judgingKey, type Judging } from '../../core/domain/drift/judge';
import { refuseBlinding } from '../../core/domain/drift/judging-problem';
import { saveCalibration } from '../../core/storage/calibrations';
import { storeReference } from '../../core/session/store-reference';
import { loadEmbeddings, loadThumbnail } from '../../core/storage/jobs';
import { Calibrator } from './calibrator.svelte';
import { Comparison } from './compare/comparison.svelte';
import { Drill } from './drill/drill.svelte';
import type { Session } from '../../core/session/session.svelte';
import { freezeReference, type TimedSnapshot } from '../../core/session/reference-builder';
import { Replayer } from './replayer.svelte';

/** Settings that a person accepts as a camera's next version. */
interface Acceptance {
  readonly judging: Judging;
  /** what they were measured on; null when they were chosen by looking at the history */
  readonly evidence: CalibrationEvidence | null;
  /** a reference to freeze with them; null keeps the present one, an id goes back to an earlier version */
  readonly reference:
    { readonly clean: readonly TimedSnapshot[]; readonly warmUp: readonly TimedSnapshot[] } | string | null;
}

/** What the Calibrate place works with; loaded when it is looked at, and kept until the page is closed. */
export class Workbench {
  readonly analyst = new Analyst();
  readonly session: Session;
  readonly calibrator = new Calibrator(this);
  readonly replayer = new Replayer(this);
  readonly drill = new Drill(this);
  readonly comparison = new Comparison(this);
  /** what the person has changed of the camera's settings and not yet accepted */
  #changes = $state.raw<{ readonly cameraId: string; readonly changes: Partial<Judging> } | null>(null);
  /** settings being tried: the camera's own until a person moves them */
  readonly draft = $derived.by((): Judging | null => {
    const { camera } = this.session;
    if (!camera) return null;
    const { detector, thresholds, persistence } = camera;
    const changes = this.#changes?.cameraId === camera.id ? this.#changes.changes : {};
    return { detector, thresholds, persistence, ...changes };
  });
  readonly isChanged = $derived.by(() => {
    const { camera } = this.session;
    return camera !== null && this.draft !== null && judgingKey(this.draft) !== judgingKey(camera);
  });

  constructor(session: Session) {
    this.session = session;
  }

  /** Tries other settings; nothing is stored. */
  change(changes: Partial<Judging>): void {
    const { camera } = this.session;
    if (!camera) return;
    const before = this.#changes?.cameraId === camera.id ? this.#changes.changes : {};
    this.#changes = { cameraId: camera.id, changes: { ...before, ...changes } };
  }

  /** Goes back to the camera's own settings. */
  discard(): void {
    this.#changes = null;
  }

  /**
   * Makes the chosen camera judge by other settings from now on, as a new version; what was scored keeps its own.
   *
   * @returns whether it does
   */
  async accept({ judging, evidence, reference }: Acceptance): Promise<boolean> {
    const { session } = this;
    const isAccepted = await session.changeChosen(async (camera) => {
      const calibrationFor = (referenceId: string): Calibration => ({
        id: uuid(),
        cameraId: camera.id,
        version: (session.calibrations.at(-1)?.version ?? 0) + 1,
        referenceId,
        modelSha256: camera.modelSha256,
        ...judging,
        createdAt: Date.now(),
        evidence,
      });
      if (typeof reference === 'object' && reference !== null) {
        const version = (session.references.at(-1)?.version ?? 0) + 1;
        const { clean, warmUp } = reference;
        const frozen = freezeReference(camera, version, await this.#withPictures(clean), warmUp);
        refuseBlinding(judging, frozen.reference.embeddings);
        const calibration = calibrationFor(frozen.reference.id);
        await storeReference(session, { ...camera, warmUp: 'snapshots' }, frozen, { calibration });
        return;
      }
      const referenceId = reference ?? camera.referenceId;
      if (referenceId === null) return;
      const chosen = session.references.find(({ id }) => id === referenceId);
      refuseBlinding(judging, chosen?.embeddings ?? []);
      await saveCalibration(session.db, { ...camera, referenceId }, calibrationFor(referenceId));
    });
    if (isAccepted) this.discard();
    return isAccepted;
  }

  /** Scored snapshots as known ones, with their embeddings; a job whose embedding is gone is left out. */
  async snapshotsOf(jobs: readonly CompletedJob[]): Promise<TimedSnapshot[]> {
    const ids = jobs.map(({ id }) => id);
    const embeddings = await loadEmbeddings(this.session.db, ids);
    return jobs.flatMap(({ id, imageName, capturedAt, properties }) => {
      const embedding = embeddings.get(id);
      if (!embedding) return [];
      return [{ name: imageName, capturedAt, embedding, properties, thumbnail: null, jobId: id }];
    });
  }

  async #withPictures(snapshots: readonly TimedSnapshot[]): Promise<TimedSnapshot[]> {
    return Promise.all(
      snapshots.map(async (snapshot) => {
        const { jobId } = snapshot;
        if (snapshot.thumbnail || jobId === undefined) return snapshot;
        return { ...snapshot, thumbnail: await loadThumbnail(this.session.db, jobId) };
      }),
    );
  }
}
