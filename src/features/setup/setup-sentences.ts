import type { Words } from '../../words/words';
import type { Choice } from './camera-maker.svelte';
import type { ByLists } from './pure/by-lists';

/** Sentences on setting up a camera are in the language of these: other programs read English. */
type SetUpWords = Words['setup'];

/** Which clean snapshots are not in the reference. */
export function keptOutSentences(
  { choice: said }: SetUpWords,
  { spare, isDated, unseen, choices }: Choice,
): readonly string[] {
  return [
    ...(spare > 0 && !choices.isBeside ? [said[isDated ? 'spare' : 'undated']({ count: spare })] : []),
    ...(unseen.length > 0 ? [said.unseen({ count: unseen.length })] : []),
  ];
}

/** When the reference begins, if snapshots before it show another view or growth. */
function beginsSentences(
  { choice: said }: SetUpWords,
  { begins: at, traced, choices }: Choice,
): readonly string[] {
  if (at === null) return [];
  return [said[choices.isBeside ? 'viewBegins' : 'begins']({ at, count: traced.length })];
}

export function choiceSentences(words: SetUpWords, choice: Choice): readonly string[] {
  return [
    ...keptOutSentences(words, choice),
    ...beginsSentences(words, choice),
    ...choice.views.map((view) => words.choice.view({ count: view.length })),
  ];
}

/** How many snapshots were taken for clean, for dirty and for neither, and by which sign. */
export function chosenSentence(
  { chosen }: SetUpWords,
  { by, isCleanSaid, clean, dirty, other, folders }: ByLists<unknown>,
): string {
  const say = chosen[by];
  const parts = [
    (isCleanSaid ? say : chosen).clean({ count: clean.length, folders: folders.clean }),
    ...(dirty.length > 0 ? [say.dirty({ count: dirty.length, folders: folders.dirty })] : []),
    ...(other.length > 0 ? [say.other({ count: other.length })] : []),
  ];
  return `${parts.join(', ')}.`;
}
