import type { AppError } from '../domain/errors';
import type { Axis, CapturedFrom, RecordStatus } from '../domain/record-fields';
import type { ExperimentAccess } from './fleet.svelte';
import { limit, utc } from './format';
import { inLanguage, type Widened } from './language';
import { explain, t } from './messages';
import { countedGrouped, grouped, utcDates } from './wording';

const statusWords = {
  ...t.verdict.words,
  running: 'running',
} satisfies Record<RecordStatus, string>;

/** Every sentence that a person can see while browsing what DriftWatch holds; see `t`. */
const english = {
  list: {
    title: 'Experiments',
    search: 'Search by name',
    count: (shown: number, all: number) =>
      shown === all
        ? `${countedGrouped(all, 'experiment')}.`
        : `${grouped(shown)} of ${countedGrouped(all, 'experiment')}.`,
    listing: 'Reading the experiments…',
    none: 'There are no experiments yet.',
    noneFound: 'No experiment has such a name.',
    columns: { name: 'Name', access: 'Access', created: 'Created (UTC)' },
    unnamed: '(without a name)',
    privateHint:
      'Names of private experiments can be read by anyone, their jobs only by those whom the owner permits.',
  },
  access: {
    public: 'public',
    mine: 'mine',
    permitted: 'permitted',
    private: 'private',
    level: (level: ExperimentAccess['level']) => (level ? `You may ${level.toLowerCase()}` : ''),
  },
  head: {
    back: 'All experiments',
    refresh: 'Refresh',
    readAt: (at: number) => `Read ${utc(at)}.`,
    latest: (isFiltered: boolean) => (isFiltered ? 'Latest of these' : 'Latest'),
    since: 'since',
    sinceAtLeast: 'since at least',
    lastSeen: 'newest verdict',
    noVerdict: 'No job of this experiment says anything of a lens yet.',
  },
  count: {
    reading: 'Reading the jobs…',
    some: (shown: number, total: number | null) =>
      total === null
        ? `${countedGrouped(shown, 'job')} so far`
        : `${grouped(shown)} of ${countedGrouped(total, 'job')}`,
    all: (count: number) => `${countedGrouped(count, 'job')}, newest first.`,
    none: 'There are no jobs in this experiment yet.',
    noneFound: 'No job matches these filters.',
    more: (shown: number, total: number | null) =>
      total === null ? 'Load more' : `Load the other ${grouped(total - shown)}`,
    tryAgain: 'Try again',
  },
  filters: {
    title: 'Filters',
    tag: 'Tag',
    anyTag: 'any tag',
    status: 'Job status',
    any: 'any',
    statuses: { Running: 'running', Completed: 'completed', Failed: 'failed' },
    drift: 'Drift',
    drifts: { yes: 'drift', no: 'no drift' },
    from: 'Captured from (UTC)',
    until: 'Captured until (UTC)',
    clear: 'Clear the filters',
  },
  status: statusWords,
  sources: {
    captured_at_ms: 'as its writer says (captured_at_ms)',
    captured_at: 'as its writer says (captured_at)',
    created_at: 'no capture time given: this is when it was sent',
  } satisfies Record<CapturedFrom, string>,
  table: {
    label: (experiment: string) => `Jobs of ${experiment}`,
    captured: 'Captured (UTC)',
    sent: 'sent',
    timeless: 'no time',
    image: 'Image',
    status: 'Status',
    model: 'Model',
    tags: 'Tags',
    select: (what: string) => `Select the job of ${what}`,
    selectAll: 'Select all jobs',
    selected: (count: number) => `${grouped(count)} selected`,
    selectNone: 'Select none',
    showMore: (count: number) => `Show ${grouped(count)} more`,
    exportCsv: (count: number) => `Export CSV (${grouped(count)})`,
    exportJson: (count: number) => `Export JSON Lines (${grouped(count)})`,
    exportPart: 'Not all jobs have been loaded, so files hold only those that have.',
  },
  plot: {
    title: 'Plot',
    x: 'X axis',
    y: 'Y axis',
    axis: axisName,
    span: (axis: Axis, from: number, to: number) => `${axisName(axis)}, ${utcDates(from, to)}`,
    savePng: 'Save as PNG',
    heading: (experiment: string, y: string, x: string) => `${experiment}: ${y} over ${x}`,
    count: (count: number) => grouped(count),
    scope: (count: number, isSelection: boolean) =>
      isSelection ? `${countedGrouped(count, 'selected job')}.` : `${countedGrouped(count, 'job')}.`,
    leftOut: (count: number) =>
      count === 0 ? '' : `${countedGrouped(count, 'job has', 'jobs have')} no number on these axes.`,
    summary: (count: number, y: string, x: string) =>
      `Scatter plot of ${y} over ${x}, ${countedGrouped(count, 'point')}. The table below has every number.`,
    warning: (value: number) => `warning ${limit(value)}`,
    drift: (value: number) => `drift ${limit(value)}`,
    none: 'Nothing to plot: no job here has a number on both axes.',
    noAxis: 'Nothing to plot: the jobs carry no parameter that is a number.',
    failed: 'The plot could not be loaded. Every number is in the table.',
    limits: { warning: 'warning limit', drift: 'drift limit' },
  },
  record: {
    title: 'Job',
    parameters: 'Parameters',
    noParameters: 'This job has no parameters.',
    captured: 'Captured',
    created: 'Sent',
    createdUnreadable: (text: string) => `${text || 'no time'} (can’t be read as a time)`,
    id: 'Id',
    jobStatus: 'Job status',
    model: 'Model',
    driftDetected: 'Drift detected',
    yes: 'yes',
    no: 'no',
    tags: 'Tags',
    none: '–',
    sameJob: 'The snapshot, from this device.',
    sameName: 'A snapshot of the same name on this device; it may be another picture.',
    noPicture: 'This device does not have the snapshot. Pictures are never fetched from elsewhere.',
    pictureOf: (name: string) => `Snapshot ${name}`,
    newer: 'Newer',
    older: 'Older',
    json: 'As JSON',
  },
  problem,
};

/** What every language has a sentence for. */
export type FleetMessages = Widened<typeof english>;

/** Every sentence for browsing what DriftWatch holds, in the language of the page. */
export const f = inLanguage('fleet', english);

function axisName(axis: Axis): string {
  return axis.of === 'captured'
    ? 'capture time (UTC)'
    : axis.of === 'created'
      ? 'time sent (UTC)'
      : axis.path;
}

/** The sentence for what stopped the reading. */
function problem(error: AppError): string {
  // Nothing is written here, so the level that others need to send is not what is missing.
  return error.code === 'not-permitted'
    ? 'Only those whom its owner permits can read the jobs of this experiment. Ask the owner to give your DriftWatch id the level Read, or connect with another account.'
    : explain(error.code, error.detail);
}
