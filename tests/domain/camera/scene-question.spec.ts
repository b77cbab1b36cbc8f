import { expect, test } from '@playwright/test';
import { completed, glass, HOUR, NOON, otherView } from './jobs';
import type { Camera } from '../../../src/core/domain/camera/camera';
import type { CameraEvent } from '../../../src/core/domain/camera/event';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { conclusionOf } from '../../../src/core/domain/camera/verdict';
import type { GlassFacts } from '../../../src/core/domain/glass/glass-facts';
import { answerEvent, questionOf, type Asking } from '../../../src/core/session/history/scene-question';

const at = (hour: number) => NOON + hour * HOUR;
const of = (hour: number, facts: GlassFacts) => completed(hour, null, { glass: facts });
const clear = (hour: number) => of(hour, glass(0, 0));
const visited = (hour: number, kind: 'turned' | 'changed' | 'cleared', more: Partial<GlassFacts> = {}) =>
  of(
    hour,
    glass(0, 0, {
      visit: { since: at(3), kind, days: 1, from: { down: 0, right: 0 }, isAsked: true },
      ...more,
    }),
  );
const changed = (since: number): NonNullable<GlassFacts['changed']> => {
  const { growth, loss } = glass(0, 0);
  return { growth: [3, 4], loss: [2], since: at(since), rest: { growth: growth!, loss: loss! } };
};
const withChange = (hour: number, rest: Partial<GlassFacts> = {}) =>
  of(hour, glass(0.2, 0, { changed: changed(3), ...rest }));
const moved = (hour: number) => of(hour, otherView({ asideInARow: 12, isAlarming: true, hasMoved: true }));
const past = [0, 1, 2].map(clear);

const REFERENCE = { embeddings: Array(24).fill([]), properties: [] } as unknown as Asking['reference'];
const CAMERA = { cyclesFrom: 0 } as Camera;
const event = (hour: number, more: Partial<CameraEvent>): CameraEvent => ({
  ...{ id: 'event', cameraId: 'camera', kind: 'scene', note: '', at: at(hour) },
  ...more,
});
const answered = (hour: number, answer: 'in-scene' | 'on-glass' | 'unknown', places = changed(3)) =>
  event(hour, {
    scene: {
      ...{ growth: places.growth, loss: places.loss, referenceId: 'reference', answer },
      position: { down: 0, right: 0 },
    },
  });

function ask(jobs: readonly CompletedJob[], events: readonly CameraEvent[] = [], camera = CAMERA) {
  const latest = jobs.at(-1)!;
  return questionOf(latest, conclusionOf(latest), events, { jobs, camera, reference: REFERENCE });
}

test('a clear camera asks nothing', () => {
  expect(ask(past)).toBeNull();
});

for (const kind of ['turned', 'changed', 'cleared'] as const) {
  test(`a visit asks what happened at its time: ${kind}`, () => {
    const jobs = [...past, visited(3, kind), of(4, otherView()), visited(5, kind)];
    const question = ask(jobs)!;
    expect(question).toMatchObject({ since: at(3), kind, change: null, latest: { id: 'job-5' } });
    expect([question.before?.id, question.after.id]).toEqual(['job-2', 'job-3']);
  });
}

test('a visit has its changed places with it', () => {
  expect(ask([...past, visited(3, 'turned', { changed: changed(3) })])).toMatchObject({
    kind: 'turned',
    change: { growth: [3, 4], loss: [2] },
  });
});

test('a place that changed is asked about without a visit, until somebody says that nothing happened there', () => {
  const jobs = [...past, withChange(3), withChange(4)];
  expect(ask(jobs)).toMatchObject({ since: at(3), kind: 'changed', isAlone: true, change: changed(3) });
  expect(ask(jobs, [answered(3, 'unknown')])).toBeNull();
  const elsewhere = { ...changed(3), growth: [90], loss: [] };
  expect(ask(jobs, [answered(3, 'unknown', elsewhere)])).not.toBeNull();
  // The next cleaning ends that answer.
  const cleaned = event(3.5, { id: 'cleaned', kind: 'cleaned' });
  expect(ask(jobs, [answered(3, 'unknown'), cleaned])).not.toBeNull();
});

test('an alarm of the rest of the glass comes through beside the question', () => {
  const drift = glass(0.2, 0).growth!;
  const rest = { ...changed(3), rest: { ...changed(3).rest, growth: drift } };
  expect(ask([...past, withChange(3, { changed: rest })])).toMatchObject({ isAlone: false });
});

test('another view is asked about once, since its first picture, over a night too', () => {
  const dark = of(5, glass(null, null, { growth: null, loss: null, isDark: true }));
  const covered = (hour: number) => of(hour, otherView({ asideInARow: 3, isAlarming: true }));
  const jobs = [...past, covered(3), moved(4), dark, covered(6)];
  expect(ask(jobs)).toMatchObject({ since: at(3), kind: 'elsewhere', change: null, isAlone: true });
  expect(ask(jobs)).toMatchObject({ before: { id: 'job-2' }, after: { id: 'job-3' } });
  expect(ask([...past, covered(3), covered(4)])).toBeNull();
  for (const answer of ['in-scene', 'on-glass', 'unknown'] as const) {
    expect(ask(jobs, [answered(3, answer)])).toBeNull();
    expect(ask(jobs, [answered(2, answer)])).not.toBeNull();
  }
  expect(ask(jobs, [event(4, { kind: 'cleaned' })])).toBeNull();
  expect(ask(jobs, [event(4, { kind: 'note' })])).not.toBeNull();
});

test('a new clean view begins with what changed if the lens was clear before, and the camera learns', () => {
  const jobs = [...past, withChange(3)];
  const dirty = [clear(0), of(1, glass(0.2, 0)), of(2, glass(0.2, 0)), moved(3)];
  const begins = (question: ReturnType<typeof ask>) => answerEvent(question!, 'in-scene').beginsCycle;
  expect([ask(jobs)!.newView, begins(ask(jobs))]).toEqual(['learned', true]);
  expect([ask(dirty)!.newView, begins(ask(dirty))]).toEqual(['after-cleaning', undefined]);
  const keeper = ask(jobs, [], { ...CAMERA, renewsReference: false });
  expect([keeper!.newView, begins(keeper)]).toEqual(['by-hand', undefined]);
  // An alarm from before the lens was cleaned is no more.
  const cleaned = event(2.5, { kind: 'cleaned' });
  expect(ask(dirty, [cleaned])!.newView).toBe('learned');
});

test('an answer is an event at the time of the visit', () => {
  const question = ask([...past, withChange(3)])!;
  expect(answerEvent(question, 'cleaned')).toEqual({ kind: 'cleaned', at: at(3), note: '' });
  const { growth, loss } = changed(3);
  const facts = { growth, loss, referenceId: 'reference', position: { right: 1, down: -2 } };
  for (const answer of ['on-glass', 'unknown'] as const) {
    const scene = { ...facts, answer };
    expect(answerEvent(question, answer)).toEqual({ kind: 'scene', at: at(3), note: '', scene });
  }
  expect(answerEvent(ask([...past, visited(3, 'turned')])!, 'in-scene')).toMatchObject({
    scene: { growth: [], loss: [], answer: 'in-scene' },
  });
});
