import { expect, test } from '@playwright/test';
import type { CameraEvent } from '../../../src/core/domain/camera/event';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { elsewhereOf, turnedOf } from '../../../src/features/glass/view';
import { wholeCamera, wholeEvent } from '../../storage/whole-rows';
import { completed, glass, HOUR, NOON, otherView } from '../../domain/camera/jobs';

const CAMERA = wholeCamera('camera', { modelSha256: 'a'.repeat(64), referenceId: 'reference' });

function seen(jobs: readonly CompletedJob[], events: readonly CameraEvent[] = []) {
  const cameras = { chosen: CAMERA, events, clock: () => NOON + 100 * HOUR };
  return { cameras, history: { jobs } } as unknown as Parameters<typeof elsewhereOf>[0];
}

test('after a cleaning nothing is said of where the camera looked before it', () => {
  const isAlarming = { isAlarming: true, hasMoved: true };
  const elsewhere = [0, 1, 2].map((hour) => completed(hour, null, { glass: otherView(isAlarming) }));
  const position = { right: 12, down: 0 };
  const turned = [0, 1, 2].map((hour) => completed(hour, 0, { glass: glass(0, 0, { position }) }));
  expect([elsewhereOf(seen(elsewhere)), turnedOf(seen(turned))].map(({ length }) => length)).toEqual([3, 3]);
  const cleaned = [wholeEvent('cleaned', { kind: 'cleaned', at: NOON + 5 * HOUR })];
  expect(elsewhereOf(seen(elsewhere, cleaned))).toEqual([]);
  expect(turnedOf(seen(turned, cleaned))).toEqual([]);
  // One that came since counts again.
  const since = completed(6, null, { glass: otherView(isAlarming) });
  expect(elsewhereOf(seen([...elsewhere, since], cleaned))).toEqual([since]);
});
