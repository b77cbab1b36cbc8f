import type { Reference } from '../../core/domain/camera/job';
import type { ConfigNotice } from '../../core/domain/files/config-toml';
import type { Choice } from './camera-maker.svelte';
import type { ByLists } from './pure/by-lists';
import type { MatchProblem } from './pure/match-files';
import { inLanguage } from '../../core/i18n/language';
import en from '../../words/setup.en.js';
import type { Words } from '../../words/words';

/** Every sentence about setting up a camera and its reference, in the language of the page. */
export const su = composeSetUp(inLanguage('setup', en));

/** The same of another catalog: other programs get English. */
export function composeSetUp(words: Words['setup']) {
  const keptOut = ({ spare, isDated, unseen, choices }: Choice) => [
    ...(spare > 0 && !choices.isBeside
      ? [words.choice[isDated ? 'spare' : 'undated']({ count: spare })]
      : []),
    ...(unseen.length > 0 ? [words.choice.unseen({ count: unseen.length })] : []),
  ];
  const begins = ({ begins: at, traced, choices }: Choice) =>
    at === null
      ? []
      : [words.choice[choices.isBeside ? 'viewBegins' : 'begins']({ at, count: traced.length })];
  return {
    ...words,
    reference: {
      ...words.reference,
      lead: ({ version, embeddings }: Pick<Reference, 'version' | 'embeddings'>) =>
        words.reference.lead({ version, count: embeddings.length, length: embeddings[0]?.length ?? 0 }),
    },
    keptOut,
    begins,
    chosen: ({ by, isCleanSaid, clean, dirty, other, folders }: ByLists<unknown>) => {
      const say = words.chosen[by];
      const parts = [
        (isCleanSaid ? say : words.chosen).clean({ count: clean.length, folders: folders.clean }),
        ...(dirty.length > 0 ? [say.dirty({ count: dirty.length, folders: folders.dirty })] : []),
        ...(other.length > 0 ? [say.other({ count: other.length })] : []),
      ];
      return `${parts.join(', ')}.`;
    },
    choiceNotes: (choice: Choice) => [
      ...keptOut(choice),
      ...begins(choice),
      ...choice.views.map((view) => words.choice.view({ count: view.length })),
    ],
    configNotice: ({ kind, key }: ConfigNotice) => words.configNotices[kind]({ key }),
    matchProblem: ({ kind, name }: MatchProblem) => words.matchProblems[kind]({ name }),
  };
}
