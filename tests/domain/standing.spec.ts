import { expect, test } from '@playwright/test';
import { overviewOf, type Recent } from '../../src/core/session/camera-overview';
import { instructionOf, tellVerdict } from '../../src/core/session/history/verdict-now';
import type { Camera } from '../../src/core/domain/camera/camera';
import type { CameraEvent } from '../../src/core/domain/camera/event';
import type { Job } from '../../src/core/domain/camera/job';
import { outlookOf } from '../../src/core/domain/camera/outlook';
import { reportFacts } from '../../src/features/report/facts';
import { tileOf } from '../../src/features/wall/tile';
import { tileSentences } from '../../src/features/wall/tile-sentences';
import { wholeReference } from '../storage/whole-rows';
import { completed, failed, glass, HOUR, NOON } from './camera/jobs';

const camera = {
  ...{ id: 'camera', name: 'Reef', modelSha256: 'a'.repeat(64), referenceId: 'reference', isDemo: false },
  detector: { name: 'mmd', windowSize: 12, sigma: 0.3 },
  thresholds: { warning: 0.05, drift: 0.1 },
} as Camera;
const DAY = 24 * HOUR;
const [CLEAR, WATCH, FOULED] = [0.01, 0.07, 0.3];

/** A snapshot an hour, the last of these distances at noon. */
const untilNoon = (...distances: number[]) =>
  distances.map((distance, i) => completed(i + 1 - distances.length, distance, { createdAt: NOON }));
const cleaned = (hour: number) => ({ kind: 'cleaned', at: NOON + hour * HOUR }) as CameraEvent;

function look(jobs: readonly Job[], events: readonly CameraEvent[] = [], hours = 0.5) {
  const now = NOON + hours * HOUR;
  const recent: Recent = { camera, jobs, earlier: [], events, reference: undefined, sight: null };
  const source = {
    camera,
    jobs,
    events,
    now,
    aside: [],
    references: [],
    calibrations: [],
    calibration: null,
    models: [],
  };
  const overview = overviewOf(recent, now);
  const { verdict } = reportFacts(source, 'all').verdict;
  expect(verdict, 'the report says what the wall does').toBe(overview.now.verdict);
  return { ...overview, now: { ...overview.now, latest: overview.now.latest! }, at: now };
}

test('a snapshot that lies hours ahead of now takes no alarm back, and does not lower one', () => {
  const ahead = completed(12, CLEAR);
  expect(look([...untilNoon(CLEAR, FOULED, FOULED), ahead])).toMatchObject({
    now: { verdict: 'drift', latest: { capturedAt: NOON } },
    outlook: { newestAt: NOON, trend: null },
  });
  expect(look([...untilNoon(CLEAR, WATCH), ahead]).now.verdict).toBe('warning');
  expect(look([...untilNoon(CLEAR, FOULED), completed(12, WATCH)]).now.verdict).toBe('drift');
  expect(outlookOf([...untilNoon(CLEAR, FOULED), ahead], [], NOON)?.trend).toBeNull();
  // From then on it is the newest.
  expect(look([...untilNoon(FOULED), ahead], [], 12.5).now.verdict).toBe('normal');
});

test('without an alarm, after a cleaning and as an alarm a snapshot that lies ahead counts', () => {
  expect(look([...untilNoon(CLEAR), completed(12, CLEAR)]).now.latest.capturedAt).toBe(NOON + 12 * HOUR);
  expect(look([...untilNoon(CLEAR), completed(12, FOULED)]).now.verdict).toBe('drift');
  expect(look([...untilNoon(WATCH), completed(12, FOULED)]).now.verdict).toBe('drift');
  const after = [...untilNoon(FOULED), completed(2, CLEAR)];
  expect(look(after, [cleaned(0.25)]).now).toMatchObject({ verdict: 'normal', isOutdated: false });
  expect(look(after, [cleaned(-0.25)]).now.verdict).toBe('drift');
});

test('a broken file without a date of its own is no newest snapshot', () => {
  const jobs = untilNoon(CLEAR, CLEAR);
  const undated = { ...failed(90), capturedAtSource: 'file-date' } as const;
  const { newestAt, now } = look([...jobs, undated], [], 100);
  expect(newestAt).toBe(NOON);
  expect(now.silence).toBeNull();
  expect(look([...jobs, undated], [], 170).now.silence).toMatchObject({ newestAt: NOON });
  // One that can't be read but has its time in its name was taken then.
  expect(look([...jobs, failed(90)], [], 100).newestAt).toBe(NOON + 90 * HOUR);
  // A report of the last month is of the month before the newest one, whenever the broken file was dropped.
  const source = {
    camera,
    events: [],
    aside: [],
    references: [],
    calibrations: [],
    calibration: null,
    models: [],
  };
  const { span, counts } = reportFacts(
    {
      ...source,
      jobs: [...jobs, { ...failed(9000), capturedAtSource: 'file-date' }],
      now: NOON + 9000 * HOUR,
    },
    'month',
  );
  expect([span.to, counts.scored]).toEqual([NOON, 2]);
});

test('after a cleaning on old data the verdict of then is what stood before it', () => {
  const old = untilNoon(CLEAR, FOULED).map((job) => ({ ...job, createdAt: NOON + 8999 * HOUR }));
  const overview = look(old, [cleaned(1)], 9000);
  const { now, run } = overview;
  expect(now).toMatchObject({ verdict: 'warming-up', isOutdated: true, silence: { newestAt: NOON } });
  expect(tellVerdict(now, run)).toBe(
    'The lens was cleaned 30 July 2023, 13:00 UTC. The newest picture is of 30 July 2023, 12:00 UTC; the verdict was “Clean the lens” then.',
  );
  const at = NOON + 9000 * HOUR;
  expect(tileSentences(tileOf(overview, at))).toEqual(['It said “Clean the lens” then.']);
});

test('beside a verdict stands how much of the picture it leaves out, once, and nothing of a small mask', () => {
  const told = (growth: number | null, masked: number, learned: number | null = null, isOwnModel = false) => {
    const job = completed(0, learned, { glass: glass(growth, growth, { masked, isOwnModel, visible: 0.5 }) });
    const overview = look([job]);
    const { at, now, run } = overview;
    return [tellVerdict(now, run), tileSentences(tileOf(overview, at)).join(' ')];
  };
  const leftOut = /45\u{a0}% of the picture is left out\./gu;
  for (const growth of [0.01, 0.07, 0.2])
    for (const sentence of told(growth, 0.45)) expect(sentence.match(leftOut), sentence).toHaveLength(1);
  for (const sentence of told(0.01, 0.04)) expect(sentence).not.toContain('left out');
  expect(told(null, 0.75, 0.3)).toEqual([
    'Too little of the glass is judged to say whether it is clean. 75\u{a0}% of the picture is left out.',
    'Can’t tell. 75\u{a0}% of the picture is left out.',
  ]);
  expect(told(null, 0.75, 0.3, true)[0]).toContain('Growth and film are not judged. 75');
});

test('while a cycle learns, report, wall and headline say how far it has come', () => {
  const embeddings = Array.from({ length: 24 }, () => new Float32Array(1));
  const reference = wholeReference('reference', {
    embeddings,
    properties: [],
    capturedAt: [NOON - 90 * DAY],
  });
  const events = [cleaned(-20)];
  const said = (jobs: readonly Job[], at = NOON) => {
    const recent: Recent = {
      camera: { ...camera, cyclesFrom: 0 },
      ...{ jobs, events, reference, earlier: [], sight: null },
    };
    const overview = overviewOf(recent, at);
    const now = { ...overview.now, latest: overview.now.latest! };
    return [
      instructionOf(now),
      tellVerdict(now, overview.run),
      tileSentences(tileOf(overview, at)).join(' '),
    ];
  };
  const clear = untilNoon(...Array.from({ length: 17 }, () => CLEAR));
  const [, told, onWall] = said(clear);
  for (const sentence of [told, onWall]) expect(sentence).toContain('Learning the clean view: 17 of 24.');
  const filling = clear.slice(-5).map((job) => ({ ...job, distance: null }));
  expect(said(filling).slice(0, 2)).toEqual(['7 pictures to go', 'The verdict comes with the last of them.']);
  const slow = clear.slice(-1).map((job) => ({ ...job, capturedAt: NOON + 12 * DAY }));
  expect(said(slow, NOON + 12 * DAY)[1]).toMatch(/Keeps the view of 1 May 2023: too few pictures since\.$/);
});
