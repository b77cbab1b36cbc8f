import type { Size } from '../model/model';
import { isRaised, LEAST_MOVE, type GlassFacts, type StreamFacts, type VisitFacts } from './glass-facts';
import { distanceOf, type Move } from './move';
import { GLASS_WIDTH } from './picture';
import type { Places } from './scene-answer';
import { MOST_AREA, shareOf, type StandingAnswer } from './scene-change';
import {
  AGREEING,
  changedSince,
  clearingIn,
  isGone,
  isGrownAgain,
  JUST_BEFORE,
  stepIn,
  type CameraTurn,
  type VisitSight,
} from './visit';

const DAY = 86_400_000;
/** A smaller turn, as a share of the picture's width, is asked about only while something is raised: cameras sag a little. */
const ASKED_TURN = 0.04;
/** An unanswered change on so much of the glass is dirt after so many days. */
const [UNANSWERED_DAYS, OVERDUE_SHARE] = [3, 0.1];

const NOWHERE: Places = { growth: [], loss: [] };

/** A visit, and the cells that changed with it as far as they are known. */
interface FoundVisit {
  readonly visit: VisitFacts;
  readonly places: Places;
}

/** A counted snapshot with those before it, as a visit is looked for in them. */
export interface Moment {
  /** counted, over a cleaning, oldest first */
  readonly sights: readonly VisitSight[];
  /** the turn of the camera that begins with it */
  readonly turn: CameraTurn | null;
  readonly now: number;
  /** capture time of the counted one before it */
  readonly countedBefore: number | undefined;
  /** cells of growth that are not judged */
  readonly masked: readonly number[];
  /** share of the glass that is grown over */
  readonly covered: number;
  /** the camera's position, over the last turn and since it */
  readonly stood: Move;
  readonly stands: Move;
  readonly told: Readonly<Record<'growth' | 'loss', StreamFacts>>;
  /** of the counted snapshot before */
  readonly last: Partial<Pick<GlassFacts, 'growth' | 'changed' | 'visit'>>;
}

/** Follows the visit that a person is asked about: how it begins, goes on and ends. */
export class VisitWatch {
  readonly #size: Size;
  readonly #answers: readonly StandingAnswer[];
  readonly #begins: readonly number[];
  #clearedAt: number | undefined;

  constructor(
    size: Size,
    { answers = [], begins = [] }: { answers?: readonly StandingAnswer[]; begins?: readonly number[] },
  ) {
    this.#size = size;
    this.#answers = answers;
    this.#begins = begins;
  }

  /** The time at which growth fell off; undefined if it has not since the windows were emptied. */
  get clearedAt(): number | undefined {
    return this.#clearedAt;
  }

  /** @param clearedAt - undefined when windows are emptied */
  restore(clearedAt: number | undefined): void {
    this.#clearedAt = clearedAt;
  }

  /** The visit that stands with a counted snapshot; null if there is none. */
  at(moment: Moment): FoundVisit | null {
    const begun = this.#begunAt(moment);
    if (!begun) return null;
    const { visit } = begun;
    const places =
      visit.kind === 'cleared'
        ? NOWHERE
        : changedSince(
            moment.sights,
            visit.since,
            moment.masked,
            this.#size,
            begun.places,
            visit.kind === 'turned',
          );
    const { growth, loss } = places;
    return { visit: this.#asItStands(visit, places, moment), places: { growth, loss } };
  }

  /** The visit that begins with a turn; null if a person has told what happened. */
  turnedBy(turn: CameraTurn | null, sights: readonly VisitSight[], now: number): VisitFacts | null {
    if (!turn || this.#isAnswered(turn.since, sights, now)) return null;
    const { since, from, to } = turn;
    return { since, kind: 'turned', days: 0, from, isAsked: distanceOf(to, from) > ASKED_TURN * GLASS_WIDTH };
  }

  /** The visit that goes on, or begins with this snapshot, and the cells that changed with it. */
  #begunAt(moment: Moment): FoundVisit | null {
    const cleared = this.#clearedBy(moment);
    if (cleared) return { visit: cleared, places: NOWHERE };
    const { sights, turn, now, masked, covered, stood, last } = moment;
    const { visit, changed: known = NOWHERE } = last;
    const isBack = visit?.kind === 'turned' && turn !== null && distanceOf(turn.to, visit.from) < LEAST_MOVE;
    const away = isBack ? null : turn;
    const step = stepIn(sights, masked, this.#size, away !== null);
    const isStep = step !== null && covered <= MOST_AREA;
    const isNews = away !== null || isStep;
    if (visit && !this.#isOver(visit, known, moment) && (visit.isAsked || !isNews)) {
      const kind = away ? 'turned' : visit.kind;
      return { visit: { ...visit, kind, from: away?.from ?? visit.from }, places: known };
    }
    const turned = this.turnedBy(away, sights, now);
    if (turned) return { visit: turned, places: step?.places ?? NOWHERE };
    if (!isStep || this.#isAnswered(step.since, sights, now)) return null;
    const { since, places } = step;
    return { visit: { since, kind: 'changed', days: 0, from: stood, isAsked: true }, places };
  }

  /** The visit that begins as growth falls off, once in a cycle; null if it does not, or if a person has told why. */
  #clearedBy({ sights, now, masked, stood, last: { growth, visit } }: Moment): VisitFacts | null {
    if (this.#clearedAt !== undefined || !growth || !isRaised(growth)) return null;
    const since = clearingIn(sights, masked);
    if (since === null) return null;
    // It may have come with a turn that is asked about already; of two questions the older one stands.
    const isLater = visit?.isAsked && visit.since < sights.at(-AGREEING - 1)!.capturedAt;
    if (isLater) return null;
    this.#clearedAt = since;
    if (this.#isAnswered(since, sights, now)) return null;
    return { since, kind: 'cleared', days: 0, from: stood, isAsked: true };
  }

  /** True if all is as it was before a visit, or so much is grown over that no single place has changed. */
  #isOver(
    { kind, from, days, isAsked }: VisitFacts,
    places: Places,
    { sights, masked, covered, stands }: Moment,
  ): boolean {
    if (kind === 'cleared') return isGrownAgain(sights, masked);
    if (kind === 'turned') {
      const isForgotten = !isAsked && days > UNANSWERED_DAYS;
      return isForgotten || distanceOf(stands, from) < LEAST_MOVE;
    }
    return covered > MOST_AREA || isGone(places, sights);
  }

  /** True if a person has told what happened then, or that the lens was clean from the first snapshot on that shows it. */
  #isAnswered(since: number, sights: readonly VisitSight[], now: number): boolean {
    const times = sights.map(({ capturedAt }) => capturedAt).filter((at) => at <= since);
    // It may have been found with one of the snapshots just before.
    const [before = -Infinity, ...first] = times.slice(-JUST_BEFORE - 2);
    return (
      this.#answers.some(({ from }) => from > before && from <= now) ||
      this.#begins.some((at) => first.includes(at) || (at >= since && at <= now))
    );
  }

  #asItStands(
    { since, kind, from, days: known }: VisitFacts,
    places: Places,
    { now, countedBefore, stands, told, last }: Moment,
  ): VisitFacts {
    const before = last.visit?.since === since ? countedBefore : undefined;
    const dayOf = (at: number) => Math.floor((at - since) / DAY);
    const days = before !== undefined && dayOf(before) === dayOf(now) ? known : known + 1;
    const isFar = distanceOf(stands, from) > ASKED_TURN * GLASS_WIDTH;
    const isAsked = kind !== 'turned' || isFar || isRaised(told.growth) || isRaised(told.loss);
    const isOverdue = isAsked && days > UNANSWERED_DAYS && shareOf(places, this.#size) >= OVERDUE_SHARE;
    return { since, kind, days, from, isAsked, ...(isOverdue && { isOverdue }) };
  }
}
