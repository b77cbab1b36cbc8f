import { expect, test } from '@playwright/test';
import { Judge } from '../../../src/core/domain/drift/judge';
import { NO_PERSISTENCE } from '../../../src/core/domain/drift/persistence';
import { replay } from '../../../src/features/calibrate/pure/replay';
import { countedBy } from '../../../src/core/session/history/history';
import { completed, glass, otherView } from '../../domain/camera/jobs';
import { autoregressiveStream } from '../../domain/drift/streams';

const stream = autoregressiveStream(120, { phi: 0.6, seed: 4 });
const reference = stream.slice(0, 40).map(({ embedding }) => embedding);
const history = stream.slice(40);
const judging = {
  detector: { name: 'mmd-streaming', windowSize: 8, sigma: 1.5 },
  thresholds: { warning: 0.1, drift: 0.3 },
  persistence: { raiseAfter: 2, clearAfter: 2, clearBelow: 0.8 },
};

test('replaying says what scoring said, to the last bit, with a cleaning in between', () => {
  const cleaning = history[30]!.capturedAt;
  const judge = new Judge(judging, reference);
  judge.restore(reference.slice(-8), []);
  const scored = history.map(({ capturedAt, embedding }) => {
    if (capturedAt === cleaning) judge.empty();
    return judge.update(embedding);
  });
  const settings = { ...judging, reference, warmUp: reference, cleanings: [cleaning] };
  expect(replay(history, settings)).toEqual(scored);
  expect(scored[29]!.distance).not.toBeNull();
  expect(scored.slice(30, 38).map(({ windowFill }) => windowFill)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(scored[36]).toMatchObject({ distance: null, driftStatus: 'warming-up' });
});

test('cleanings between two snapshots, and before the first, empty the window once', () => {
  const settings = { ...judging, reference, warmUp: reference };
  const before = history[0]!.capturedAt - 1;
  const fills = (cleanings: number[]) =>
    replay(history, { ...settings, cleanings }).map(({ windowFill }) => windowFill);
  expect(fills([before]).slice(0, 3)).toEqual([1, 2, 3]);
  expect(fills([]).slice(0, 3)).toEqual([8, 8, 8]);
  const between = history[9]!.capturedAt + 1;
  expect(fills([between, between + 1]).slice(9, 12)).toEqual([8, 1, 2]);
});

test('a judge that was restored goes on as the one that never stopped', () => {
  const judge = new Judge(judging, reference);
  const all = history.map(({ embedding }) => judge.update(embedding));
  const restored = new Judge(judging, reference);
  restored.restore(
    history.slice(0, 50).map(({ embedding }) => embedding),
    all.slice(0, 50).map(({ distance }) => distance),
  );
  expect(history.slice(50).map(({ embedding }) => restored.update(embedding))).toEqual(all.slice(50));
});

test('an empty history replays to nothing', () => {
  expect(
    replay([], { ...judging, persistence: NO_PERSISTENCE, reference, warmUp: [], cleanings: [] }),
  ).toEqual([]);
});

test('a history with snapshots of another view and of the dark replays as it was scored, to the last bit', () => {
  const asides = new Map([
    [3, otherView()],
    [40, otherView({ isAside: false, asideInARow: 0 }, { isDark: true })],
    [41, otherView({ asideInARow: 2 })],
  ]);
  const cleaning = history[40]!.capturedAt;
  const judge = new Judge(judging, reference);
  judge.restore(reference.slice(-8), []);
  const jobs = history.map(({ capturedAt, embedding }, i) => {
    if (capturedAt === cleaning) judge.empty();
    // As `Monitor` scores: what is set aside does not reach the judge.
    const facts = asides.get(i);
    const distance = facts ? null : judge.update(embedding).distance;
    return completed(i, distance, { capturedAt, id: String(i), glass: facts ?? glass(0, 0) });
  });
  const counted = countedBy(jobs[0]!.modelSha256, jobs);
  expect(counted).toHaveLength(history.length - 3);
  const sightings = counted.map(({ id }) => history[Number(id)]!);
  const settings = { ...judging, reference, warmUp: reference, cleanings: [cleaning] };
  expect(replay(sightings, settings).map(({ distance }) => distance)).toEqual(
    counted.map(({ distance }) => distance),
  );
  expect(replay(history, settings).at(10)?.distance).not.toBe(jobs[10]!.distance);
});
