import { inLanguage, type Widened } from './language';
import type { VerdictNow } from './verdict-now';
import type { SpokenVerdict } from '../domain/verdict-change';
import { AppError } from '../domain/errors';
import { explain, t } from './messages';

/** Why a chosen way of telling did not work. */
export type Refusal = keyof typeof refusals;

const refusals = {
  'notification-denied':
    'The browser does not let this page show notifications. Allow them for this page in the browser’s settings, then choose them again.',
  'notification-lost':
    'The browser no longer lets this page show notifications. Allow them for this page in the browser’s settings, then press “Try it”.',
  'notification-unanswered':
    'Notifications stay off, since the browser’s question was not answered. Choose them again to be asked once more.',
  'notification-failed':
    'This browser shows notifications only for an installed page. Add Porthole to the home screen, then try again.',
  'sound-silent':
    'The browser plays no sound before the page was touched once after it was opened. Touch it anywhere, then sounds are heard.',
  'vibration-failed': 'The device did not vibrate. Vibration may be switched off in its settings.',
  'badge-failed':
    'The device shows no badge for this page. It takes an installed page: add Porthole to the home screen.',
};

/** Every sentence that tells of a change of verdict, in English; loaded with the first camera. */
const english = {
  refusals,
  title: (camera: string, { latest, verdict, blindness }: VerdictNow, word: string) =>
    latest && !blindness && verdict !== 'warming-up'
      ? `${capital(word)}: ${lowerFirst(t.verdict.instruction[verdict])} - ${camera} - ${t.app.name}`
      : `${latest || blindness ? capital(word) : t.verdict.instruction['not-checked']} - ${camera} - ${t.app.name}`,
  changed: (camera: string, to: SpokenVerdict) => `${camera}: ${sentences[to]}`,
  heading: (to: SpokenVerdict) => sentences[to],
  notice: (camera: string, sentence: string) => `${camera}. ${sentence}`,
  failed: (error: unknown) =>
    error instanceof AppError ? explain(error.code, error.detail) : explain('unexpected', ''),
  notTold: (reasons: readonly Refusal[]) =>
    `The verdict changed, and not everything you chose could tell so. ${reasons.map((reason) => refusals[reason]).join(' ')}`,
  openSettings: 'Open Settings',
  panel: {
    title: 'Tell me when the verdict changes',
    lead: 'The title of the tab and its icon always show the verdict. What you choose here tells a change of it when new snapshots have been checked: once for each batch and at most once a minute. Snapshots older than those already checked are not told.',
    legend: 'How to tell it',
    choices: {
      notification: 'Notification of this device',
      sound: 'Sound',
      vibration: 'Vibration',
      badge: 'Mark on the icon of the installed page',
    },
    hints: {
      notification: 'The browser asks for your permission when you choose this.',
      sound: 'Three falling tones for drift, two for a warning, two rising ones when all is well again.',
      vibration: 'Long pulses for drift, short ones otherwise.',
      badge: 'It goes when you look at the page.',
    },
    missing: 'not offered by this browser',
    onlooker: 'Porthole is at work in another tab. That tab tells changes, and these choices are made there.',
    tryIt: 'Try it',
    nothingChosen: 'Choose at least one way first.',
    tried: 'Told as a drift would be.',
    sample: 'This is only a try.',
  },
};

/** What every language has a sentence for. */
export type AlertMessages = Widened<typeof english>;

/** Every sentence that tells of a change of verdict, in the language of the page. */
export const al = inLanguage('alerts', english);

const sentences: Record<SpokenVerdict, string> = {
  normal: 'Normal again: the lens is clear',
  warning: 'Warning: keep an eye on the lens',
  drift: 'Drift: clean the lens',
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
