import { v4 as uuid } from 'uuid';
import { Analyst } from './analysis/analyst';
import type { Calibration, CalibrationEvidence } from '../../core/domain/drift/calibration';
import {
  verdictOf,
  type ByEye,
  type Camera,
  type CompletedJob,
  type Reference,
} from '../../core/domain/camera/job';
import { judgingKey, type Judging } from '../../core/domain/drift/judge';
import { refuseBlinding } from '../../core/domain/drift/judging-problem';
import { alarmRuns, NO_PERSISTENCE } from '../../core/domain/drift/persistence';
import { classify } from '../../core/domain/drift/thresholds';
import { calledBy } from '../../core/session/history/history';
import { givenOf } from '../../core/session/reference/given-folder.svelte';
import { judgeAnew } from '../../core/session/history/judge-anew';
import { judgedBy, saveJudging } from '../../core/storage/calibrations';
import { countDeliveries } from '../../core/storage/deliveries';
import { loadGlassFit } from '../../core/storage/glass-fits';
import { storeReference } from '../../core/session/reference/store-reference';
import { loadEmbeddings, loadScored, loadThumbnail, type JudgedAnew } from '../../core/storage/jobs';
import { Calibrator } from './calibrator.svelte';
import { Comparison } from './compare/comparison.svelte';
import { Drill } from './drill/drill.svelte';
import type { Session } from '../../core/session/session.svelte';
import { freezeReference, type DatedSnapshot } from '../../core/session/reference/reference-builder';
import { Replayer } from './replayer.svelte';

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
  /** how many jobs were shown then */
  readonly jobs: number;
  /** their verdicts then, by id */
  readonly judged: ReadonlyMap<string, JudgedAnew>;
  /** alarms in the history by the verdicts of before, and by those of now */
  readonly before: number;
  readonly after: number;
  /** how many of the camera's records were sent by then: these stay as they are */
  readonly sent: number;
}

export const CALIBRATE_TABS = ['limits', 'replay', 'drill', 'compare'] as const;
export type CalibrateTab = (typeof CALIBRATE_TABS)[number];
export const COMPARE_TOOLS = ['sets', 'bandwidth'] as const;

/** Loaded when the Calibrate place is looked at, and kept until the page is closed. */
export class Workbench {
  readonly analyst = new Analyst();
  readonly session: Session;
  readonly calibrator = new Calibrator(this);
  readonly replayer = new Replayer(this);
  readonly drill = new Drill(this);
  readonly comparison = new Comparison(this);
  /** kept for the return to this place */
  tab = $state<CalibrateTab>('limits');
  compareTool = $state<(typeof COMPARE_TOOLS)[number]>('sets');
  isGiving = $state(false);
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

  /** verdicts of a person on scored snapshots */
  readonly called = $derived.by(() => {
    const { camera, monitor } = this.session;
    const of = (byEye: ByEye) => calledBy(byEye, camera?.modelSha256 ?? '', monitor.jobs);
    return { clean: of('clean'), dirty: of('dirty') };
  });

  /** effect of the last acceptance on the stored history; null before the first, and once it was undone */
  anew = $state.raw<Anew | null>(null);

  constructor(session: Session) {
    this.session = session;
    // Its panels offer what the camera was set up from.
    givenOf(session);
  }

  /** Tries other settings; nothing is stored. */
  change(changes: Partial<Judging>): void {
    const { camera } = this.session;
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
    const isAccepted = await session.changeChosen(async (camera) => {
      const before = session.reference;
      if (!before) return;
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
      const isNew = typeof reference === 'object' && reference !== null;
      if (!isNew) {
        const after = session.references.find(({ id }) => id === (reference ?? before.id)) ?? before;
        refuseBlinding(judging, after.embeddings);
        const calibration = calibrationFor(after.id);
        const changed = judgedBy({ ...camera, referenceId: after.id }, calibration);
        const { judged, anew } = await this.#judgeAnew(camera, changed, before, after);
        await saveJudging(session.db, changed, judged, calibration);
        this.anew = anew;
        return;
      }
      const version = (session.references.at(-1)?.version ?? 0) + 1;
      const { clean, warmUp } = reference;
      const frozen = freezeReference(camera, version, await this.#withPictures(clean), warmUp);
      const { offGlass } = before;
      const after = { ...frozen.reference, ...(offGlass && { offGlass }) };
      refuseBlinding(judging, after.embeddings);
      const calibration = calibrationFor(after.id);
      const using: Camera = { ...camera, warmUp: 'snapshots' };
      const changed = judgedBy({ ...using, referenceId: after.id }, calibration);
      const { judged, anew } = await this.#judgeAnew(camera, changed, before, after);
      // Growth and loss go on with the pictures that they know, or what they said would be of another lens.
      const glassFit = await loadGlassFit(session.db, before.id);
      await storeReference(
        session,
        using,
        { ...frozen, reference: after },
        { calibration, judged, glassFit },
      );
      this.anew = anew;
    });
    if (isAccepted) this.discard();
    return isAccepted;
  }

  /** false once something else was changed or scored since the last acceptance */
  readonly canUndo = $derived.by(() => {
    const { camera, monitor, canChange } = this.session;
    const { anew } = this;
    if (!anew || !canChange || camera?.id !== anew.changed.id) return false;
    const isAsMade =
      judgingKey(camera) === judgingKey(anew.changed) &&
      camera.referenceId === anew.changed.referenceId &&
      camera.modelSha256 === anew.changed.modelSha256;
    return isAsMade && monitor.jobs.length === anew.jobs;
  });

  /** Puts back what the camera judged by before the last acceptance, and what its history said. */
  async undo(): Promise<void> {
    const { anew, session } = this;
    if (!anew || !this.canUndo) return;
    const { detector, thresholds, persistence, calibrationId, referenceId, warmUp } = anew.camera;
    const back = { detector, thresholds, persistence, calibrationId, referenceId, warmUp };
    const isBack = await session.changeChosen((camera) =>
      saveJudging(session.db, { ...camera, ...back }, anew.judged),
    );
    if (isBack) this.anew = null;
  }

  /** The history by other settings, and how to take it back. */
  async #judgeAnew(
    camera: Camera,
    changed: Camera,
    before: Reference,
    after: Reference,
  ): Promise<{ readonly judged: ReadonlyMap<string, JudgedAnew>; readonly anew: Anew }> {
    const { session } = this;
    const { events, db } = session;
    const jobs = await loadScored(db, camera);
    const judged = await judgeAnew(session, { camera: changed, reference: after, events }, before, jobs);
    const known = jobs.filter(({ id }) => judged.has(id));
    const { sent, confirmed } = await countDeliveries(session.db, camera.id);
    const alarmsOf = (all: readonly CompletedJob[]) => alarmRuns(all.map(verdictOf)).length;
    const anew = {
      camera,
      changed,
      jobs: session.monitor.jobs.length,
      judged: new Map(known.map((job) => [job.id, judgedOf(job, judged.get(job.id)?.glass !== undefined)])),
      before: alarmsOf(known),
      after: alarmsOf(known.map((job) => ({ ...job, ...judged.get(job.id) }))),
      sent: sent + confirmed,
    };
    return { judged, anew };
  }

  /** Scored snapshots as known ones, with their embeddings; a job whose embedding is gone is left out. */
  async snapshotsOf(jobs: readonly CompletedJob[]): Promise<DatedSnapshot[]> {
    const ids = jobs.map(({ id }) => id);
    const embeddings = await loadEmbeddings(this.session.db, ids);
    return jobs.flatMap(({ id, imageName: name, contentSha256, capturedAt, properties }) => {
      const embedding = embeddings.get(id);
      if (!embedding) return [];
      return [{ name, contentSha256, capturedAt, embedding, properties, thumbnail: null, jobId: id }];
    });
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

/**
 * A job's verdict, to be put back: fields that earlier pages left out are written as they were meant.
 *
 * @param hasGlass - whether growth and loss were judged anew, too
 */
function judgedOf(job: CompletedJob, hasGlass: boolean): JudgedAnew {
  const { distance, windowFill, thresholds, detector, referenceId, glass } = job;
  return {
    distance,
    windowFill,
    driftStatus: job.driftStatus ?? classify(distance, thresholds),
    thresholds,
    detector,
    persistence: job.persistence ?? NO_PERSISTENCE,
    calibrationId: job.calibrationId ?? null,
    referenceId,
    blindness: job.blindness ?? null,
    ...(hasGlass && glass !== undefined && { glass }),
  };
}
