import type { DrillAnswer, LensVerdict, RunVerdict } from '../domain/drill';
import type { Fouling, FoulingMeasure } from '../domain/fouling';
import type { Judging } from '../domain/judge';
import { counted, limit, threeDigits } from './format';
import { inLanguage, type Widened } from './language';
import { FOULING_NAMES } from './messages-fouling';
import { capital, lasting, percentOrUnder } from './wording';

/** Every sentence of the fouling drill, in English; loaded with the Calibrate place. */
const english = {
  title: 'Fouling drill',
  what: 'Which dirt would you notice, and how soon? Choose 12 to 48 snapshots of a clean lens: each is seen by the model through thirty dirty lenses, and judged with the settings of this page. Nothing is stored.',
  caveat:
    'The dirt is drawn, one example of each kind: what grows in your water may look different, and comes slowly.',
  choose: 'Choose snapshots for the drill',
  chooseFolder: 'Choose a folder for the drill',
  tooFew: (count: number, fewest: number) =>
    `${counted(count, 'snapshot')} ${count === 1 ? 'is' : 'are'} too few. Choose at least ${String(fewest)} that show a clean lens.`,
  noneReadable: 'None of these files could be read as a picture.',
  used: (used: number, chosen: number, leftOut: number) =>
    chosen - leftOut > used
      ? `${String(used)} of the ${String(chosen)} chosen snapshots, spread evenly over their time, through 30 lenses.`
      : `${counted(used, 'clean snapshot')} through 30 lenses.`,
  inReference: (count: number) =>
    `${counted(count, 'snapshot')} of the reference ${count === 1 ? 'is' : 'are'} among them, so distances are a little low.`,
  pace: (step: number, isOwn: boolean) =>
    isOwn
      ? `This camera takes a snapshot about every ${lasting(step)}.`
      : `Times are at the pace of the chosen snapshots, one about every ${lasting(step)}.`,
  draft: 'Judged with the settings you are trying, not yet the camera’s own.',
  leftOut: 'Left out of the drill',
  clean: ({ driftStatus, highest }: RunVerdict): string =>
    driftStatus === 'normal'
      ? `Clean snapshots: normal, the highest distance is ${threeDigits(highest)}.`
      : `Clean snapshots: ${driftStatus}, the highest distance is ${threeDigits(highest)}. That is a false alarm, so the answers below mean little. Choose snapshots of a clean lens, or higher limits.`,
  answersTitle: 'What you would notice',
  answer: (answer: DrillAnswer, judging: Judging, step: number | null): string =>
    answer.noticed ? noticed(answer, answer.noticed, step) : missed(answer, judging),
  kinds: FOULING_NAMES,
  /** what the numbers of a kind say */
  measures: {
    film: 'opacity',
    silt: 'opacity',
    growth: 'picture hidden',
    droplets: 'picture behind drops',
    defocus: 'blur, of the width',
    cover: 'picture hidden',
  } satisfies Record<Fouling, string>,
  measure: ({ value }: FoulingMeasure) => percentOrUnder(value),
  table: {
    title: 'Every lens that was tried',
    caption: 'Verdict, images until it came, and distance; a cell opens the picture',
    kind: 'Dirt',
    severity: (severity: number) => `severity ${String(severity)}`,
    delay: ({ warningDelay, driftDelay }: LensVerdict) => {
      const delay = driftDelay ?? warningDelay;
      return delay === null ? 'not noticed' : `after ${counted(delay, 'image')}`;
    },
    distance: (distance: number) => threeDigits(distance),
    open: (kind: Fouling, severity: number) => `Show ${FOULING_NAMES[kind]}, severity ${String(severity)}`,
  },
  dialog: {
    title: (kind: Fouling, severity: number) =>
      `${capital(FOULING_NAMES[kind])}, severity ${String(severity)} of 5`,
    clean: 'Clean',
    fouled: 'Through this lens',
    weaker: 'Weaker',
    stronger: 'Stronger',
    another: 'Another snapshot',
    facts: { measure: 'Dirt', warning: 'Warning', drift: 'Drift', distance: 'Distance, all fouled' },
    delay: (delay: number | null, step: number | null) =>
      delay === null ? 'never' : `after ${images(delay, step)}`,
  },
  pictures: {
    clean: (name: string) => `${name} as it is`,
    fouled: (name: string, kind: Fouling, measure: FoulingMeasure) =>
      `${name} through simulated ${FOULING_NAMES[kind]}, ${percentOrUnder(measure.value)}`,
    none: 'no picture',
  },
};

/** What every language has a sentence for. */
export type DrillMessages = Widened<typeof english>;

/** Every sentence of the fouling drill, in the language of the page. */
export const d = inLanguage('drill', english);

function noticed({ lenses, drifted, hasBlindSpot }: DrillAnswer, lens: LensVerdict, step: number | null) {
  const weakest = lens === lenses[0] ? ', the weakest tried,' : '';
  const blind = hasBlindSpot ? ' But a stronger lens went unnoticed: see the table.' : '';
  return `You would notice ${dirt(lens)}${weakest} after ${images(lens.warningDelay ?? 0, step)}, ${gravity(lens, drifted)}.${blind}`;
}

function gravity({ warningDelay, driftDelay }: LensVerdict, drifted: LensVerdict | null): string {
  if (driftDelay !== null) {
    return driftDelay === warningDelay ? 'as drift at once' : `and call it drift after ${String(driftDelay)}`;
  }
  if (!drifted) return 'as a warning only: none tried becomes drift';
  return `as a warning; ${percentOrUnder(drifted.measure.value)} becomes drift after ${counted(drifted.driftDelay ?? 0, 'image')}`;
}

function missed({ kind, lenses }: DrillAnswer, { thresholds, persistence }: Judging): string {
  const strongest = lenses.at(-1)!;
  const { highest } = strongest;
  const start = `You would not notice ${FOULING_NAMES[kind]}: at the strongest severity tried (${tried(strongest)}) the distance`;
  const warning = limit(thresholds.warning);
  return highest > thresholds.warning
    ? `${start} reaches ${threeDigits(highest)}, above the warning limit of ${warning}, but not in ${String(persistence.raiseAfter)} windows in a row.`
    : `${start} stays at ${threeDigits(highest)}, below the warning limit of ${warning}.`;
}

/** A lens as the object of a sentence. */
function dirt({ kind, measure }: LensVerdict): string {
  const share = percentOrUnder(measure.value);
  switch (kind) {
    case 'film':
      return `a film of ${share} opacity`;
    case 'silt':
      return `silt of ${share} opacity`;
    case 'growth':
      return `growth over ${share} of the picture`;
    case 'droplets':
      return `droplets over ${share} of the picture`;
    case 'defocus':
      return `a blur of ${share} of the width`;
    case 'cover':
      return `a cover over ${share} of the picture`;
  }
}

function tried({ measure: { kind, value } }: LensVerdict): string {
  if (kind === 'blurred') return `blur of ${percentOrUnder(value)} of the width`;
  return kind === 'veiled' ? `${percentOrUnder(value)} opacity` : `${percentOrUnder(value)} of the picture`;
}

/** `4 images (about 10 hours)` */
function images(count: number, step: number | null): string {
  return counted(count, 'image') + (step === null || step <= 0 ? '' : ` (about ${lasting(count * step)})`);
}
