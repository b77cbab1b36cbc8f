import type { Outlook } from '../domain/camera/outlook';
import { inLanguage } from './language';
import { reachFacts, sinceCleaning } from '../domain/camera/outlook-facts';
import { twoDigits } from './wording';
import en from '../../words/outlook.en.js';

const catalog = inLanguage('outlook', en);

export const o = {
  /** for who reads the verdict; null unless a rise is certain enough */
  forecast: ({ trend, newestAt }: Outlook, now: number): string | null => {
    if (trend?.kind !== 'rising') return null;
    const { latest, latestAt, ...reach } = reachFacts(trend, newestAt, now);
    const facts = { ...reach, rise: twoDigits(trend.perDay) };
    if (latest === null || latestAt === null) return catalog.forecast.open(facts);
    return catalog.forecast[reach.soonest === 0 ? 'soon' : 'between']({ ...facts, latest, latestAt });
  },
  /** for who wants to know more: how long the lens has been as it is, and why no day is told */
  remark: (outlook: Outlook, now: number) => {
    const since = sinceCleaning(outlook, now);
    return [since ? catalog.cleaned(since) : '', reason(outlook)]
      .filter((sentence) => sentence !== '')
      .join(' ');
  },
};

function reason({ trend, distances, span, since }: Outlook): string {
  if (!trend) return '';
  if (trend.kind === 'rising') return catalog.speedsUp;
  switch (trend.because) {
    case 'too-few':
    case 'too-short':
      return catalog.tooFew({ distances, hasSpan: distances > 1, span, since: since?.kind ?? 'start' });
    case 'above-limit':
      return '';
    default:
      return catalog.silent[trend.because];
  }
}
