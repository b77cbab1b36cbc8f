import { expect, test } from '@playwright/test';
import { tables as catalan } from '../../src/app/ca';
import { tables as spanish } from '../../src/app/es';
import { ENGLISH_FORMATS, speakFormats } from '../../src/app/format';
import { inEnglish, speak } from '../../src/app/messages';
import { a } from '../../src/app/messages-adapt';
import { al } from '../../src/app/messages-alerts';
import { u } from '../../src/app/messages-bundle';
import { c } from '../../src/app/messages-calibrate';
import { c as care } from '../../src/app/messages-care';
import { clk } from '../../src/app/messages-clock';
import { m } from '../../src/app/messages-compare';
import { dk } from '../../src/app/messages-deck';
import { del } from '../../src/app/messages-delete';
import { d } from '../../src/app/messages-drill';
import { f } from '../../src/app/messages-fleet';
import { FOULING_NAMES } from '../../src/app/messages-fouling';
import { i } from '../../src/app/messages-intake';
import { models } from '../../src/app/messages-models';
import { jd } from '../../src/app/messages-judging';
import { offline } from '../../src/app/messages-offline';
import { o } from '../../src/app/messages-outlook';
import { r } from '../../src/app/messages-report';
import { shared } from '../../src/app/messages-shared';
import { s } from '../../src/app/messages-sync';
import { tb } from '../../src/app/messages-table';
import { w } from '../../src/app/messages-why';
import { SAMPLES } from './language-samples';

const { scripting: _scripting, metadata: _metadata, ...messages } = inEnglish;
const ENGLISH = {
  messages,
  adapt: a,
  alerts: al,
  bundle: u,
  calibrate: c,
  care,
  clock: clk,
  compare: m,
  deck: dk,
  delete: del,
  drill: d,
  fleet: f,
  fouling: FOULING_NAMES,
  intake: i,
  models,
  judging: jd,
  offline,
  outlook: o,
  report: r,
  shared,
  sync: s,
  table: tb,
  why: w,
};

/** Names, numbers, and words that the languages share. */
const SAME = new Set(
  `DriftWatch, Monitor, normal, Sigma, SHA-256, WebGPU, WebAssembly, Id, Token, mytoken, Error, no, no., –,
  Calibrar, Error map, MMDStreaming, IncrementalKSTest, KSTest, Detector, embeddings, Model, Experiment, Parameters,
  Versions, Models, Experiments, Contrast, contrast`
    .split(',')
    .map((word) => word.trim()),
);

/** Read by others than the page's reader. */
const STAYS_ENGLISH = /^sync\.(connection\.suggestions|cors\.operatorsText)/;

/** Of these there are always several: numbers of an embedding, snapshots of a window, points of a large plot. */
const NEVER_ONE = new Set([
  'messages.jobs.plot.thinned',
  'messages.reference.lead',
  'messages.setUp.imported',
  'messages.setUp.warmUpOptions.snapshots',
  'messages.settings.modelFacts',
  'compare.capped',
  'compare.ks.what',
  'compare.ks.filling',
  'why.window.lead',
]);

// Other specs of the same process speak English.
test.afterAll(() => {
  speakFormats(ENGLISH_FORMATS);
  speak(inEnglish);
});

type Sentence = (...facts: readonly unknown[]) => unknown;

interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

function leavesOf(value: unknown, path: string): Leaf[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([key, child]) =>
    leavesOf(child, path === '' ? key : `${path}.${key}`),
  );
}

/** What a leaf says: a sentence is called with each of its samples. */
function said({ path, value }: Leaf): string[] {
  if (typeof value !== 'function') return textsOf(value);
  return samplesOf(path, value as Sentence).flatMap((facts) => textsOf((value as Sentence)(...facts)));
}

function samplesOf(path: string, sentence: Sentence): readonly (readonly unknown[])[] {
  const samples = SAMPLES[path];
  if (samples) return samples;
  const numbers = [[17, 23, 31, 43, 59]];
  const strings = [['Kappa1', 'Kappa2', 'Kappa3']];
  if (path.startsWith('messages.errors') || path === 'messages.detail') return strings;
  try {
    sentence(...numbers[0]!);
    return numbers;
  } catch {
    return strings;
  }
}

function textsOf(value: unknown): string[] {
  if (value === null) return [];
  if (typeof value === 'object') return Object.values(value).flatMap(textsOf);
  return [`${value as string | number}`];
}

/** The numbers and names in a text, in no order: months and thousands are written as each language does. */
function factsIn(text: string): string[] {
  return (
    text.replace(/(?<=\d)[,\u202f](?=\d{3})/g, '').match(/Kappa\d|\d+(\.\d+)?|[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g) ?? []
  ).sort();
}

const english = leavesOf(ENGLISH, '').map((leaf) => ({ ...leaf, texts: said(leaf) }));

for (const [name, { formats, messages, parts }] of [
  ['Spanish', spanish],
  ['Catalan', catalan],
] as const) {
  const leaves = leavesOf({ messages, ...parts }, '');

  test(`${name} says everything that English says, and nothing else`, () => {
    expect(leaves.map(({ path }) => path).sort()).toEqual(english.map(({ path }) => path).sort());
  });

  test(`every sentence of ${name} is whole, holds the facts of the English one, and is not English`, () => {
    speakFormats(formats);
    speak(messages);
    const other = new Map(leaves.map((leaf) => [leaf.path, leaf]));
    const wrong: string[] = [];
    for (const leaf of english) {
      const theirs = said(other.get(leaf.path)!);
      const ours = leaf.texts;
      if (theirs.length !== ours.length) wrong.push(`${leaf.path}: ${theirs.length} of ${ours.length} texts`);
      for (const [i, text] of theirs.entries()) {
        const original = ours[i] ?? '';
        if (text === '' && original !== '') wrong.push(`${leaf.path}: empty`);
        if (/undefined|NaN|\[object|null/.test(text)) wrong.push(`${leaf.path}: ${text}`);
        if (/ {2}|\s[,;]|\s\.(?!\w)|^\s*$/.test(text) && original.trim() !== '')
          wrong.push(`${leaf.path}: “${text}”`);
        if (factsIn(text).join() !== factsIn(original).join()) {
          wrong.push(`${leaf.path}: “${text}” has other facts than “${original}”`);
        }
        const isSame = text === original && /\p{L}{3}/u.test(text.replaceAll(/Kappa\d|UTC|Porthole/g, ''));
        if (isSame && !SAME.has(text) && !STAYS_ENGLISH.test(leaf.path))
          wrong.push(`${leaf.path}: English, “${text}”`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test(`one of something is not many in ${name}`, () => {
    const wrong: string[] = [];
    for (const { path, value } of leaves) {
      if (typeof value !== 'function' || SAMPLES[path] || /^messages\.(errors|detail)/.test(path)) continue;
      for (const text of textsOf((value as Sentence)(1, 1, 1, 1, 1)).filter(Boolean)) {
        const isMany = /(^|[^\d.])1 (?!más|més|an[áà]lisis|proc[eé]s|pas|ms|dels|les|las|sin)\p{L}+s\b/u.test(
          text,
        );
        if (isMany && !NEVER_ONE.has(path)) wrong.push(`${path}: ${text}`);
      }
    }
    expect(wrong).toEqual([]);
  });
}
