import type { Words } from '../../words/words';
import type { ChosenClean, OtherView } from './choose-reference';
import type { ByLists } from './pure/by-lists';
import type { EncodedSnapshot } from '../../core/session/reference/reference-builder';

/** Sentences on setting up a camera are in the language of these: other programs read English. */
type SetUpWords = Words['setup'];

/** Pictures that were given as clean and are not in the reference, with the reason. */
export interface LeftOut {
  readonly sentence: string;
  readonly pictures: readonly Pick<EncodedSnapshot, 'thumbnail'>[];
}

export function leftOutOf(
  { choice: said, says }: SetUpWords,
  { traced, begins, views, unseen, spare, isDated }: Omit<ChosenClean, 'foreign'>,
): readonly LeftOut[] {
  const seen = [
    ...views.map((view) => ({ sentence: viewSentence(says, view), pictures: view.pictures })),
    ...(begins === null
      ? []
      : [{ sentence: said.begins({ at: begins, count: traced.length }), pictures: traced }]),
    ...(unseen.length > 0 ? [{ sentence: said.unseen({ count: unseen.length }), pictures: [] }] : []),
  ];
  if (spare === 0) return seen;
  return [...seen, { sentence: said[isDated ? 'spare' : 'undated']({ count: spare }), pictures: [] }];
}

export function viewSentence(says: SetUpWords['says'], { pictures, missing }: OtherView): string {
  const count = pictures.length;
  return missing > 0 ? says.viewFew({ count, missing }) : says.viewToo({ count });
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
