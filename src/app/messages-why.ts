import type { Calibration } from '../domain/calibration';
import { AppError } from '../domain/errors';
import type { CompletedJob } from '../domain/job';
import type { Finding } from '../domain/second-opinion';
import { limit, threeDigits, utc } from './format';
import { inLanguage, type Widened } from './language';
import { explain, t } from './messages';
import { percent, scientific } from './wording';
import type { MapBlocker, Placed, SecondOpinion } from './why';
import { fewDaysOf, hintOf, limitsOf, persistenceOf, type Hint } from './why-facts';

/** Every sentence of the card that explains a job, in English; loaded with it. */
const english = {
  opening: 'Looking into it…',
  failed: (error: unknown) =>
    error instanceof AppError
      ? explain(error.code, error.detail)
      : explain('unexpected', error instanceof Error ? error.message : ''),
  distance: (job: CompletedJob): string => distanceSentence(job),
  persistence: (job: CompletedJob): string | null => persistenceSentence(job),
  limits: (job: CompletedJob, calibrations: readonly Calibration[]): string =>
    limitsSentence(job, calibrations),
  window: {
    title: 'What weighs most in the window',
    lead: (count: number, clean: number) =>
      `The distance is the sum of these ${String(count)} shares, the largest first. Familiarity is how alike a snapshot looks to the clean ones, which have ${percent(clean)} among themselves.`,
    filling: 'Shares come with the first distance, when the window is full.',
    lost: 'The window that gave this distance can’t be put together any more: since then a cleaning was logged or taken back, or a snapshot of it was deleted.',
    changed: (distance: number) =>
      `These sum to ${threeDigits(distance)}, not to the distance that was stored: a late snapshot, a deletion, a cleaning or a change of the window came since. The stored distance stands.`,
    noReference: 'The reference that this snapshot was compared with is not on this device.',
    share: (share: number) => `${share > 0 ? '+' : ''}${threeDigits(share)}`,
    familiarity: (value: number) => `familiarity ${percent(value)}`,
    open: (name: string, share: number, familiarity: number) =>
      `Open ${name}: share ${threeDigits(share)}, familiarity ${percent(familiarity)}`,
    own: 'this snapshot',
    warmUp: {
      'kept-out': 'clean snapshot kept out of the reference',
      reference: 'clean snapshot of the reference',
    },
    more: (count: number) => `Show ${String(count)} more`,
  },
  picture: {
    label: 'The picture',
    clean: 'clean',
    own: 'this snapshot',
    swipe: 'How much of the clean snapshot is shown, in percent',
    swipeHint: 'Drag across the picture, or use the arrow keys, to compare.',
    cleanAlt: (name: string) => `Nearest clean snapshot${name ? `, ${name}` : ''}`,
    nearest: (name: string, at: number | null, distance: number, sigma: number) =>
      `Nearest clean snapshot: ${name || 'unnamed'}${at === null ? '' : `, ${utc(at)}`}; to the model this one is ${threeDigits(distance / sigma)} times sigma away from it.`,
    noPictures:
      'The reference has no pictures to compare with: it was imported as embeddings, or frozen by an older version.',
  },
  map: {
    show: 'Show where it differs',
    hide: 'Hide the map',
    computing: 'The model draws it…',
    strength: 'Strength of the map',
    alt: 'Heat map of where the model’s drawing differs from the picture',
    blocked: {
      'model-missing':
        'The model that scored this snapshot is not on this device. Drop its .onnx file on the page to see where it differs.',
      'no-decoder': 'This model has no decoder, so it can’t draw what it expected to see.',
      busy: 'Porthole is at work on a batch. This comes when it is done.',
    } satisfies Record<MapBlocker, string>,
    what: 'The model, which learned from clean pictures, draws the picture from its embedding. Bright is where the drawing differs; fine edges it always blurs.',
    error: (error: number, usual: number | null) =>
      `Reconstruction error ${scientific(error)}${usual === null ? '' : `, ${threeDigits(error / usual)} times that of the nearest clean snapshot (${scientific(usual)})`}.`,
    scale: 'mean difference of a pixel, 0 to 1',
  },
  opinion: {
    title: 'Second opinion',
    lead: 'Dirty is not dark, moved or foggy: this looks at the picture itself and leaves the verdict alone.',
    nothing: 'Nothing else is unusual about the picture.',
    nothingKnown: 'Nothing unusual was found in what could be looked at.',
    noUsual:
      'What is usual is not known: this reference came without its pictures’ facts. A new version of it will have them.',
    placed: {
      'in-place': 'The scene stands where it stood in the clean pictures.',
      moved: null,
      unsure: 'Whether the camera moved can’t be told: the pictures share too few edges.',
      'logged-move': 'A move was logged after the reference, so it is not asked whether the camera moved.',
      'no-pictures': 'Whether the camera moved can’t be told without the reference’s pictures.',
    } satisfies Record<Placed, string | null>,
    finding: (finding: Finding): string => findingSentence(finding),
    hint: (job: CompletedJob, opinion: SecondOpinion): string | null => {
      const hint = hintOf(job, opinion);
      return hint && HINTS[hint];
    },
    hedge: (opinion: SecondOpinion): string | null => {
      const days = fewDaysOf(opinion);
      return days === null
        ? null
        : `The reference covers ${days === 1 ? 'one day' : `${String(days)} days`} only, so other weather, water or season looks unusual too.`;
    },
  },
};

/** What every language has a sentence for. */
export type WhyMessages = Widened<typeof english>;

/** Every sentence of the card that explains a job, in the language of the page. */
export const w = inLanguage('why', english);

function distanceSentence({ distance, thresholds, windowFill, detector, blindness }: CompletedJob): string {
  if (blindness) return explain('detector-blind', blindness);
  const { warning, drift } = thresholds;
  if (distance === null) {
    return `The window holds ${String(windowFill)} of ${String(detector.windowSize)} snapshots, so there is no distance yet.`;
  }
  const start = `Distance ${threeDigits(distance)}`;
  if (distance > drift) {
    const times = drift > 0 ? `${threeDigits(distance / drift)} times` : 'above';
    return `${start} is ${times} the drift limit of ${limit(drift)}.`;
  }
  if (distance > warning) {
    const times = warning > 0 ? `${threeDigits(distance / warning)} times` : 'above';
    return `${start} is ${times} the warning limit of ${limit(warning)}, and ${percent(distance / drift)} of the drift limit of ${limit(drift)}.`;
  }
  const share = warning > 0 && distance > 0 ? `${percent(distance / warning)} of` : 'below';
  return `${start} is ${share} the warning limit of ${limit(warning)}.`;
}

function persistenceSentence(job: CompletedJob): string | null {
  const facts = persistenceOf(job);
  if (!facts) return null;
  const words = t.verdict.words;
  const start = `This distance alone would say ${words[facts.alone]}, but`;
  if (facts.kind === 'pending') {
    return `${start} an alarm is raised only after ${String(facts.raiseAfter)} windows in a row above its limit, and they were fewer.`;
  }
  const { clearAfter, lowerLine } = facts;
  const windows = clearAfter === 1 ? 'with a window' : `after ${String(clearAfter)} windows in a row`;
  return `${start} the alarm of ${words[facts.status]} was raised before and is held: it clears ${windows} not above ${limit(lowerLine)}.`;
}

function limitsSentence(job: CompletedJob, calibrations: readonly Calibration[]): string {
  const origin = limitsOf(job, calibrations);
  switch (origin.kind) {
    case 'unknown':
      return 'It was scored before Porthole noted whether limits were calibrated.';
    case 'published':
      return 'The limits are the published ones, not calibrated for this camera.';
    case 'own':
      return 'The limits are a person’s own, not calibrated for this camera.';
    case 'other':
      return 'The limits were calibrated for other settings or another reference, not for these.';
    case 'imported':
      return `The limits were ${t.verdict.imported(origin.evidence)}.`;
    case 'calibrated': {
      const { windows, days } = origin.evidence;
      return `The limits were calibrated on ${String(windows)} clean windows of ${days === 1 ? 'one day' : `${String(days)} days`} of this camera (settings ${String(origin.version)}).`;
    }
    case 'replayed':
      return `The limits were chosen by replaying this camera’s history (settings ${String(origin.version)}).`;
  }
}

function findingSentence(finding: Finding): string {
  switch (finding.kind) {
    case 'frozen':
      return `The camera seems frozen: ${String(finding.count)} snapshots in a row show the very same picture, since ${utc(finding.since)}.`;
    case 'other-camera':
      return finding.because === 'name'
        ? `It seems to come from another camera: its name says ${finding.got}, the reference’s say ${finding.usual}.`
        : `It seems to come from another camera: ${String(finding.got.width)} × ${String(finding.got.height)} pixels have other proportions than ${String(finding.usual.width)} × ${String(finding.usual.height)}.`;
    case 'moved':
      return `The camera seems to have moved: the scene is ${ways(finding.right, finding.down)} of where it was in clean pictures.`;
    default:
      return `${COMPARED[finding.kind]}: ${threeDigits(finding.value)}, usually ${threeDigits(finding.usual)}.`;
  }
}

const COMPARED: Record<Extract<Finding, { property: unknown }>['kind'], string> = {
  darker: 'Darker than the reference',
  brighter: 'Brighter than the reference',
  blurrier: 'Blurrier than the reference',
  greener: 'Greener than the reference',
  bluer: 'Bluer than the reference',
  redder: 'Redder than the reference',
  'lower-contrast': 'Less contrast than the reference',
  hazier: 'Hazier than the reference',
  'worse-rebuilt': 'The model draws it worse than the reference',
};

function ways(right: number, down: number): string {
  const parts = [
    [right, 'right', 'left'],
    [down, 'down', 'up'],
  ] as const;
  return parts
    .filter(([share]) => Math.abs(share) >= 0.005)
    .map(([share, positive, negative]) => `${percent(Math.abs(share))} ${share > 0 ? positive : negative}`)
    .join(' and ');
}

const HINTS: Record<Hint, string> = {
  camera: 'That alone can raise the distance: look after it before you clean.',
  murk: 'Murky water does that, and so does a fouled lens: murk goes with the tide, a film stays.',
  light: 'Light may be part of why: compare with a snapshot of another hour.',
  unexplained: 'Neither light, murk nor a move explains the distance: look at the lens.',
};
