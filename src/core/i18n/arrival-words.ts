import type { Words } from '../../words/words';
import { appWords } from './app-words';

/** How many names are told of files that can't be used. */
const MOST_NAMES = 5;

export function skippedSentence(names: readonly string[], { app }: Words['app'] = appWords): string {
  return app.skipped({ count: names.length, names: shortened(names, app) });
}

export function failedSentence(names: readonly string[]): string {
  const { app } = appWords;
  return app.failed({ count: names.length, names: shortened(names, app) });
}

function shortened(names: readonly string[], { more }: Words['app']['app']): string {
  const count = names.length - MOST_NAMES;
  const first = names.slice(0, MOST_NAMES).join(', ');
  return count > 0 ? more({ names: first, count }) : first;
}
