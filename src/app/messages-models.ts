import { inLanguage, type Widened } from './language';

/** Sentences about trying a model, in English. */
const english = {
  trying: (name: string) =>
    `${name} is being tried with one small picture. A model that takes longer than a minute or so is stopped.`,
  cancel: 'Cancel',
  stuck: (at: string) =>
    `It took too long to give one embedding on this device (${at}), so it is not opened by itself any more.`,
  tryAgain: 'Try it again',
};

/** What every language has a sentence for. */
export type ModelMessages = Widened<typeof english>;

/** Sentences about trying a model, in the language of the page. */
export const models = inLanguage('models', english);
