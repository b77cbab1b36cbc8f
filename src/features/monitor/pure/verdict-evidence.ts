import { sameHour } from '../../../core/domain/camera/time/same-hour';
import { verdictOf, type CompletedJob, type Reference } from '../../../core/domain/camera/job';
import { spokenOf, timesOf, type Spoken } from '../../../core/domain/camera/spoken';
import { classify, type DriftStatus } from '../../../core/domain/drift/thresholds';
import { median } from '../../../core/domain/glass/order';
import { OTHER_VIEW, turnOf, type Turn } from '../../../core/domain/glass/turn';
import type { Side } from '../../../core/domain/picture/property-table';
import { unusualProperties } from '../../../core/domain/picture/second-opinion';

/** The drawing of one line of evidence: a bar with a tick for the usual value or the limit, both 0 to 1. */
export interface Gauge {
  readonly filled: number;
  /** null where it is not known */
  readonly tick: number | null;
  readonly tone: DriftStatus;
}

/** How much of the glass is grown over, and how much usually is. */
interface CoverLine extends Gauge {
  readonly share: number;
  /** null while too few clear snapshots say what is usual */
  readonly usual: number | null;
  /** how many times the usual that is; null where next to nothing is usual */
  readonly times: number | null;
}

/** The distance that the verdict rests on, against its drift limit. */
interface DistanceLine extends Gauge {
  readonly speaker: Spoken['speaker'];
  readonly times: number;
  readonly side: 'normal' | 'warning' | 'drift';
  /** so many newest snapshots in a row lie there; 0 where the verdict says otherwise, as it persists */
  readonly lasting: number;
}

/** How well the scene is seen through the water, or how hazy the picture is, against clean ones. */
interface WaterLine extends Gauge {
  readonly of: 'clarity' | 'haze';
  readonly times: number;
  /** the light compared with the reference's; null if unknown */
  readonly light: Side | 'usual' | null;
}

/** A turned camera, which is no dirt: its position against the turn that needs another reference. */
interface TurnLine extends Gauge {
  readonly turn: Turn;
}

/** Plain lines beside a verdict; those that can't be told are null. */
export interface VerdictEvidence {
  readonly cover: CoverLine | null;
  readonly distance: DistanceLine | null;
  readonly water: WaterLine | null;
  /** null if the camera is in place, too */
  readonly turned: TurnLine | null;
}

/** So many clear snapshots say what is usual, and so many of the newest are asked. */
const ENOUGH = 12;
const MOST = 500;
/** Less of the glass than this is nothing that another share is a multiple of. */
const NEXT_TO_NOTHING = 0.01;
/** The bars end at four times the limit; a square root spreads what lies below it. */
const END = 4;
/** Of clarity: as murky as the conclusion calls murky. */
const MURKY = 0.4;
/** Fewer measured pictures do not say what light is usual. */
const LEAST_MEASURED = 10;

/**
 * @param latest - the snapshot that the verdict is about
 * @param jobs - of its history, in capture order
 * @param lasting - of the newest of them, how many in a row have its verdict
 * @param reference - that it was judged by; null where that is gone
 */
export function verdictEvidence(
  latest: CompletedJob,
  jobs: readonly CompletedJob[],
  lasting: number,
  reference: Reference | null,
): VerdictEvidence {
  return {
    cover: coverLine(latest, jobs),
    distance: distanceLine(latest, lasting),
    water: waterLine(latest, reference),
    turned: turnLine(latest),
  };
}

function coverLine(latest: CompletedJob, jobs: readonly CompletedJob[]): CoverLine | null {
  const { glass, referenceId } = latest;
  if (!glass?.growth) return null;
  const clear = jobs
    .slice(-MOST)
    .filter((job) => job.glass?.growth && job.referenceId === referenceId && verdictOf(job) === 'normal');
  const usual = clear.length < ENOUGH ? null : median(clear.map((job) => job.glass!.cover));
  const share = glass.cover;
  return {
    share,
    usual,
    times: usual === null || usual < NEXT_TO_NOTHING ? null : share / usual,
    filled: Math.sqrt(share),
    tick: usual === null ? null : Math.sqrt(usual),
    tone: (glass.changed?.rest.growth ?? glass.growth).driftStatus,
  };
}

function distanceLine(latest: CompletedJob, lasting: number): DistanceLine | null {
  const spoken = spokenOf(latest);
  if (!spoken) return null;
  const side = classify(spoken.distance, spoken.thresholds) as DistanceLine['side'];
  const times = Math.max(0, timesOf(spoken));
  return {
    speaker: spoken.speaker,
    times,
    side,
    lasting: side === verdictOf(latest) ? lasting : 0,
    filled: onAxis(times),
    tick: onAxis(1),
    tone: side,
  };
}

function waterLine(latest: CompletedJob, reference: Reference | null): WaterLine | null {
  const { glass, properties } = latest;
  const measured = reference?.properties ?? [];
  const isMeasured = measured.length >= LEAST_MEASURED;
  const unusual = unusualProperties(properties, measured).flatMap((found) =>
    found.kind === 'unusual' ? [found] : [],
  );
  const light = unusual.find(({ property }) => property === 'brightness');
  const beside = { light: isMeasured ? (light?.side ?? ('usual' as const)) : null };
  if (glass && glass.visible !== null && Number.isFinite(glass.visible)) {
    const times = glass.visible;
    const tone = times < MURKY ? ('warning' as const) : ('normal' as const);
    return { of: 'clarity', times, filled: onAxis(times), tick: onAxis(1), tone, ...beside };
  }
  const twin = sameHour(reference?.capturedAt ?? [], latest.capturedAt, null);
  const usual = twin && measured[twin.index]?.haze;
  if (!usual || properties.haze === undefined) return null;
  const times = properties.haze / usual;
  const isHazy = unusual.some(({ property }) => property === 'haze');
  const tone = isHazy ? ('warning' as const) : ('normal' as const);
  return { of: 'haze', times, filled: onAxis(times), tick: onAxis(1), tone, ...beside };
}

function turnLine({ glass }: CompletedJob): TurnLine | null {
  const turn = turnOf(glass);
  if (!turn) return null;
  const tone = turn.share > OTHER_VIEW ? ('warning' as const) : ('normal' as const);
  return { turn, filled: onAxis(turn.share / OTHER_VIEW), tick: onAxis(1), tone };
}

/** Position on a bar of so many times the limit or the usual value. */
function onAxis(times: number): number {
  return Math.min(1, Math.sqrt(Math.max(0, times) / END));
}
