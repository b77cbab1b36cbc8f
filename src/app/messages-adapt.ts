import type { Stage } from '../adaptation/adapter';
import {
  FEWEST_DAYS,
  FEWEST_SNAPSHOTS,
  type AdaptationEvidence,
  type Performance,
  type Refusal,
} from '../domain/adaptation-evidence';
import type { Suspicion, SuspicionKind } from '../domain/dirty-start';
import type { Fouling } from '../domain/fouling';
import type { Rebuilding } from '../domain/rebuilding';
import type { Judged } from '../domain/training-course';
import { counted, duration, threeDigits } from './format';
import { inLanguage, type Widened } from './language';
import { FOULING_NAMES } from './messages-fouling';
import { listed, roundPercent } from './wording';

/** Every sentence of the adaptation, in English; loaded with its panel. */
const english = {
  title: 'Adapt to this camera',
  what: 'A model that was trained for another camera may take this one’s clean snapshots for dirty ones. Here it learns, on this device and in about a minute, what changes before your clean lens and what dirt would do to your picture.',
  needs: `It takes ${String(FEWEST_SNAPSHOTS)} or more snapshots of at least ${String(FEWEST_DAYS)} days on which the lens was clean; a hundred over several weeks are better. The newest days are kept out and tell whether it helped. Nothing changes before you accept it.`,
  choose: { clean: 'Choose clean snapshots', dirty: 'Choose dirty snapshots' },
  chooseFolder: { clean: 'Choose a clean folder', dirty: 'Choose a dirty folder' },
  optional:
    'If you have some, snapshots of a dirty lens, six or more: they are not learned from, only tried.',
  chosen: (clean: number, days: number, dirty: number) =>
    `${counted(clean, 'clean snapshot')} of ${counted(days, 'day')}${dirty > 0 ? `, ${counted(dirty, 'dirty one')}` : ''} chosen.`,
  tooFew: (clean: number, days: number) =>
    clean < FEWEST_SNAPSHOTS
      ? `${counted(clean, 'clean snapshot')} ${clean === 1 ? 'is' : 'are'} too few: choose ${String(FEWEST_SNAPSHOTS)} or more.`
      : `All are of ${counted(days, 'day')}: choose snapshots of at least ${String(FEWEST_DAYS)} days, so that more than one weather is among them.`,
  notAdaptable: (name: string) =>
    `The model ${name} does not say which of its parts can be exchanged, so it can’t be adapted or trained here. Limits that suit this camera can be measured under Calibrate; a camera that is set up anew can have another model.`,
  run: 'Adapt the model',
  again: 'Adapt once more',
  running: 'Adaptation',
  cancel: 'Cancel',
  stages: {
    read: 'Reading the snapshots',
    views: 'Imagining other light, other water, and dirt on the lens',
    fit: 'Learning what belongs to a clean lens',
    judge: 'Trying it on the days kept out',
  } satisfies Record<Stage, string>,
  left: (seconds: number | null) =>
    seconds === null ? 'estimating…' : `about ${duration(seconds * 1000)} left`,
  mayHide: 'It goes on while this tab is hidden.',
  better: ({ after }: AdaptationEvidence) =>
    after.aboveWarning === 0
      ? 'The adapted model is better for this camera.'
      : 'The adapted model is better for this camera, though it still alarms on clean windows.',
  refused: (refusal: Refusal): string => {
    switch (refusal.because) {
      case 'clean-alarms':
        return 'The adapted model is not better: it alarms on the clean days that were kept out. Snapshots of more days may help, or one of these days was not clean. The camera keeps its model.';
      case 'overlooks':
        return `The adapted model is not better: it overlooks even heavy ${listed(refusal.kinds.map((kind) => FOULING_NAMES[kind]))} on this camera. Was the lens clean on all of these days? The camera keeps its model.`;
      case 'overlooks-dirty':
        return 'The adapted model is not better: it does not raise drift on the dirty snapshots that you gave. Were the clean ones taken through the same dirt? The camera keeps its model.';
      case 'no-gain':
        return 'The adapted model is not better: the present one is calm on the days kept out, and sees dirt as soon. The camera keeps its model.';
    }
  },
  caption: 'What each model makes of the days kept out, at the thresholds that the camera has with it',
  columns: { before: 'present model', after: 'adapted' },
  cleanRow: (evidence: AdaptationEvidence) =>
    `Clean windows of ${counted(evidence.keptOutDays, 'later day')} (${String(evidence.keptOut)})`,
  clean: ({ aboveWarning, aboveDrift, highestClean }: Performance, windows: number) =>
    `${share(aboveWarning, windows)} above warning, ${share(aboveDrift, windows)} above drift; highest ${threeDigits(highestClean)}`,
  dirtRow: (kind: Fouling) => `Drawn ${FOULING_NAMES[kind]}`,
  dirt: (warning: number | null, drift: number | null) => `warning ${from(warning)}, drift ${from(drift)}`,
  dirtNote:
    'Severity 1 is a touch, 5 hides most. A model that alarms on clean snapshots alarms on dirt as well.',
  dirtyRow: (count: number) => `${counted(count, 'dirty snapshot')} that you gave`,
  dirty: ({ dirtyDelay, dirtyLast }: Performance) =>
    dirtyDelay === null
      ? `never drift; at the last ${threeDigits(dirtyLast ?? 0)}`
      : `drift at snapshot ${String(dirtyDelay)}; at the last ${threeDigits(dirtyLast ?? 0)}`,
  suspicions: {
    title: 'Was the lens clean on all of these days?',
    what: 'Something in the snapshots that you gave as clean looks like dirt that was there from the start. A model adapted to dirt takes it for clean, for good. Look at them before you accept.',
    unexamined:
      'Porthole can’t look for dirt that was there from the start in pictures of this model’s size. A model adapted to dirt takes it for clean, for good: look at them before you accept.',
    kinds: {
      cover: ({ value }) =>
        `${roundPercent(value)} of the picture hardly changes while the rest follows the day: growth, or something before the lens.`,
      'green-veil': () =>
        'Even the darkest places are green, as behind a film. Or the water itself is green.',
      'brown-veil': () => 'Even the darkest places are brown, as behind settled silt.',
      haze: () => 'Even the darkest places are pale, as behind a veil. Or the water is always turbid.',
      soft: () => 'Nothing is ever sharp: the lens may be out of focus, or smeared.',
      droplets: () => 'Some small places stay blurred among sharp ones, as behind drops or scratches.',
    } satisfies Record<SuspicionKind, (suspicion: Suspicion) => string>,
    when: { throughout: '', earlier: ' Mostly in the earlier half.', later: ' Mostly in the later half.' },
    picture: (name: string) => `Clean snapshot ${name}`,
    confirm: 'I have looked: the lens was clean on all of these days',
  },
  fitted: (evidence: AdaptationEvidence) =>
    `Learned from ${counted(evidence.fitted, 'snapshot')} of ${counted(evidence.fittedDays, 'day')}.`,
  accept: 'Use the adapted model',
  accepting: 'Building the reference…',
  discard: 'Keep the present one',
  save: 'Save the model’s file',
  acceptHint:
    'Accepting makes a new version of the model and of the reference for this camera. Earlier results stay, in a history of their own; the window and any alarm begin anew, and limits that were calibrated go. The error map stays hidden until the decoder is trained for this camera too.',
  leftOut: 'Not used',
  inBoth: (name: string) => `${name} was given as dirty too: it is not learned from as a clean one.`,
  train: {
    title: 'Train longer',
    what: 'Adapting exchanges a small part of the model. Here all of it learns this camera’s clean picture, in ten minutes or more of both cores: what it makes of a clean lens, what dirt changes, and how a clean snapshot looks when it is drawn anew, so that the error map is right for this camera.',
    how: 'It learns from the clean snapshots that are chosen above; the newest days are kept out. Every few minutes the version of then is tried on those days, clean and behind drawn dirt, and on the dirty snapshots that you chose. Stop whenever you like: the best version is kept, and nothing changes before you accept it.',
    earlierGone:
      'A training of the decoder alone, begun with an earlier Porthole, can’t go on and was discarded. The camera’s model is as it was.',
    chooseAbove: 'Choose clean snapshots above first.',
    begin: 'Train the model',
    running: 'Training',
    opening: 'Building the training from the model…',
    steps: (step: number, ms: number) => `${counted(step, 'step')} in ${duration(ms)}`,
    stopping: 'Ending the step…',
    trying: 'Trying the last version on the days kept out…',
    stopAtOnce: 'Stop without trying it',
    firstTrial: 'The first version is tried after a minute of training.',
    kept: 'After a closed tab it can go on.',
    notKept: 'This device has no room to store it: keep the tab open.',
    stop: 'Stop',
    elsewhere: (camera: string) => `The model of ${camera} is being trained. One camera at a time.`,
    interrupted: (step: number, ms: number) =>
      `Training was interrupted at step ${String(step)}, after ${duration(ms)}.`,
    stopped: (step: number, ms: number) => `Training stopped at step ${String(step)}, after ${duration(ms)}.`,
    outdated: (step: number) =>
      `A training stands at step ${String(step)}, for a model that this camera no longer has.`,
    goOn: 'Go on',
    discard: 'Discard the training',
    loss: 'error of the views that it draws anew',
    limit: (error: string) => `mean picture on later days, ${error}`,
    axis: (steps: number) => `from the first step to step ${String(steps)}; the axis begins at 0`,
    picture: (steps: number, rows: readonly { readonly loss: number }[]) =>
      `Error over ${counted(steps, 'step')}: from ${threeDigits(rows[0]?.loss ?? 0)} to ${threeDigits(rows.at(-1)?.loss ?? 0)}.`,
    asTable: 'The errors as a table',
    columns: { step: 'up to step', loss: 'mean error' },
    after: (step: number) => `trained, step ${String(step)}`,
    number: threeDigits,
    caption: 'How well each model draws days that it has not seen',
    rebuildsRow: ({ keptOut, keptOutDays }: Rebuilding) =>
      `Rebuilds clean snapshots of later days (${String(keptOut)} of ${counted(keptOutDays, 'day')})`,
    rebuilds: (error: number, { meanPicture }: Rebuilding) =>
      `error ${threeDigits(error)}, mean picture ${threeDigits(meanPicture)}`,
    errorMapRow: 'Error map',
    errorMap: (isGood: boolean) => (isGood ? 'can be trusted' : 'would mark too much'),
    best: ({ step, evidence, rebuilding }: Judged): string => {
      const version = `The best version so far is that of step ${String(step)}.`;
      if (rebuilding.after > rebuilding.meanPicture) {
        return `${version} It still draws worse than one mean picture for all snapshots: the error map stays hidden. Train on.`;
      }
      return evidence.after.aboveWarning === 0
        ? version
        : `${version} It still alarms on clean windows: training on may help.`;
    },
    refused: ({ step, refusal }: Judged): string =>
      `The version of step ${String(step)} is not kept: ${refusal ? reasonOf(refusal) : ''}`,
    accept: 'Use the trained model',
    accepting: 'Changing the model…',
    acceptHint: (hasErrorMap: boolean) =>
      `Accepting makes a new version of the model${hasErrorMap ? ', with an error map,' : ''} and of the reference for this camera. Earlier results stay, in a history of their own; the window and any alarm begin anew, and limits that were calibrated go.`,
  },
};

/** What every language has a sentence for. */
export type AdaptMessages = Widened<typeof english>;

/** Every sentence of the adaptation, in the language of the page. */
export const a = inLanguage('adapt', english);
/** Why a trained version is not kept. */
function reasonOf(refusal: Refusal): string {
  switch (refusal.because) {
    case 'clean-alarms':
      return 'it alarms on the clean days that were kept out. Train on; if that does not help, one of these days was not clean.';
    case 'overlooks':
      return `it overlooks even heavy ${listed(refusal.kinds.map((kind) => FOULING_NAMES[kind]))}. Train on.`;
    case 'overlooks-dirty':
      return 'it does not raise drift on the dirty snapshots that you gave. Train on.';
    case 'no-gain':
      return 'the present model is as calm, sees dirt as soon, and draws as well. Train on.';
  }
}

function from(severity: number | null): string {
  return severity === null ? 'never' : `from severity ${String(severity)}`;
}

function share(count: number, of: number): string {
  if (count === 0) return 'none';
  return `${String(count)} of ${String(of)}`;
}
