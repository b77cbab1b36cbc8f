import { fileNameFrom } from '../../../core/browser/download';
import { isoSeconds } from '../../../core/domain/camera/summary';
import { AppError, valueOf } from '../../../core/domain/errors';
import { SET_ASIDE, type Span, type Usability } from '../../../core/domain/usable/span';
import { WorkerHandle } from '../../../core/thread/worker-handle';
import type { MaskedCounts } from '../cite/methods';
import type { Answers, QuestionId, Understanding } from '../pure/counts/understand';
import type { CountsApi, OpenedTable, Returned } from './counts-api';

/** A file that was opened as a text. */
export interface GivenCounts extends Extract<OpenedTable, { readonly kind: 'text' }> {
  readonly name: string;
  readonly size: number;
}

/** One file with counts, what was understood and answered, and what comes of it. Nothing of it is stored. */
export class Counts {
  /** of the camera that is shown */
  readonly #spans: () => readonly Span[];
  #worker: WorkerHandle<CountsApi> | null = null;
  /** which question to the worker is the newest */
  #turn = 0;
  given = $state.raw<GivenCounts | null>(null);
  answers = $state.raw<Answers>({});
  understanding = $state.raw<Understanding | null>(null);
  setAside = $state.raw<readonly Usability[]>(SET_ASIDE);
  /** share of a row's time that is needed of it, 0 … 1 */
  needed = $state(0.5);
  /** null as long as something is open, and where no row lies in what is known */
  returned = $state.raw<Returned | null>(null);
  isBeside = $state(false);
  isAtWork = $state(false);
  /** why a file could not be opened */
  refusal = $state.raw<AppError | Exclude<OpenedTable['kind'], 'text'> | null>(null);

  constructor(spans: () => readonly Span[]) {
    this.#spans = spans;
  }

  /** Takes a file; what was made of the one before is gone. */
  async open(file: File): Promise<void> {
    this.close();
    const turn = ++this.#turn;
    this.isAtWork = true;
    const worker = new WorkerHandle<CountsApi>(startWorker, {
      lostAs: ({ how }) => new AppError(how === 'failed' ? 'fetch-failed' : 'worker-ended', file.name),
    });
    this.#worker = worker;
    try {
      const opened = valueOf(await worker.call((api) => api.open(file)));
      if (turn !== this.#turn) return;
      if (opened.kind === 'text') {
        this.given = { ...opened, name: file.name, size: file.size };
        await this.#work();
      } else this.refusal = opened.kind;
    } catch (error) {
      // One that was ended for the next file has nothing to say.
      if (worker !== this.#worker) return;
      if (!(error instanceof AppError)) throw error;
      this.refusal = error;
    } finally {
      if (worker === this.#worker && turn === this.#turn) this.isAtWork = false;
    }
  }

  /** Answers a question; null takes the answer back. */
  async answer(id: QuestionId, value: string | null): Promise<void> {
    const kept = Object.entries(this.answers).filter(([other]) => other !== id && !isOfOther(id, other));
    this.answers = Object.fromEntries(value === null ? kept : [...kept, [id, value]]);
    await this.#work();
  }

  /** Chooses what rows are set aside for. */
  async choose(setAside: readonly Usability[], needed: number): Promise<void> {
    this.setAside = setAside;
    this.needed = needed;
    await this.#work();
  }

  /** Masks anew, as when more is known of the camera. */
  async again(): Promise<void> {
    if (this.understanding?.isReady) await this.#work();
  }

  /** The name of a file beside the given one. @param end - its ending, in place of the given one's; empty to keep it */
  nameOf(end: string): string {
    const [, stem = 'counts', own = '.csv'] = /^(.*?)(\.[a-z]+)?$/i.exec(this.given?.name ?? '') ?? [];
    return `${fileNameFrom(stem, 'masked')}${end || own}`;
  }

  /** What was masked, for who cites it; null as long as nothing was. */
  get masked(): MaskedCounts | null {
    const { returned, understanding, setAside, needed } = this;
    if (!returned || !understanding || understanding.from === null || understanding.to === null) return null;
    const { from, to } = understanding;
    return { totals: returned.totals, from, to, setAside, needed };
  }

  /** How the returned table was made, beside what its camera's numbers are made by: for a file beside it. */
  made(madeBy: object): object | null {
    const { given, returned, answers, understanding, setAside, needed } = this;
    if (!given || !returned || !understanding) return null;
    const { totals, added, missing, sha256 } = returned;
    const iso = (at: number | null) => (at === null ? null : isoSeconds(at));
    return {
      table: { name: this.nameOf(''), sha256, columns_added: added, missing_value: missing },
      from_table: { name: given.name, sha256: given.sha256, bytes: given.size, encoding: given.encoding },
      read_as: Object.fromEntries(understanding.questions.map(({ id, chosen, by }) => [id, { chosen, by }])),
      answered: answers,
      rows_from: iso(understanding.from),
      rows_to: iso(understanding.to),
      set_aside: setAside,
      share_of_time_needed: needed,
      totals,
      spans: this.#spans().map(({ usability, reason, begin, end }) => ({
        ...{ usability, reason, begin: isoSeconds(begin), end: isoSeconds(end) },
      })),
      made_by: madeBy,
    };
  }

  /** Forgets the file. */
  close(): void {
    this.#worker?.end();
    this.#worker = null;
    this.given = null;
    this.answers = {};
    this.understanding = null;
    this.returned = null;
    this.isBeside = false;
    this.refusal = null;
    this.isAtWork = false;
  }

  async #work(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    const turn = ++this.#turn;
    const { answers, setAside, needed } = this;
    this.isAtWork = true;
    try {
      const understanding = await worker.call((api) => api.understand(answers));
      if (turn !== this.#turn) return;
      this.understanding = understanding;
      const returned = understanding.isReady
        ? await worker.call((api) => api.mask(answers, [...this.#spans()], [...setAside], needed))
        : null;
      if (turn !== this.#turn) return;
      this.returned = returned;
      this.isBeside = understanding.isReady && !returned;
    } catch (error) {
      if (turn !== this.#turn) return;
      if (!(error instanceof AppError)) throw error;
      this.refusal = error;
    } finally {
      if (turn === this.#turn) this.isAtWork = false;
    }
  }
}

/** Whether an answer is of columns that another answer has changed. */
function isOfOther(changed: QuestionId, answered: string): boolean {
  if (changed === 'delimiter') return answered !== 'stands' && answered !== 'zone';
  return changed === 'time' && (answered === 'clock' || answered === 'way' || answered === 'counts');
}

function startWorker(): Worker {
  return new Worker(new URL('./counts.worker.ts', import.meta.url), { type: 'module', name: 'counts' });
}
