import { speakFormats } from './format';
import { speakParts } from './language';
import { LANGUAGES } from './languages.js';
import { speak } from './app-words';
import type { Words } from '../../words/words';

type LanguageName = keyof typeof LANGUAGES;

const KEY = 'porthole-language';

/** All languages but English, which is part of the page. Each is loaded only by those who use it. */
const CATALOGS = import.meta.glob<{ readonly words: Words }>('./??.js', { base: '../../words' });

function isLanguage(name: string): name is LanguageName {
  return Object.hasOwn(LANGUAGES, name);
}

/** The person's choice, or else the first of the browser's languages that the page speaks. */
export function chosenLanguage(): LanguageName {
  const wanted = [readStored() ?? '', ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.find(isLanguage) ?? 'en';
}

/** Keeps the choice, which the page speaks after a reload; false in a browser that forbids storage. */
export function keepLanguage(name: string): boolean {
  try {
    localStorage.setItem(KEY, name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Puts the chosen language in force, before anything is drawn. Its modules import the page's own ones, so nothing may
 * wait for it at a module's top level: each would wait for the other.
 */
export async function speakChosenLanguage(): Promise<void> {
  const name = chosenLanguage();
  const load = CATALOGS[`./${name}.js`];
  if (!load) return;
  const { words } = await load();
  speakFormats(words.formats);
  speak(words.app);
  speakParts(words);
  document.documentElement.lang = name;
}

function readStored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
