import { expect, test } from '@playwright/test';
import { compileWords } from '../../../scripts/words-compiler.mjs';
import { ENGLISH_FORMATS, speakFormats, utcDay, withYears } from '../../../src/core/i18n/format';
import { fetchDetails } from '../../../src/core/i18n/details';
import { explainInEnglish } from '../../../src/core/i18n/in-english';
import { speakParts } from '../../../src/core/i18n/language';
import { englishWords, speak } from '../../../src/core/i18n/app-words';
import { skippedSentence } from '../../../src/core/i18n/arrival-words';
import { explain } from '../../../src/core/i18n/failures';
import english from '../../../src/words/app.en.js';
import { words as spanish } from '../../../src/words/es.js';
import { OTHERS } from '../../languages';
import {
  at,
  samplesOf,
  says,
  sentencesOf,
  translated,
  type Catalog,
  type Facts,
  type Sentence,
} from '../sentences';

/** Names, numbers, and words that the languages share. */
const SAME = new Set(
  `DriftWatch, Monitor, normal, Sigma, SHA-256, WebGPU, WebAssembly, Id, Token, mytoken, Error, no, no., –,
  Calibrar, Error map, Detector, Sensor, DOI, embeddings, Model, Experiment, Parameters,
  Versions, workers, Models, models, Experiments, experiments, Contrast, contrast`
    .split(',')
    .map((word) => word.trim()),
);

/** Of these there are always several: numbers of an embedding, snapshots of a window or reference, points of a large plot. */
const NEVER_ONE =
  /^(app\.(jobs\.plot\.thinned|reference\.lead|setUp\.imported|settings\.modelFacts)|setup\.(better|views\.title)|compare\.|why\.window\.lead)/;

// Other specs of the same process speak English.
test.afterEach(() => {
  speakFormats(ENGLISH_FORMATS);
  speak(english);
  speakParts(null);
});

/** The numbers and names in a text, in no order: months and thousands are written as each language does. */
function factsIn(text: string): string {
  const plain = text.replace(/(?<=\d)[,\u202f](?=\d{3})/g, '').replace(/(?<=\d),(?=\d)/g, '.');
  return (plain.match(/Kappa\d|\d+(\.\d+)?|[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g) ?? []).sort().join();
}

for (const [language, words] of OTHERS) {
  test(`every sentence of ${language} is whole, holds the facts of the English one, and is not English`, async () => {
    const wrong: string[] = [];
    const told: { place: string; sentence: Sentence; facts: Facts; original: string }[] = [];
    speakFormats(ENGLISH_FORMATS);
    for (const part of translated) {
      const own = sentencesOf(part, language);
      const inEnglishToo = (await import(`../../../src/words/${part}.en.js`)) as {
        default: object;
      };
      for (const [place, sentence] of sentencesOf(part, 'en')) {
        if (part === 'formats') continue;
        const [there, here] = [at({ [part]: inEnglishToo.default }, place), at(words, place)];
        for (const facts of samplesOf(`${own.get(place)!}${sentence}`)) {
          told.push({ place, sentence: here, facts, original: says(there, facts) });
        }
      }
    }
    // Once for all of them: it makes the language's formats anew.
    speakFormats(words.formats);
    for (const { place, sentence, facts, original } of told) {
      const text = says(sentence, facts);
      if ((text === '') !== (original === '')) wrong.push(`${place}: empty`);
      if (/undefined|NaN|\[object|null/.test(text)) wrong.push(`${place}: ${text}`);
      if (/ {2}|\s[,;]|\s\.(?!\w)|^\s*$/.test(text) && original.trim() !== '')
        wrong.push(`${place}: “${text}”`);
      if (factsIn(text) !== factsIn(original))
        wrong.push(`${place}: “${text}” has other facts than “${original}”`);
      const isSame = text === original && /\p{L}{3}/u.test(text.replaceAll(/Kappa\d|UTC|Porthole/g, ''));
      if (isSame && !SAME.has(text) && !SAME.has(text.replace(/^\d+ |\.$/g, '')))
        wrong.push(`${place}: English, “${text}”`);
    }
    expect(wrong).toEqual([]);
  });

  test(`one of something is not many in ${language}`, () => {
    speakFormats(words.formats);
    const many = /(?<![\p{L}\d.])1 (?!más|més|an[áà]lisis|proc[eé]s|pas|ms|dels|les|las|sin|ús)\p{L}+s\b/u;
    const wrong = [...translated].flatMap((part) =>
      [...sentencesOf(part, language)].flatMap(([place, sentence]) =>
        samplesOf(sentence, 1)
          .map((facts) => says(at(words, place), facts))
          .filter((text) => many.test(text) && !NEVER_ONE.test(place))
          .map((text) => `${place}: ${text}`),
      ),
    );
    expect(wrong).toEqual([]);
  });
}

test('a failure is told in the language of the page, and in English to other programs', async () => {
  expect(explain('address', { code: 'address-empty' })).toContain('That address can’t be used: ….');
  await fetchDetails();
  expect(explain('address', { code: 'address-empty' })).toContain('That address can’t be used: it is empty.');
  speak(spanish.app);
  speakParts(spanish);
  expect(explain('address', { code: 'address-empty' })).toContain('está vacía');
  expect(explain('address', 'from an older page')).toContain('from an older page');
  expect(explainInEnglish('address', { code: 'address-empty' })).toContain('can’t be used: it is empty.');
  expect(explain('detector-blind', 'saturated')).toContain(spanish.app.blindness.saturated);
  expect(skippedSentence(['a', 'b', 'c', 'd', 'e', 'f'])).toContain('a, b, c, d, e y 1 más');
  expect(skippedSentence(['a'], englishWords)).toBe('1 file was skipped because it is not a picture: a.');
});

test('a day of another year is written with its year in every language, one of this year without', () => {
  const year = new Date().getUTCFullYear();
  const written = [ENGLISH_FORMATS, ...[...OTHERS.values()].map(({ formats }) => formats)].map((formats) => {
    speakFormats(formats);
    return [utcDay(Date.UTC(year, 10, 30)), utcDay(Date.UTC(2023, 10, 30)), utcDay(Infinity)];
  });
  expect(written).toEqual([
    ['30 November', '30 November 2023', ENGLISH_FORMATS.noDate],
    ['30 de noviembre', '30 de noviembre de 2023', OTHERS.get('es')!.formats.noDate],
    ['30 de novembre', '30 de novembre del 2023', OTHERS.get('ca')!.formats.noDate],
  ]);
});

test('a sentence that is missing, superfluous, or asks for other facts is named with its place', () => {
  const problems = (en: Catalog, es: Catalog): readonly string[] =>
    compileWords(
      new Map([
        ['log.en.json', en],
        ['log.es.json', es],
      ]),
    ).problems;
  expect(problems({ a: 'One' }, { a: 'Uno' })).toEqual([]);
  expect(problems({ a: 'One', b: { c: 'Two' } }, { a: 'Uno', b: {} })).toEqual([
    'log.es.json, b.c: is missing',
  ]);
  expect(problems({ a: 'One' }, { a: 'Uno', z: 'Z' })).toEqual(['log.es.json, z: is not in English']);
  expect(problems({ a: '{count} left' }, { a: 'quedan' })).toEqual(['log.es.json, a: {count} is left out']);
  expect(problems({ a: 'left' }, { a: 'quedan {count}' })).toEqual([
    'log.es.json, a: {count} is not in the English sentence',
  ]);
  expect(problems({ a: '{n, plural, one {#} other {#}}' }, { a: '{n, plural, one {#}}' })[0]).toContain(
    'log.es.json, a',
  );
  expect(problems({ a: 'One' }, { a: 'Uno {' })[0]).toContain('log.es.json, a');
  const kinds = ['{of, select, film {A} other {B}}', '{of, select, pel {A} other {B}}'] as const;
  expect(problems({ a: kinds[0] }, { a: kinds[1] })).toEqual(['log.es.json, a: {of} is never “pel”']);
  expect(problems({ a: '{at, utc}' }, { a: '{at, hour}' })[0]).toContain('log.es.json, a');
  const puzzle = '{a, select, b {B} other {}}{c, select, d {D} other {}}';
  expect(problems({ a: puzzle }, { a: puzzle })).toEqual([
    expect.stringMatching(/^log\.en\.json, a: chooses by more than/),
    expect.stringMatching(/^log\.es\.json, a: chooses by more than/),
  ]);
  const maybe = '{name, select, null {A} other {{name}}}';
  expect(problems({ a: maybe }, { a: '{name}' })).toEqual([
    'log.es.json, a: {name} has a case “null” in one language only',
  ]);
});

test('a date of this year has its year where an alert asks for it, and only there', () => {
  const at = Date.UTC(new Date().getUTCFullYear(), 10, 30);
  const plain = utcDay(at);
  expect(withYears(() => utcDay(at))).toBe(`${plain} ${new Date().getUTCFullYear()}`);
  expect(() =>
    withYears(() => {
      throw new Error('no sentence');
    }),
  ).toThrow();
  expect(utcDay(at)).toBe(plain);
});
