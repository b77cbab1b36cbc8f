import { inLanguage } from '../../core/i18n/language';
import { plainName } from '../../core/domain/files/plain-name';
import type { Unread } from '../../core/session/watched-files';
import type { LeftPacked } from '../../core/session/zip-files';
import type { FolderWatch } from './folder-watch.svelte';
import en from '../../words/intake.en.js';

/** Enough to recognise them by. */
const MOST_NAMES = 3;

const catalog = inLanguage('intake', en);

/** Every sentence about how snapshots come into the page, in the language of the page. */
export const i = {
  ...catalog,
  left: ({ archive, refusal, names }: LeftPacked) =>
    catalog.left[refusal]({ archive, names: named(names), count: names.length }),
  /** why a folder is watched no more */
  stopped: ({ folder, suspects }: Pick<FolderWatch, 'folder' | 'suspects'>) => {
    const facts = { folder: folder?.name ?? '', names: suspects.join(', ') };
    return suspects.length > 0 ? catalog.watch.givenUp(facts) : catalog.watch.stopped(facts);
  },
  unread: ({ count, since, paths }: Unread) =>
    catalog.watch.unread({ count, since: since ?? NaN, names: named(paths.map(plainName)) }),
  /** the trouble with the folder of a camera that is not shown */
  troubled: (watch: FolderWatch, camera: string) =>
    catalog.watches.troubled({ camera, trouble: i.trouble(watch) }),
  trouble(watch: FolderWatch) {
    if (watch.isLost) return catalog.watch.lost({ folder: watch.folder?.name ?? '' });
    return watch.unread?.isLong ? i.unread(watch.unread) : i.stopped(watch);
  },
};

function named(names: readonly string[]): string {
  const count = names.length - MOST_NAMES;
  const first = names.slice(0, MOST_NAMES).join(', ');
  return count > 0 ? catalog.namesAndMore({ names: first, count }) : first;
}
