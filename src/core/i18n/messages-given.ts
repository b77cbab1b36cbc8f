import en from '../../words/given.en.js';
import { inLanguage } from './language';

export const gv = inLanguage('given', en);

/** The facts of a sentence that names the folder where it has a name. */
export function folderFacts(folder: string): { readonly folder: string; readonly hasFolder: boolean } {
  return { folder, hasFolder: folder !== '' };
}
