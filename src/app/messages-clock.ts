import { counted, duration, utc } from './format';
import { inLanguage, type Widened } from './language';
import { countedGrouped, utcDates } from './wording';

/** Every sentence about clocks that are wrong, in English; loaded when one is. */
const english = {
  label: 'Times that can’t be right',
  ahead: (count: number, from: number, to: number) =>
    count === 1
      ? `1 snapshot states a time that has not come yet, ${utc(to)}. It is set aside and in no verdict; nothing is lost.`
      : `${countedGrouped(count, 'snapshot')} state times that have not come yet, ${utcDates(from, to)}. They are set aside and in no verdict; nothing is lost.`,
  impossible: (count: number, from: number, to: number) =>
    count === 1
      ? `1 snapshot states a time at which it can’t have been taken, ${utc(to)}: the camera’s clock was reset, or was never set. It is set aside and in no verdict; nothing is lost.`
      : `${countedGrouped(count, 'snapshot')} state times at which they can’t have been taken, ${utcDates(from, to)}: the camera’s clock was reset, or was never set. They are set aside and in no verdict; nothing is lost.`,
  doubted: (count: number, newest: number, now: number) =>
    `${count === 1 ? '1 snapshot states' : `${countedGrouped(count, 'snapshot')} state`} a later time than this device’s clock: the newest says ${utc(newest)}, this device says ${utc(now)}. One of the two clocks is wrong. Until you say which, the page never says that the lens is clear. Nothing is lost.`,
  skew: (ahead: number) =>
    `The newest snapshot lies ${duration(ahead)} ahead of this device’s clock. It counts all the same. Cameras that run on local time look like this; if yours runs on UTC, compare the two clocks.`,
  more: (count: number) => `and ${countedGrouped(count, 'more', 'more')}`,
  correct: 'The camera’s clock was wrong',
  device: 'This device’s clock is wrong',
  deviceIs: 'It is now (UTC)',
  deviceHint:
    'Set the device’s clock right as soon as you can. Until then the page counts from the time that you give here.',
  saveDevice: 'Go by this time',
  takenAt: 'The newest of them was taken (UTC)',
  shift: (count: number, by: number) => {
    const which = count === 1 ? 'The snapshot moves' : `All ${countedGrouped(count, 'snapshot')} move`;
    if (by === 0)
      return `${count === 1 ? 'The snapshot stays' : 'The snapshots stay'} where it says: its time is right.`;
    return `${which} ${by < 0 ? 'back' : 'forward'} by ${duration(Math.abs(by))}. What the files state is kept beside it.`;
  },
  still: 'That has not come yet, by this device’s clock.',
  save: 'Set the time right',
  cancel: 'Cancel',
  corrected: (count: number, by: number) =>
    `The times ${by < 0 ? 'go back' : 'go forward'} by ${duration(Math.abs(by))} as soon as the files are given again: ${counted(count, 'file')} to go.`,
  vouched: (count: number) =>
    `The times are taken for right as soon as the files are given again: ${counted(count, 'file')} to go.`,
  takeBack: 'Take the correction back',
  folder: 'Choose their folder',
  files: 'Choose their files',
  again: (count: number) =>
    count === 1
      ? '1 snapshot that was set aside can be judged now. Give its file again.'
      : `${countedGrouped(count, 'snapshot')} that were set aside can be judged now. Give their files again.`,
  later: 'Not now',
  stated: (at: number) => `corrected: the file states ${utc(at)}`,
};

/** What every language has a sentence for. */
export type ClockMessages = Widened<typeof english>;

/** Every sentence about clocks that are wrong, in the language of the page. */
export const clk = inLanguage('clock', english);
