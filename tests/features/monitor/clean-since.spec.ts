import { expect, test } from '@playwright/test';
import { cleanSince } from '../../../src/features/monitor/scene/clean-since';
import { completed, glass, HOUR, NOON } from '../../domain/camera/jobs';
import { wholeCamera, wholeReference, wholeScene } from '../../storage/whole-rows';

const WINDOW = 12;

test('a new reference is offered of 24 clean snapshots since a change that the next window does not hold', () => {
  const jobs = Array.from({ length: 24 + WINDOW }, (_, hour) =>
    completed(hour, 0, { glass: glass(0, 0), referenceId: 'reference' }),
  );
  const reference = wholeReference('reference', { modelSha256: jobs[0]!.modelSha256 });
  const scene = { ...wholeScene().scene!, liftedAt: undefined } as never;
  const events = [wholeScene('scene', { at: NOON, scene })];
  const { detector } = wholeCamera();
  const camera = wholeCamera('camera', { detector: { ...detector, windowSize: WINDOW } });
  const offered = (count: number) =>
    cleanSince({ chosen: camera, reference, events }, jobs.slice(0, count)).map(
      ({ capturedAt }) => (capturedAt - NOON) / HOUR,
    );
  expect(offered(23 + WINDOW)).toEqual([]);
  expect(offered(24 + WINDOW)).toEqual(Array.from({ length: 24 }, (_, hour) => hour));
});
