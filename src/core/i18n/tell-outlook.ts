import { nextCleaning, type CycleCourse, type NextCleaning } from '../domain/camera/cycle-course';
import type { CameraEvent } from '../domain/camera/event';
import type { CompletedJob } from '../domain/camera/job';
import { outlookOf, type Outlook } from '../domain/camera/outlook';
import { reachFacts, sinceCleaning } from '../domain/camera/outlook-facts';
import type { RisingTrend } from '../domain/drift/trend';
import { outlookWords } from '../../words/outlook';
import { twoDigits } from './wording';

export interface OutlookSentences {
  /** when the lens will have to be cleaned; null unless a rise is certain enough */
  readonly forecast: string | null;
  /** how long the lens has been as it is, and why no day is told; empty when there is nothing to say */
  readonly remark: string;
  /** the same forecast for the chart */
  readonly rising: RisingTrend | null;
}

/**
 * Jobs are one history; jobs and events are in capture order, `now` is milliseconds since 1970.
 *
 * @param cycles - of the camera, which tell where no trend does
 */
export function tellOutlook(
  jobs: readonly CompletedJob[],
  events: readonly CameraEvent[],
  now: number,
  cycles: readonly CycleCourse[],
): OutlookSentences | null {
  const outlook = outlookOf(jobs, events, now);
  if (!outlook) return null;
  return {
    forecast: forecastSentence(outlook, now) ?? usualSentence(nextCleaning(cycles, now)),
    remark: remarkSentences(outlook, now),
    rising: outlook.trend?.kind === 'rising' ? outlook.trend : null,
  };
}

function forecastSentence({ trend, newestAt }: Outlook, now: number): string | null {
  if (trend?.kind !== 'rising') return null;
  const { latest, latestAt, ...reach } = reachFacts(trend, newestAt, now);
  const facts = { ...reach, rise: twoDigits(trend.perDay) };
  if (latest === null || latestAt === null) return outlookWords.forecast.open(facts);
  return outlookWords.forecast[reach.soonest === 0 ? 'soon' : 'between']({ ...facts, latest, latestAt });
}

function usualSentence(next: NextCleaning | null): string | null {
  return next && outlookWords.forecast.usual({ ...next });
}

function remarkSentences(outlook: Outlook, now: number): string {
  const since = sinceCleaning(outlook, now);
  return [since ? outlookWords.cleaned(since) : '', whyNoForecast(outlook)]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function whyNoForecast({ trend, distances, span, since }: Outlook): string {
  if (!trend) return '';
  if (trend.kind === 'rising') return outlookWords.speedsUp;
  switch (trend.because) {
    case 'too-few':
    case 'too-short':
      return distances > 1
        ? outlookWords.tooFew({ distances, span, since: since?.kind ?? 'start' })
        : outlookWords.tooFewYet({ distances, since: since?.kind ?? 'start' });
    case 'above-limit':
      return '';
    default:
      return outlookWords.silent[trend.because];
  }
}
