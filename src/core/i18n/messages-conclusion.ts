import type { ConclusionCode, ConclusionLevel } from '../domain/glass/conclusion';
import type { Turn } from '../domain/glass/turn';
import { inLanguage } from './language';
import { t } from './messages';
import en from '../../words/conclusion.en.js';

const catalog = inLanguage('conclusion', en);
/** A smaller share of the picture's width is not told beside a larger one. */
const LEAST_TOLD = 0.005;

type Headline = keyof typeof catalog.headlines;

const HEADLINES: Readonly<Record<ConclusionCode, Headline | null>> = {
  clear: 'clear',
  murky: 'murky',
  'light-or-water': 'clear',
  growth: 'clean',
  film: 'clean',
  silt: 'clean',
  fouled: 'clean',
  blurred: 'refocus',
  covered: 'uncover',
  changed: 'changed',
  elsewhere: 'elsewhere',
  'covered-or-elsewhere': 'look',
  moved: 'moved',
  'too-dark': 'too-dark',
  awaiting: 'awaiting',
  'warming-up': null,
  'not-checked': null,
};

export const cn = {
  ...catalog,
  /** Advice, or the lens's state, in a few words; null if the verdict alone says it. */
  headline: (code: ConclusionCode, level: ConclusionLevel): string | null => {
    const hasOwn = code === 'covered-or-elsewhere' || code === 'changed';
    const key = level === 'warning' && !hasOwn ? 'watch' : HEADLINES[code];
    return key && catalog.headlines[key];
  },
  /** The cause in a word or two, with how bad it is. */
  word: (code: ConclusionCode, level: ConclusionLevel): string => {
    if (code === 'clear') return t.verdict.words.normal;
    const cause = catalog.words[code];
    return level === 'drift' || level === 'warning' ? catalog.withLevel({ level, cause }) : cause;
  },
  /** The ways in which a camera is turned, each with its share: the other way round than the scene lies. */
  waysOf: ({ right, down }: Turn): readonly string[] => {
    const { ways } = catalog;
    const parts = [
      [right, ways.left, ways.right],
      [down, ways.up, ways.down],
    ] as const;
    return parts
      .filter(([share]) => Math.abs(share) >= LEAST_TOLD)
      .map(([share, positive, negative]) => (share > 0 ? positive : negative)({ share: Math.abs(share) }));
  },
};
