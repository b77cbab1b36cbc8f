import { fileNameFrom } from '../../../core/browser/download';
import { AppError, valueOf } from '../../../core/domain/errors';
import type { Span } from '../../../core/domain/usable/span';
import { WorkerHandle } from '../../../core/thread/worker-handle';
import type { MaskedCounts } from '../cite/methods';
import type { TableReading } from '../../../core/domain/table/reading';
import type { CountsApi, MaskedTable, NoTable, OpenedTable } from './counts-api';

/** Nothing of it is stored. */
export class Counts {
  /** of the camera that is shown */
  readonly #spans: () => readonly Span[];
  #worker: WorkerHandle<CountsApi> | null = null;
  /** which question to the worker is the newest */
  #turn = 0;
  name = $state('');
  table = $state.raw<OpenedTable | null>(null);
  result = $state.raw<MaskedTable | null>(null);
  isAtWork = $state(false);
  refusal = $state.raw<AppError | NoTable | null>(null);

  constructor(spans: () => readonly Span[]) {
    this.#spans = spans;
  }

  /** Takes a file; what was made of the one before is gone. */
  async open(file: File): Promise<void> {
    this.close();
    this.name = file.name;
    const worker = new WorkerHandle<CountsApi>(startWorker, {
      lostAs: ({ how }) => new AppError(how === 'failed' ? 'fetch-failed' : 'worker-ended', file.name),
    });
    this.#worker = worker;
    await this.#ask(async () => {
      const opened = valueOf(await worker.call((api) => api.open(file)));
      if (typeof opened === 'string') return () => (this.refusal = opened);
      const result = await this.#mask(worker, opened.reading);
      return () => {
        this.table = opened;
        this.result = result;
      };
    });
  }

  async read(change: Partial<TableReading>): Promise<void> {
    if (!this.table) return;
    this.table = { ...this.table, reading: { ...this.table.reading, ...change } };
    await this.again();
  }

  /** Masks once more, as when more is known of the camera. */
  async again(): Promise<void> {
    const worker = this.#worker;
    const { table } = this;
    if (!worker || !table) return;
    await this.#ask(async () => {
      const result = await this.#mask(worker, table.reading);
      return () => (this.result = result);
    });
  }

  get maskedName(): string {
    const [, stem = '', ending = '.csv'] = /^(.*?)(\.[a-z]+)?$/i.exec(this.name) ?? [];
    return `${fileNameFrom(stem, 'masked')}${ending}`;
  }

  /** null as long as nothing was masked. */
  get masked(): MaskedCounts | null {
    const { result, table } = this;
    if (!result || !table || result.from === null || result.to === null) return null;
    const { rows, masked, from, to } = result;
    return { rows, masked, from, to, isTimed: table.reading.minutes > 0 };
  }

  close(): void {
    this.#turn += 1;
    this.#worker?.end();
    this.#worker = null;
    this.table = null;
    this.result = null;
    this.refusal = null;
    this.isAtWork = false;
  }

  #mask(worker: WorkerHandle<CountsApi>, reading: TableReading): Promise<MaskedTable> {
    return worker.call((api) => api.mask(reading, [...this.#spans()]));
  }

  /** Asks the worker; only the newest answer is shown. @param work - gives what shows the answer */
  async #ask(work: () => Promise<() => void>): Promise<void> {
    const turn = ++this.#turn;
    this.isAtWork = true;
    try {
      const show = await work();
      if (turn === this.#turn) show();
    } catch (error) {
      if (turn !== this.#turn) return;
      if (!(error instanceof AppError)) throw error;
      this.refusal = error;
    } finally {
      if (turn === this.#turn) this.isAtWork = false;
    }
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./counts.worker.ts', import.meta.url), { type: 'module', name: 'counts' });
}
