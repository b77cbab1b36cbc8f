import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { historyKey } from '../../../src/core/domain/camera/job';
import { blindnessOf } from '../../../src/core/domain/drift/blindness';
import { proposeLimits, dirtyRun, splitByDays } from '../../../src/core/domain/drift/calibration';
import {
  createDetector,
  DETECTORS,
  detectorKind,
  hasBandwidth,
  prepareFit,
} from '../../../src/core/domain/drift/detectors';
import { Judge } from '../../../src/core/domain/drift/judge';
import { refuseBlinding } from '../../../src/core/domain/drift/judging-problem';
import { NO_PERSISTENCE } from '../../../src/core/domain/drift/persistence';
import { aboutDistance, methodOf } from '../../../src/core/i18n/detector-words';
import words from '../../../src/words/detectors.en.js';
import { energyDistanceStreaming } from './energy-distance-streaming';
import { completed } from '../camera/jobs';
import { autoregressiveStream } from './streams';

interface Case {
  readonly name: string;
  readonly window_size: number;
  readonly reference: number[][];
  readonly stream: number[][];
  readonly distances: (number | null)[];
}

/** Made with numpy, see `versions` in the file. */
const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/energy_distance_streaming.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

const { name } = energyDistanceStreaming;
const toEmbeddings = (rows: number[][]) => rows.map((row) => Float32Array.from(row));
const embeddingsOf = (stream: readonly { embedding: Float32Array }[]) =>
  stream.map(({ embedding }) => embedding);

const stream = autoregressiveStream(160, { phi: 0.5, seed: 9 });
const reference = embeddingsOf(stream.slice(0, 60));
const history = stream.slice(60);
// No bandwidth: a sigma that would blind a kernel changes nothing.
const judging = {
  detector: { name, windowSize: 8, sigma: 1e-6 },
  thresholds: { warning: 0.3, drift: 0.6 },
  persistence: { raiseAfter: 2, clearAfter: 2, clearBelow: 0.8 },
};

// The line of the index.
test.beforeAll(() => {
  DETECTORS.set(name, energyDistanceStreaming);
});
test.afterAll(() => {
  DETECTORS.delete(name);
});

for (const { name: what, window_size: windowSize, reference, stream, distances } of golden.cases) {
  test(`a registered detector is made by its name, and equals numpy on ${what}`, () => {
    const detector = createDetector({ name, windowSize, sigma: 1 });
    detector.fit(toEmbeddings(reference));
    const actual = toEmbeddings(stream).map((sample) => detector.update(sample));
    expect(actual.map((distance) => distance === null)).toEqual(
      distances.map((distance) => distance === null),
    );
    // Relative for large distances, which sum distances of their size; they pass through 0 too.
    for (const [i, expected] of distances.entries()) {
      const error = Math.abs((actual[i] ?? 0) - (expected ?? 0));
      expect(error).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected ?? 0)));
    }
    const window = toEmbeddings(stream.slice(-windowSize));
    expect(energyDistanceStreaming.distanceOf(toEmbeddings(reference), window, judging.detector)).toBe(
      actual.at(-1),
    );
  });
}

test('rebuilt from its last window it gives the same distances to the last bit', () => {
  const { detector: settings } = judging;
  const uninterrupted = createDetector(settings);
  uninterrupted.fit(reference);
  const distances = embeddingsOf(history).map((embedding) => uninterrupted.update(embedding));
  for (let reload = 8; reload < history.length; reload += 7) {
    const rebuilt = createDetector(settings);
    rebuilt.fit(reference);
    const window = embeddingsOf(history.slice(reload - 8, reload));
    expect(window.map((embedding) => rebuilt.update(embedding)).at(-1)).toBe(distances[reload - 1]);
    expect(rebuilt.update(history[reload]!.embedding)).toBe(distances[reload]);
  }
});

test('a judge scores, restores and forgets with it', () => {
  const cleaning = history[50]!.capturedAt;
  const judge = new Judge(judging, reference);
  judge.restore(reference.slice(-8), []);
  const scored = history.map(({ capturedAt, embedding }) => {
    if (capturedAt === cleaning) judge.empty();
    return judge.update(embedding);
  });
  expect(scored[0]?.distance).toBe(
    energyDistanceStreaming.distanceOf(
      reference,
      [...reference.slice(-7), history[0]!.embedding],
      judging.detector,
    ),
  );
  expect(scored.filter(({ distance }) => distance === null)).toHaveLength(7);

  const restored = new Judge(judging, reference);
  restored.restore(
    embeddingsOf(history.slice(50, 70)),
    scored.slice(50, 70).map(({ distance }) => distance),
  );
  expect(history.slice(70).map(({ embedding }) => restored.update(embedding))).toEqual(scored.slice(70));
});

test('clean days calibrate it: limits of its own distances, and no word of a kernel or of independent snapshots', async () => {
  const { reference, rest } = splitByDays(autoregressiveStream(24 * 20, { phi: 0.5, seed: 3 }), 0.6);
  const dirty = rest.slice(0, 20).map((sighting) => ({
    ...sighting,
    embedding: sighting.embedding.map((x) => x + 4),
  }));
  const result = (await proposeLimits({
    reference: embeddingsOf(reference),
    clean: rest.map((sighting) => ({ ...sighting, brightness: null })),
    dirty,
    detector: judging.detector,
    persistence: NO_PERSISTENCE,
    floor: null,
    usedTimes: [],
  }))!;
  const { proposal, windows, independent, heldOut } = result;
  expect(windows.distances[0]).toBe(
    energyDistanceStreaming.distanceOf(
      embeddingsOf(reference),
      embeddingsOf(rest.slice(0, 8)),
      judging.detector,
    ),
  );
  expect(proposal.refusal).toBeNull();
  expect(proposal.thresholds.drift).toBeGreaterThan(Math.max(...windows.distances));
  expect(heldOut?.days).toBeGreaterThan(3);
  expect(independent).toBeNull();
  expect(result.dirty?.delay).toBeGreaterThan(0);
  expect(
    dirtyRun({ ...judging, thresholds: proposal.thresholds }, embeddingsOf(reference), embeddingsOf(rest), [
      rest[0]!.embedding,
    ]),
  ).toMatchObject({ delay: null });
});

test('limits beyond what a covered lens gives by another detector are no reason to refuse its own', async () => {
  // Distances grow with the embeddings; those of a kernel do not.
  const large = autoregressiveStream(24 * 20, { phi: 0.5, seed: 3 }).map((sighting) => ({
    ...sighting,
    embedding: sighting.embedding.map((x) => 100 * x),
    brightness: null,
  }));
  const { reference, rest } = splitByDays(large, 0.6);
  const { proposal } = (await proposeLimits({
    reference: embeddingsOf(reference),
    clean: rest,
    dirty: [],
    detector: judging.detector,
    persistence: NO_PERSISTENCE,
    floor: null,
    usedTimes: [],
  }))!;
  expect(proposal.thresholds.drift).toBeGreaterThan(1);
  expect(proposal.refusal).toBeNull();
});

test('its shares sum to its distance, without a familiarity that only a kernel has', () => {
  const window = embeddingsOf(history.slice(0, 8));
  const { distance, cleanFamiliarity, samples } = detectorKind(name).weigherOf!(
    reference,
    judging.detector,
  ).weigh(window);
  expect(samples.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(distance, 12);
  expect([cleanFamiliarity, ...samples.map(({ familiarity }) => familiarity)]).toEqual(Array(9).fill(null));
});

test('nothing is asked or said of a bandwidth, of blindness or of squared MMD', async () => {
  expect(hasBandwidth(name)).toBe(false);
  expect(blindnessOf(reference, judging)).toBeNull();
  expect(() => refuseBlinding(judging, reference)).not.toThrow();
  await prepareFit(judging.detector, reference, () => Promise.reject(new Error('paused')));
  expect(methodOf(judging.detector)).toBe(name);
  expect(aboutDistance(name)).toBe('');
  expect(methodOf({ name: 'mmd-streaming', windowSize: 12, sigma: 0.3 })).toContain('RBF kernel');
});

test('its sentences may tell no sigma', () => {
  const catalog: Record<string, unknown> = words;
  catalog[name] = { method: 'the squared energy distance', distance: 'It is around zero.' };
  try {
    expect(methodOf(judging.detector)).toBe('the squared energy distance');
    expect(aboutDistance(name)).toBe('It is around zero.');
  } finally {
    Reflect.deleteProperty(catalog, name);
  }
});

test('its distances are no history of another detector', () => {
  const [own, other] = [judging.detector, { ...judging.detector, name: 'mmd-streaming' }];
  expect(historyKey(completed(0, 0.1, { detector: own }))).not.toBe(
    historyKey(completed(0, 0.1, { detector: other })),
  );
});

test('a name that is not registered is refused where a detector is made, and asks nothing elsewhere', () => {
  const unknown = { ...judging, detector: { ...judging.detector, name: 'no-such' } };
  expect(() => new Judge(unknown, reference)).toThrow('detector-settings');
  expect(blindnessOf(reference, unknown)).toBeNull();
  expect(methodOf({ ...unknown.detector, name: 'constructor' })).toBe('constructor');
});
