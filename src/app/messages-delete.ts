import type { RecordFates } from '../domain/delivery';
import type { GuardedStore } from '../domain/stored-rows';
import { inLanguage, type Widened } from './language';
import { countedGrouped, grouped } from './wording';

/** Sentences about deleting single snapshots, and about stored rows that can't be used; loaded with them. */
const english = {
  select: 'Select to delete…',
  selectAll: (count: number) => `Select all ${grouped(count)}`,
  selectNone: 'Select none',
  selectOne: (imageName: string) => `Select ${imageName}`,
  stopSelecting: 'Stop selecting',
  deleteSelected: (count: number) => `Delete ${countedGrouped(count, 'snapshot')}…`,
  looking: 'Looking what belongs to it…',
  question: (count: number) =>
    count === 1 ? 'Delete this snapshot?' : `Delete ${grouped(count)} snapshots?`,
  fate: (count: number, originals: number) =>
    `${count === 1 ? 'Its result, embedding and small picture go' : 'Their results, embeddings and small pictures go'}${originals > 0 ? `, and ${originals === 1 ? 'the kept picture' : `${grouped(originals)} kept pictures`} too` : ''}. The original ${count === 1 ? 'file' : 'files'} outside this page ${count === 1 ? 'stays' : 'stay'}.`,
  window: (count: number) =>
    `Distances of other snapshots stay as they are, those too whose window held ${count === 1 ? 'it' : 'them'}. The next snapshot is judged as if ${count === 1 ? 'it' : 'they'} had never been here.`,
  again: (count: number) =>
    count === 1
      ? 'The same file, given again, is checked again.'
      : 'The same files, given again, are checked again.',
  folder: (name: string) => `So is a file that still lies in the watched folder ${name}, after a reload.`,
  records: {
    told: ({ unsent, unsettled, beyond }: RecordFates) =>
      [
        unsent > 0 ? `${countedGrouped(unsent, 'record')} not sent yet: never will be.` : '',
        unsettled > 0
          ? `${countedGrouped(unsettled, 'record')} that may have arrived: looked up there first, then removed.`
          : '',
        beyond > 0
          ? `${countedGrouped(beyond, 'record')} there that can’t be reached from here any more: ${beyond === 1 ? 'stays' : 'stay'}.`
          : '',
      ].filter((sentence) => sentence !== ''),
    arrived: (count: number) =>
      `${countedGrouped(count, 'record')} of ${count === 1 ? 'it' : 'them'} ${count === 1 ? 'is' : 'are'} in DriftWatch:`,
    withdraw: 'remove there too, as soon as DriftWatch can be reached',
    keep: 'leave there',
  },
  yes: (count: number) => (count === 1 ? 'Delete it' : `Delete ${grouped(count)}`),
  no: 'Keep',
  deleting: 'Deleting…',
  done: (count: number, withdrawn: number) =>
    `${countedGrouped(count, 'snapshot')} deleted.${withdrawn > 0 ? ` ${countedGrouped(withdrawn, 'record')} ${withdrawn === 1 ? 'is' : 'are'} being removed from DriftWatch.` : ''}`,
  undo: 'Undo',
  undone: (count: number) =>
    count === 0
      ? 'Nothing was put back: it has been checked again meanwhile.'
      : `${countedGrouped(count, 'snapshot')} put back as ${count === 1 ? 'it was' : 'they were'}.`,

  lost: (count: number) =>
    `${count === 1 ? 'The embedding of one of the newest snapshots is' : `The embeddings of ${grouped(count)} of the newest snapshots are`} missing from storage. Their results stay. Without them the window fills anew: until it is full, new snapshots get no verdict.`,
  left: (count: number) =>
    `${countedGrouped(count, 'stored row')} can’t be used and ${count === 1 ? 'is' : 'are'} left out. All others are shown.`,
  openSettings: 'See which',

  broken: {
    title: 'Rows that can’t be read',
    what: (count: number) =>
      `${countedGrouped(count, 'stored row')} can’t be used: a part of ${count === 1 ? 'it' : 'each'} is not what it should be. ${count === 1 ? 'It is' : 'They are'} left out of every place and of exports; all others are whole.`,
    head: ['What', 'Id', 'What is wrong'],
    stores: {
      cameras: 'camera',
      references: 'reference',
      jobs: 'snapshot',
      events: 'event',
      calibrations: 'calibration',
      deliveries: 'record for DriftWatch',
    } satisfies Record<GuardedStore, string>,
    more: (count: number) => `and ${grouped(count)} more`,
    snapshots: (count: number) => `its ${countedGrouped(count, 'snapshot')} can’t be seen without it`,
    save: 'Download them as JSON',
    delete: (count: number) => (count === 1 ? 'Delete this row…' : `Delete these ${grouped(count)} rows…`),
    question: (count: number, snapshots: number) =>
      `Delete ${count === 1 ? 'this row' : `these ${grouped(count)} rows`} for good?${snapshots > 0 ? ` ${countedGrouped(snapshots, 'snapshot')} of ${count === 1 ? 'this camera' : 'the cameras among them'} ${snapshots === 1 ? 'goes' : 'go'} too.` : ''} Download ${count === 1 ? 'it' : 'them'} before: there is no way back.`,
    yes: 'Delete for good',
    no: 'Keep',
    deleting: 'Deleting…',
    done: (count: number) => `${countedGrouped(count, 'row')} deleted.`,
    exported: (count: number) =>
      `${countedGrouped(count, 'stored row')} that can’t be used ${count === 1 ? 'is' : 'are'} not in it; see below.`,
  },
} as const;

/** What every language has a sentence for. */
export type DeleteMessages = Widened<typeof english>;

/** These sentences in the language of the page. */
export const del = inLanguage('delete', english);
