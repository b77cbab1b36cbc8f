import { expect, test } from '@playwright/test';
import { drill, spreadSample, type FouledRun } from '../../src/features/calibrate/pure/drill';
import type { Embedding } from '../../src/core/domain/drift/embedding';
import { Judge, type Judging } from '../../src/core/domain/drift/judge';
import { NO_PERSISTENCE } from '../../src/core/domain/drift/persistence';
import { normalNumbers } from './streams';

const LENGTH = 8;
const JUDGING: Judging = {
  detector: { name: 'mmd-streaming', windowSize: 6, sigma: 4 },
  thresholds: { warning: 0.1, drift: 0.4 },
  persistence: NO_PERSISTENCE,
};
const numbers = normalNumbers(3);
const reference = cluster(60);
const clean = cluster(14);

function cluster(count: number): Embedding[] {
  return Array.from({ length: count }, () => Float32Array.from({ length: LENGTH }, () => 0.4 * numbers()));
}

/** A lens that moves every embedding by so much along one axis. */
function lens(severity: number, by: number, kind: FouledRun['kind'] = 'growth'): FouledRun {
  const embeddings = clean.map((embedding) => embedding.map((value, i) => (i === 0 ? value + by : value)));
  return { kind, severity, measure: { kind: 'covered', value: severity / 10 }, embeddings };
}

const LENSES = [lens(1, 0.1), lens(2, 0.5), lens(3, 2.4), lens(4, 4), lens(5, 9)];

/** What Judge itself says of fouled snapshots, once its window is full of the newest clean ones. */
function judged(judging: Judging, run: FouledRun) {
  const judge = new Judge(judging, reference);
  for (const embedding of clean.slice(-judging.detector.windowSize)) judge.update(embedding);
  return run.embeddings.map((embedding) => judge.update(embedding));
}

test('the weakest lens that raises anything is the one that is noticed, and drift may take a stronger one', () => {
  const [answer] = drill(JUDGING, reference, clean, LENSES).answers;
  expect(answer!.lenses.map(({ driftStatus }) => driftStatus)).toEqual([
    'normal',
    'normal',
    'warning',
    'drift',
    'drift',
  ]);
  expect(answer!.noticed).toBe(answer!.lenses[2]);
  expect(answer!.drifted).toBe(answer!.lenses[3]);
  expect(answer!.hasBlindSpot).toBe(false);
});

test('delays and distances are those that Judge gives, snapshot by snapshot', () => {
  const [answer] = drill(JUDGING, reference, clean, LENSES).answers;
  for (const [i, run] of LENSES.entries()) {
    const judgements = judged(JUDGING, run);
    const { warningDelay, driftDelay, distance, highest } = answer!.lenses[i]!;
    const first = (...statuses: string[]) => {
      const place = judgements.findIndex(({ driftStatus }) => statuses.includes(driftStatus));
      return place < 0 ? null : place + 1;
    };
    expect(warningDelay).toBe(first('warning', 'drift'));
    expect(driftDelay).toBe(first('drift'));
    expect(distance).toBe(judgements.at(-1)!.distance);
    // The window is 6: from the sixth fouled snapshot on it holds no clean one.
    expect(highest).toBe(Math.max(...judgements.slice(5).map(({ distance }) => distance!)));
  }
  expect(answer!.lenses[4]!.driftDelay).toBeGreaterThan(1);
  expect(answer!.lenses[4]!.driftDelay).toBeLessThan(6);
});

test('persistence delays the alarm by as many windows as it waits for', () => {
  const patient = { ...JUDGING, persistence: { raiseAfter: 4, clearAfter: 1, clearBelow: 1 } };
  const [before] = drill(JUDGING, reference, clean, LENSES).answers;
  const [after] = drill(patient, reference, clean, LENSES).answers;
  expect(after!.lenses[4]!.warningDelay).toBe(before!.lenses[4]!.warningDelay! + 3);
  expect(after!.lenses[4]!.driftDelay).toBe(before!.lenses[4]!.driftDelay! + 3);
  // Longer than the run: it is repeated until the alarm can be raised.
  const stubborn = { ...JUDGING, persistence: { raiseAfter: 40, clearAfter: 1, clearBelow: 1 } };
  const [late] = drill(stubborn, reference, clean, LENSES).answers;
  expect(late!.lenses[4]!.warningDelay).toBe(before!.lenses[4]!.warningDelay! + 39);
});

test('dirt below every limit is never noticed, and its highest distance says how far below', () => {
  const [answer] = drill(JUDGING, reference, clean, LENSES.slice(0, 2)).answers;
  expect(answer).toMatchObject({ noticed: null, drifted: null, hasBlindSpot: false });
  expect(answer!.lenses.map(({ warningDelay }) => warningDelay)).toEqual([null, null]);
  expect(answer!.lenses[1]!.highest).toBeLessThan(JUDGING.thresholds.warning);
});

test('a stronger lens that nothing is said of is told, whatever the order of the lenses', () => {
  const lenses = [lens(5, 0), lens(3, 9, 'silt'), lens(2, 9), lens(1, 0)];
  const { answers } = drill(JUDGING, reference, clean, lenses);
  // In the order of FOULINGS.
  expect(answers.map(({ kind }) => kind)).toEqual(['silt', 'growth']);
  expect(answers[1]!.noticed?.severity).toBe(2);
  expect(answers.map(({ hasBlindSpot }) => hasBlindSpot)).toEqual([false, true]);
});

test('clean snapshots are judged too: normal among their like, a false alarm when they are not', () => {
  expect(drill(JUDGING, reference, clean, []).clean.driftStatus).toBe('normal');
  const odd = lens(1, 9).embeddings;
  const { clean: verdict } = drill(JUDGING, reference, odd, []);
  expect(verdict.driftStatus).toBe('drift');
  expect(verdict.highest).toBeGreaterThan(JUDGING.thresholds.drift);
});

test('fewer snapshots than a window are repeated until it is full of fouled ones', () => {
  const few = clean.slice(0, 2);
  const runs = LENSES.map((run) => ({ ...run, embeddings: run.embeddings.slice(0, 2) }));
  const [answer] = drill(JUDGING, reference, few, runs).answers;
  expect(answer!.lenses[4]!.driftStatus).toBe('drift');
  const judge = new Judge(JUDGING, reference);
  const whole = [0, 1, 0, 1, 0, 1].map((i) => judge.update(runs[4]!.embeddings[i]!));
  expect(answer!.lenses[4]!.distance).toBe(whole.at(-1)!.distance);
});

test('a sample keeps the order, both ends and even steps; what is few enough stays whole', () => {
  const items = Array.from({ length: 70 }, (_, i) => i);
  const sample = spreadSample(items, 24);
  expect(sample).toHaveLength(24);
  expect([sample[0], sample.at(-1)]).toEqual([0, 69]);
  for (let i = 1; i < sample.length; i++) expect(sample[i]! - sample[i - 1]!).toBe(3);
  expect(spreadSample(items, 70)).toEqual(items);
});

test('settings that no judge takes are refused, and what was given stays as it was', () => {
  const before = LENSES.map((run) => run.embeddings.map((embedding) => [...embedding]));
  const sigmaless = { ...JUDGING, detector: { ...JUDGING.detector, sigma: 0 } };
  expect(() => drill(sigmaless, reference, clean, LENSES)).toThrow(/detector-settings|sigma/);
  drill(JUDGING, reference, clean, LENSES);
  expect(LENSES.map((run) => run.embeddings.map((embedding) => [...embedding]))).toEqual(before);
});
