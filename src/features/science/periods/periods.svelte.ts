import { download, fileNameFrom } from '../../../core/browser/download';
import type { CompletedJob } from '../../../core/domain/camera/job';
import { spreadSample } from '../../../core/domain/drift/sets';
import { AppError, valueOf } from '../../../core/domain/errors';
import { countedBy, scoredBy } from '../../../core/session/history/history';
import { madeByOf } from '../../../core/session/making';
import type { Session } from '../../../core/session/session.svelte';
import { loadEmbeddings } from '../../../core/storage/jobs';
import { WorkerHandle } from '../../../core/thread/worker-handle';
import {
  byDay,
  periodFacts,
  hourPairs,
  periodsCsv,
  periodsJson,
  jobsWithin,
  type Apart,
  type Period,
} from '../pure/periods/period-facts';
import type { PeriodsApi } from './periods-api';

export const SIDES = ['a', 'b'] as const;
export type PeriodSide = (typeof SIDES)[number];
type Both = Readonly<Record<PeriodSide, Period>>;

/** Periods that one press chooses. */
export const PRESETS = ['cleaning', 'weeks', 'halves'] as const;
export type Preset = (typeof PRESETS)[number];

/** Snapshots of one period that are compared: two sets of this many take a few seconds. */
export const MOST_OF_PERIOD = 600;
/** Pictures beside each other. */
const MOST_PAIRS = 4;
const WEEK = 7 * 86_400_000;

interface Result extends Apart {
  /** what it was computed of: another one means that the choice has changed since */
  readonly key: string;
}

/** Two periods of the chosen camera, and what is different between them. */
export class Periods {
  result = $state.raw<Result | null>(null);
  isRunning = $state(false);
  readonly #session: Session;
  #chosen = $state.raw<{ readonly cameraId: string; readonly periods: Both } | null>(null);
  #stop = new AbortController();

  /** what the present model has scored, in capture order */
  readonly jobs = $derived.by((): readonly CompletedJob[] => {
    const { camera, monitor } = this.#session;
    return camera ? scoredBy(camera.modelSha256, monitor.jobs) : [];
  });
  readonly presets = $derived.by((): Readonly<Partial<Record<Preset, Both>>> => {
    const { jobs } = this;
    const [first, last] = [jobs[0]?.capturedAt, jobs.at(-1)?.capturedAt];
    if (first === undefined || last === undefined) return {};
    const end = last + 1;
    const middle = Math.round((first + end) / 2);
    const cleaned = this.#session.events
      .filter(({ kind, at }) => kind === 'cleaned' && at > first && at < end)
      .sort((x, y) => x.at - y.at)
      .at(-1)?.at;
    const all: Partial<Record<Preset, Both>> = {
      ...(cleaned !== undefined && {
        cleaning: {
          a: { from: Math.max(cleaned - WEEK, first), to: cleaned },
          b: { from: cleaned, to: Math.min(cleaned + WEEK, end) },
        },
      }),
      weeks: {
        a: { from: Math.max(end - 2 * WEEK, first), to: end - WEEK },
        b: { from: end - WEEK, to: end },
      },
      halves: { a: { from: first, to: middle }, b: { from: middle, to: end } },
    };
    // One without snapshots on either side has nothing to show.
    return Object.fromEntries(
      Object.entries(all).filter(([, periods]) =>
        SIDES.every((side) => jobsWithin(jobs, periods[side]).length > 0),
      ),
    );
  });
  readonly periods = $derived.by((): Both => {
    const { presets } = this;
    if (this.#chosen && this.#chosen.cameraId === this.#session.camera?.id) return this.#chosen.periods;
    return presets.cleaning ?? presets.weeks ?? presets.halves ?? { a: NEVER, b: NEVER };
  });
  readonly preset = $derived.by(
    () => PRESETS.find((preset) => keyOf(this.presets[preset]) === keyOf(this.periods)) ?? null,
  );
  readonly inside = $derived.by(() => ({
    a: jobsWithin(this.jobs, this.periods.a),
    b: jobsWithin(this.jobs, this.periods.b),
  }));
  readonly facts = $derived.by(() => ({ a: periodFacts(this.inside.a), b: periodFacts(this.inside.b) }));
  readonly pairs = $derived.by(() => hourPairs(this.inside.a, this.inside.b, MOST_PAIRS));
  /** those that count: what shows another view, or the dark, is in no comparison */
  readonly counted = $derived.by(() => {
    const model = this.#session.camera?.modelSha256 ?? '';
    return { a: countedBy(model, this.inside.a), b: countedBy(model, this.inside.b) };
  });
  readonly canCompare = $derived.by(() => SIDES.every((side) => this.counted[side].length >= 2));
  /** the result, where it is of what is chosen */
  readonly shown = $derived.by(() => (this.result?.key === this.#key() ? this.result : null));
  readonly overlaps = $derived.by(() => {
    const { a, b } = this.periods;
    return a.from < b.to && b.from < a.to;
  });

  constructor(session: Session) {
    this.#session = session;
  }

  choose(preset: Preset): void {
    const periods = this.presets[preset];
    if (periods) this.#take(periods);
  }

  /** An end that lies before the beginning is taken as one moment after it. */
  change(side: PeriodSide, changes: Partial<Period>): void {
    const { from, to } = { ...this.periods[side], ...changes };
    this.#take({ ...this.periods, [side]: { from, to: Math.max(to, from + 1) } });
  }

  /** Computes how far the periods are apart as a whole. @throws AppError what stopped it */
  async compare(): Promise<void> {
    const { camera, db } = this.#session;
    if (!camera || this.isRunning || !this.canCompare) return;
    const key = this.#key();
    const stop = new AbortController();
    this.#stop = stop;
    this.isRunning = true;
    const worker = new WorkerHandle<PeriodsApi>(startWorker, {
      signal: stop.signal,
      lostAs: (lost) => new AppError('worker-ended', lost.message),
    });
    try {
      const daysOf = async (jobs: readonly CompletedJob[]) => {
        const used = spreadSample(jobs, MOST_OF_PERIOD);
        const embeddings = await loadEmbeddings(
          db,
          used.map(({ id }) => id),
        );
        const known = used.filter(({ id }) => embeddings.has(id));
        return byDay(known).map((day) => day.map(({ id }) => embeddings.get(id)!));
      };
      const [a, b] = await Promise.all([daysOf(this.counted.a), daysOf(this.counted.b)]);
      const { sigma } = camera.detector;
      this.result = { key, ...valueOf(await worker.call((api) => api.compare(a, b, sigma))) };
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      worker.end();
      this.isRunning = false;
    }
  }

  cancel(): void {
    this.#stop.abort();
  }

  save(format: 'csv' | 'json'): void {
    const { camera } = this.#session;
    if (!camera) return;
    const { periods, facts, shown } = this;
    const compared = {
      camera: camera.name,
      modelSha256: camera.modelSha256,
      a: { ...periods.a, facts: facts.a },
      b: { ...periods.b, facts: facts.b },
      apart: shown,
    };
    const text =
      format === 'csv' ? periodsCsv(compared) : periodsJson(compared, madeByOf(this.#session) ?? {});
    const name = fileNameFrom(camera.name, `two-periods.${format}`);
    download(text, name, format === 'csv' ? 'text/csv' : 'application/json');
  }

  #take(periods: Both): void {
    const { camera } = this.#session;
    if (camera) this.#chosen = { cameraId: camera.id, periods };
  }

  #key(): string {
    const { camera } = this.#session;
    const { a, b } = this.counted;
    return JSON.stringify([
      camera?.id,
      camera?.modelSha256,
      camera?.detector.sigma,
      this.periods,
      a.length,
      b.length,
    ]);
  }
}

const NEVER: Period = { from: 0, to: 1 };

function keyOf(periods: Both | undefined): string {
  return periods ? [periods.a.from, periods.a.to, periods.b.from, periods.b.to].join() : '';
}

function startWorker(): Worker {
  return new Worker(new URL('./periods.worker.ts', import.meta.url), { type: 'module', name: 'periods' });
}
