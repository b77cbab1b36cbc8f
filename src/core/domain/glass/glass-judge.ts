import { Judge, type Judgement } from '../drift/judge';
import type { Size } from '../model/model';
import type { Persistence } from '../drift/persistence';
import { growthReference, type GlassFit } from './glass';
import type { GlassSight } from './sight';
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
import { LossReader, loudestPart } from './loss';
import { isCounted, isOtherView, positionAfter, viewFacts, type ViewSight, type ViewTrace } from './views';

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

/** A fit as sights are judged by it: without its patterns, which only pixels are compared with. */
export interface JudgedGlass extends Pick<GlassFit, 'height' | 'width' | 'view' | 'reference'> {
  readonly loss: Omit<GlassFit['loss'], 'patterns'>;
}

type CountedSight = Pick<GlassSight, 'excess' | 'losses'>;

export type JudgedSight = ViewSight & CountedSight;

/** A judge's state after a stretch of stream that was judged before. */
export interface GlassStand {
  /** the last 24 sights through this fit, counted or not, oldest first */
  readonly traces: readonly ViewTrace<JudgedSight>[];
  /** counted since the last cleaning, oldest first; the last `countedNeeded` are enough */
  readonly counted: readonly CountedSight[];
  /** true if these are all since the reference was frozen, so that a warm window begins before them */
  readonly isFromStart: boolean;
  /** of those since the last cleaning, in order */
  readonly facts: readonly Pick<GlassFacts, 'growth' | 'loss'>[];
}

/** A sight that counts, as the two detectors take it. */
interface Counted {
  readonly excess: Float32Array;
  readonly loss: Float32Array;
}

/**
 * Combines sights in capture order: growth and loss, each as its own stream through the detector, the view and the
 * camera's position. Restored from what is stored it says the same, to the last bit, as if it had gone on.
 */
export class GlassJudge {
  readonly #settings: GlassSettings;
  readonly #growth: Judge;
  readonly #loss: Judge;
  readonly #grid: Size;
  readonly #fit: JudgedGlass;
  readonly #reader: LossReader;
  readonly #warmUp: readonly Counted[];
  #counted: readonly Counted[] = [];
  #traces: GlassStand['traces'] = [];

  /** @throws AppError when the settings can't be used */
  constructor(fit: JudgedGlass, settings: GlassSettings) {
    const { windowSize, persistence, offGlass, isWarm } = settings;
    const judging = {
      detector: { name: 'mmd-streaming', windowSize, sigma: GLASS_SIGMA } as const,
      thresholds: GLASS_THRESHOLDS,
      persistence,
    };
    const { excess, loss, losses } = fit.reference;
    const reader = new LossReader(fit, offGlass);
    const isMasked = losses !== undefined && offGlass.length > 0;
    const known = isMasked ? losses.map((each) => reader.read(each).embedding) : loss;
    this.#settings = settings;
    this.#fit = fit;
    this.#reader = reader;
    this.#grid = cellGrid(fit, GROWTH_CELL);
    this.#growth = new Judge(judging, growthReference(fit, offGlass), true);
    this.#loss = new Judge(judging, known, true);
    const pairs = excess.map((value, i) => ({ excess: value, loss: known[i]! }));
    this.#warmUp = isWarm ? pairs.slice(-countedNeeded(windowSize)) : [];
    this.restore({ traces: [], counted: [], isFromStart: true, facts: [] });
  }

  /** @param standing - what was concluded when a snapshot counted last */
  update(sight: JudgedSight, standing: StandingVerdict): GlassFacts {
    const { windowSize, offGlass, isOwnModel } = this.#settings;
    const { embedding, visible, recognised } = this.#reader.read(sight.losses);
    const trace = { sight, isOtherView: isOtherView(sight, recognised, this.#fit, this.#traces) };
    this.#traces = [...this.#traces, trace].slice(-GLASS_MEMORY);
    let [growth, loss]: [Judgement | null, Judgement | null] = [null, null];
    if (isCounted(trace)) {
      const counted = { excess: sight.excess, loss: embedding };
      this.#counted = [...this.#counted, counted].slice(-countedNeeded(windowSize));
      growth = this.#growth.update(this.#embedding(this.#counted.length));
      loss = this.#loss.update(embedding);
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
      visible: Number.isNaN(visible) ? null : visible,
      move: sight.move,
      position: positionAfter(this.#traces),
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
    const needed = countedNeeded(windowSize);
    const known = counted.slice(-needed).map(({ excess, losses }) => ({
      excess,
      loss: this.#reader.read(losses).embedding,
    }));
    this.#counted = [...(isFromStart ? this.#warmUp : []), ...known].slice(-needed);
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
