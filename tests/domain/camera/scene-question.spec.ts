import { expect, test } from '@playwright/test';
import { completed, failed, glass, HOUR, NOON, otherView } from './jobs';
import type { Camera } from '../../../src/core/domain/camera/camera';
import type { CameraEvent } from '../../../src/core/domain/camera/event';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { isUnmeasured, rowVerdictOf, verdictOf } from '../../../src/core/domain/camera/verdict';
import type { GlassFacts } from '../../../src/core/domain/glass/glass-facts';
import { isOfView } from '../../../src/core/domain/glass/stand';
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
const aside = (hour: number, state: 'new' | 'unseen', isAlarming = true) =>
  of(hour, otherView({ state, isAlarming }));
const dark = (hour: number) => of(hour, otherView({ state: 'unseen' }, { isDark: true }));
/** Counted, and nothing of the scene is seen in it. */
const hidden = (hour: number, since: number) =>
  of(
    hour,
    glass(0, 0, {
      ...{ visible: 0.1, unseenSince: at(since) },
      view: { state: 'unseen', isAside: false, asideInARow: 0, isAlarming: true, hasMoved: false },
    }),
  );
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
  const latest = jobs.findLast((job) => !isUnmeasured(job)) ?? jobs.at(-1)!;
  return questionOf(latest, verdictOf(latest), events, { jobs, camera, reference: REFERENCE });
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
  const covered = (hour: number) => of(hour, otherView({ asideInARow: 3, isAlarming: true }));
  const jobs = [...past, covered(3), moved(4), dark(5), covered(6)];
  expect(ask(jobs)).toMatchObject({ since: at(3), kind: 'elsewhere', change: null, isAlone: true });
  expect(ask(jobs)).toMatchObject({ before: { id: 'job-2' }, after: { id: 'job-3' } });
  expect(ask([...past, covered(3), covered(4)])).toMatchObject({ since: at(3), kind: 'elsewhere' });
  for (const answer of ['in-scene', 'on-glass', 'unknown'] as const) {
    expect(ask(jobs, [answered(3, answer)])).toBeNull();
    expect(ask(jobs, [answered(2, answer)])).not.toBeNull();
  }
  expect(ask(jobs, [event(4, { kind: 'cleaned' })])).toBeNull();
  expect(ask(jobs, [event(4, { kind: 'note' })])).not.toBeNull();
});

test('the view’s alarm asks beside the lens that was measured last, until its view is seen again', () => {
  const jobs = [...past, aside(3, 'new', false), aside(4, 'new', false), aside(5, 'new')];
  const question = ask(jobs)!;
  expect(question).toMatchObject({ since: at(3), kind: 'elsewhere', isAlone: true, latest: { id: 'job-2' } });
  expect(isOfView(question)).toBe(true);
  expect(ask(jobs.slice(0, -1))).toBeNull();
  expect(ask([...jobs, clear(6)])).toBeNull();
  const dirty = of(2, glass(0.2, 0));
  expect(ask([...past.slice(0, 2), dirty, ...jobs.slice(3)])).toMatchObject({ isAlone: false });
});

test('a scene that can’t be seen asks since its first such picture, and the dark asks nothing', () => {
  expect(ask([...past, aside(3, 'unseen', false), aside(4, 'unseen')])).toMatchObject({
    since: at(3),
    kind: 'unseen',
  });
  expect(ask([...past, hidden(6, 2), hidden(7, 2)])).toMatchObject({ since: at(2), kind: 'unseen' });
  expect(ask([...past, dark(3), dark(4), dark(5)])).toBeNull();
  // A night goes by while something covers it.
  expect(ask([...past, aside(3, 'unseen'), dark(4)])).toMatchObject({ since: at(3), kind: 'unseen' });
});

test('a job says nothing of the lens if it is set aside, or if nothing of the scene is seen', () => {
  const facts = [clear(0), aside(1, 'new'), dark(2), hidden(3, 3), of(4, glass(null, null)), withChange(5)];
  expect(facts.map(isUnmeasured)).toEqual([false, true, true, true, false, false]);
  // By version 2.0.0 it was a warning of the lens.
  expect(isUnmeasured(of(0, glass(0, 0, { visible: 0.1, unseenSince: 0 })))).toBe(false);
});

test('a row’s verdict is unknown where the glass was looked at and not measured there and then', () => {
  const rows = [clear(0), aside(1, 'new'), hidden(2, 2), of(3, glass(null, null)), of(4, glass(0.2, 0))];
  expect(rows.map(rowVerdictOf)).toEqual(['normal', 'unknown', 'unknown', 'warming-up', 'drift']);
  expect(rowVerdictOf(completed(0, null, { cleanMissing: 3 }))).toBe('not-checked');
  expect(rowVerdictOf(failed(0))).toBe('not-checked');
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
