import { bytes, counted } from './format';
import { inLanguage, type Widened } from './language';
import { MOST_BYTES, MOST_FILES } from './put-aside';

/** Sentences about files that came without having been dropped, and about a page that somebody else shows. */
const english = {
  title: 'Files wait for a decision',
  came: {
    share: (count: number) =>
      `${counted(count, 'file')} ${count === 1 ? 'was' : 'were'} shared with Porthole, by another app or by a website: browsers can’t tell which. Nothing was checked or stored yet.`,
    system: (count: number) =>
      `${counted(count, 'file')} ${count === 1 ? 'was' : 'were'} opened with Porthole. Nothing was checked or stored yet.`,
  },
  camera: (name: string) =>
    `The camera would be ${name}, and the results would stay in its history. If these files are not yours, discard them.`,
  noCamera:
    'No camera is set up yet, so they would be taken for clean snapshots of a new one. If these files are not yours, discard them.',
  more: (count: number) => `and ${String(count)} more`,
  picture: (name: string) => `Picture ${name}`,
  check: 'Check them',
  open: 'Open them',
  discard: 'Discard',
  busy: 'They can be taken when the work in progress is done.',
  refused: (names: readonly string[]) =>
    `Not taken this way: ${names.join(', ')}. Only pictures and zip files can be shared. If it is yours, drop it on the page instead.`,
  begun:
    'This was begun once before and did not end: the page was closed, or ended by itself. What was checked is kept and is not checked again.',
  givenUp:
    'This was begun twice and never ended, so one of these files may be what ends the page, and they are not checked again. What was checked is safe. Discard them, then drop a few at a time on the page.',
  outcomes: {
    foreign:
      'A website tried to hand files to Porthole. They were refused; nothing was stored or changed. To check files of your own, drop them on the page.',
    nothing:
      'No file came with what was shared, so there is nothing to check. Nothing was changed. Share pictures, or drop them on the page.',
    'too-much': `That is more than may wait here, ${String(MOST_FILES)} files or ${bytes(MOST_BYTES)} together, so none of it was taken. What waited before is still there. Drop the files on the page, or share fewer at a time.`,
    'not-kept':
      'What was shared could not be kept: the device has no room left, or the files could not be read. Everything stored is safe. Free some space, or drop the files on the page.',
  },
  framed: {
    told: 'Another website shows Porthole inside its own page. There it does nothing, so that nobody can misuse a click. Nothing was changed.',
    open: 'Open Porthole in a tab of its own',
  },
};

/** What every language has a sentence for. */
export type SharedMessages = Widened<typeof english>;

/** Sentences about files that came without having been dropped, in the language of the page. */
export const shared = inLanguage('shared', english);
