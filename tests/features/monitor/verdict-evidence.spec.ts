import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import type { CompletedJob, Reference } from '../../../src/core/domain/camera/job';
import { verdictEvidence } from '../../../src/features/monitor/pure/verdict-evidence';
import type { GlassFacts } from '../../../src/core/domain/glass/glass-facts';
import { completed, glass, HOUR, NOON, otherView } from '../../domain/camera/jobs';

/** By tests/fixtures/make-evidence.py. */
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/evidence.json', import.meta.url), 'utf8'),
) as Record<'covers' | 'times' | 'filled', number[]> &
  Record<'share' | 'usual' | 'coverTimes' | 'coverFilled' | 'coverTick', number>;

const clear = fixture.covers.map((cover, hour) =>
  completed(hour, 0, { glass: glass(0.01, 0.01, { cover }) }),
);
const fouled = (cover: number) => completed(99, 0, { glass: glass(0.31, 0.01, { cover }) });

/** A reference of so many pictures an hour apart, with these numbers. */
function reference(count: number, properties: Partial<CompletedJob['properties']> = {}): Reference {
  return {
    properties: Array.from({ length: count }, () => ({ ...completed(0, 0).properties, ...properties })),
    capturedAt: Array.from({ length: count }, (_, hour) => NOON + hour * HOUR),
  } as unknown as Reference;
}

test('how much of the glass is usual is the median of clear snapshots, as numpy has it', () => {
  const { cover } = verdictEvidence(fouled(fixture.share), [...clear, fouled(0.9)], 1, null);
  expect(cover).toMatchObject({ share: fixture.share, tone: 'drift' });
  expect(cover!.usual).toBeCloseTo(fixture.usual, 12);
  expect(cover!.times).toBeCloseTo(fixture.coverTimes, 12);
  expect(cover!.filled).toBeCloseTo(fixture.coverFilled, 12);
  expect(cover!.tick).toBeCloseTo(fixture.coverTick, 12);
});

test('fewer than a dozen clear snapshots say nothing of what is usual, nor do those of another reference', () => {
  const few = verdictEvidence(fouled(0.3), clear.slice(0, 11), 1, null).cover;
  expect(few).toMatchObject({ usual: null, times: null, tick: null });
  const others = clear.map((job) => ({ ...job, referenceId: 'another' }));
  expect(verdictEvidence(fouled(0.3), others, 1, null).cover?.usual).toBeNull();
});

test('of next to nothing no other share is a multiple', () => {
  const none = clear.map((job) => ({ ...job, glass: glass(0.01, 0.01, { cover: 0.004 }) }));
  expect(verdictEvidence(fouled(0.3), none, 1, null).cover).toMatchObject({ usual: 0.004, times: null });
});

test('a bar is full at four times the limit, and empty below none of it', () => {
  for (const [i, times] of fixture.times.entries()) {
    const { distance } = verdictEvidence(completed(0, times * 0.1), [], 1, null);
    expect(distance!.times).toBeCloseTo(Math.max(0, times), 12);
    expect(distance!.filled).toBeCloseTo(fixture.filled[i]!, 12);
    expect(distance!.tick).toBe(0.5);
  }
});

test('a run is told where the distance is on the verdict’s side of the limits, and not where the verdict persists', () => {
  const above = completed(0, 0.2);
  expect(verdictEvidence(above, [], 7, null).distance).toMatchObject({ side: 'drift', lasting: 7 });
  const pending = completed(0, 0.2, { driftStatus: 'normal' });
  expect(verdictEvidence(pending, [], 7, null).distance).toMatchObject({ side: 'drift', lasting: 0 });
});

test('the water’s line is how clearly the scene is seen; without that how hazy the picture is against its hour', () => {
  const seen = completed(0, 0, { glass: glass(0, 0, { visible: 0.3 }) });
  expect(verdictEvidence(seen, [], 1, null).water).toMatchObject({
    of: 'clarity',
    times: 0.3,
    tone: 'warning',
  });
  const haze = completed(2, 0, { properties: { ...completed(0, 0).properties, haze: 0.3 } });
  const clean = reference(12, { haze: 0.2 });
  const { water } = verdictEvidence(haze, [], 1, clean);
  expect(water).toMatchObject({ of: 'haze', tone: 'warning', light: 'usual' });
  expect(water!.times).toBeCloseTo(1.5, 12);
  expect(verdictEvidence(haze, [], 1, reference(12)).water).toBeNull();
});

test('light is told only where the reference is measured', () => {
  const light = (count: number) =>
    verdictEvidence(completed(0, 0, { glass: glass(0, 0) }), [], 1, reference(count)).water?.light;
  expect(light(12)).toBe('usual');
  expect(light(9)).toBeNull();
});

test('a turned camera has a line of its own, by its position and not by the move of one snapshot', () => {
  const at = (facts: Partial<GlassFacts>) =>
    verdictEvidence(completed(0, 0, { glass: glass(0, 0, facts) }), [], 1, null).turned;
  expect(at({ move: { right: 3, down: 0 } })).toBeNull();
  expect(at({ move: { right: 6, down: 0 } })).toMatchObject({ turn: { right: 6 / 192 }, tone: 'normal' });
  expect(at({ move: { right: 0, down: 0 }, position: { right: 0, down: -12 } })).toMatchObject({
    turn: { down: -12 / 192, share: 12 / 192 },
    tone: 'warning',
  });
  expect(at({ move: { right: 20, down: 0 }, position: { right: 0, down: 0 } })).toBeNull();
});

test('a snapshot that counts for nothing has no line on the glass and none on the distance', () => {
  expect(verdictEvidence(completed(0, 0.4, { glass: otherView() }), clear, 1, null)).toMatchObject({
    cover: null,
    distance: null,
  });
});
