import { inLanguage, type Widened } from './language';

/** Sentences about new versions of the page. */
const english = {
  update: 'A new version of Porthole is ready. This page goes on with its own until you change over.',
  isAtWork: 'It can take over when the work in progress, here or in another tab, is done.',
  changeOver: 'Change over now',
  getNewest: 'Get the newest version',
};

/** What every language has a sentence for. */
export type OfflineMessages = Widened<typeof english>;

/** Sentences about new versions of the page, in the language of the page. */
export const offline = inLanguage('offline', english);
