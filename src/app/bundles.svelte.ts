import { proxy, wrap, type Remote } from 'comlink';
import type { BundleProblem } from '../domain/bundle';
import { originalName, timeStamp } from '../domain/capture-time';
import { ERROR_CODES } from '../domain/error-codes';
import { AppError } from '../domain/errors';
import { importCamera, importJobs } from '../storage/imports';
import { saveModel } from '../storage/models';
import { requestPersistence } from '../storage/persistence';
import { saveSetting } from '../storage/settings';
import { watchLife } from '../thread/life';
import { forgetCamera } from '../storage/upkeep';
import type { BundleApi, BundleOutcome, Plan, PlannedCamera } from './bundle-api';
import { BUNDLE_README } from './bundle-readme';
import { download } from './download';
import type { Porthole } from './porthole.svelte';

/** What came of taking in an export. */
export interface Imported {
  readonly cameras: number;
  readonly snapshots: number;
  readonly here: number;
  readonly models: number;
  /** paths of damaged pictures: their snapshots came without */
  readonly damaged: readonly string[];
  /** pictures that could not be kept */
  readonly unkept: number;
}

/** How far a work is, in snapshots. */
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

/** What is known of how much is in no export yet. */
interface ExportAccount {
  /** Called before everything is exported. @returns what notes it afterwards */
  beginExport(): Promise<() => Promise<void>>;
  /** Does work whose snapshots count as exported. */
  settle<T>(work: () => Promise<T>): Promise<T>;
}

/** Exports everything as one zip, and takes such a zip in. The reading and the zipping are done in a worker. */
export class Bundles {
  exporting = $state.raw<Share | null>(null);
  importing = $state.raw<Share | null>(null);
  /** whether an export is being looked through */
  isLooking = $state(false);
  plan = $state.raw<Plan | null>(null);
  problem = $state.raw<BundleProblem | null>(null);
  imported = $state.raw<Imported | null>(null);
  /** the name of the zip that was exported last */
  exported = $state.raw<string | null>(null);
  /** rows that can't be used and are not in that zip */
  leftOut = $state(0);

  readonly #porthole: Porthole;
  readonly #account: ExportAccount;
  #exporter: Lane | null = null;
  #importer: Lane | null = null;
  #isCancelled = false;

  constructor(porthole: Porthole, account: ExportAccount) {
    this.#porthole = porthole;
    this.#account = account;
  }

  /**
   * Exports one camera or all as a zip, to a file that the person chooses where the browser has such, else to its
   * downloads.
   */
  async export(cameraId: string | null, withOriginals: boolean): Promise<void> {
    if (this.exporting) return;
    const name = `porthole-${timeStamp(Date.now()).slice(0, 8)}.zip`;
    // Must be asked while the click counts as one.
    const target = await chosenFile(name);
    if (target === 'dismissed') return;
    this.exporting = { done: 0, total: 0 };
    this.exported = null;
    const lane = new Lane();
    this.#exporter = lane;
    await this.#porthole.attempt(async () => {
      try {
        const order = {
          cameraIds: cameraId === null ? null : [cameraId],
          withOriginals,
          app: __PORTHOLE_VERSION__,
          shipped: this.#shipped(),
          readme: BUNDLE_README,
        };
        const note = cameraId === null ? await this.#account.beginExport() : null;
        const progress = proxy((done: number, total: number) => (this.exporting = { done, total }));
        const { zip, leftOut } = await lane.ask((api) => api.write(order, target, progress));
        if (zip) download(zip, name, 'application/zip');
        this.exported = target?.name ?? name;
        this.leftOut = leftOut;
        await note?.();
      } catch (error) {
        // The browser has made an empty file for what is not coming.
        const made: { readonly name: string; readonly remove?: () => Promise<void> } | null = target;
        await made?.remove?.().catch(() => undefined);
        if (!lane.isEnded) throw error;
      } finally {
        lane.end();
        this.exporting = null;
      }
    });
  }

  cancelExport(): void {
    this.#exporter?.end();
  }

  /**
   * Looks through an export; what it would add is then in `plan`, or why not in `problem`.
   *
   * @throws AppError `busy` while another one is being taken in
   */
  async look(file: File): Promise<void> {
    if (this.importing) throw new AppError('busy');
    this.dismiss();
    this.isLooking = true;
    const lane = new Lane();
    this.#importer = lane;
    try {
      const shipped = this.#shipped().map(({ sha256 }) => sha256);
      const outcome = await lane.ask<BundleOutcome<Plan>>(async (api) => api.open(file, shipped));
      if (outcome.ok) this.plan = outcome.value;
      else this.problem = outcome.problem;
    } catch (error) {
      if (!lane.isEnded) throw error;
    } finally {
      if (this.#importer === lane) this.isLooking = false;
      if (!this.plan) lane.end();
    }
  }

  /** Adds what the export has and this device has not. It can be repeated: what is here stays. */
  async accept(): Promise<void> {
    const [plan, lane] = [this.plan, this.#importer];
    if (!plan || !lane || this.importing) return;
    const total = plan.cameras.reduce((sum, { snapshots, here }) => sum + snapshots + here, 0);
    this.importing = { done: 0, total };
    this.#isCancelled = false;
    const sum = { cameras: 0, snapshots: 0, here: 0, models: 0, damaged: [] as string[], unkept: 0 };
    const isDone = await this.#porthole.attempt(() =>
      this.#porthole.changeAll(() =>
        this.#account.settle(async () => {
          void requestPersistence();
          for (const { index } of plan.models) {
            const { manifest, bytes } = await lane.ask((api) => api.model(index));
            await saveModel(this.#porthole.db, manifest, bytes);
            sum.models += 1;
          }
          for (const planned of plan.cameras) {
            if (this.#isCancelled) break;
            await this.#take(planned, lane, sum);
          }
          const isFirst = this.#porthole.cameras.length === 0;
          const [first] = plan.cameras;
          if (isFirst && first) await saveSetting(this.#porthole.db, 'currentCameraId', first.id);
        }),
      ),
    );
    lane.end();
    this.importing = null;
    if (this.plan === plan) this.plan = null;
    if (isDone) this.imported = sum;
  }

  /** Stops after the snapshots that are being added; a camera that was new and is not whole goes again. */
  cancelImport(): void {
    this.#isCancelled = true;
  }

  /** The person has seen it. */
  dismiss(): void {
    this.#importer?.end();
    this.#importer = null;
    this.isLooking = false;
    [this.plan, this.problem, this.imported, this.exported] = [null, null, null, null];
  }

  /** One camera: its jobs first, so that it is not shown before it is whole. */
  async #take(
    planned: PlannedCamera,
    lane: Lane,
    sum: { cameras: number; snapshots: number; here: number; damaged: string[]; unkept: number },
  ): Promise<void> {
    const { db } = this.#porthole;
    const part = await lane.ask((api) => api.camera(planned.index));
    let added = 0;
    try {
      for (;;) {
        const batch = await lane.ask((api) => api.jobs(planned.index));
        if (!batch) break;
        const ids = await importJobs(db, batch.parts);
        added += ids.size;
        sum.here += batch.looked - ids.size;
        sum.damaged.push(...batch.damaged);
        for (const { job, original } of batch.parts) {
          if (!original) continue;
          const name = originalName(job, part.camera.name);
          if (await lane.ask((api) => api.keepOriginal(job, name, original.file))) sum.unkept += 1;
        }
        const { done, total } = this.importing ?? { done: 0, total: 0 };
        this.importing = { done: done + batch.looked, total };
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
    await importCamera(db, part);
    sum.snapshots += added;
    sum.damaged.push(...part.damaged);
    if (planned.isNew) sum.cameras += 1;
  }

  #shipped() {
    return this.#porthole.models.list
      .filter(({ origin }) => origin === 'shipped')
      .map(({ manifest: { sha256, name } }) => ({ sha256, name }));
  }
}

/** One worker with one work. */
export class Lane {
  isEnded = false;
  readonly #worker: Worker;
  readonly #api: Remote<BundleApi>;
  readonly #lost: Promise<never>;
  readonly #stopWatch: () => void;
  #lose: (error: Error) => void = () => undefined;

  constructor() {
    this.#worker = new Worker(new URL('./bundle.worker.ts', import.meta.url), {
      type: 'module',
      name: 'bundle',
    });
    this.#lost = new Promise<never>((_, reject) => (this.#lose = reject));
    this.#lost.catch(() => undefined);
    this.#worker.addEventListener('error', (event) => {
      this.#lose(new AppError('fetch-failed', event.message));
    });
    this.#api = wrap<BundleApi>(this.#worker);
    this.#stopWatch = watchLife(this.#api, () => {
      this.#lose(new AppError('worker-ended', 'bundle'));
    });
  }

  /**
   * @param most - milliseconds until a worker that does not answer counts as lost
   * @throws AppError what the worker expected to fail, `worker-ended`, or `fetch-failed` when it can't start; Error
   * when it is ended on purpose
   */
  async ask<T>(question: (api: Remote<BundleApi>) => Promise<T>, most?: number): Promise<T> {
    const timer =
      most === undefined
        ? undefined
        : setTimeout(() => {
            this.#lose(new AppError('worker-lost'));
          }, most);
    try {
      return await Promise.race([question(this.#api), this.#lost]);
    } catch (error) {
      throw asAppError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the worker, and with it what it writes to: a file that was not closed is as it was. */
  end(): void {
    this.isEnded = true;
    this.#stopWatch();
    this.#worker.terminate();
    this.#lose(new Error('ended'));
  }
}

/** Where the browser can write a file as it is made; null where it can't. */
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

/** An error that crossed from the worker has lost its class and its code, not its name and its message. */
function asAppError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const { name, message } = error;
  if (name === 'QuotaExceededError' || message.includes('QuotaExceeded')) {
    return new AppError('disk-full', message);
  }
  const code = name === 'AppError' && ERROR_CODES.find((known) => message.split(': ', 1)[0] === known);
  return code ? new AppError(code, message.slice(code.length + 2)) : error;
}
