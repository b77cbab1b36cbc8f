import { expect, test } from '@playwright/test';
import {
  proposeLimits,
  cleanWindows,
  coverageOf,
  dirtyRun,
  effectiveCount,
  calibrationEvidence,
  falseAlarms,
  heldOutAlarms,
  predictionBound,
  proposeThresholds,
  splitByDays,
} from '../../../src/core/domain/drift/calibration';
import { medianSigma } from '../../../src/core/domain/drift/kernel';
import { mmd2 } from '../../../src/core/domain/drift/mmd';
import { mmdIndependentLimit } from '../../../src/core/domain/drift/mmd-independent-limit';
import { NO_PERSISTENCE } from '../../../src/core/domain/drift/persistence';
import { autoregressiveStream, normalNumbers } from './streams';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Three weeks of a camera: twelve days for the reference, eight for the limits, then twenty more to be judged on. */
async function calibrated(phi: number, seed: number) {
  const stream = autoregressiveStream(24 * 40, { phi, seed });
  const { reference, rest } = splitByDays(stream.slice(0, 24 * 20), 0.6);
  const embeddings = reference.map(({ embedding }) => embedding);
  const detector = { name: 'mmd-streaming', windowSize: 12, sigma: medianSigma(embeddings) };
  const clean = rest.map((sighting) => ({ ...sighting, brightness: null }));
  const result = (await proposeLimits({
    reference: embeddings,
    clean,
    dirty: [],
    detector,
    persistence: NO_PERSISTENCE,
    floor: null,
    usedTimes: [],
  }))!;
  return { result, later: cleanWindows(embeddings, stream.slice(24 * 20), detector) };
}

/** Share of later clean windows above the limit, and their events, over some streams of one autocorrelation. */
async function laterAlarms(phi: number) {
  let [windows, independentWindows, windowsAbove, independentEvents, events] = [0, 0, 0, 0, 0];
  for (let seed = 1; seed <= 8; seed++) {
    const { result, later } = await calibrated(phi, seed);
    const [naive, { drift }] = [result.independent!.drift, result.proposal.thresholds];
    const eventsAbove = (limit: number) =>
      falseAlarms(later, { warning: limit, drift: limit }, NO_PERSISTENCE).events;
    windows += later.distances.length;
    independentWindows += later.distances.filter((distance) => distance > naive).length;
    windowsAbove += later.distances.filter((distance) => distance > drift).length;
    independentEvents += eventsAbove(naive);
    events += eventsAbove(drift);
  }
  return {
    independent: independentWindows / windows,
    share: windowsAbove / windows,
    independentEvents,
    events,
  };
}

test('on an autocorrelated stream the limit of independent snapshots alarms on most clean windows, ours on one in fifty at most', async () => {
  const strong = await laterAlarms(0.7);
  expect(strong.independent).toBeGreaterThan(0.4);
  expect(strong.share).toBeLessThan(0.02);
  expect(strong.independentEvents).toBeGreaterThan(10 * strong.events);
  const weak = await laterAlarms(0.5);
  expect(weak.independent).toBeGreaterThan(0.2);
  expect(weak.share).toBeLessThan(0.02);
  expect(weak.independentEvents).toBeGreaterThan(10 * weak.events);
});

test('without autocorrelation both limits keep their word @long', async () => {
  const { independent, share } = await laterAlarms(0);
  expect(independent).toBeLessThan(0.02);
  expect(share).toBeLessThan(0.02);
});

test('a run is split by whole days, and each side gets one at least', () => {
  const run = Array.from({ length: 30 }, (_, i) => ({ capturedAt: i * 5 * HOUR }));
  const { reference, rest } = splitByDays(run, 0.6);
  const days = (side: readonly { capturedAt: number }[]) =>
    new Set(side.map(({ capturedAt }) => Math.floor(capturedAt / DAY)));
  expect([...days(reference)]).toEqual([0, 1, 2, 3]);
  expect([...days(rest)]).toEqual([4, 5, 6]);
  expect(splitByDays(run, 0).reference).toHaveLength(5);
  expect(days(splitByDays(run, 1).rest).size).toBe(1);
  expect(splitByDays(run.slice(0, 3), 0.5).rest).toEqual([]);
});

test('clean windows are contiguous, in time order, and equal the batch estimate', () => {
  const stream = autoregressiveStream(40, { phi: 0.5, seed: 3 });
  const reference = stream.slice(0, 20).map(({ embedding }) => embedding);
  const settings = { name: 'mmd-streaming', windowSize: 5, sigma: 2 };
  const { at, distances } = cleanWindows(reference, stream.slice(20), settings);
  expect(distances).toHaveLength(16);
  expect(at[0]).toBe(24 * HOUR);
  const window = stream.slice(27, 32).map(({ embedding }) => embedding);
  expect(distances[7]).toBe(mmd2(reference, window, 2));
});

test('overlapping windows are worth no more than those that share no snapshot', () => {
  const normal = normalNumbers(5);
  const white = Array.from({ length: 240 }, normal);
  expect(effectiveCount(white, 12)).toBe(20);
  expect(effectiveCount(white, 1)).toBeGreaterThan(120);
  const ramp = Array.from({ length: 240 }, (_, i) => i);
  expect(effectiveCount(ramp, 1)).toBeLessThan(5);
  expect(effectiveCount([1, 1, 1, 1], 2)).toBe(2);
});

test('the bound is that of a normal sample, and widens as windows get fewer', () => {
  const normal = normalNumbers(8);
  const many = Array.from({ length: 4000 }, normal);
  // The 99.9 % quantile of the normal distribution; its standard error from 4,000 numbers is 0.04.
  expect(Math.abs(predictionBound(many, 1, 0.999) - 3.09)).toBeLessThan(0.15);
  const few = many.slice(0, 60);
  expect(predictionBound(few, 12, 0.999)).toBeGreaterThan(1.5 * predictionBound(few, 1, 0.999));
  expect(() => predictionBound([1], 12, 0.99)).toThrow(RangeError);
});

test('limits stay above the highest clean window and above the floor of a judged model', () => {
  const distances = [0.01, 0.02, 0.015, 0.012, 0.018, 0.01, 0.013, 0.016];
  const windows = { at: distances.map((_, i) => i), distances };
  const free = proposeThresholds(windows, 2, null);
  expect(free.thresholds.drift).toBeGreaterThanOrEqual(1.25 * 0.02);
  expect(free.thresholds.warning).toBeGreaterThanOrEqual(0.02);
  expect(free.thresholds.warning).toBeLessThan(free.thresholds.drift);
  expect(free).toMatchObject({ measured: free.thresholds, refusal: null, highest: 0.02 });
  const floored = proposeThresholds(windows, 2, { warning: 0.5, drift: 0.9 });
  expect(floored.thresholds).toEqual({ warning: 0.5, drift: 0.9 });
  expect(floored.measured).toEqual(free.thresholds);
});

test('too few independent windows are refused, unless they confirm the limits that the model was judged with', () => {
  const windows = { at: [1, 2, 3, 4], distances: [0.01, 0.02, 0.015, 0.012] };
  expect(proposeThresholds(windows, 2, null)).toMatchObject({ measured: null, refusal: 'few-windows' });
  const floor = { warning: 0.05, drift: 0.1 };
  expect(proposeThresholds(windows, 2, floor)).toMatchObject({ thresholds: floor, refusal: null });
  // Windows above the model's warning limit contradict it, and there is nothing to put in its place.
  const high = proposeThresholds({ ...windows, distances: [0.01, 0.06, 0.01, 0.01] }, 2, floor);
  expect(high).toMatchObject({ thresholds: floor, refusal: 'few-windows' });
});

test('limits that no dirt reaches are refused', () => {
  const distances = [0.1, 0.9, 0.2, 0.8, 0.1, 0.9];
  const windows = { at: distances.map((_, i) => i), distances };
  expect(proposeThresholds(windows, 1, null, 1).refusal).toBe('beyond-dirt');
  expect(proposeThresholds(windows, 1, null).refusal).toBeNull();
});

test('clean distances that are all below zero still give limits that can be used', () => {
  const { thresholds } = proposeThresholds(
    { at: [1, 2, 3, 4], distances: [-0.02, -0.021, -0.022, -0.021] },
    1,
    null,
  );
  expect(thresholds.drift).toBeGreaterThan(0);
  expect(thresholds.warning).toBeLessThan(thresholds.drift);
});

test('windows in a row above the limit are one event, on as many days as they touch', () => {
  const at = [0, 1, 2, 3, 4].map((day) => day * DAY);
  const windows = { at, distances: [0, 9, 9, 0, 9] };
  const limits = { warning: 1, drift: 2 };
  expect(falseAlarms(windows, limits, NO_PERSISTENCE)).toEqual({ events: 2, daysInAlarm: 3, days: 5 });
  expect(falseAlarms(windows, limits, { ...NO_PERSISTENCE, raiseAfter: 2 })).toEqual({
    events: 1,
    daysInAlarm: 1,
    days: 5,
  });
});

test('the independent limit is the quantile of windows drawn snapshot by snapshot', () => {
  const stream = autoregressiveStream(400, { phi: 0, seed: 11 });
  const [reference, run] = [stream.slice(0, 200), stream.slice(200)].map((part) =>
    part.map(({ embedding }) => embedding),
  ) as [Float32Array[], Float32Array[]];
  const detector = { name: 'mmd-streaming', windowSize: 12, sigma: 2 };
  const median = mmdIndependentLimit(reference, run, detector, { level: 0.5 })!;
  const high = mmdIndependentLimit(reference, run, detector, { level: 0.99 })!;
  // Windows that share no snapshot: of an independent stream they are draws of the same kind.
  const disjoint = Array.from({ length: 16 }, (_, i) => mmd2(reference, run.slice(12 * i, 12 * i + 12), 2));
  expect(disjoint.filter((distance) => distance > median).length).toBeGreaterThan(3);
  expect(disjoint.filter((distance) => distance > median).length).toBeLessThan(13);
  expect(Math.max(...disjoint)).toBeLessThan(1.5 * high);
  expect(mmdIndependentLimit(reference, run.slice(0, 11), detector)).toBeNull();
});

test('dirty snapshots after clean ones give delay and recovery', () => {
  const clean = autoregressiveStream(60, { phi: 0, seed: 2 }).map(({ embedding }) => embedding);
  const dirty = clean.slice(0, 9).map((embedding) => embedding.map((x) => x + 6));
  const judging = {
    detector: { name: 'mmd-streaming', windowSize: 6, sigma: 2 },
    thresholds: { warning: 0.3, drift: 0.6 },
    persistence: NO_PERSISTENCE,
  };
  const run = dirtyRun(judging, clean.slice(0, 30), clean.slice(30), dirty);
  expect(run.distances).toHaveLength(9);
  expect(run.delay).toBe(run.distances.findIndex((distance) => distance > 0.6) + 1);
  expect(run.warningDelay).toBeLessThanOrEqual(run.delay!);
  expect(run.recovery).toBeGreaterThan(1);
  expect(run.recovery).toBeLessThanOrEqual(6);
  expect(dirtyRun(judging, clean.slice(0, 30), clean.slice(30), clean.slice(30, 33))).toMatchObject({
    delay: null,
    warningDelay: null,
    recovery: null,
  });
});

test('an alarm that persists is raised among the clean snapshots after, and its recovery is counted from there', () => {
  const clean = autoregressiveStream(60, { phi: 0, seed: 2 }).map(({ embedding }) => embedding);
  const dirty = clean.slice(0, 6).map((embedding) => embedding.map((x) => x + 6));
  const judging = {
    detector: { name: 'mmd-streaming', windowSize: 6, sigma: 2 },
    thresholds: { warning: 0.3, drift: 0.6 },
    persistence: { raiseAfter: 5, clearAfter: 1, clearBelow: 1 },
  };
  const run = dirtyRun(judging, clean.slice(0, 30), clean.slice(30), dirty);
  expect(run.delay).toBeNull();
  expect(run.recovery).toBeGreaterThan(1);
});

test('days that are left out are judged by the others, so that a limit can fail on them', () => {
  const at = Array.from({ length: 100 }, (_, i) => i * DAY);
  // Quiet but for one block of days, which the others know nothing of.
  const distances = at.map((_, i) => (i >= 40 && i < 60 ? 0.5 : 0.01 + 0.001 * (i % 5)));
  expect(heldOutAlarms({ at, distances }, 2, null, NO_PERSISTENCE)).toEqual({
    events: 1,
    daysInAlarm: 20,
    days: 100,
  });
  const quiet = { at, distances: at.map((_, i) => 0.01 + 0.001 * (i % 5)) };
  expect(heldOutAlarms(quiet, 2, null, NO_PERSISTENCE)).toMatchObject({ events: 0, days: 100 });
  expect(heldOutAlarms({ at: at.slice(0, 4), distances: [1, 2, 1, 2] }, 4, null, NO_PERSISTENCE)).toBeNull();
});

test('a sigma that tells nothing apart is refused', async () => {
  const stream = autoregressiveStream(24 * 12, { phi: 0.5, seed: 6 });
  const { reference, rest } = splitByDays(stream, 0.5);
  const refusal = async (sigma: number) => {
    const result = await proposeLimits({
      reference: reference.map(({ embedding }) => embedding),
      clean: rest.map((sighting) => ({ ...sighting, brightness: null })),
      dirty: [],
      detector: { name: 'mmd-streaming', windowSize: 12, sigma },
      persistence: NO_PERSISTENCE,
      floor: null,
      usedTimes: [],
    });
    return result?.proposal.refusal;
  };
  expect(await refusal(2)).toBeNull();
  expect(await refusal(1e-3)).toBe('blind-sigma');
  expect(await refusal(1e6)).toBe('blind-sigma');
});

test('the independent limit of a year of snapshots, or of a very large window, takes no more than a moment', () => {
  const reference = autoregressiveStream(100, { phi: 0.5, seed: 1, length: 16 }).map(
    ({ embedding }) => embedding,
  );
  const year = autoregressiveStream(17_520, { phi: 0.5, seed: 2, length: 16 }).map(
    ({ embedding }) => embedding,
  );
  const limit = mmdIndependentLimit(reference, year, { name: 'mmd-streaming', windowSize: 12, sigma: 4 });
  expect(limit).toBeGreaterThan(0);
  const large = { name: 'mmd-streaming', windowSize: 300, sigma: 4 };
  expect(mmdIndependentLimit(reference, year, large)).toBeLessThan(limit!);
});

test('a narrow run is called narrow, for each reason of its own', () => {
  const everyHour = Array.from({ length: 24 * 8 }, (_, i) => i * HOUR);
  const light = everyHour.map((_, i) => (i % 24) / 24);
  expect(coverageOf(everyHour, light, everyHour, 10).gaps).toEqual([]);
  expect(coverageOf(everyHour.slice(0, 48), light, everyHour, 10).gaps).toEqual(['few-days']);
  const mornings = everyHour.filter((at) => new Date(at).getUTCHours() < 6);
  expect(coverageOf(mornings, light, everyHour, 10).gaps).toEqual(['few-hours']);
  expect(coverageOf(everyHour, light, everyHour, 3).gaps).toEqual(['few-windows']);
  expect(coverageOf(everyHour, [0.3, 0.31], everyHour, 10).gaps).toEqual(['one-light']);
  expect(coverageOf(everyHour, [], [], 10)).toMatchObject({ brightness: null, days: 8, snapshots: 192 });
});

test('a run too short for two windows calibrates nothing, and evidence keeps the numbers', async () => {
  const { result } = await calibrated(0.5, 1);
  expect(calibrationEvidence(result)).toMatchObject({
    snapshots: 192,
    days: 8,
    windows: 181,
    dirtySnapshots: 0,
    dirtyDelay: null,
    independentDrift: result.independent!.drift,
  });
  const stream = autoregressiveStream(40, { phi: 0, seed: 1 });
  const input = {
    reference: stream.slice(0, 20).map(({ embedding }) => embedding),
    clean: stream.slice(20, 32).map((sighting) => ({ ...sighting, brightness: 0.5 })),
    dirty: [],
    detector: { name: 'mmd-streaming', windowSize: 12, sigma: 2 },
    persistence: NO_PERSISTENCE,
    floor: null,
    usedTimes: [],
  };
  expect(await proposeLimits(input)).toBeNull();
});
