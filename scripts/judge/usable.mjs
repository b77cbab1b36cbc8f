/**
 * How well the page says when a lens became suspect, and how many hours can be used, by src/core/domain/usable, against
 * what a person saw.
 *
 * A snapshot stands for the same time in both counts (effort.ts). By the labels its time is usable where the lens is clean or
 * shows first traces (0, 1) and the water is clear or hazy (0, 1); by the page, where a span is `usable`. Both count all
 * daylight of a month, the days of the reference too, as where a person gives the whole folder. Neither counts snapshots of
 * another view, nor those whose border between traces and fouled the labeller would not defend; what comes of these stands
 * beside it, as does what is left without the days of the reference.
 */

const DAY = 86_400_000;
const HOUR = 3_600_000;
const NONE = { labels: 0, page: 0 };

/**
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @param {import('./cameras.mjs').Course[]} courses
 * @param {object[][]} jobs - of each, one for each snapshot of its stream
 * @returns rows of two tables
 */
export async function usableTime(load, courses, jobs) {
  const { usableTimeOf } = await load('features/science/pure/usable/spans');
  const { beginOf } = await load('features/science/pure/usable/hours');
  const onsets = [];
  const months = new Map();
  for (const [i, { camera, cycle, onset, reference, stream }] of courses.entries()) {
    const time = usableTimeOf({ jobs: jobs[i], events: [], byHand: [], references: [], silentUntil: null });
    onsets.push({ camera, cycle, ...onsetRow(time.onsets[0], onset) });
    const frozen = reference.at(-1).capturedAt;
    for (const [k, effort] of time.efforts.entries()) {
      const { capturedAt, truth, isMurky, isDefended } = stream[k];
      if (truth === 'other') continue;
      const month = beginOf('month', capturedAt);
      const key = `${camera} ${month}`;
      const row = months.get(key) ?? { camera, month, seen: 0, defended: NONE, every: NONE, later: NONE };
      const told = {
        labels: truth === 'clean' && !isMurky ? effort.end - effort.begin : 0,
        page: usableWithin(time.spans, effort),
      };
      months.set(key, {
        ...row,
        seen: row.seen + (isDefended ? effort.end - effort.begin : 0),
        defended: isDefended ? sum(row.defended, told) : row.defended,
        every: sum(row.every, told),
        later: isDefended && capturedAt > frozen ? sum(row.later, told) : row.later,
      });
    }
  }
  return { onsets, months: [...months.values()].map(monthRow) };
}

function onsetRow(found, truth) {
  if (!found)
    return { labelled: day(truth), found: 'never', 'off by days': '-', interval: '-', 'covers it': 'no' };
  const isCovered = found.low < truth + DAY && found.high >= truth;
  return {
    labelled: day(truth),
    found: day(found.at),
    // Labels are of whole days: their middle.
    'off by days': ((found.at - truth) / DAY - 0.5).toFixed(1),
    interval: `${day(found.low)} to ${day(found.high)}`,
    'covers it': isCovered ? 'yes' : 'no',
  };
}

function monthRow({ camera, month, seen, defended, every, later }) {
  return {
    camera,
    month: new Date(month).toISOString().slice(0, 7),
    'hours seen': hours(seen),
    'usable by labels': hours(defended.labels),
    'by the page': hours(defended.page),
    'off by': offBy(defended),
    'every border': `${hours(every.labels)}, ${hours(every.page)}: ${offBy(every)}`,
    'after the reference': `${hours(later.labels)}, ${hours(later.page)}: ${offBy(later)}`,
  };
}

function usableWithin(spans, { begin, end }) {
  return spans
    .filter(({ usability }) => usability === 'usable')
    .reduce((length, span) => length + Math.max(0, Math.min(end, span.end) - Math.max(begin, span.begin)), 0);
}

function sum(a, b) {
  return { labels: a.labels + b.labels, page: a.page + b.page };
}

function hours(length) {
  return (length / HOUR).toFixed(1);
}

function offBy({ labels, page }) {
  const off = page - labels;
  return labels > 0 ? `${((100 * off) / labels).toFixed(0)} %` : `${hours(off)} h`;
}

function day(time) {
  return new Date(time).toISOString().slice(5, 10);
}
