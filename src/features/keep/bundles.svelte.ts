import { programHere } from '../../core/session/provenance-facts';
import { proxy } from 'comlink';
import type { BundleProblem } from '../../core/domain/files/bundle';
import { originalName, timeStamp } from '../../core/domain/camera/time/capture-time';
import { AppError } from '../../core/domain/errors';
import { laneKey } from '../../core/domain/camera/records/delivery';
import { importCamera, importJobs, importModel, importWholeCameras, type Added } from './storage/imports';
import { requestPersistence } from '../../core/storage/storage-state';
import { saveSetting } from '../../core/storage/settings';
import { BundleWorker } from './bundle/bundle-worker';
import { forgetCamera } from './storage/upkeep';
import type { BundleOutcome, CameraPart, JobBatch, ImportPlan, PlannedCamera } from './bundle/bundle-api';
import { download } from '../../core/browser/download';
import type { Session } from '../../core/session/session.svelte';

export interface ImportReport {
  readonly cameras: number;
  readonly snapshots: number;
  readonly here: number;
  readonly models: number;
  /** to cameras that were here before, as the next */
  readonly cleanings: number;
  /** references, settings and other events */
  readonly others: number;
  /** paths of damaged pictures: their snapshots came without */
  readonly damaged: readonly string[];
  /** pictures that could not be kept */
  readonly unkept: number;
  /** rows of the export that were left out */
  readonly unusable: ImportPlan['unusable'];
}

interface Share {
  readonly done: number;
  readonly total: number;
}

type SavePicker = (options: {
  readonly suggestedName: string;
  readonly types: readonly {
    readonly description: string;
    readonly accept: Record<string, readonly string[]>;
  }[];
}) => Promise<FileSystemFileHandle>;

export type ReadProgress =
  | { readonly at: 'entries'; readonly done: number }
  | { readonly at: 'cameras'; readonly done: number; readonly total: number };

export interface ClaimedFiles {
  readonly lane: string;
  readonly address: string;
  readonly experiment: string;
  /** names of the cameras whose results */
  readonly cameras: readonly string[];
}

/** Small cameras are added many at once, up to so many in one transaction, with so many snapshots. */
const MOST_CAMERAS_AT_ONCE = 100;
const MOST_SNAPSHOTS_AT_ONCE = 500;

interface ExportAccount {
  /** Called before everything is exported. @returns a function that notes the export afterwards */
  beginExport(): Promise<() => Promise<void>>;
  /** Does work whose snapshots count as exported. */
  settle<T>(work: () => Promise<T>): Promise<T>;
}

type Parts = Pick<Session, 'db' | 'work' | 'cameras' | 'models'>;

/** Exports everything as one zip, and takes such a zip in. The reading and the zipping are done in a worker. */
export class Bundles {
  exporting = $state.raw<Share | null>(null);
  importing = $state.raw<Share | null>(null);
  /** progress of looking through an export; null while there is none */
  looking = $state.raw<ReadProgress | null>(null);
  plan = $state.raw<ImportPlan | null>(null);
  /** the export's destinations of results of its new cameras */
  readonly claimed = $derived(claimedBy(this.plan));
  /** the lanes among those that a person has agreed to */
  agreed = $state.raw<ReadonlySet<string>>(new Set());
  problem = $state.raw<BundleProblem | null>(null);
  imported = $state.raw<ImportReport | null>(null);
  /** the name of the zip that was exported last */
  exported = $state.raw<string | null>(null);
  /** number of rows that can't be used; that zip has them in a file of their own */
  leftOut = $state(0);

  readonly #parts: Parts;
  readonly #account: ExportAccount;
  #exporter: BundleWorker | null = null;
  #importer: BundleWorker | null = null;
  #isCancelled = false;

  constructor(parts: Parts, account: ExportAccount) {
    this.#parts = parts;
    this.#account = account;
  }

  /** Exports one camera or all as a zip, to a chosen file if the browser has such, else to its downloads. */
  async export(cameraId: string | null, withOriginals: boolean, station?: string): Promise<void> {
    if (this.exporting) return;
    const name = `porthole-${timeStamp(Date.now()).slice(0, 8)}.zip`;
    // Must run while the click counts as one.
    const target = await chosenFile(name);
    if (target === 'dismissed') return;
    this.exporting = { done: 0, total: 0 };
    this.exported = null;
    const worker = new BundleWorker();
    this.#exporter = worker;
    await this.#parts.work.attempt(async () => {
      try {
        const order = {
          cameraIds: cameraId === null ? null : [cameraId],
          withOriginals,
          ...(station !== undefined && { station }),
          program: programHere(),
          shipped: this.#shipped(),
        };
        const note = cameraId === null ? await this.#account.beginExport() : null;
        const progress = proxy((done: number, total: number) => (this.exporting = { done, total }));
        const { zip, leftOut } = await worker.ask((api) => api.write(order, target, progress));
        if (zip) download(zip, name, 'application/zip');
        this.exported = target?.name ?? name;
        this.leftOut = leftOut;
        await note?.();
      } catch (error) {
        // The browser has already made an empty file, which is removed.
        const made: { readonly name: string; readonly remove?: () => Promise<void> } | null = target;
        await made?.remove?.().catch(() => undefined);
        if (!worker.isEnded) throw error;
      } finally {
        worker.end();
        this.exporting = null;
      }
    });
  }

  cancelExport(): void {
    this.#exporter?.end();
  }

  /**
   * Looks through an export; the additions are then in `plan`, or the reason against it in `problem`.
   *
   * @throws AppError `busy` while another one is being taken in
   */
  async look(file: File): Promise<void> {
    if (this.importing) throw new AppError('busy');
    this.dismiss();
    this.looking = { at: 'entries', done: 0 };
    const worker = new BundleWorker();
    this.#importer = worker;
    try {
      const isCurrent = () => this.#importer === worker;
      const onRead = proxy((done: number) => {
        if (isCurrent()) this.looking = { at: 'entries', done };
      });
      const onProgress = proxy((done: number, total: number) => {
        if (isCurrent()) this.looking = { at: 'cameras', done, total };
      });
      const outcome = await worker.ask<BundleOutcome<ImportPlan>>(async (api) =>
        api.open(file, this.#shipped(), onRead, onProgress),
      );
      if (!isCurrent()) return;
      if (outcome.ok) this.plan = outcome.value;
      else this.problem = outcome.problem;
    } catch (error) {
      if (!worker.isEnded) throw error;
    } finally {
      if (this.#importer === worker) this.looking = null;
      if (!this.plan) worker.end();
    }
  }

  /** Takes a yes to the export's destination of results, or takes it back. */
  agree(lane: string, isAgreed: boolean): void {
    const agreed = new Set(this.agreed);
    if (isAgreed) agreed.add(lane);
    else agreed.delete(lane);
    this.agreed = agreed;
  }

  /**
   * Adds the rows that this device lacks; destinations only if a person agrees. It can be repeated: existing rows stay.
   */
  async accept(): Promise<void> {
    const [plan, worker, lanes] = [this.plan, this.#importer, this.agreed];
    if (!plan || !worker || this.importing) return;
    const total = plan.cameras.reduce((sum, { snapshots, here }) => sum + snapshots + here, 0);
    this.importing = { done: 0, total };
    this.#isCancelled = false;
    const sum: Sum = {
      cameras: 0,
      snapshots: 0,
      here: 0,
      models: 0,
      cleanings: 0,
      others: 0,
      damaged: [],
      unkept: 0,
      unusable: plan.unusable,
    };
    const isDone = await this.#parts.work.attempt(() =>
      this.#parts.cameras.changeAll(() =>
        this.#account.settle(async () => {
          void requestPersistence();
          for (const { index } of plan.models) {
            const { manifest, bytes } = await worker.ask((api) => api.model(index));
            if (await importModel(this.#parts.db, manifest, bytes)) sum.models += 1;
          }
          for (const group of groupsOf(plan.cameras)) {
            if (this.#isCancelled) break;
            const [first] = group;
            if (first && group.length === 1) await this.#take(first, worker, lanes, sum);
            else await this.#takeWhole(group, worker, lanes, sum);
          }
          const isFirst = this.#parts.cameras.all.length === 0;
          const [first] = plan.cameras;
          if (isFirst && first) await saveSetting(this.#parts.db, 'currentCameraId', first.id);
        }),
      ),
    );
    worker.end();
    this.importing = null;
    if (this.plan === plan) this.plan = null;
    if (isDone) this.imported = sum;
  }

  /** Stops after the snapshots that are being added; a camera that was new and is not whole goes again. */
  cancelImport(): void {
    this.#isCancelled = true;
  }

  dismiss(): void {
    this.#importer?.end();
    this.#importer = null;
    this.looking = null;
    this.agreed = new Set();
    [this.plan, this.problem, this.imported, this.exported] = [null, null, null, null];
  }

  /** One camera: its jobs first, so that it is not shown before it is whole. */
  async #take(
    planned: PlannedCamera,
    worker: BundleWorker,
    lanes: ReadonlySet<string>,
    sum: Sum,
  ): Promise<void> {
    const { db } = this.#parts;
    const part = await worker.ask((api) => api.camera(planned.index));
    let added = 0;
    try {
      for (;;) {
        const batch = await worker.ask((api) => api.jobs(planned.index));
        if (!batch) break;
        const { jobIds } = await importJobs(db, batch.parts);
        added += jobIds.size;
        sum.here += batch.looked - jobIds.size;
        await this.#keepOriginals(batch, part, worker, sum);
        this.#advance(batch.looked);
        if (this.#isCancelled) break;
      }
    } catch (error) {
      if (planned.isNew) await forgetCamera(db, planned.id);
      throw error;
    }
    if (this.#isCancelled && planned.isNew) {
      await forgetCamera(db, planned.id);
      return;
    }
    addTo(sum, await importCamera(db, agreed(part, lanes)));
    sum.snapshots += added;
    sum.damaged.push(...part.damaged);
  }

  /** Small cameras, all of them or none. */
  async #takeWhole(
    group: readonly PlannedCamera[],
    worker: BundleWorker,
    lanes: ReadonlySet<string>,
    sum: Sum,
  ): Promise<void> {
    const indices = group.map(({ index }) => index);
    const cameras = await worker.ask((api) => api.wholeCameras(indices));
    const added = await importWholeCameras(
      this.#parts.db,
      cameras.map(({ part, jobs }) => ({ camera: agreed(part, lanes), jobs: jobs.parts })),
    );
    const looked = cameras.reduce((sum, { jobs }) => sum + jobs.looked, 0);
    addTo(sum, added);
    sum.snapshots += added.jobIds.size;
    sum.here += looked - added.jobIds.size;
    for (const { part, jobs } of cameras) {
      sum.damaged.push(...part.damaged);
      await this.#keepOriginals(jobs, part, worker, sum);
    }
    this.#advance(looked);
  }

  async #keepOriginals(batch: JobBatch, part: CameraPart, worker: BundleWorker, sum: Sum): Promise<void> {
    sum.damaged.push(...batch.damaged);
    for (const { job, original } of batch.parts) {
      if (!original) continue;
      const name = originalName(job, part.camera.name);
      if (await worker.ask((api) => api.keepOriginal(job, name, original.file))) sum.unkept += 1;
    }
  }

  #advance(by: number): void {
    const { done, total } = this.importing ?? { done: 0, total: 0 };
    this.importing = { done: done + by, total };
  }

  #shipped() {
    return this.#parts.models.list
      .filter(({ origin }) => origin === 'shipped')
      .map(({ manifest: { sha256, name, embeddingLength } }) => ({ sha256, name, embeddingLength }));
  }
}

function claimedBy(plan: ImportPlan | null): readonly ClaimedFiles[] {
  const byLane = new Map<string, ClaimedFiles & { readonly cameras: string[] }>();
  for (const { name, destination } of plan?.cameras ?? []) {
    if (!destination) continue;
    const lane = laneKey(destination);
    const known = byLane.get(lane);
    if (known) known.cameras.push(name);
    else {
      const address = new URL(destination.baseUrl, document.baseURI).href;
      byLane.set(lane, { lane, address, experiment: destination.experimentName, cameras: [name] });
    }
  }
  return [...byLane.values()];
}

/** {@link Imported} while it grows. */
type Sum = { -readonly [Fact in keyof ImportReport]: ImportReport[Fact] } & { readonly damaged: string[] };

function addTo(sum: Sum, { cameras, cleanings, others }: Added): void {
  sum.cameras += cameras;
  sum.cleanings += cleanings;
  sum.others += others;
}

/** A camera, with its destination only if a person has agreed to it. */
function agreed(part: CameraPart, lanes: ReadonlySet<string>): CameraPart {
  const { destination } = part;
  return destination && lanes.has(laneKey(destination)) ? part : { ...part, destination: null };
}

/** Cameras in their order: large ones alone, small ones many together. */
function groupsOf(cameras: readonly PlannedCamera[]): PlannedCamera[][] {
  const groups: PlannedCamera[][] = [];
  let room = 0;
  for (const camera of cameras) {
    const size = camera.snapshots + camera.here;
    const last = groups.at(-1);
    if (last && size <= room && last.length < MOST_CAMERAS_AT_ONCE) last.push(camera);
    else {
      groups.push([camera]);
      room = MOST_SNAPSHOTS_AT_ONCE;
    }
    room -= size;
  }
  return groups;
}

/** null if the browser can't write a file while it is made. */
async function chosenFile(name: string): Promise<FileSystemFileHandle | null | 'dismissed'> {
  const pick = (globalThis as { showSaveFilePicker?: SavePicker }).showSaveFilePicker;
  if (!pick) return null;
  try {
    const types = [{ description: 'Zip', accept: { 'application/zip': ['.zip'] } }];
    return await pick({ suggestedName: name, types });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return 'dismissed';
    // Not allowed in this frame, or the click is too long ago.
    return null;
  }
}
