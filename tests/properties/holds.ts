import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { detailIn } from '../../src/core/i18n/details';
import { explainInEnglish } from '../../src/core/i18n/in-english';
import { failureSentence } from '../../src/core/i18n/failures';
import { problemSentence } from '../../src/features/keep/bundle-sentences';
import { BundleError } from '../../src/core/domain/files/bundle';
import { AppError } from '../../src/core/domain/errors';
import { plainText } from '../../src/core/domain/files/plain-name';
import english from '../../src/words/care.en.js';
import { OTHERS } from '../languages';

const IS_LONG = process.env['PORTHOLE_ENDURANCE'] === '1';
/** `npm test` tries the same inputs each time, so that what is green stays green; the long run looks for new ones. */
const SEED = Number(process.env['PORTHOLE_SEED'] ?? (IS_LONG ? Date.now() % 2 ** 31 : 1));
/** Milliseconds of this process's own work, so that a busy machine fails nothing. */
const LONGEST = 1000;

const PROTOTYPES = [Object.prototype, Array.prototype, String.prototype, Function.prototype];
const propertiesNow = () => PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).length).join();
const PROPERTIES = propertiesNow();

/**
 * Tries a property with many inputs, and says with which one it does not hold.
 *
 * @param first - inputs that are always tried
 * @param share - of the usual number of runs
 */
export async function holds<T>(
  inputs: fc.Arbitrary<T>,
  check: (input: T) => unknown,
  { first = [], share = 1 }: { readonly first?: readonly T[]; readonly share?: number } = {},
): Promise<void> {
  if (IS_LONG) test.setTimeout(1_800_000);
  const property = fc.asyncProperty(inputs, async (input) => {
    const before = process.cpuUsage();
    await check(input);
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1000 < LONGEST, `it took ${(user + system) / 1000} ms`);
    assert.equal(propertiesNow(), PROPERTIES, 'a prototype of the language was changed');
  });
  const numRuns = Math.round((IS_LONG ? 10_000 : 300) * share);
  const examples = first.map((input): [T] => [input]);
  const details = await fc.check(property, { seed: SEED, numRuns: numRuns + first.length, examples });
  if (!details.failed) return;
  const report = (await fc.asyncDefaultReportMessage(details)) ?? '';
  throw new Error(`${report.slice(0, 4000)}\nAgain: PORTHOLE_SEED=${SEED}, with as many runs`, {
    cause: details.errorInstance,
  });
}

/**
 * The result of work, or null if it refuses with an error for a person: the sentence is whole, short and free of tricks
 * in each language of the page.
 */
export async function accepted<T>(work: () => T | Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    for (const sentence of sentencesOf(error)) {
      const { length } = Array.from(sentence);
      assert.ok(length > 0 && length < 1000, `a sentence of ${length} characters`);
      assert.doesNotMatch(sentence, /\[object/);
      assert.equal(plainText(sentence, 1000), sentence, 'a sentence with unseen characters');
    }
    return null;
  }
}

function sentencesOf(error: unknown): string[] {
  if (error instanceof AppError) {
    const { code, detail } = error;
    return [
      explainInEnglish(code, detail),
      ...[...OTHERS.values()].map(({ app, details }) =>
        failureSentence(app, code, detailIn(details, detail)),
      ),
    ];
  }
  if (error instanceof BundleError) {
    const { problem } = error;
    return [english, ...[...OTHERS.values()].map(({ care }) => care)].map((words) =>
      problemSentence(words, problem),
    );
  }
  throw error;
}

/** Fails for a number that is not finite, and a text that is longer than any that belongs there. */
export function assertSound(value: unknown, longest = 2000, where = 'it'): void {
  if (typeof value === 'number') assert.ok(Number.isFinite(value), `${where} is ${value}`);
  if (typeof value === 'string')
    assert.ok(value.length <= longest, `${where} has ${value.length} characters`);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  for (const [key, inner] of Object.entries(value)) assertSound(inner, longest, `${where}.${key}`);
}
