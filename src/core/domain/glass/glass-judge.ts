import { Judge, type Judgement } from '../drift/judge';
import { mmd2 } from '../drift/mmd';
import { classify, type DriftStatus } from '../drift/thresholds';
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
  isRaised,
  isStillDirty,
  MOST_MASKED,
  STAYING,
  UNSEEN,
  VISIT_MEMORY,
  type BothDistances,
  type GlassFacts,
  type LearningFacts,
  type LossFacts,
  type StandingVerdict,
  type StreamFacts,
} from './glass-facts';
import { coverOf, GROWTH_CELL, growthEmbedding, thickestPlace } from './growth';
import { cellGrid } from './cells';
import { loudestPart, type Loss } from './loss';
import { median } from './order';
import { LEAST_RECOGNISED } from './view-gate';
import type { SceneChange } from './scene-answer';
import { changeIn, isSamePlace, type StandingAnswer } from './scene-change';
import { turnIn, type CameraTurn, type VisitSight } from './visit';
import { VisitWatch } from './visit-watch';
import { SceneMasks, type Mask } from './scene-masks';
import type { Move } from './move';
import {
  hasFallen,
  isCounted,
  isOtherView,
  positionAfter,
  SURE_PLACES,
  viewFacts,
  type SeenTrace,
  type ViewSight,
  type ViewTrace,
} from './views';

/** The settings that turn sights into facts, beside the fit. */
export interface GlassSettings {
  readonly windowSize: number;
  readonly persistence: Persistence;
  /** cells that are not on the glass */
  readonly offGlass: readonly number[];
  readonly isOwnModel: boolean;
  /** true if the window begins with the last of the reference; else it fills first */
  readonly isWarm: boolean;
  /** changes that a person has judged, in order of their time */
  readonly answers?: readonly StandingAnswer[];
  /** instants at which a person knew the lens to be clean */
  readonly begins?: readonly number[];
}

/** A fit as sights are judged by it: without its patterns, which only pixels are compared with. */
export interface JudgedGlass extends Pick<GlassFit, 'height' | 'width' | 'view' | 'reference'> {
  readonly loss: Omit<GlassFit['loss'], 'patterns'>;
}

/** A sight at its capture time, which is left out where nobody asks since when something has changed. */
type CountedSight = Pick<GlassSight, 'excess' | 'losses' | 'move'> & {
  readonly capturedAt?: number | undefined;
};

export type JudgedSight = ViewSight & CountedSight;

/** A judge's state after a stretch of stream that was judged before. */
export interface GlassStand {
  /** the last 24 sights through this fit, counted or not, oldest first */
  readonly traces: readonly ViewTrace<JudgedSight>[];
  /** counted since the last cleaning, oldest first; the last `countedNeeded` are enough */
  readonly counted: readonly CountedSight[];
  /** counted before it, oldest first; the last `VISIT_MEMORY` are enough */
  readonly earlier: readonly CountedSight[];
  /** true if these are all since the reference was frozen, so that a warm window begins before them */
  readonly isFromStart: boolean;
  /** `turnedAt` of the last trace */
  readonly turnedAt?: number | undefined;
  /** of those since the last cleaning, in order */
  readonly facts: readonly StoodFacts[];
  /** of the last one before it; null where there is none */
  readonly before: StoodFacts | null;
}

type StoodFacts = Pick<
  GlassFacts,
  'growth' | 'loss' | 'changed' | 'learning' | 'unseenSince' | 'visit' | 'clearedAt'
>;

/**
 * A camera whose cycle has no reference of its own yet: its lens was cleaned, or a person called it clean. A snapshot that was
 * `called-clean` itself shows nothing that counts as dirt.
 */
export type LearningSince = 'cleaned' | 'clean' | 'called-clean';

/** A sight that counts, as the two detectors take it. */
interface DetectorSight extends Omit<CountedSight, 'losses' | 'move'> {
  readonly move?: Move;
  /** absent in the references of fits of before version 3 */
  readonly losses?: Float32Array | undefined;
  readonly loss: Float32Array;
  /** NaN where that can't be told */
  readonly visible: number;
  readonly mask: Mask;
}

/**
 * Combines sights in capture order: growth and loss, each as its own stream through the detector, the view and the
 * camera's position. Restored from what is stored it says the same, to the last bit, as if it had gone on.
 */
export class GlassJudge {
  readonly #settings: GlassSettings;
  readonly #growth: Judge;
  readonly #loss: Judge;
  /** the embeddings of the reference, as the two streams are compared with them */
  readonly #known: { readonly growth: readonly Float32Array[]; readonly loss: readonly Float32Array[] };
  readonly #grid: Size;
  readonly #fit: JudgedGlass;
  readonly #masks: SceneMasks;
  readonly #visits: VisitWatch;
  readonly #warmUp: readonly DetectorSight[];
  /** share of the places that the reference's own snapshots show, in the median; a guess in fits of before version 3 */
  readonly #usual: number;
  #counted: readonly DetectorSight[] = [];
  /** the last that counted before a cleaning: only a visit is looked for in them */
  #earlier: readonly DetectorSight[] = [];
  #traces: readonly SeenTrace<JudgedSight>[] = [];
  /** when the camera was turned last; undefined if that is before all traces */
  #turnedAt: number | undefined;
  /** of the last snapshot that counted */
  #last: Partial<Pick<GlassFacts, 'growth' | 'changed' | 'unseenSince' | 'visit'>> = {};
  /** as it was there, or begins after a cleaning */
  #learning: LearningFacts = {};

  /** @throws AppError when the settings can't be used */
  constructor(fit: JudgedGlass, settings: GlassSettings) {
    const { windowSize, persistence, offGlass, isWarm, answers = [] } = settings;
    const judging = {
      detector: { name: 'mmd-streaming', windowSize, sigma: GLASS_SIGMA } as const,
      thresholds: GLASS_THRESHOLDS,
      persistence,
    };
    const { excess, loss, losses } = fit.reference;
    this.#masks = new SceneMasks(fit, offGlass, answers);
    this.#visits = new VisitWatch(fit, settings);
    const mask = this.#masks.at(-Infinity);
    const isMasked = offGlass.length > 0;
    const read = losses?.map((each) => mask.reader.read(each));
    const known = isMasked && read ? read.map(({ embedding }) => embedding) : loss;
    this.#settings = settings;
    this.#fit = fit;
    this.#grid = cellGrid(fit, GROWTH_CELL);
    this.#known = { growth: growthReference(fit, offGlass), loss: known };
    this.#growth = new Judge(judging, this.#known.growth, true);
    this.#loss = new Judge(judging, this.#known.loss, true);
    this.#usual = read ? median(read.map(({ recognised }) => recognised)) : 2 * LEAST_RECOGNISED;
    const pairs = excess.map((value, i) => ({
      ...{ excess: value, losses: losses?.[i], loss: known[i]!, mask },
      visible: read?.[i]!.visible ?? NaN,
    }));
    this.#warmUp = isWarm ? pairs.slice(-countedNeeded(windowSize)) : [];
    this.restore({ traces: [], counted: [], earlier: [], isFromStart: true, facts: [], before: null });
  }

  /**
   * @param standing - what was concluded when a snapshot counted last
   * @param learns - null where the reference is the cycle's own
   */
  update(sight: JudgedSight, standing: StandingVerdict, learns: LearningSince | null = null): GlassFacts {
    const { windowSize, isOwnModel } = this.#settings;
    const mask = this.#masks.at(sight.capturedAt ?? -Infinity);
    const { embedding, visible, recognised } = mask.reader.read(sight.losses);
    const turn = this.#turnWith(sight);
    if (turn) this.#turnedAt = turn.since;
    const trace = { sight, recognised, isOtherView: this.#isOtherView(sight, { visible, recognised }) };
    this.#traces = [...this.#traces, trace].slice(-GLASS_MEMORY);
    if (this.#sinceTurn().length === this.#traces.length) this.#turnedAt = undefined;
    let [growth, loss]: [Judgement | null, Judgement | null] = [null, null];
    if (isCounted(trace)) {
      const { excess, losses, capturedAt, move } = sight;
      const counted = { excess, losses, capturedAt, move, loss: embedding, visible, mask };
      this.#counted = [...this.#counted, counted].slice(-countedNeeded(windowSize));
      const measured = {
        growth: this.#growth.measure(this.#embedding(this.#counted.length)),
        loss: this.#loss.measure(embedding),
      };
      const known = mask.masked < MOST_MASKED ? bothOf(measured) : null;
      const base = learns && this.#baseAt(known, learns);
      growth = this.#growth.conclude(known && known.growth - (base?.growth ?? 0));
      loss = this.#loss.conclude(known && known.loss - (base?.loss ?? 0));
    }
    const window = this.#counted.slice(-windowSize);
    const cover = coverOf(
      window.map(({ excess }) => excess),
      mask.growth,
    );
    const streamOf = ({ distance, driftStatus }: Judgement): StreamFacts => ({ distance, driftStatus });
    const learning = learns && this.#learning;
    const facts = {
      ...(learning && { learning }),
      growth: growth && streamOf(growth),
      loss: loss && { ...streamOf(loss), part: loudestPart(window.map((counted) => counted.loss)) },
    };
    const now = sight.capturedAt ?? 0;
    const { visit, changed } = this.#visited(facts, cover, turn, now);
    const unseen = growth === null ? {} : this.#unseenSince();
    const visited = { ...(changed && { changed }), ...(visit && { visit }) };
    if (growth !== null) this.#last = { growth: facts.growth, ...visited, ...unseen };
    else if (visit) this.#last = { ...this.#last, visit };
    return {
      ...facts,
      ...visited,
      cover: cover.share,
      thickest: thickestPlace(cover.isGrown, this.#grid),
      ...(mask.masked > 0 && { masked: mask.masked }),
      view: viewFacts(this.#traces, this.#fit),
      isDark: sight.brightness < DARK,
      visible: Number.isNaN(visible) ? null : visible,
      ...unseen,
      move: sight.move,
      position: positionAfter(this.#sinceTurn()),
      ...(this.#turnedAt !== undefined && { turnedAt: this.#turnedAt }),
      ...(this.#visits.clearedAt !== undefined && { clearedAt: this.#visits.clearedAt }),
      isOwnModel,
      ...(growth === null && { standing }),
    };
  }

  /** Empties the windows and forgets the alarms, as after a cleaning; what the camera looks at is remembered. */
  empty(): void {
    this.#earlier = [...this.#earlier, ...this.#counted].slice(-VISIT_MEMORY);
    this.#counted = [];
    this.#visits.restore(undefined);
    this.#last = {};
    this.#learning = {};
    this.#growth.empty();
    this.#loss.empty();
  }

  /** Takes over a state after a stretch of stream that was judged before. */
  restore({ traces, counted, earlier, isFromStart, turnedAt, facts, before }: GlassStand): void {
    const { windowSize } = this.#settings;
    this.#traces = traces.slice(-GLASS_MEMORY).map((trace) => {
      const { recognised } = this.#masks.at(-Infinity).reader.read(trace.sight.losses);
      return { ...trace, recognised };
    });
    const needed = countedNeeded(windowSize);
    const read = (sight: CountedSight): DetectorSight => {
      const mask = this.#masks.at(sight.capturedAt ?? -Infinity);
      const { embedding, visible } = mask.reader.read(sight.losses);
      return { ...sight, mask, loss: embedding, visible };
    };
    const known = counted.slice(-needed).map(read);
    this.#counted = [...(isFromStart ? this.#warmUp : []), ...known].slice(-needed);
    this.#earlier = earlier.slice(-VISIT_MEMORY).map(read);
    const first = Math.max(0, this.#counted.length - windowSize);
    const growth = this.#counted.slice(first).map((_, i) => this.#embedding(first + i + 1));
    const counts = facts.filter((each) => each.growth !== null);
    const visit = facts.at(-1)?.visit;
    this.#last = { ...counts.at(-1), ...(visit && { visit }) };
    this.#turnedAt = turnedAt;
    this.#visits.restore(facts.at(-1)?.clearedAt);
    const distances = bothIn(before);
    this.#learning = counts.at(-1)?.learning ?? { ...(distances && { before: distances }) };
    this.#growth.restore(
      growth,
      counts.map((each) => each.growth?.distance ?? null),
    );
    this.#loss.restore(
      this.#counted.slice(first).map(({ loss }) => loss),
      counts.map((each) => each.loss?.distance ?? null),
    );
  }

  /** The distances that those of a window are told above; undefined before there are some. */
  #baseAt(window: BothDistances | null, learns: LearningSince): BothDistances | undefined {
    const { before: dirty, base } = this.#learning;
    const before = learns === 'cleaned' ? dirty : undefined;
    const isBase = learns === 'called-clean' || (!base && window !== null && !isStillDirty(window, before));
    const own = isBase ? (window ?? base) : base;
    this.#learning = { ...(before && { before }), ...(own && { base: own }) };
    return own;
  }

  /** Growth that stands is no other view, though it hides the scene, unless all of the scene is gone at once. */
  #isOtherView(sight: JudgedSight, { visible, recognised }: Pick<Loss, 'visible' | 'recognised'>): boolean {
    const growth = this.#last.changed?.rest.growth ?? this.#last.growth;
    const isGrown = Boolean(growth && isRaised(growth));
    const isFallen = hasFallen(sight, recognised, this.#usual, this.#traces);
    if (isFallen && !(isGrown && visible >= UNSEEN)) return true;
    const stand = { position: positionAfter(this.#sinceTurn()), isTurned: this.#turnedAt !== undefined };
    return (isFallen || !isGrown) && isOtherView(sight, recognised, this.#fit, this.#traces, stand);
  }

  /** The remembered snapshots since the camera was turned last. */
  #sinceTurn(): readonly SeenTrace<JudgedSight>[] {
    const since = this.#turnedAt ?? -Infinity;
    return this.#traces.filter(({ sight }) => (sight.capturedAt ?? 0) >= since);
  }

  /** A turn of the camera that a snapshot shows together with those before it. */
  #turnWith(sight: JudgedSight): CameraTurn | null {
    const traces = [...this.#traces, { sight, isOtherView: false }].slice(-GLASS_MEMORY);
    return turnIn(
      traces.map(({ sight: { move, places, brightness, capturedAt = 0 }, isOtherView }) => ({
        ...{ move, capturedAt, isOtherView },
        isSure: places >= SURE_PLACES && brightness >= DARK,
      })),
    );
  }

  /** The first of the window that shows nothing, while that is what most of it show. */
  #unseenSince(): Pick<GlassFacts, 'unseenSince'> {
    const { windowSize } = this.#settings;
    const window = this.#counted.slice(-windowSize);
    if (window.length < windowSize || !(median(window.map(({ visible }) => visible)) < UNSEEN)) return {};
    const first = window.find(({ visible, capturedAt }) => visible < UNSEEN && capturedAt !== undefined);
    return { unseenSince: this.#last.unseenSince ?? first?.capturedAt ?? 0 };
  }

  /** @param count - of the counted ones, up to that snapshot. @param mask - its own, or a wider one */
  #embedding(count: number, mask = this.#counted[count - 1]!.mask): Float32Array {
    const last = this.#counted.slice(Math.max(0, count - STAYING), count);
    return growthEmbedding(
      last.map(({ excess }) => excess),
      mask.growth,
    );
  }

  /** The visit that a person is asked about, as it goes on or begins, and what the alarms say of the rest of the glass. */
  #visited(
    { growth, loss, learning }: Pick<GlassFacts, 'growth' | 'loss' | 'learning'>,
    cover: ReturnType<typeof coverOf>,
    turn: CameraTurn | null,
    now: number,
  ): Pick<GlassFacts, 'visit' | 'changed'> {
    const sights = this.#visitSights();
    if (!growth || !loss) {
      const visit = this.#last.visit ?? this.#visits.turnedBy(turn, sights, now);
      return visit ? { visit } : {};
    }
    const { mask } = this.#counted.at(-1)!;
    const found = this.#visits.at({
      ...{ sights, turn, now, told: { growth, loss }, last: this.#last },
      ...{ masked: mask.growth, covered: cover.share, countedBefore: this.#counted.at(-2)?.capturedAt },
      ...{ stood: positionAfter(this.#traces), stands: positionAfter(this.#sinceTurn()) },
    });
    const visit = found?.visit;
    const change = found
      ? { ...found.places, since: found.visit.since }
      : this.#changeFound({ growth, loss }, cover.isGrown, mask);
    if (!change || (change.growth.length + change.loss.length === 0 && visit?.kind !== 'cleared')) {
      return visit ? { visit } : {};
    }
    const isTold = isRaised(growth) || isRaised(loss);
    const from = visit?.kind === 'cleared' ? visit.since : -Infinity;
    const rest = isTold ? this.#restOf(change, from, { growth, loss }, learning?.base) : { growth, loss };
    return { ...(visit && { visit }), changed: { ...change, rest } };
  }

  /** The counted snapshots in which a visit is looked for, over a cleaning. */
  #visitSights(): readonly VisitSight[] {
    return [...this.#earlier, ...this.#counted].flatMap(({ capturedAt, move, losses, excess, mask }) => {
      if (capturedAt === undefined || !move || !losses) return [];
      return [{ excess, gone: mask.reader.gone(losses), capturedAt, move }];
    });
  }

  /** The compact change that the alarms of the window rest on. */
  #changeFound(
    { growth, loss }: Record<'growth', StreamFacts> & Record<'loss', LossFacts>,
    isGrown: readonly boolean[],
    mask: Mask,
  ): SceneChange | null {
    if (!isRaised(growth) && !(isRaised(loss) && loss.part === 'cover')) return null;
    const { windowSize } = this.#settings;
    const sights = this.#counted.slice(-windowSize - STAYING + 1).map((sight) => ({
      ...sight,
      gone: sight.losses ? mask.reader.gone(sight.losses) : null,
    }));
    const change = changeIn(sights, windowSize, isGrown, mask.growth, this.#fit, this.#last.changed ?? null);
    return change === null || mask.onGlass.some((places) => isSamePlace(places, change)) ? null : change;
  }

  /** @param from - capture time of the first snapshot that counts */
  #restOf(
    change: SceneChange,
    from: number,
    { growth, loss }: Record<'growth', StreamFacts> & Record<'loss', LossFacts>,
    base?: BothDistances,
  ) {
    const before = this.#counted.filter(({ capturedAt = from }) => capturedAt < from).length;
    // From the second one on the median of three shows it.
    const since = before > 0 ? before + 1 : 0;
    const first = Math.max(since, this.#counted.length - this.#settings.windowSize);
    const wider = new Map<Mask, Mask>();
    const window = this.#counted.slice(first).map(({ mask, losses, loss }, i) => {
      const rest = wider.get(mask) ?? this.#masks.besides(mask, change);
      wider.set(mask, rest);
      return {
        growth: this.#embedding(first + i + 1, rest),
        loss: losses ? rest.reader.read(losses).embedding : loss,
      };
    });
    const restOf = (stream: 'growth' | 'loss', { driftStatus }: StreamFacts): StreamFacts => {
      const embeddings = window.map((each) => each[stream]);
      const distance = mmd2(this.#known[stream], embeddings, GLASS_SIGMA) - (base?.[stream] ?? 0);
      // An alarm that persists has been raised by the whole window: of that the rest keeps what is above a limit by itself.
      const level = Math.min(
        LEVELS.indexOf(classify(distance, GLASS_THRESHOLDS)),
        LEVELS.indexOf(driftStatus),
      );
      return { distance, driftStatus: LEVELS[level]! };
    };
    return {
      growth: restOf('growth', growth),
      loss: { ...restOf('loss', loss), part: loudestPart(window.map((each) => each.loss)) },
    };
  }
}

const LEVELS: readonly DriftStatus[] = ['warming-up', 'normal', 'warning', 'drift'];

/** Both distances of a window; null while one of them fills. */
function bothOf({ growth, loss }: Readonly<Record<'growth' | 'loss', number | null>>): BothDistances | null {
  return growth === null || loss === null ? null : { growth, loss };
}

/** The distances from the reference itself that were stored with a snapshot. */
function bothIn(facts: StoodFacts | null): BothDistances | null {
  const { growth, loss, learning: { base } = {} } = facts ?? {};
  const told = bothOf({ growth: growth?.distance ?? null, loss: loss?.distance ?? null });
  return told && { growth: told.growth + (base?.growth ?? 0), loss: told.loss + (base?.loss ?? 0) };
}
