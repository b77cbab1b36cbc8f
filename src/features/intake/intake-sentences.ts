import { plainName } from '../../core/domain/files/plain-name';
import type { FailedFiles } from '../../core/session/watched-files';
import type { UnusedEntries } from '../../core/session/zip-files';
import { intakeWords } from '../../words/intake';
import type { FolderWatch } from './folder-watch.svelte';

/** Enough to recognise them by. */
const MOST_NAMES = 3;

export function unusedSentence({ archive, refusal, names }: UnusedEntries): string {
  const sentences = { ...intakeWords.skipped, ...intakeWords.failed };
  return sentences[refusal]({ archive, names: named(names), count: names.length });
}

/** Why a folder is watched no more. */
export function stoppedSentence({ folder, suspects }: Pick<FolderWatch, 'folder' | 'suspects'>): string {
  const facts = { folder: folder?.name ?? '', names: suspects.join(', ') };
  return intakeWords.watch[suspects.length > 0 ? 'givenUp' : 'stopped'](facts);
}

export function failedSentence({ count, since, paths }: FailedFiles): string {
  return intakeWords.watch.failed({ count, since: since ?? NaN, names: named(paths.map(plainName)) });
}

/** The trouble with the folder of a camera that is not shown. */
export function troubleSentence(watch: FolderWatch, camera: string): string {
  return intakeWords.watches.troubled({ camera, trouble: troubleOf(watch) });
}

function troubleOf(watch: FolderWatch): string {
  if (watch.isLost) return intakeWords.watch.lost({ folder: watch.folder?.name ?? '' });
  return watch.failed?.isLong ? failedSentence(watch.failed) : stoppedSentence(watch);
}

function named(names: readonly string[]): string {
  const count = names.length - MOST_NAMES;
  const first = names.slice(0, MOST_NAMES).join(', ');
  return count > 0 ? intakeWords.namesAndMore({ names: first, count }) : first;
}
