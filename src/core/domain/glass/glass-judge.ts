import { Judge, type Judgement } from '../drift/judge';
import type { Size } from '../model/model';
import type { Persistence } from '../drift/persistence';
import { growthReference, type GlassFit, type GlassSight } from './glass';
import {
  countedNeeded,
  DARK,
  GLASS_MEMORY,
  GLASS_SIGMA,
  GLASS_THRESHOLDS,
  STAYING,
  type GlassFacts,
  type StandingVerdict,
  type StreamFacts,
} from './glass-facts';
import { coverOf, GROWTH_CELL, growthEmbedding, thickestPlace } from './growth';
import { cellGrid } from './cells';
import { loudestPart } from './loss';
import { viewFacts } from './views';

/** The settings that turn sights into facts, beside the fit. */
export interface GlassSettings {
  readonly windowSize: number;
  readonly persistence: Persistence;
  /** cells that are not on the glass */
  readonly offGlass: readonly number[];
  readonly isOwnModel: boolean;
  /** true if the window begins with the last of the reference; else it fills first */
  readonly isWarm: boolean;
}

export type JudgedGlass = Pick<GlassFit, 'height' | 'width' | 'reference'>;

export type CountedSight = Pick<GlassSight, 'excess' | 'loss'>;

export type JudgedSight = CountedSight &
  Pick<GlassSight, 'isOtherView' | 'view' | 'brightness' | 'visible' | 'move'>;

/** A judge's state after a stretch of stream that was judged before. */
export interface GlassStand {
  /** the last 24 sights, counted or not, oldest first */
  readonly traces: readonly Pick<GlassSight, 'isOtherView' | 'view'>[];
  /** counted since the last cleaning, oldest first; the last `countedNeeded` are enough */
  readonly counted: readonly CountedSight[];
  /** true if these are all since the reference was frozen, so that a warm window begins before them */
  readonly isFromStart: boolean;
  /** of those since the last cleaning, in order */
  readonly facts: readonly Pick<GlassFacts, 'growth' | 'loss'>[];
}

/** True if it is neither another view nor too dark to tell. */
export function isCounted({
  isOtherView,
  brightness,
}: Pick<GlassSight, 'isOtherView' | 'brightness'>): boolean {
  return !isOtherView && brightness >= DARK;
}

/** Judges sights in capture order: growth and loss, each as its own stream through the detector. */
export class GlassJudge {
  readonly #settings: GlassSettings;
  readonly #growth: Judge;
  readonly #loss: Judge;
  readonly #grid: Size;
  readonly #warmUp: readonly CountedSight[];
  #counted: CountedSight[] = [];
  #traces: GlassStand['traces'] = [];

  /** @throws AppError when the settings can't be used */
  constructor(fit: JudgedGlass, settings: GlassSettings) {
    const { windowSize, persistence, offGlass, isWarm } = settings;
    const judging = {
      detector: { name: 'mmd-streaming', windowSize, sigma: GLASS_SIGMA } as const,
      thresholds: GLASS_THRESHOLDS,
      persistence,
    };
    this.#settings = settings;
    this.#grid = cellGrid(fit, GROWTH_CELL);
    this.#growth = new Judge(judging, growthReference(fit, offGlass), true);
    this.#loss = new Judge(judging, fit.reference.loss, true);
    const { excess, loss } = fit.reference;
    const known = excess.map((value, i) => ({ excess: value, loss: loss[i]! }));
    this.#warmUp = isWarm ? known.slice(-countedNeeded(windowSize)) : [];
    this.restore({ traces: [], counted: [], isFromStart: true, facts: [] });
  }

  /** @param standing - what was concluded when a snapshot counted last */
  update(sight: JudgedSight, standing: StandingVerdict): GlassFacts {
    const { windowSize, offGlass, isOwnModel } = this.#settings;
    this.#traces = [...this.#traces, sight].slice(-GLASS_MEMORY);
    let [growth, loss]: [Judgement | null, Judgement | null] = [null, null];
    if (isCounted(sight)) {
      this.#counted = [...this.#counted, sight].slice(-countedNeeded(windowSize));
      growth = this.#growth.update(this.#embedding(this.#counted.length));
      loss = this.#loss.update(sight.loss);
    }
    const window = this.#counted.slice(-windowSize);
    const cover = coverOf(
      window.map(({ excess }) => excess),
      offGlass,
    );
    const streamOf = ({ distance, driftStatus }: Judgement): StreamFacts => ({ distance, driftStatus });
    return {
      growth: growth && streamOf(growth),
      loss: loss && { ...streamOf(loss), part: loudestPart(window.map((counted) => counted.loss)) },
      cover: cover.share,
      thickest: thickestPlace(cover.isGrown, this.#grid),
      view: viewFacts(this.#traces),
      isDark: sight.brightness < DARK,
      visible: Number.isNaN(sight.visible) ? null : sight.visible,
      move: sight.move,
      isOwnModel,
      ...(growth === null && { standing }),
    };
  }

  /** Empties the windows and forgets the alarms, as after a cleaning; what the camera looks at is remembered. */
  empty(): void {
    this.#counted = [];
    this.#growth.empty();
    this.#loss.empty();
  }

  /** Takes over a state after a stretch of stream that was judged before. */
  restore({ traces, counted, isFromStart, facts }: GlassStand): void {
    const { windowSize } = this.#settings;
    this.#traces = traces.slice(-GLASS_MEMORY);
    this.#counted = [...(isFromStart ? this.#warmUp : []), ...counted].slice(-countedNeeded(windowSize));
    const first = Math.max(0, this.#counted.length - windowSize);
    const growth = this.#counted.slice(first).map((_, i) => this.#embedding(first + i + 1));
    const counts = facts.filter((each) => each.growth !== null);
    this.#growth.restore(
      growth,
      counts.map((each) => each.growth?.distance ?? null),
    );
    this.#loss.restore(
      this.#counted.slice(first).map(({ loss }) => loss),
      counts.map((each) => each.loss?.distance ?? null),
    );
  }

  #embedding(count: number): Float32Array {
    const last = this.#counted.slice(Math.max(0, count - STAYING), count);
    return growthEmbedding(
      last.map(({ excess }) => excess),
      this.#settings.offGlass,
    );
  }
}
