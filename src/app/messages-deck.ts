import { duration, utc, utcTime } from './format';
import { inLanguage, type Widened } from './language';
import type { VerdictNow } from './verdict-now';

/** Every sentence of deck mode, in English; loaded with it. */
const english = {
  title: (camera: string) => `Deck mode: ${camera}`,
  since: (verdict: VerdictNow['verdict'], at: number) => `${sinceWords[verdict]} since ${utc(at)}`,
  newest: (at: number, now: number) =>
    now - at > 0 && now - at < 48 * 3_600_000
      ? `Last snapshot ${utc(at)}, ${duration(now - at)} ago`
      : `Last snapshot ${utc(at)}`,
  takePicture: 'Take a picture',
  cleaned: 'I cleaned the lens',
  cleanedAt: (at: number) => `Cleaning logged at ${utcTime(at)} UTC.`,
  undo: 'Undo',
  undone: 'The cleaning was taken back.',
  night: 'Night',
  fill: 'Fill the screen',
  leave: 'Leave',
  actions: 'Actions',
  dark: 'This browser does not keep the screen on: it may go dark by itself.',
  awake: 'The screen stays on.',
  settings: {
    title: 'Deck mode',
    lead: 'On the Monitor, “Deck mode” fills the screen with the verdict and large buttons, and keeps the screen on. Escape leaves it.',
    key: 'The key D opens it, too',
  },
};

/** What every language has a sentence for. */
export type DeckMessages = Widened<typeof english>;

/** Every sentence of deck mode, in the language of the page. */
export const dk = inLanguage('deck', english);

const sinceWords: Record<VerdictNow['verdict'], string> = {
  'warming-up': 'Warming up',
  normal: 'Clear',
  warning: 'Warning',
  drift: 'Drift',
  'not-checked': 'Not checked',
};
