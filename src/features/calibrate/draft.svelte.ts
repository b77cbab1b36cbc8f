import { v4 as uuid } from 'uuid';
import {
  type Calibration,
  type CalibrationEvidence,
  type Judging,
  judgingKey,
} from '../../core/domain/drift/judging';
import {
  alarmsOf,
  sameView,
  type Camera,
  type CompletedJob,
  type Reference,
} from '../../core/domain/camera/job';
import { refuseBlinding } from '../../core/domain/drift/judging-problem';
import type { GlassFit } from '../../core/domain/glass/glass';
import type { GlassSight } from '../../core/domain/glass/sight';
import { timelineOf } from '../../core/domain/camera/timeline';
import type { InForce } from '../../core/domain/camera/job';
import { scoredBy } from '../../core/session/history/history';
import { changeInputs, judgedBy } from '../../core/session/history/change-inputs';
import { withCalibration } from '../../core/storage/cameras';
import { saveInputs } from '../../core/storage/inputs';
import { countDeliveries } from '../../core/storage/deliveries';
import { loadGlassFit } from '../../core/storage/glass-fits';
import { storeReference, withOwnModel } from '../../core/session/reference/store-reference';
import { loadThumbnail } from '../../core/storage/jobs';
import type { JudgedAgain } from '../../core/storage/judged-again';
import type { Session } from '../../core/session/session.svelte';
import { freezeReference, type DatedSnapshot } from '../../core/session/reference/reference-builder';

interface Acceptance {
  readonly judging: Judging;
  /** their measurements; null when they were chosen by looking at the history */
  readonly evidence: CalibrationEvidence | null;
  /** a reference to freeze with them; null keeps the present one, an id goes back to an earlier version */
  readonly reference:
    { readonly clean: readonly DatedSnapshot[]; readonly warmUp: readonly DatedSnapshot[] } | string | null;
}

/** Effect of an acceptance on the stored history. */
export interface Anew {
  readonly camera: Camera;
  readonly changed: Camera;
  /** number of jobs shown then */
  readonly jobs: number;
  /** number of jobs judged again */
  readonly count: number;
  /** the references in force then */
  readonly timeline: readonly InForce[];
  /** numbers of alarms in the history before and after */
  readonly before: number;
  readonly after: number;
  /** number of the camera's records sent by then: these stay */
  readonly sent: number;
}

/** Settings that are being tried on the chosen camera, until they are accepted as a version or given up. */
export class Draft {
  readonly session: Session;
  /** unaccepted changes to the camera's settings */
  #changes = $state.raw<{ readonly cameraId: string; readonly changes: Partial<Judging> } | null>(null);
  /** settings being tried: the camera's own until a person moves them */
  readonly judging = $derived.by((): Judging | null => {
    const { chosen: camera } = this.session.cameras;
    if (!camera) return null;
    const { detector, thresholds, persistence } = camera;
    const changes = this.#changes?.cameraId === camera.id ? this.#changes.changes : {};
    return { detector, thresholds, persistence, ...changes };
  });
  readonly isChanged = $derived.by(() => {
    const { chosen: camera } = this.session.cameras;
    return camera !== null && this.judging !== null && judgingKey(this.judging) !== judgingKey(camera);
  });

  /** effect of the last acceptance on the stored history; null before the first, and once it was undone */
  anew = $state.raw<Anew | null>(null);

  constructor(session: Session) {
    this.session = session;
  }

  /** Tries other settings; nothing is stored. */
  change(changes: Partial<Judging>): void {
    const { chosen: camera } = this.session.cameras;
    if (!camera) return;
    const before = this.#changes?.cameraId === camera.id ? this.#changes.changes : {};
    this.#changes = { cameraId: camera.id, changes: { ...before, ...changes } };
  }

  discard(): void {
    this.#changes = null;
  }

  /** Gives the camera other settings as a new version, and judges its history by them. @returns whether it does */
  async accept({ judging, evidence, reference }: Acceptance): Promise<boolean> {
    const { session } = this;
    const isAccepted = await session.cameras.change(async (camera) => {
      const before = session.cameras.reference;
      if (!before) return;
      const calibrationFor = (referenceId: string): Calibration => ({
        id: uuid(),
        cameraId: camera.id,
        version: (session.cameras.calibrations.at(-1)?.version ?? 0) + 1,
        referenceId,
        modelSha256: camera.modelSha256,
        ...judging,
        createdAt: Date.now(),
        evidence,
      });
      const isNew = typeof reference === 'object' && reference !== null;
      if (!isNew) {
        const after = session.cameras.references.find(({ id }) => id === (reference ?? before.id)) ?? before;
        refuseBlinding(judging, after.embeddings);
        const calibration = calibrationFor(after.id);
        const changed = withCalibration({ ...camera, referenceId: after.id }, calibration);
        const using = { ...changed, timeline: this.#inForce(before, after) };
        const { again, anew } = await this.#judgeAgain(camera, using, after);
        await saveInputs(session.db, { camera: using, calibration }, again);
        this.anew = anew;
        return;
      }
      const version = (session.cameras.references.at(-1)?.version ?? 0) + 1;
      const { clean, warmUp } = reference;
      const frozen = freezeReference(camera, version, await this.#withPictures(clean), warmUp);
      const after = withOwnModel(session.models, { ...frozen.reference, ...sameView(before) });
      refuseBlinding(judging, after.embeddings);
      const calibration = calibrationFor(after.id);
      const using: Camera = { ...camera, warmUp: 'snapshots' };
      const timeline = this.#inForce(before, after);
      const changed = withCalibration({ ...using, timeline, referenceId: after.id }, calibration);
      // Growth and loss keep the pictures that they know, because new ones would describe another lens.
      const glassFit = await loadGlassFit(session.db, before.id);
      const { again, anew } = await this.#judgeAgain(camera, changed, after, glassFit);
      await storeReference(
        session,
        { ...using, timeline },
        { ...frozen, reference: after },
        { calibration, again, glassFit },
      );
      this.anew = anew;
    });
    if (isAccepted) this.discard();
    return isAccepted;
  }

  /** false once another setting was changed, or a snapshot scored, since the last acceptance */
  readonly canUndo = $derived.by(() => {
    const { cameras, history, work } = this.session;
    const { chosen: camera } = cameras;
    const { canChange } = work;
    const { anew } = this;
    if (!anew || !canChange || camera?.id !== anew.changed.id) return false;
    const isAsMade =
      judgingKey(camera) === judgingKey(anew.changed) &&
      camera.referenceId === anew.changed.referenceId &&
      camera.modelSha256 === anew.changed.modelSha256;
    return isAsMade && history.jobs.length === anew.jobs;
  });

  /** Judges the history again by the settings before the last acceptance. */
  async undo(): Promise<void> {
    const { anew, session } = this;
    if (!anew || !this.canUndo) return;
    const { detector, thresholds, persistence, calibrationId, referenceId, warmUp } = anew.camera;
    const back = { detector, thresholds, persistence, calibrationId, referenceId, warmUp };
    const isBack = await session.cameras.change(async (camera) => {
      const { present } = session.cameras;
      if (!present) return;
      await changeInputs(session.sources, present, {
        camera: { ...camera, ...back, timeline: anew.timeline },
      });
    });
    if (isBack) this.anew = null;
  }

  /** The references in force with one in place of another. */
  #inForce(before: Reference, after: Reference): readonly InForce[] {
    const { present } = this.session.cameras;
    return (present ? timelineOf(present) : []).map((each) =>
      each.referenceId === before.id ? { ...each, referenceId: after.id } : each,
    );
  }

  /** The history by other settings, and how to take it back. */
  async #judgeAgain(
    camera: Camera,
    changed: Camera,
    reference: Reference,
    glassFit?: GlassFit | null,
  ): Promise<{ readonly again: JudgedAgain; readonly anew: Anew }> {
    const { session } = this;
    const { db, history, sources } = session;
    const { present } = session.cameras;
    const by = {
      ...sources,
      ...(glassFit !== undefined && { fits: new Map([[reference.id, glassFit]]) }),
    };
    const jobs = present ? scoredBy(camera.modelSha256, present.jobs) : [];
    const again = present
      ? await judgedBy(by, present, { camera: changed, reference })
      : { judged: new Map<string, CompletedJob>(), sights: new Map<string, GlassSight>() };
    const { sent, confirmed } = await countDeliveries(db, camera.id);
    const anew = {
      camera,
      changed,
      jobs: history.jobs.length,
      count: again.judged.size,
      timeline: present ? timelineOf(present) : [],
      before: alarmsOf(jobs).length,
      after: alarmsOf(jobs.map((job) => again.judged.get(job.id) ?? job)).length,
      sent: sent + confirmed,
    };
    return { again, anew };
  }

  async #withPictures(snapshots: readonly DatedSnapshot[]): Promise<DatedSnapshot[]> {
    return Promise.all(
      snapshots.map(async (snapshot) => {
        const { jobId } = snapshot;
        if (snapshot.thumbnail || jobId === undefined) return snapshot;
        return { ...snapshot, thumbnail: await loadThumbnail(this.session.db, jobId) };
      }),
    );
  }
}
