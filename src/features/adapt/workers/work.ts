import { TimeLeft } from '../../../core/domain/time-left';

export type Stage = 'read' | 'views' | 'fit' | 'judge';

/**
 * Milliseconds of one worker for a view, a step of a fit, a look and a lens with the shipped model. Only their ratios
 * count; the pace is measured while the work is done.
 */
const COSTS = { views: 28, steps: 1.4, looks: 4.3, lenses: 22 };

/** Work to do, or done, by kind. */
export type Amount = Partial<Readonly<Record<keyof typeof COSTS, number>>>;

/** Share of the work from which on it is told how long the rest takes: the first views wait for code to be compiled. */
const TOLD_FROM = 0.05;

export class Work {
  readonly #all: number;
  readonly #left: TimeLeft;
  readonly #tell: (stage: Stage, share: number, left: number | null) => void;
  #stage: Stage = 'views';
  #done = 0;

  /** @param tell - hears the share done, and milliseconds left at the measured pace; null while too little is done */
  constructor(all: Amount, tell: (stage: Stage, share: number, left: number | null) => void) {
    this.#all = costOf(all);
    this.#left = new TimeLeft(this.#all);
    this.#tell = tell;
  }

  /** @param stage - that it belongs to; null for what is done beside the present one */
  did(stage: Stage | null, amount: Amount): void {
    const cost = costOf(amount);
    const now = performance.now();
    this.#stage = stage ?? this.#stage;
    this.#done += cost;
    this.#left.advance(cost, now);
    const share = Math.min(this.#done / this.#all, 1);
    this.#tell(this.#stage, share, share < TOLD_FROM ? null : this.#left.milliseconds(now));
  }
}

function costOf(amount: Amount): number {
  return (Object.keys(COSTS) as (keyof Amount)[]).reduce(
    (sum, kind) => sum + (amount[kind] ?? 0) * COSTS[kind],
    0,
  );
}
