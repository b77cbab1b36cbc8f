import { expect, test } from '@playwright/test';
import type { Reference } from '../../../src/core/domain/camera/reference';
import { conclusionOf, verdictOf, whyNotChecked } from '../../../src/core/domain/camera/verdict';
import { BEST_CLEAN, cleanMissing, ENOUGH_CLEAN } from '../../../src/core/domain/camera/reference-size';
import { Stream } from '../../../src/core/domain/camera/stream';
import { Judge } from '../../../src/core/domain/drift/judge';
import { isMadeFor } from '../../../src/core/domain/model/own-model';
import type { ModelManifest } from '../../../src/core/domain/model/model';
import { wholeCamera, wholeReference } from '../../storage/whole-rows';
import { completed } from './jobs';

const embedding = (value: number) => Float32Array.of(value, 0);
const PROPERTIES = {} as NonNullable<Reference['properties']>[number];

const referenceOf = (count: number, hasPictures = true) =>
  wholeReference('reference', {
    embeddings: Array.from({ length: count }, (_, i) => embedding(i / 1000)),
    ...(hasPictures && { properties: Array.from({ length: count }, () => PROPERTIES) }),
  });

const streamOf = (reference: Reference) => {
  const camera = wholeCamera('camera', { referenceId: reference.id });
  return new Stream({ camera, reference, fit: null, events: [] }, new Judge(camera, reference.embeddings));
};
const unjudged = (hour: number) => completed(hour, null, { windowFill: 0, driftStatus: 'warming-up' });

test('a camera is judged from 24 clean pictures on, and forty are better', () => {
  expect([ENOUGH_CLEAN, BEST_CLEAN]).toEqual([24, 40]);
  expect(cleanMissing(referenceOf(19))).toBe(5);
  expect(cleanMissing(referenceOf(24))).toBe(0);
  // Embeddings alone are taken as they are.
  expect(cleanMissing(referenceOf(7, false))).toBe(0);
});

test('by fewer nothing is judged, and a verdict that was given before stays', () => {
  const stream = streamOf(referenceOf(19));
  const far = { embedding: embedding(9) };
  const job = stream.next(unjudged(0), far);
  expect(job.distance).toBeNull();
  expect(conclusionOf(job)).toMatchObject({ code: 'few-clean', level: 'unknown', speaker: null });
  expect(verdictOf(job)).toBe('not-checked');
  expect(whyNotChecked(job)).toEqual({ code: 'few-clean', detail: { code: 'clean-missing', missing: 5 } });

  const before = completed(1, 0.3);
  expect(stream.next(before, far)).toBe(before);

  // With enough the same picture is judged.
  const judged = streamOf(referenceOf(24)).next(job, far);
  expect(judged.cleanMissing).toBeUndefined();
  expect(judged.windowFill).toBeGreaterThan(0);
});

test('fewer clean pictures never prove that a model was made for their camera', () => {
  const manifest = { adaptable: 'condition', detector: { sigma: 0.3 } } as unknown as ModelManifest;
  const close = (count: number) => Array.from({ length: count }, (_, i) => embedding(i / 1e4));
  expect(isMadeFor(manifest, close(7))).toBe(false);
  expect(isMadeFor(manifest, close(24))).toBe(true);
});
