import { expect, test } from '@playwright/test';
import type { Camera } from '../../../src/core/domain/camera/camera';
import { historyKey, type CompletedJob } from '../../../src/core/domain/camera/job';
import { verdictOf } from '../../../src/core/domain/camera/verdict';
import { Random } from '../../random';
import { Alarm } from '../../../src/core/domain/drift/persistence';
import { neededByJudge } from '../../../src/features/keep/pure/retention';
import { completed } from '../../domain/camera/jobs';

const camera = (change: Partial<Camera> = {}) =>
  ({
    modelSha256: 'a'.repeat(64),
    referenceId: 'reference',
    detector: { name: 'mmd', windowSize: 2, sigma: 0.3 },
    thresholds: { warning: 0.05, drift: 0.1 },
    persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
    ...change,
  }) as Camera;

const NONE: ReadonlySet<string> = new Set();

/** The alarm as `restoreJudge` makes it stand after these jobs. */
function restored(of: Camera, jobs: readonly CompletedJob[]): Alarm {
  const alarm = new Alarm(of.thresholds, of.persistence);
  for (const job of jobs) {
    const verdict = verdictOf(job);
    if (historyKey(job) === historyKey(of)) alarm.update(job.distance);
    else alarm.stand(verdict === 'not-checked' ? 'normal' : verdict);
  }
  return alarm;
}

test('limits that were lowered since make an alarm of verdicts that were calm, and its beginning stays', () => {
  const lowered = camera({
    thresholds: { warning: 0.01, drift: 0.03 },
    persistence: { raiseAfter: 1, clearAfter: 3, clearBelow: 0.5 },
  });
  // All of them were normal when they were scored; by the present limits drift was raised by the second.
  const jobs = [0, 0.04, 0.02, 0.02, 0.02, 0.02].map((distance, hour) =>
    completed(hour, distance, { detector: lowered.detector, driftStatus: 'normal' }),
  );
  const needed = neededByJudge(lowered, jobs, NONE);
  expect([...needed]).toEqual(jobs.slice(1).map(({ id }) => id));
  const left = jobs.filter(({ id }) => needed.has(id));
  expect(restored(lowered, jobs).update(0.02)).toBe('drift');
  expect(restored(lowered, left).update(0.02)).toBe('drift');
  expect(neededByJudge(camera(), jobs, NONE).size).toBe(2);
});

test('whatever came before, the next verdicts are the same with the rest deleted', () => {
  const random = new Random(7);
  const up = (most: number) => Math.floor(random.uniform(0, most));
  const distance = () => (up(12) === 0 ? null : random.uniform(0, 0.16));
  let deleted = 0;
  const given: (string | null)[][] = [[], []];
  for (let trial = 0; trial < 400; trial += 1) {
    const persistence = {
      raiseAfter: 1 + up(4),
      clearAfter: 1 + up(4),
      clearBelow: 0.5 + random.uniform(0, 0.5),
    };
    const present = camera({ persistence });
    const change = up(30);
    const jobs = Array.from({ length: 30 }, (_, hour) =>
      completed(hour, distance(), {
        detector: present.detector,
        referenceId: hour < change ? 'earlier' : 'reference',
        driftStatus: (['normal', 'warning', 'drift'] as const)[up(3)]!,
      }),
    );
    // Some wait to be sent, or are too young to go.
    const young = up(40);
    const staying = new Set(jobs.filter((_, i) => i >= young || up(8) === 0).map(({ id }) => id));
    const needed = new Set([...staying, ...neededByJudge(present, jobs, staying)]);
    deleted += jobs.length - needed.size;
    const [whole, left] = [jobs, jobs.filter(({ id }) => needed.has(id))].map((all) =>
      restored(present, all),
    );
    for (let i = 0; i < 8; i += 1) {
      const next = distance();
      for (const [i, alarm] of [whole!, left!].entries()) given[i]!.push(alarm.update(next));
    }
  }
  expect(given[1]).toEqual(given[0]);
  expect(deleted).toBeGreaterThan(1000);
});
