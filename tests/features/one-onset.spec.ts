import { expect, test } from '@playwright/test';
import { courseOfCycles } from '../../src/core/domain/camera/cycle-course';
import { summarise } from '../../src/core/domain/camera/summary';
import { flagsOf } from '../../src/core/plot/timeline/flags';
import { runOf } from '../../src/core/session/history/verdict-now';
import { reportFacts } from '../../src/features/report/facts';
import { usableTimeOf } from '../../src/features/science/pure/usable/spans';
import { causeSentence } from '../../src/features/why/why-sentences';
import { utcDay } from '../../src/core/i18n/format';
import { wholeCamera, wholeReference } from '../storage/whole-rows';
import { completed, glass, HOUR, NOON } from '../domain/camera/jobs';

const CAMERA = wholeCamera('camera', {
  modelSha256: 'a'.repeat(64),
  referenceId: 'reference',
  cyclesFrom: 0,
});
const REFERENCE = wholeReference('reference', {
  modelSha256: CAMERA.modelSha256,
  capturedAt: [NOON - HOUR, NOON],
});

/** Twelve pictures a day, on which growth spreads from the third day on. */
const JOBS = Array.from({ length: 96 }, (_, i) => {
  const days = i / 12;
  const growth = 0.02 * Math.max(0, days - 2);
  return completed(2 * i, null, {
    contentSha256: `content-${i}`,
    // A clear hour within the alarm ends nothing.
    glass: glass(i === 94 ? 0.01 : growth, 0, { cover: 3 * growth }),
  });
});
/** as a cleaning that is not logged yet left them */
const EVENTS = [] as const;

test('chart, Monitor, Why, Science, report and cycles say of one alarm when the dirt began and when it was raised', () => {
  const newest = JOBS.at(-1)!;
  const run = runOf(JOBS, 'drift', EVENTS);
  const began = run.began!;
  const raised = run.since!;
  expect(began).toBeLessThan(raised);
  expect(JOBS.find(({ glass }) => glass!.growth!.distance! > 0.1)!.capturedAt).toBe(raised);

  const past = { events: EVENTS, references: [REFERENCE], calibrations: [], models: [], began };
  expect(flagsOf(JOBS, past)).toEqual([{ kind: 'began', at: began }]);
  for (const last of [newest, JOBS[90]!]) {
    const until = JOBS.slice(0, JOBS.indexOf(last) + 1);
    expect(causeSentence(last, until, EVENTS)).toContain(`began about ${utcDay(began)}`);
  }
  const science = usableTimeOf({
    ...{ jobs: JOBS, events: EVENTS, byHand: [], references: [REFERENCE], silentUntil: null },
  });
  expect(science.onsets).toMatchObject([{ at: began, alarmAt: raised }]);
  expect(science.spans.find(({ usability }) => usability === 'usable')!.end).toBe(began);

  const source = {
    ...{ camera: CAMERA, jobs: JOBS, aside: [], events: EVENTS, references: [REFERENCE] },
    ...{ calibrations: [], calibration: null, models: [], now: newest.capturedAt },
  };
  const { verdict, histories, cycles } = reportFacts(source, 'all');
  expect(verdict).toMatchObject({ since: raised, run: { began, since: raised } });
  expect(histories.flatMap(({ driftStarts }) => driftStarts).map(({ capturedAt }) => capturedAt)).toEqual([
    raised,
  ]);
  expect(cycles).toMatchObject([{ dirtyAt: began }]);
  expect(courseOfCycles(CAMERA, EVENTS, [REFERENCE], JOBS)).toEqual(cycles);
  expect(summarise(JOBS)).toMatchObject({ driftEpisodes: 1, firstDriftAt: raised });
});
