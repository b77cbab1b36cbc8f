import type { Outlook } from '../domain/outlook';
import { counted, duration, utcDay } from './format';
import { inLanguage, type Widened } from './language';
import { reachOf, sinceCleaning, type ReachFacts } from './outlook-facts';
import { twoDigits } from './wording';

/** Every sentence about how the distance goes on, in English; see `t`. */
const english = {
  /** for who reads the verdict; null unless a rise is certain enough */
  forecast: (outlook: Outlook, now: number): string | null =>
    outlook.trend?.kind === 'rising'
      ? `At this pace the drift limit is reached ${when(reachOf(outlook.trend, outlook.newestAt, now))}; the distance rises by ${twoDigits(outlook.trend.perDay)} a day.`
      : null,
  /** for who wants to know more: how long the lens has been as it is, and why no day is told */
  remark: (outlook: Outlook, now: number): string =>
    [cleaned(outlook, now), reason(outlook)].filter((sentence) => sentence !== '').join(' '),
};

/** What every language has a sentence for. */
export type OutlookMessages = Widened<typeof english>;

/** Every sentence about how the distance goes on, in the language of the page. */
export const o = inLanguage('outlook', english);

function when(facts: ReachFacts): string {
  const { isFollowed, soonest, latest, likely, earliestAt, latestAt } = facts;
  const after = isFollowed ? '' : ' after the newest snapshot';
  const lead = isFollowed ? 'in ' : '';
  if (latest === null || latestAt === null) {
    return `${lead}about ${counted(likely, 'day')}${after}, or much later, but hardly before ${utcDay(earliestAt)}`;
  }
  if (soonest === 0) return `within ${counted(latest, 'day')}${after}, by ${utcDay(latestAt)}`;
  return `${lead}${String(soonest)} to ${counted(latest, 'day')}${after}, between ${utcDay(earliestAt)} and ${utcDay(latestAt)}`;
}

function cleaned(outlook: Outlook, now: number): string {
  const since = sinceCleaning(outlook, now);
  if (!since) return '';
  return since.isFollowed
    ? `${duration(since.span)} since the last cleaning.`
    : `${duration(since.span)} from the last cleaning to the newest snapshot.`;
}

function reason({ trend, distances, span, since }: Outlook): string {
  if (!trend) return '';
  if (trend.kind === 'rising')
    return 'Fouling tends to speed up: the limit may come sooner than at this pace.';
  switch (trend.because) {
    case 'too-few':
    case 'too-short': {
      const begin = since ? ` since the ${since.kind === 'moved' ? 'move' : 'cleaning'}` : '';
      const found = counted(distances, 'distance');
      return `No trend can be told yet: ${found}${distances > 1 ? ` in ${duration(span)}` : ''}${begin}.`;
    }
    case 'not-rising':
      return 'The distance is not rising.';
    case 'too-uncertain':
      return 'The distance may be rising, but too unsteadily to tell a day.';
    case 'too-far':
      return 'The distance rises, but too slowly to tell when it reaches the drift limit.';
    case 'above-limit':
      return '';
  }
}
