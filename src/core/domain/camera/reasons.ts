import { standOf, type Stand } from '../glass/stand';
import { OTHER_VIEW } from '../glass/turn';
import {
  GLASS_THRESHOLDS,
  MOST_MASKED,
  positionOf,
  type GlassFacts,
  type LossPart,
} from '../glass/glass-facts';
import { MURKY, SEEN_WELL, type ConclusionLevel } from '../glass/conclusion';
import { isOfNumbers } from '../model/numbers';
import { GLASS_WIDTH } from '../glass/picture';
import type { Side } from '../picture/property-table';
import { unusualProperties } from '../picture/second-opinion';
import type { CompletedJob } from './job';
import type { Reference } from './reference';
import { conclusionOf, hasLearnedSay, isSetAside, learnedVerdictOf } from './verdict';

/** How a row is drawn: in a colour and shape, with a bar that reaches its limit at 1. */
interface Row {
  readonly level: ConclusionLevel;
  /** how many times the limit; null where there is nothing to measure */
  readonly times: number | null;
}

/** Why growth and film say nothing of a snapshot. */
type GlassSilence = 'not-looked-at' | 'dark' | 'elsewhere' | 'masked' | 'filling';

interface GlassReason extends Row {
  readonly of: 'glass';
  readonly unjudged: GlassSilence | null;
  /** share of the glass */
  readonly cover: number;
  /** something compact has changed, on the glass or in the scene: a person is asked */
  readonly isAsked: boolean;
}
interface FilmReason extends Row {
  readonly of: 'film';
  readonly unjudged: GlassSilence | null;
  /** the loudest part; null below the limits */
  readonly part: LossPart | null;
}
interface WaterReason extends Row {
  readonly of: 'water';
  readonly seen: 'well' | 'less' | 'murky' | 'hazy' | 'unknown';
  /** share of the reference's structure that is seen; null where that can't be told */
  readonly visible: number | null;
  /** brightness beside that of the clean pictures; null where it is usual, or nobody knows what is */
  readonly light: Side | null;
}
interface PositionReason extends Row {
  readonly of: 'position';
  readonly stand: Stand;
}
/** The learned distance, where it decides. */
interface ModelReason extends Row {
  readonly of: 'model';
  readonly isFilling: boolean;
}
/** The distance of a sensor's rows. */
interface RowsReason extends Omit<ModelReason, 'of'> {
  readonly of: 'rows';
}
export type Reason = GlassReason | FilmReason | WaterReason | PositionReason | ModelReason | RowsReason;

/** Fewer measured pictures do not say what light is usual. */
const LEAST_MEASURED = 10;

/**
 * Reasons for and against dirt on the glass: four rows in the order that every place keeps, and one of the model where that
 * had a say. A sensor's row has this alone.
 *
 * @param reference - that the job was judged by; null where that is gone
 */
export function reasonsOf(job: CompletedJob, reference: Reference | null): readonly Reason[] {
  if (isOfNumbers(job)) return [{ ...modelReason(job), of: 'rows' }];
  return [
    glassReason(job),
    filmReason(job),
    waterReason(job, reference?.properties ?? []),
    positionReason(job.glass),
    ...(hasLearnedSay(job) ? [modelReason(job)] : []),
  ];
}

function unjudgedOf(job: CompletedJob, distance: number | null | undefined): GlassSilence | null {
  if (!job.glass) return 'not-looked-at';
  if (isSetAside(job)) return job.glass.isDark ? 'dark' : 'elsewhere';
  if (distance !== null) return null;
  return (job.glass.masked ?? 0) >= MOST_MASKED ? 'masked' : 'filling';
}

const mute = { level: 'unknown', times: null } as const;

function glassReason(job: CompletedJob): GlassReason {
  const growth = job.glass?.changed?.rest.growth ?? job.glass?.growth;
  const unjudged = unjudgedOf(job, growth?.distance);
  const isAsked = conclusionOf(job).code === 'changed';
  const row = unjudged === null && growth ? rowOf(growth.distance, growth.driftStatus) : mute;
  return {
    of: 'glass',
    ...row,
    level: isAsked ? 'warning' : row.level,
    unjudged,
    cover: job.glass?.cover ?? 0,
    isAsked,
  };
}

function filmReason(job: CompletedJob): FilmReason {
  const loss = job.glass?.changed?.rest.loss ?? job.glass?.loss;
  const unjudged = unjudgedOf(job, loss?.distance);
  if (unjudged !== null || !loss) return { of: 'film', ...mute, unjudged, part: null };
  const row = rowOf(loss.distance, loss.driftStatus);
  return { of: 'film', ...row, unjudged, part: row.level === 'normal' ? null : loss.part };
}

function rowOf(distance: number | null, status: string, { drift } = GLASS_THRESHOLDS): Row {
  const level = status === 'warning' || status === 'drift' ? status : 'normal';
  return { level, times: Math.max(0, distance ?? 0) / drift };
}

function waterReason(
  { glass, properties }: CompletedJob,
  measured: NonNullable<Reference['properties']>,
): WaterReason {
  const unusual = (properties ? unusualProperties(properties, measured) : []).flatMap((found) =>
    found.kind === 'unusual' ? [found] : [],
  );
  const brightness = unusual.find(({ property }) => property === 'brightness');
  const light = measured.length >= LEAST_MEASURED ? (brightness?.side ?? null) : null;
  const visible = glass?.visible ?? null;
  if (visible !== null && Number.isFinite(visible)) {
    const seen = visible < MURKY ? 'murky' : visible < SEEN_WELL ? 'less' : 'well';
    const times = Math.max(0, 1 - visible) / (1 - MURKY);
    return { of: 'water', level: seen === 'murky' ? 'warning' : 'normal', times, seen, visible, light };
  }
  if (measured.length < LEAST_MEASURED)
    return { of: 'water', ...mute, seen: 'unknown', visible: null, light };
  const isHazy = unusual.some(({ property }) => property === 'haze');
  const level = isHazy ? 'warning' : 'normal';
  return { of: 'water', level, times: null, seen: isHazy ? 'hazy' : 'well', visible: null, light };
}

function positionReason(glass: GlassFacts | null | undefined): PositionReason {
  const stand = standOf(glass);
  if (!glass || stand.stands === 'elsewhere' || stand.stands === 'unknown') {
    return { of: 'position', ...mute, stand };
  }
  const { right, down } = positionOf(glass);
  const times = Math.hypot(right, down) / GLASS_WIDTH / OTHER_VIEW;
  return { of: 'position', level: times > 1 ? 'warning' : 'normal', times, stand };
}

function modelReason(job: CompletedJob): ModelReason {
  const isFilling = job.distance === null;
  return {
    of: 'model',
    ...(isFilling ? mute : rowOf(job.distance, learnedVerdictOf(job), job.thresholds)),
    isFilling,
  };
}
