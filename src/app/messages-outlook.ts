import type { Outlook } from '../domain/outlook';
import type { Rising } from '../domain/trend';
import { duration, utcDay } from './format';

const DAY = 86_400_000;

/** Every sentence about how the distance goes on, in English; see `t`. */
export const o = {
  /** for who reads the verdict; null unless a rise is certain enough */
  forecast: (outlook: Outlook, now: number): string | null =>
    outlook.trend?.kind === 'rising'
      ? `At this pace the drift limit is reached ${when(outlook.trend, outlook.newestAt, now)}; the distance rises by ${twoDigits(outlook.trend.perDay)} a day.`
      : null,
  /** for who wants to know more: how long the lens has been as it is, and why no day is told */
  remark: (outlook: Outlook, now: number): string =>
    [cleaned(outlook, now), reason(outlook)].filter((sentence) => sentence !== '').join(' '),
};

/** In days from now while the camera is followed; an archive's days count from its newest snapshot. */
function when({ reaches }: Rising, newestAt: number, now: number): string {
  const isFollowed = isRecent(newestAt, now);
  const from = isFollowed ? now : newestAt;
  const after = isFollowed ? '' : ' after the newest snapshot';
  const soonest = Math.max(0, Math.floor((reaches.earliest - from) / DAY));
  const lead = isFollowed ? 'in ' : '';
  if (reaches.latest === null) {
    const likely = Math.max(1, Math.round((reaches.at - from) / DAY));
    return `${lead}about ${days(likely)}${after}, or much later, but hardly before ${utcDay(reaches.earliest)}`;
  }
  const latest = Math.max(1, Math.ceil((reaches.latest - from) / DAY));
  if (soonest === 0) return `within ${days(latest)}${after}, by ${utcDay(reaches.latest)}`;
  return `${lead}${String(soonest)} to ${days(latest)}${after}, between ${utcDay(reaches.earliest)} and ${utcDay(reaches.latest)}`;
}

function cleaned({ cleanedAt, newestAt }: Outlook, now: number): string {
  if (cleanedAt === null) return '';
  if (isRecent(Math.max(newestAt, cleanedAt), now)) {
    return `${duration(Math.max(0, now - cleanedAt))} since the last cleaning.`;
  }
  if (cleanedAt > newestAt) return '';
  return `${duration(newestAt - cleanedAt)} from the last cleaning to the newest snapshot.`;
}

function reason({ trend, distances, span, since }: Outlook): string {
  if (!trend) return '';
  if (trend.kind === 'rising')
    return 'Fouling tends to speed up: the limit may come sooner than at this pace.';
  switch (trend.because) {
    case 'too-few':
    case 'too-short': {
      const begin = since ? ` since the ${since.kind === 'moved' ? 'move' : 'cleaning'}` : '';
      const found = `${String(distances)} ${distances === 1 ? 'distance' : 'distances'}`;
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

/** Whether somebody follows the camera day by day, so that "now" is meant. */
function isRecent(at: number, now: number): boolean {
  return now - at < DAY;
}

function days(count: number): string {
  return `${String(count)} ${count === 1 ? 'day' : 'days'}`;
}

function twoDigits(value: number): string {
  return String(Number(value.toPrecision(2)));
}
