import { AppError } from '../../../core/domain/errors';
import { CAPTURED, type Axis } from '../../../core/domain/camera/plot-point';
import { recordsCsv, recordsJsonLines, usualY } from '../pure/record-fields';
import type { Drift, DriftFilter, DriftWatch, Experiment, Level } from '../remote/driftwatch';
import { download, fileNameFrom } from '../../../core/browser/download';
import { RecordShelf } from '../pure/record-shelf';
import { tagsFrom } from '../pure/tags';

export type { Drift, Experiment } from '../remote/driftwatch';

/** The person, as permissions name them. */
export interface Me {
  readonly id: string;
  readonly entitlements: readonly string[];
}

export interface ExperimentAccess {
  readonly isPublic: boolean;
  /** the highest level that the permissions give the person; null when they name them nowhere */
  readonly level: Level | null;
}

/** A person's question about the records; empty texts ask nothing. Dates are days in UTC, such as 2026-11-24. */
export interface RecordFilter {
  /** the tags that they must all have, divided by commas */
  readonly tag: string;
  readonly status: '' | 'Running' | 'Completed' | 'Failed';
  readonly drift: '' | 'yes' | 'no';
  readonly from: string;
  readonly until: string;
}

/** Number of records loaded before a person is asked: more would fill the memory of a tablet. */
const LOADED_UNASKED = 60_000;
/** Records that still come are drawn when there are so many times as many: each drawing looks at all of them. */
const REDRAW_GROWTH = 1.4;
const NO_AXES = new RecordShelf().axes();
const LEVELS: readonly Level[] = ['Read', 'Edit', 'Manage'];
const NO_FILTER: RecordFilter = { tag: '', status: '', drift: '', from: '', until: '' };

interface Collaborators {
  /** the service as it is set up now */
  readonly client: () => Pick<DriftWatch, 'experiments' | 'drifts' | 'remove'>;
  /** called with an experiment as it is there */
  readonly onRead: (experiment: Experiment) => Promise<void>;
}

/** Records of an observatory's cameras and Python modules: experiments, and the records of the open one. */
export class Fleet {
  experiments = $state.raw<readonly Experiment[]>([]);
  isListing = $state(false);
  /** the text that is searched for in the names of experiments */
  search = $state('');
  /** error that stopped the last reading; records read before it stay */
  problem = $state.raw<AppError | null>(null);

  open = $state.raw<Experiment | null>(null);
  filter = $state.raw<RecordFilter>(NO_FILTER);
  /** records of the open experiment that match the filter, newest first by capture time */
  records = $state.raw<readonly Drift[]>([]);
  total = $state.raw<number | null>(null);
  isLoading = $state(false);
  /** number of records read by now, more than are drawn */
  read = $state(0);
  /** false once all records were loaded */
  hasMore = $state(false);
  /** when the records were read, in milliseconds since 1970 */
  readAt = $state.raw<number | null>(null);
  tags = $state.raw<readonly string[]>([]);
  axes = $state.raw<readonly Axis[]>(NO_AXES);
  #xKey = $state(CAPTURED.key);
  #yKey = $state('');

  readonly found = $derived.by(() => {
    const wanted = this.search.trim().toLowerCase();
    return this.experiments.filter(({ name }) => name.toLowerCase().includes(wanted));
  });
  readonly isFiltered = $derived(Object.values(this.filter).some((text) => text !== ''));
  readonly x = $derived(this.axes.find(({ key }) => key === this.#xKey) ?? CAPTURED);
  readonly y = $derived(this.axes.find(({ key }) => key === this.#yKey) ?? usualY(this.axes));

  readonly #parts: Collaborators;
  #shelf = new RecordShelf<Drift>();
  #known = new Set<string>();
  /** created_at of the oldest record that was read */
  #cursor: string | null = null;
  #page = 1;
  #listTurn = 0;
  /** counts requests, so that a slow answer to an earlier one never shows */
  #turn = 0;
  #most = LOADED_UNASKED;

  constructor(parts: Collaborators) {
    this.#parts = parts;
  }

  /** Reads the names of all experiments; those that are shown stay until there are others. */
  async list(): Promise<void> {
    this.#listTurn += 1;
    const turn = this.#listTurn;
    this.isListing = true;
    await this.#reporting(
      () => turn === this.#listTurn,
      async () => {
        const byId = new Map<string, Experiment>();
        for await (const { items } of this.#parts.client().experiments()) {
          if (turn !== this.#listTurn) return;
          for (const experiment of items) {
            byId.set(experiment.id, experiment);
            await this.#parts.onRead(experiment);
          }
          if (byId.size >= this.experiments.length) this.experiments = [...byId.values()];
        }
        if (turn === this.#listTurn) this.experiments = [...byId.values()];
      },
    );
    if (turn === this.#listTurn) this.isListing = false;
  }

  /** Opens an experiment and reads its records, newest first. */
  async show(experiment: Experiment): Promise<void> {
    this.open = experiment;
    this.filter = NO_FILTER;
    this.#xKey = CAPTURED.key;
    this.#yKey = '';
    await this.#begin();
  }

  close(): void {
    this.#turn += 1;
    this.open = null;
    this.isLoading = false;
    this.problem = null;
    this.#clear();
  }

  /** Forgets everything that was read, such as when another account or another address is used. */
  forget(): void {
    this.#listTurn += 1;
    this.isListing = false;
    this.experiments = [];
    this.close();
  }

  async deleteRecord(id: string): Promise<void> {
    const { open } = this;
    if (!open) return;
    await this.#parts.client().remove(open.id, id);
    if (this.open?.id !== open.id) return;
    this.#shelf.remove(id);
    if (this.total !== null) this.total -= 1;
    this.#publish();
  }

  async ask(changes: Partial<RecordFilter>): Promise<void> {
    this.filter = { ...this.filter, ...changes };
    await this.#begin();
  }

  async askForAll(): Promise<void> {
    await this.ask(NO_FILTER);
  }

  /** Reads the records again; those that are shown stay until as many have come. */
  async refresh(): Promise<void> {
    this.#restart();
    await this.#load(this.records.length);
  }

  /** Reads the records that were left out at first, or continues after a failure. */
  async loadMore(): Promise<void> {
    if (this.#shelf.size >= this.#most) {
      this.#most = this.total === null ? this.#most + LOADED_UNASKED : Infinity;
    }
    this.#turn += 1;
    await this.#load(this.records.length);
  }

  /** Stops reading: records read so far stay, and the rest can be requested. */
  stopLoading(): void {
    if (!this.isLoading) return;
    this.#turn += 1;
    this.isLoading = false;
    this.hasMore = true;
    if (this.#shelf.size >= this.records.length) this.#publish();
  }

  /** @param key - of one of the axes */
  chooseAxis(which: 'x' | 'y', key: string): void {
    if (which === 'x') this.#xKey = key;
    else this.#yKey = key;
  }

  /** Saves the loaded records as a file. */
  save(format: 'csv' | 'jsonl'): void {
    const name = fileNameFrom(this.open?.name ?? '', `records.${format}`);
    if (format === 'csv') download(recordsCsv(this.records), name, 'text/csv');
    else download(recordsJsonLines(this.records), name, 'application/jsonl');
  }

  savePlot(png: Blob): void {
    const axes = [this.y, this.x].map((axis) => (axis?.of === 'parameter' ? axis.path : (axis?.of ?? '')));
    download(png, fileNameFrom(this.open?.name ?? '', `${axes.join('-over-')}.png`), 'image/png');
  }

  async #begin(): Promise<void> {
    this.#clear();
    this.#most = LOADED_UNASKED;
    this.#restart();
    await this.#load(0);
  }

  #clear(): void {
    this.records = [];
    this.read = 0;
    this.tags = [];
    this.axes = NO_AXES;
    this.total = null;
    this.hasMore = false;
    this.readAt = null;
  }

  #restart(): void {
    this.#turn += 1;
    this.#shelf = new RecordShelf();
    this.#known = new Set();
    this.#cursor = null;
    this.#page = 1;
  }

  /**
   * Reads on from the cursor. Pages by number would shift while records arrive; older than one that was read there
   * is nothing new.
   *
   * @param shown - how many records stay on the page until as many have come
   */
  async #load(shown: number): Promise<void> {
    const turn = this.#turn;
    const isCurrent = () => turn === this.#turn;
    this.isLoading = true;
    let drawn = 0;
    const isThrough = await this.#reporting(isCurrent, async () => {
      while (await this.#loadPage(isCurrent)) {
        if (this.#shelf.size < shown || this.#shelf.size < drawn * REDRAW_GROWTH) continue;
        drawn = this.#shelf.size;
        this.#publish();
      }
    });
    if (!isCurrent()) return;
    // A refresh that failed takes nothing away.
    if (isThrough || this.#shelf.size >= shown) this.#publish();
    if (!isThrough) this.hasMore = true;
    this.isLoading = false;
  }

  #publish(): void {
    this.records = this.#shelf.records();
    this.tags = this.#shelf.tags();
    this.axes = this.#shelf.axes();
    this.read = this.records.length;
  }

  /** @returns whether to read on */
  async #loadPage(isCurrent: () => boolean): Promise<boolean> {
    const { open } = this;
    if (!open) return false;
    const isFirst = this.#cursor === null;
    const page = this.#page;
    const filter = queryOf(this.filter, this.#cursor);
    const found = await this.#parts.client().drifts(open.id, filter, page);
    if (!isCurrent()) return false;
    if (isFirst) {
      this.total = found.total;
      this.readAt = Date.now();
    }
    const fresh = found.items.filter(({ id }) => !this.#known.has(id));
    for (const record of fresh) this.#known.add(record.id);
    this.#shelf.add(fresh);
    this.read = Math.max(this.#shelf.size, this.records.length);
    const cursor = found.items.findLast(({ created_at }) => created_at !== '')?.created_at ?? this.#cursor;
    // A whole page of one and the same time, as a bulk import makes it: the next of them is a page further.
    this.#page = cursor === this.#cursor ? this.#page + 1 : 1;
    this.#cursor = cursor;
    // A further page of nothing but known ones comes from a proxy that drops the query: it would come for ever.
    this.hasMore = found.isFull && (fresh.length > 0 || page === 1);
    // Records that were deleted meanwhile are no longer among them.
    if (!this.hasMore && this.total !== null) this.total = this.#shelf.size;
    return this.hasMore && this.#shelf.size < this.#most;
  }

  /** Shows a failure, unless its answer is no longer needed. @returns true if all went well */
  async #reporting(isCurrent: () => boolean, work: () => Promise<void>): Promise<boolean> {
    this.problem = null;
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) console.error(error);
      if (!isCurrent()) return false;
      this.problem =
        error instanceof AppError
          ? error
          : new AppError('unexpected', error instanceof Error ? error.message : '');
      return false;
    }
  }
}

export function accessOf(experiment: Experiment, me: Me | null): ExperimentAccess {
  const given = me
    ? experiment.permissions.filter(({ entity }) => entity === me.id || me.entitlements.includes(entity))
    : [];
  return {
    isPublic: experiment.public,
    level: LEVELS.findLast((level) => given.some((permission) => permission.level === level)) ?? null,
  };
}

/** Experiments by a person's access: readable ones first, each part by name. */
export function byAccess(
  experiments: readonly Experiment[],
  me: Me | null,
): readonly { experiment: Experiment; access: ExperimentAccess }[] {
  const canRead = ({ isPublic, level }: ExperimentAccess) => isPublic || level !== null;
  return experiments
    .map((experiment) => ({ experiment, access: accessOf(experiment, me) }))
    .sort(
      (a, b) =>
        Number(canRead(b.access)) - Number(canRead(a.access)) ||
        a.experiment.name.localeCompare(b.experiment.name),
    );
}

function queryOf({ tag, status, drift, from, until }: RecordFilter, cursor: string | null): DriftFilter {
  const tags = tagsFrom(tag);
  return {
    ...(tags.length > 0 && { tags }),
    ...(status !== '' && { status }),
    ...(drift !== '' && { isDrift: drift === 'yes' }),
    // DriftWatch compares texts: a day alone comes before each of its moments, however they were written.
    ...(from !== '' && { from }),
    ...(until !== '' && { until: `${until}T23:59:59Z` }),
    ...(cursor !== null && { createdUntil: cursor }),
  };
}
