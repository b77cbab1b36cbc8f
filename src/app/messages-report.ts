import type { Calibration } from '../domain/calibration';
import type { Camera, CompletedJob } from '../domain/job';
import type { QartodFlag } from '../domain/qartod';
import { counted, duration, limit, threeDigits, utc, written } from './format';
import { inLanguage, type Widened } from './language';
import { t } from './messages';
import { c } from './messages-calibrate';
import type { CoverageFacts, Facts, Span, Unit } from './report/facts';
import type { Provenance } from './report/provenance';

const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** Every sentence of the report and of the form that makes it, in English; loaded with it. */
const english = {
  /** of the document, as HTML names it */
  lang: 'en',
  month: (at: number) => written(MONTH, at),
  form: {
    label: 'Report',
    span: 'Report on',
    spans: {
      all: 'all snapshots',
      month: 'the 30 days up to the newest snapshot',
      cleaning: 'snapshots since the last cleaning',
    } satisfies Record<Span, string>,
    make: 'Save the report',
    making: 'Making the report…',
    made: (name: string, size: string) =>
      `${name} was saved, ${size}. It opens without Porthole and without a network.`,
    hint: 'One file with the verdict, the chart, the worst snapshots and where every number comes from. Small pictures of snapshots are in it.',
  },
  title: (camera: string) => `Report on ${camera}`,
  lead: ({ source, counts }: Facts, version: string) =>
    `Made ${utc(source.now)} by Porthole ${version}. ${jobsCounted(counts)} All times are UTC.`,
  span: ({ span }: Facts) => {
    const { from, to, kind } = span;
    const about = `On ${english.form.spans[kind]}`;
    return from === null || to === null
      ? `${about}.`
      : `${about}: ${utc(from)} to ${utc(Math.max(from, to))}.`;
  },
  verdict: {
    title: 'Verdict now',
    none: 'No snapshot has been checked with this camera’s present settings.',
    since: (at: number, word: string) => `So since ${utc(at)} (${word}).`,
    newest: (at: number) => `The newest snapshot was taken ${utc(at)}.`,
    old: (age: number) =>
      `That was ${duration(age)} before this report was made: the lens may look different by now.`,
  },
  chart: {
    title: 'Distance over capture time',
    drawn: (points: number, gaps: number, events: number) =>
      `${counted(points, 'point')} drawn, ${counted(gaps, 'gap')}, ${events === 1 ? '1 cleaning or move' : `${String(events)} cleanings and moves`}.`,
    present: 'Present settings',
    earlier: 'Earlier settings',
    settings: (job: Pick<CompletedJob, 'detector'>, model: string, reference: number) =>
      `Model ${model}, reference ${String(reference)}, sigma ${threeDigits(job.detector.sigma)}, window ${String(job.detector.windowSize)}.`,
    none: 'No full window was judged in this span with these settings, so there is no distance to draw.',
    legend:
      'Dashed lines are the limits as they were in force. Shaded: warning and drift, with a low strip below for a warning and a high one for drift; the lowest strip is a window that fills. Grey bands are pauses of the camera.',
    thinned: (drawn: number, all: number) =>
      `${drawn.toLocaleString('en-GB')} of ${all.toLocaleString('en-GB')} distances are drawn; no peak is left out.`,
    asTable: 'The same as a table',
    leftOut: (count: number) =>
      `${counted(count, 'older history', 'older histories')} with other settings left out; the CSV export has every number.`,
    own: 'Distances of other models or settings mean something else, so each has a chart of its own.',
  },
  summary: {
    title: 'Summary in numbers',
    units: { day: 'Day', month: 'Month', year: 'Year' } satisfies Record<Unit, string>,
    caption: (settings: string) => `${settings} The columns 1 to 9 count QARTOD flags.`,
    snapshots: 'Snapshots',
    worst: 'Highest distance',
    verdict: 'Worst verdict',
    flag: (flag: QartodFlag) => t.job.flags[flag].slice(1),
    leftOut: (count: number) => `${counted(count, 'older row')} left out.`,
    flags:
      'QARTOD flags (IOOS): 1 pass, normal; 2 not evaluated, the window fills or the embedding could not be judged; 3 suspect, warning; 4 fail, drift; 9 missing, the file could not be read. The CSV export has one for each snapshot.',
  },
  calibration: {
    title: 'Calibration',
    none: (warning: string, drift: string) =>
      `The limits in force, ${warning} and ${drift}, are not calibrated for this camera.`,
    inForce: (calibration: Calibration, reference: number) =>
      `In force: ${c.versions.name(calibration.version, calibration.createdAt)}. ${capital(c.versions.facts(calibration, reference))}`,
    imported: 'It came with a configuration file; this device has not seen the days that it was measured on.',
    evidence: {
      windows: 'Clean windows',
      effectiveWindows: 'worth, in independent windows',
      highestDistance: 'Highest clean distance',
      independentDrift: 'Drift limit if snapshots were independent',
      dirtySnapshots: 'Known-dirty snapshots tried',
      dirtyDelay: 'Drift raised by dirty snapshot',
    },
    never: 'not raised',
  },
  coverage: {
    title: 'What the reference covers',
    lead: (version: number, count: number) =>
      `Reference ${String(version)}: ${counted(count, 'clean embedding')}.`,
    unknown: 'When its snapshots were taken is not known.',
    none: 'This camera has no reference.',
    facts: ({ snapshots, days }: CoverageFacts) =>
      `${counted(snapshots, 'snapshot')} of ${counted(days, 'day')}, by hour of the day in UTC:`,
    leftOut: (count: number) => `${counted(count, 'older row')} left out.`,
  },
  worst: {
    title: 'Highest distances',
    what: 'A distance is of a whole window; shown is the newest snapshot of each.',
    drift: 'Where drift began',
    driftEvents: (all: number, shown: number) =>
      all === 0
        ? 'No drift was raised in this span.'
        : `${counted(all, 'drift event')}${shown < all ? `, the newest ${String(shown)} shown` : ''}, with the first snapshot of each.`,
    none: 'There is no distance in this span.',
    picture: (name: string) => `Snapshot ${name}`,
    noPicture: 'picture not stored',
    leftOut: 'picture left out to keep this file small',
    distance: (job: CompletedJob) =>
      job.distance === null
        ? 'no distance'
        : `distance ${threeDigits(job.distance)}, limits ${limit(job.thresholds.warning)} and ${limit(job.thresholds.drift)}`,
    guessed: 'time guessed from the file date',
    opinion: 'Second opinion:',
  },
  cleanings: {
    title: 'Cleanings and what they did',
    none: 'No cleaning was logged in this span.',
    when: 'Cleaned (UTC)',
    note: 'Note',
    report: 'What it did',
    notes: 'Moves and notes',
    kind: 'Kind',
    leftOut: (count: number) => `${String(count)} older left out.`,
  },
  failed: {
    title: 'Files that could not be checked',
    none: 'Every file in this span could be read.',
    name: 'File',
    why: 'Why',
    when: 'Captured (UTC)',
    leftOut: (count: number) => `${String(count)} older left out.`,
  },
  method: {
    title: 'Method',
    sentences: (detector: string, windowSize: number, sigma: number) => [
      'Each snapshot is resized and normalised as torchvision does on Pillow’s bytes, and an ONNX autoencoder turns it into an embedding.',
      `A sliding window of the newest ${String(windowSize)} embeddings is compared with the clean reference by ${detector === 'mmd-streaming' ? 'Frouros MMDStreaming, the unbiased estimate of the squared Maximum Mean Discrepancy (Gretton et al. 2012)' : detector}, with the RBF kernel exp(−d² / 2σ²), σ = ${threeDigits(sigma)}.`,
      'A distance strictly above the drift limit says drift, above the warning limit warning, as far as persistence asks for; a logged cleaning empties the window and leaves the reference.',
    ],
    negative: t.chart.negative,
  },
  provenance: {
    title: 'Provenance',
    model: 'Model',
    modelFile: 'SHA-256 of the model’s ONNX file',
    reference: 'SHA-256 of the reference',
    config: 'SHA-256 of config.toml, as Porthole exports it',
    version: 'Porthole',
    detector: 'Detector',
    detectorOf: (name: string, windowSize: number, sigma: number) =>
      `${name}, window ${String(windowSize)}, sigma ${String(sigma)}`,
    thresholds: 'Limits',
    thresholdsOf: (warning: number, drift: number) => `warning ${String(warning)}, drift ${String(drift)}`,
    persistence: 'Persistence',
    persistenceOf: (raise: number, clear: number, below: number) =>
      `raised after ${String(raise)}, cleared after ${String(clear)} below ${String(below)} of the limit`,
    transform: 'Transform',
    transformOf: ({ resize, mean, std }: Camera['transform']) =>
      `resize ${String(resize.height)} × ${String(resize.width)}, mean ${mean.join(', ')}, std ${std.join(', ')}`,
    warmUp: 'Window before the first snapshot',
    warmUps: {
      reference: 'filled from the reference',
      snapshots: 'filled with clean snapshots kept out of the reference',
      none: 'empty',
    },
    backend: 'Encoder in this visit',
    backendOf: ({ encoder }: Provenance) =>
      encoder?.backend ? t.settings.backend[encoder.backend] : 'not started in this visit',
    selfTest: 'Self-test',
    selfTestOf: ({ encoder }: Provenance) =>
      !encoder?.backend
        ? 'not run in this visit'
        : encoder.selfTest
          ? t.settings.selfTestPassed(encoder.selfTest.difference, encoder.selfTest.tolerance)
          : t.settings.selfTestNone,
    browser: 'Browser',
    counts: 'Counts',
    countsOf: (facts: Facts) => jobsCounted(facts.counts),
    none: 'none',
    recompute:
      'The hash of the reference is of its embeddings as little-endian float32, row after row, then each name in UTF-8 with a line feed after it. With the .npz that Porthole exports:',
  },
};

/** What every language has a sentence for. */
export type ReportMessages = Widened<typeof english>;

/** Every sentence of the report and of the form that makes it, in the language of the page. */
export const r = inLanguage('report', english);

function jobsCounted({ jobs, scored, failed }: Facts['counts']): string {
  return `${counted(jobs, 'job')} in this span: ${String(scored)} scored, ${counted(failed, 'file')} that could not be checked.`;
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
