import { expect, test } from '@playwright/test';
import { ENGLISH_FORMATS, speakFormats } from '../../../src/core/i18n/format';
import { OTHERS } from '../../languages';
import { at, samplesOf, says, sentencesOf, translated } from '../sentences';

/** A reader follows no longer ones. */
const MOST_WORDS = 30;

/** Sentences that quote: a file as it writes itself, a position as charts and receivers write it. */
const QUOTES = /^(details\.|settings\.positionWrong)/;

const LANGUAGES = new Map<string, object>([
  ['en', await inEnglish()],
  ...[...OTHERS].map(([language, words]) => [language, words] as const),
]);

async function inEnglish(): Promise<object> {
  const parts = [...translated].map(async (part) => {
    const { default: words } = (await import(`../../../src/words/${part}.en.js`)) as { default: object };
    return [part, words] as const;
  });
  return Object.fromEntries(await Promise.all(parts));
}

/**
 * Every text that the page can say, with its place: each case of each sentence, its facts filled in. Catalogs that are
 * English alone are for other programs.
 */
function textsOf(language: string): readonly (readonly [place: string, text: string])[] {
  const words = LANGUAGES.get(language)!;
  const formats = OTHERS.get(language)?.formats ?? ENGLISH_FORMATS;
  speakFormats(formats);
  const texts = [...translated].flatMap((part) =>
    [...sentencesOf(part, language)].flatMap(([place, sentence]) =>
      samplesOf(sentence).map((facts) => [place, says(at(words, place), facts)] as const),
    ),
  );
  speakFormats(ENGLISH_FORMATS);
  return texts;
}

function faultOf(language: string, place: string, text: string): string | null {
  if (/\.\.|[?!:;,]\.|…\.(?!$)/.test(text)) return 'two stops';
  for (const [opens, closes] of ['“”', '«»', '()', '[]']) {
    if (text.split(opens!).length !== text.split(closes!).length) return `unbalanced ${opens!}${closes!}`;
  }
  if (language !== 'en' && !QUOTES.test(place) && /(?<!DP )\d\.\d/.test(text)) return 'a decimal point';
  // A date is one thing to read.
  const long = text
    .replaceAll(/1 (?:de )?\p{L}+ (?:del? )?1970(?:, 00:00)?/gu, 'date')
    .split(/(?<=[.?!])\s+/)
    .map((sentence) => (sentence.match(/\S*[\p{L}\d]\S*/gu) ?? []).length)
    .find((count) => count > MOST_WORDS);
  return long === undefined ? null : `a sentence of ${long} words`;
}

for (const language of LANGUAGES.keys()) {
  test(`no sentence of ${language} has two stops, an open quote or more than ${MOST_WORDS} words`, () => {
    const faults = textsOf(language).flatMap(([place, text]) => {
      const fault = faultOf(language, place, text);
      return fault === null ? [] : [`${place}, ${fault}: ${text}`];
    });
    expect(faults).toEqual([]);
  });
}

test('the page says picture where code says snapshot or job', () => {
  const said = textsOf('en').filter(([, text]) => /\b(snapshot|job)s?\b/i.test(text));
  expect(said).toEqual([]);
});

test('a faulty sentence is told from a sound one', () => {
  const fault = (text: string, language = 'es') => faultOf(language, 'part.place', text);
  expect(fault('Limpiada el 13 nov..')).toBe('two stops');
  expect(fault('¿Está limpia?.')).toBe('two stops');
  expect(fault('Se llama «Reef.')).toBe('unbalanced «»');
  expect(fault('A 0.5 del límite.')).toBe('a decimal point');
  expect(fault('A 0.5 of the limit.', 'en')).toBeNull();
  expect(fault('uno '.repeat(MOST_WORDS))).toBeNull();
  expect(fault('uno '.repeat(MOST_WORDS + 1))).toBe(`a sentence of ${MOST_WORDS + 1} words`);
  expect(fault(`${'uno '.repeat(20)}final. ${'dos '.repeat(20)}`)).toBeNull();
});

/** Words of the glossary that have one translation each (src/core/i18n/glossary.md), in English, Spanish and Catalan. */
const TERMS = [
  { en: /\bwarnings?\b/i, es: /\bavisos?\b/i, ca: /\bav(ís|isos)\b/i },
  { en: /\bdrift\b/i, es: /\bderivas?\b/i, ca: /\bderiv(a|es)\b/i },
  { en: /^soon$|“soon/i, es: /^pronto$|«pronto/i, ca: /^aviat$|«aviat/i },
  {
    en: /^clean the lens$|“clean the lens/i,
    es: /^limpiar la lente$|«limpiar la lente/i,
    ca: /^cal netejar la lent$|«cal netejar la lent/i,
  },
] as const;

for (const language of ['es', 'ca'] as const) {
  test(`${language} says warning, drift, soon and clean the lens with one word each, and nothing else with it`, () => {
    const heard = (of: string, term: RegExp) => {
      const places = new Map<string, boolean>();
      for (const [place, text] of textsOf(of))
        places.set(place, (places.get(place) ?? false) || term.test(text));
      return places;
    };
    const faults = TERMS.flatMap((term) => {
      const english = heard('en', term.en);
      // A term that a file has is quoted as it is.
      const quoted = heard(language, term.en);
      return [...heard(language, term[language])].flatMap(([place, isSaid]) =>
        isSaid === english.get(place) || (english.get(place) && quoted.get(place))
          ? []
          : [`${place}: ${String(term[language])}`],
      );
    });
    expect(faults).toEqual([]);
  });
}
