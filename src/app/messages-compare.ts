import type { KsResult } from '../domain/detectors';
import { SIGNIFICANT } from '../domain/sets';
import type { ComparedSet, ComparisonResult, SetKey } from './comparison.svelte';
import { duration, limit, threeDigits, utc } from './format';
import { inLanguage, type Widened } from './language';
import { countedGrouped, grouped, probability } from './wording';

const NAMES: Readonly<Record<SetKey, string>> = { a: 'Set A', b: 'Set B' };

/** Every sentence of the panels that compare two sets and explain the methods, in English; loaded with them. */
const english = {
  title: 'Compare two sets',
  what: 'Are two sets of snapshots alike as wholes? One MMD distance between them, and how often a random regrouping of the same snapshots gives one as large: the batch MMD with permutation test of the tutorial’s notebooks.',
  sets: NAMES,
  sources: {
    reference: (version: number, count: number) =>
      `the reference (version ${String(version)}, ${countedGrouped(count, 'snapshot')})`,
    jobs: 'scored snapshots of a time',
    files: 'files chosen here',
  },
  from: (key: SetKey) => `From, UTC (${NAMES[key]})`,
  to: (key: SetKey) => `To, UTC (${NAMES[key]})`,
  fromShort: 'From (UTC)',
  toShort: 'To (UTC)',
  inTime: (count: number) =>
    count === 0
      ? 'No scored snapshot in this time.'
      : `${countedGrouped(count, 'scored snapshot')} in this time.`,
  chooseFiles: (key: SetKey) => `Choose files for ${NAMES[key].replace('S', 's')}`,
  chooseFolder: (key: SetKey) => `Choose a folder for ${NAMES[key].replace('S', 's')}`,
  files: (count: number) =>
    count === 0
      ? 'No picture chosen yet.'
      : `${countedGrouped(count, 'picture')} chosen; read when you compare.`,
  filesRead: (count: number) => `${countedGrouped(count, 'snapshot')} read.`,
  leftOut: (key: SetKey) => `Left out of ${NAMES[key].replace('S', 's')}`,
  ignored: (name: string) => `${name}: not a picture.`,
  tooSmall: (key: SetKey, count: number) =>
    `${NAMES[key]} holds ${count === 0 ? 'no snapshot' : countedGrouped(count, 'snapshot')}; a distance needs two at least, and twenty or more say far more.`,
  permutations: 'Permutations',
  number: (count: number) => grouped(count),
  sigma: (sigma: number) => `Sigma ${limit(sigma)}, as set above.`,
  capped: (most: number) =>
    `A set of more than ${grouped(most)} is compared by ${grouped(most)} of its snapshots, spread evenly over it: the kernels of all pairs must fit into memory.`,
  takes: (seconds: number) => `This takes about ${duration(seconds * 1000)}; it can be cancelled.`,
  compare: 'Compare',
  cancel: 'Cancel',
  computing: 'Regrouping the snapshots…',
  busy: 'Porthole is at work on something else; files can be read when it is done.',
  stale: 'The choice has changed since: compare again.',
  resultTitle: 'Result',
  verdict: (result: ComparisonResult): { readonly word: string; readonly sentence: string } => {
    const { numExtreme, numPermutations, isExhaustive, pValue } = result;
    const tries = isExhaustive
      ? `each of the ${grouped(numPermutations)} orders of the same snapshots was tried, and ${grouped(numExtreme)} of them gave a distance this large`
      : `a random regrouping of the same snapshots gave a distance this large in ${grouped(numExtreme)} of ${grouped(numPermutations)} tries`;
    return pValue <= SIGNIFICANT
      ? { word: 'The two sets differ:', sentence: `${tries} (p\u00a0=\u00a0${probability(pValue)}).` }
      : {
          word: 'No difference was found:',
          sentence: `${tries} (p\u00a0=\u00a0${probability(pValue)}). That is no proof that there is none.`,
        };
  },
  meaning: (distance: number, warning: number | null) =>
    `This does not say that the lens is dirty: weather, light and season make sets differ too.` +
    (warning === null
      ? ''
      : ` The size of the distance says more: it is ${threeDigits(distance)}, and this camera warns above ${limit(warning)}.`),
  line: `A p-value of ${String(SIGNIFICANT)} or less is called a difference here.`,
  overlap: (count: number, { used: a }: ComparedSet, { used: b }: ComparedSet) =>
    count === a && count === b
      ? 'Both sets hold the same snapshots, so there is nothing to find.'
      : `${countedGrouped(count, 'snapshot')} of set B ${count === 1 ? 'is' : 'are'} in set A too (the same name or the same embedding): that makes the sets look more alike than they are.`,
  tooFew: (smallest: number) =>
    `With so few snapshots p cannot fall below ${probability(smallest)}, however different the sets are: take more.`,
  set: ({ source, version, span, count, used }: ComparedSet) => {
    const origin = {
      reference: `reference version ${String(version)}`,
      jobs: 'scored snapshots',
      files: 'files',
    }[source];
    const all = countedGrouped(count, 'snapshot');
    const taken = used < count ? `${grouped(used)} of ${all}` : all;
    const time = span ? `, ${utc(span[0]).replace(' UTC', '')} to ${utc(span[1])}` : '';
    return `${taken} (${origin}${time})`;
  },
  distance: 'Distance (squared MMD)',
  pValue: 'p-value',
  probability,
  facts: ({ sigma, numPermutations }: ComparisonResult, randomState: number) =>
    `Sigma ${limit(sigma)}; ${grouped(numPermutations)} permutations, seed ${String(randomState)}, so the same sets give the same numbers again, and in Python too. p = (b + 1) / (m + 1), Frouros’ method “conservative”, which is never 0 (Phipson and Smyth 2010).`,
  picture: ({ histogram: { from, to }, distance, numPermutations }: ComparisonResult) =>
    `Histogram of ${grouped(numPermutations)} distances of random regroupings, from ${threeDigits(from)} to ${threeDigits(to)}, with a line at the distance of the two sets, ${threeDigits(distance)}.`,
  axis: 'distance of random regroupings',
  observed: (distance: number) => `the two sets: ${threeDigits(distance)}`,
  table: 'The histogram as a table',
  columns: { distance: 'Distance', count: 'Regroupings' },
  bin: (from: number, to: number) => `${threeDigits(from)} to ${threeDigits(to)}`,
  cautionTitle: 'Not for alarms.',
  caution:
    'A permutation test takes snapshots as exchangeable. Consecutive ones look alike (lag-1 autocorrelation about 0.6 at OBSEA), so for a camera’s stream p is too small: a 1\u00a0% threshold made this way alarmed on 87\u00a0% of clean windows. Use it to compare sets, never to set an alarm limit: that takes clean days in their order.',
  ks: {
    title: 'One number at a time',
    what: (windowSize: number) =>
      `The tutorial’s other streaming detector, IncrementalKSTest: is one number of the newest ${String(windowSize)} snapshots distributed as it is in the reference? The statistic is the largest gap between the two distributions, from 0 to 1. It gives no verdict here.`,
    property: 'Number',
    statistic: 'KS statistic',
    logP: 'p-value, as its power of ten',
    noProperties:
      'This reference was imported or frozen without the numbers of its pictures. Build a new version from snapshots to use this.',
    noSnapshots: 'No snapshot with such a number has been checked yet.',
    filling: (windowSize: number) =>
      `The first answer comes when ${String(windowSize)} snapshots have been checked.`,
    newest: (property: string, { statistic, pValue }: KsResult) =>
      `Newest window: the ${property} has a KS statistic of ${threeDigits(statistic)} (p\u00a0=\u00a0${probability(pValue)}).`,
    point: (name: string, value: number, statistic: number, pValue: number) =>
      `${name}: ${threeDigits(value)}, statistic ${threeDigits(statistic)}, p = ${probability(pValue)}`,
    heading: (camera: string, property: string, windowSize: number) =>
      `${camera}: KS test of ${property}, window ${String(windowSize)}`,
    summary: (count: number, y: string, x: string) =>
      `Scatter plot of ${y} over ${x}, ${countedGrouped(count, 'window')}. The table below has the newest as numbers.`,
    foot: 'Colour and shape are the verdicts that the embeddings got: compare where the one number follows them, and where it does not.',
    table: (count: number) => `The newest ${countedGrouped(count, 'window')} as a table`,
    caution:
      'Dark water, a turned camera and the hour of day move one number as much as dirt does. And these p-values take snapshots as exchangeable: consecutive ones look alike, so p is too small.',
  },
  method: {
    title: 'Which method?',
    lead: 'The tutorial chooses a detector by four questions. Answer them for your own case; the answers for a camera that fouls are given.',
    legends: {
      drift: '1. Which drift?',
      arrival: '2. How do snapshots arrive?',
      variables: '3. How many numbers each?',
      values: '4. What kind of values?',
    },
    options: {
      data: { word: 'Data drift', meaning: 'The pictures change. Pictures are all it takes.' },
      concept: {
        word: 'Concept drift',
        meaning: 'What a picture means changes. That takes labels of new pictures.',
      },
      streaming: { word: 'Streaming', meaning: 'One after the other; each moves a window.' },
      batch: { word: 'Batch', meaning: 'Two finished sets, compared once.' },
      multivariate: { word: 'Multivariate', meaning: 'A whole embedding.' },
      univariate: { word: 'Univariate', meaning: 'One number, such as the brightness.' },
      numerical: { word: 'Numerical', meaning: 'Measured, as an embedding is.' },
      categorical: { word: 'Categorical', meaning: 'Names, such as kinds of fish.' },
    },
    answer: 'Your method',
    answers: {
      concept: {
        name: 'None here: it needs labels',
        explanation:
          'Concept drift shows in a model’s errors, so somebody must label new pictures (Frouros: DDM, ADWIN and others). A dirty lens changes the pictures themselves, which is data drift.',
      },
      categorical: {
        name: 'None here',
        explanation:
          'Counts of names are compared by other tests (Frouros: ChiSquareTest, in batches). Pixels and embeddings are numbers.',
      },
      'mmd-streaming': {
        name: 'MMDStreaming',
        explanation:
          'Porthole’s mmd-streaming: the distance of a window of the newest snapshots to the reference. It gives the verdict on the Monitor.',
      },
      mmd: {
        name: 'MMD with PermutationTestDistanceBased',
        explanation: 'It compares two sets, above on this page: one distance, and one p-value for it.',
      },
      'ks-streaming': {
        name: 'IncrementalKSTest',
        explanation:
          'Porthole’s ks-streaming: the Kolmogorov-Smirnov test of one number in a window. It is shown below, and gives no verdict: it sees only what that number shows, and its p-values take snapshots as exchangeable too.',
      },
      'ks-batch': {
        name: 'KSTest',
        explanation:
          'Frouros has it, with a dozen others for one number; Porthole compares two sets by their embeddings, which hold more.',
      },
    },
    table: {
      title: 'What Porthole has of Frouros',
      columns: ['Detector', 'Snapshots', 'Looks at', 'Gives'],
      rows: [
        ['MMDStreaming', 'streaming', 'embeddings', 'the verdict'],
        ['IncrementalKSTest', 'streaming', 'one number', 'statistic and p-value'],
        ['MMD, permutation test', 'batch', 'embeddings', 'distance and p-value'],
      ],
    },
  },
};

/** What every language has a sentence for. */
export type CompareMessages = Widened<typeof english>;

/** Every sentence of the panels that compare two sets and explain the methods, in the language of the page. */
export const m = inLanguage('compare', english);
