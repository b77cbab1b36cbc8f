import { isUnseen, type ConclusionCode, type ConclusionLevel } from '../domain/glass/conclusion';
import { isOfNumbers } from '../domain/model/numbers';
import type { SeenEvent } from '../domain/camera/seen';
import type { Turn } from '../domain/glass/turn';
import { conclusionWords } from '../../words/conclusion';
import { utcDay } from './format';
import { verdictWords } from '../../words/verdict';

/** A smaller share of the picture's width is not told beside a larger one. */
const LEAST_TOLD = 0.005;

/** A weekday names one day of these, in milliseconds; what is older has its day rather than its age. */
const WEEK = 6 * 86_400_000;

type Headline = keyof typeof conclusionWords.headlines;

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
  'not-clean': 'notClean',
  elsewhere: 'elsewhere',
  'covered-or-elsewhere': 'look',
  moved: 'moved',
  'too-dark': 'too-dark',
  masked: 'masked',
  awaiting: 'awaiting',
  'few-clean': null,
  'warming-up': null,
  'not-checked': null,
};

/** Advice, or the lens's state, in a few words; null if the verdict alone says it. */
export function headlineOf(code: ConclusionCode, level: ConclusionLevel): string | null {
  const own = isUnseen({ code, level }) ? 'look' : HEADLINES[code];
  const key = own === 'clean' && level === 'warning' ? 'soon' : own;
  return key && conclusionWords.headlines[key];
}

/** The cause in a word or two, with how bad it is. */
export function causeWord(code: ConclusionCode, level: ConclusionLevel): string {
  if (code === 'clear') return verdictWords.words.normal;
  if (isUnseen({ code, level })) return conclusionWords.unseen.word;
  const cause = conclusionWords.words[code];
  // A question is no alarm.
  if (code === 'changed') return cause;
  return level === 'drift' || level === 'warning' ? conclusionWords.withLevel({ level, cause }) : cause;
}

/** The words of a verdict on a camera, or on a sensor, which has no lens. @param of - either, or a job of it */
export function verdictWordsOf(of: Parameters<typeof isOfNumbers>[0]) {
  const { words, instruction, sensor } = verdictWords;
  if (!isOfNumbers(of)) return { words, instruction };
  return { words: { ...words, ...sensor.words }, instruction: { ...instruction, ...sensor.instruction } };
}

/** The ways in which a camera is turned, each with its share: the other way round than the scene lies. */
export function waysOf({ right, down }: Turn): readonly string[] {
  const { ways } = conclusionWords;
  const parts = [
    [right, ways.left, ways.right],
    [down, ways.up, ways.down],
  ] as const;
  return parts
    .filter(([share]) => Math.abs(share) >= LEAST_TOLD)
    .map(([share, positive, negative]) => (share > 0 ? positive : negative)({ share: Math.abs(share) }));
}

/** How old a picture is, or its day. */
export function ageWords(at: number, now: number): string {
  const age = now - at;
  return age > 0 && age < WEEK ? conclusionWords.ago({ age }) : utcDay(at);
}

/** A person's word on an alarm: who comes and when, and the note. */
export function seenSentence({ who = '', until, note }: SeenEvent): string {
  const { booked, asks } = conclusionWords.seen;
  return [who === '' ? asks({ until }) : booked({ who, until }), note]
    .filter((part) => part !== '')
    .join(' ');
}

/** The same in a few words, for a picture. */
export function seenTag({ who = '', until }: SeenEvent, now: number): string {
  const { tag } = conclusionWords.seen;
  const isNear = until > now - WEEK && until < now + WEEK;
  if (who === '') return tag[isNear ? 'asks' : 'asksOn']({ until });
  return tag[isNear ? 'booked' : 'bookedFor']({ until });
}
