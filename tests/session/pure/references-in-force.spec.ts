import { expect, test } from '@playwright/test';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import type { Sources } from '../../../src/core/session/history/contents';
import { ReferencesInForce } from '../../../src/core/session/history/references-in-force';
import { wholeCamera, wholeEvent, wholeJob, wholeReference } from '../../storage/whole-rows';

const DAY = 86_400_000;
const WIPED = 100 * DAY;

/** Six pictures a day. */
const jobs = Array.from({ length: 30 }, (_, i): CompletedJob =>
  wholeJob(`job ${String(i)}`, WIPED + (i * DAY) / 6, { referenceId: 'given' }),
);
const { properties } = wholeJob();
const clean = {
  embeddings: Array<Float32Array>(24).fill(new Float32Array(2)),
  properties: Array<NonNullable<typeof properties>>(24).fill(properties!),
};
const given = wholeReference('given', clean);
const own = wholeReference('own', { ...clean, beganAt: WIPED, createdAt: WIPED + 4 * DAY });

/** Walks along the pictures that are left. */
async function walk(horizon: number, wiped = WIPED) {
  const camera = wholeCamera('camera', {
    ...{ modelSha256: 'model', cyclesFrom: 0, referenceId: 'own', horizon },
    timeline: [
      { at: 0, referenceId: 'given' },
      { at: WIPED + 4 * DAY, referenceId: 'own' },
    ],
  });
  const left = jobs.filter(({ capturedAt }) => capturedAt >= horizon);
  const watched = {
    ...{ camera, reference: own, references: [given, own] },
    events: [wholeEvent('wiped', { kind: 'cleaned', at: wiped })],
  };
  // Too few pictures are left for another reference, so none is looked at.
  const inForce = new ReferencesInForce({} as Sources, watched, left);
  for (let i = 0; i < left.length; i += 1) await inForce.pass(left, i, () => Promise.reject(new Error()));
  return { renewed: inForce.renewed(true), last: inForce.at(left.at(-1)!.capturedAt) };
}

test('a cycle keeps its reference when its first pictures are deleted by age', async () => {
  const { renewed, last } = await walk(WIPED + 3 * DAY);
  expect(renewed).toBeUndefined();
  expect(last).toMatchObject({ reference: own, isWarm: true, learns: null });
});

test('a cleaning that is taken back takes the reference of its cycle with it', async () => {
  const { renewed, last } = await walk(0, WIPED + 50 * DAY);
  expect(renewed).toMatchObject({ referenceId: 'given', gone: ['own'], made: [] });
  expect(last.reference).toBe(given);
});
