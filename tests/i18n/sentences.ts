import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { compileWords, factsOf } from '../../scripts/words-compiler.mjs';

export type Catalog = Parameters<typeof compileWords>[0] extends ReadonlyMap<string, infer C> ? C : never;
export type Facts = Readonly<Record<string, unknown>>;
export type Sentence = string | ((facts: Facts) => string);

const SRC = join(import.meta.dirname, '../../src');

const catalogs = new Map(
  readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json') && basename(dirname(path)) === 'words')
    .map((path) => [basename(path), JSON.parse(readFileSync(join(SRC, path), 'utf8')) as Catalog]),
);
export const translated = new Set(
  [...catalogs.keys()].filter((name) => !name.endsWith('.en.json')).map((name) => name.split('.')[0]!),
);

/** Every sentence of a part, by its place. */
export function sentencesOf(part: string, language: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (catalog: Catalog, place: string): void => {
    for (const [key, value] of Object.entries(catalog)) {
      if (typeof value === 'string') found.set(`${place}.${key}`, value);
      else walk(value, `${place}.${key}`);
    }
  };
  walk(catalogs.get(`${part}.${language}.json`)!, part);
  return found;
}

/** The compiled sentence at a place. */
export function at(words: object, place: string): Sentence {
  return place.split('.').reduce<unknown>((inner, key) => (inner as Facts)[key], words) as Sentence;
}

export const says = (sentence: Sentence, facts: Facts): string =>
  typeof sentence === 'string' ? sentence : sentence(facts);

/** Facts to tell a sentence: each of its cases once, numbers and names that are easy to find again. */
export function samplesOf(sentence: string, count?: number): Facts[] {
  let samples: Facts[] = [{}];
  let next = 0;
  for (const [name, { type, cases, isOptional }] of factsOf(sentence)) {
    next += 1;
    const number = count ?? [17, 23, 31, 43, 59, 61, 67, 71][next % 8];
    const present: readonly unknown[] =
      type === 'boolean'
        ? [true, false]
        : type === 'number'
          ? [number]
          : type === 'string' && cases
            ? [...cases]
            : type.startsWith('readonly')
              ? [[`Kappa${next}`, `Kappa${next + 1}`]]
              : [`Kappa${next}`];
    const values = isOptional ? [...present, null] : present;
    samples = samples.flatMap((sample) => values.map((value) => ({ ...sample, [name]: value })));
  }
  return samples;
}
