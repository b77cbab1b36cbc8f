import type { Refusal } from '../domain/archive';
import { inLanguage, type Widened } from './language';
import { grouped, localHour, localSecond } from './wording';
import type { LeftPacked } from './zip-files';

/** Every sentence about how snapshots come into the page, in English; see `t`. */
const english = {
  reading: (found: number) => `Reading folders: ${grouped(found)} files found so far.`,
  left: ({ archive, refusal, names }: LeftPacked) =>
    `${archive}: ${REFUSALS[refusal](named(names), names.length)}`,
  leftMore: (count: number) =>
    `${count === 1 ? 'Of one more zip file' : `Of ${grouped(count)} more zip files`} something was left out.`,
  leftBehind: {
    told: (checked: number, total: number) =>
      `The last batch was interrupted: ${grouped(checked)} of ${grouped(total)} files were checked.`,
    canGoOn: 'Those are kept and are not checked again.',
    mustDrop: 'Drop the same files again; those already scored are skipped.',
    goOn: 'Go on',
    forget: 'Forget it',
    denied:
      'The browser did not let the page read the files. Drop them again; those already scored are skipped.',
  },
  watch: {
    title: 'Watch a folder',
    explain:
      'New snapshots in a folder of this computer are checked as they arrive, as long as this page is open. Files that are there already and were not checked are checked first.',
    begin: 'Watch a folder',
    stop: 'Stop watching',
    goOn: (folder: string) => `Go on watching ${folder}`,
    waits: (folder: string) =>
      `This camera’s folder ${folder} is not being watched. The browser asks whether the page may read it again.`,
    state: (folder: string, arrived: number, since: number) =>
      `Watching ${folder}/: ${grouped(arrived)} new since ${localHour(since)}.`,
    lastLook: (at: number) => `Last look ${localSecond(at)}.`,
    growing: (count: number) =>
      count === 1 ? '1 file is still being written.' : `${grouped(count)} files are still being written.`,
    busy: 'It waits until the other work is done.',
    lost: (folder: string) =>
      `The folder ${folder} can’t be read now: it was moved, or its disk was taken out. It is tried again every few seconds.`,
    denied: 'The browser did not let the page read the folder. Nothing is watched.',
    givenUp: (folder: string, names: readonly string[]) =>
      `New snapshots of ${folder} were begun twice and never ended: the page was closed, or ended by itself. The first of them were ${names.join(', ')}; one of the files may be the cause. What was checked is kept. Take it out of the folder, or go on.`,
    stopped: (folder: string) =>
      `Watching ${folder} has stopped, since its new snapshots could not be checked. What was checked is kept.`,
  },
};

/** What every language has a sentence for. */
export type IntakeMessages = Widened<typeof english>;

/** Every sentence about how snapshots come into the page, in the language of the page. */
export const i = inLanguage('intake', english);

const REFUSALS: Readonly<Record<Refusal, (names: string, count: number) => string>> = {
  encrypted: (names, count) =>
    `${files(count)} ${are(count)} locked with a password and ${were(count)} left out (${names}). Unpack the zip file yourself and drop the folder.`,
  'too-large': (names, count) =>
    `${files(count)} would become far larger than any picture and ${were(count)} left out (${names}). If the zip file is yours, unpack it yourself and drop the folder.`,
  'too-many': () =>
    'It has more entries than can be read at once; the first 600,000 were taken. Unpack it and drop its folders one by one.',
  nested: (names) =>
    `Zip files deep inside other zip files were left out (${names}). Unpack them and drop the folder.`,
  damaged: (names) => `A zip file inside it can’t be read and was left out (${names}). The rest was taken.`,
  'not-a-zip': () =>
    'This is not a whole zip file: it can’t be read, or was cut off. Copy it again. Anything else that came with it was taken.',
  empty: () => 'There is no file in this zip file, so nothing was taken from it.',
  'is-bundle': () => 'Exports of Porthole are opened one at a time. This one was left alone: drop it again.',
};

function files(count: number): string {
  return count === 1 ? '1 file' : `${grouped(count)} files`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}

function were(count: number): string {
  return count === 1 ? 'was' : 'were';
}

/** Enough to recognise them by. */
function named(names: readonly string[]): string {
  const more = names.length - 3;
  return more > 0 ? `${names.slice(0, 3).join(', ')} and ${grouped(more)} more` : names.join(', ');
}
