import { expect, test } from '@playwright/test';
import type { Finding } from '../../../src/core/domain/picture/second-opinion';
import { NO_PERSISTENCE } from '../../../src/core/domain/drift/persistence';
import { spokenOf } from '../../../src/core/domain/camera/spoken';
import { hintOf, learnedOf, persistenceOf, saidBy } from '../../../src/features/why/why-facts';
import { completed, glass } from '../../domain/camera/jobs';

const OPINION = { hasUsual: true, stand: { stands: 'in-place', turn: null }, days: 30 } as const;
const ALARM = completed(0, 0.2);
const unusual = (hintsAt: 'murk' | 'light'): Finding => ({
  ...{ kind: 'unusual', property: 'haze', side: 'above', value: 0.6, usual: 0.2, beyond: 5 },
  hintsAt,
});
const hint = (...findings: Finding[]) => hintOf(ALARM, { ...OPINION, findings });

test('a camera that is turned or froze explains an alarm before murky water does, and that before the light', () => {
  const turned: Finding = { kind: 'turned', right: 0.1, down: 0, share: 0.1 };
  expect(hint(unusual('light'), unusual('murk'), turned)).toBe('camera');
  expect(hint(unusual('light'), unusual('murk'))).toBe('murk');
  expect(hint(unusual('light'))).toBe('light');
});

test('an alarm without a finding is unexplained if there was something to compare with', () => {
  expect(hint()).toBe('unexplained');
  expect(hintOf(ALARM, { ...OPINION, findings: [], hasUsual: false })).toBeNull();
  expect(hintOf(completed(0, 0.01), { ...OPINION, findings: [unusual('murk')] })).toBeNull();
});

test('a hint explains the learned distance, whoever spoke, and sends nobody to a lens that is called clear', () => {
  const of = (distance: number, facts: ReturnType<typeof glass>, ...findings: Finding[]) =>
    hintOf(completed(0, distance, { glass: facts }), { ...OPINION, findings });
  expect(of(0.01, glass(0.2, 0), unusual('murk'))).toBeNull();
  expect(of(0.2, glass(0.01, 0), unusual('murk'))).toBe('murk');
  expect(of(0.2, glass(0.01, 0))).toBeNull();
  expect(of(0.2, glass(0.2, 0))).toBe('unexplained');
});

test('persistence is explained for the distance that spoke, by its own limits, and for the learned one by its', () => {
  const persistence = { raiseAfter: 2, clearAfter: 3, clearBelow: 0.8 };
  const facts = { ...glass(0.2, 0), growth: { distance: 0.2, driftStatus: 'normal' } } as const;
  const job = completed(0, 0.01, { persistence, driftStatus: 'drift', glass: facts });
  const pending = persistenceOf(job, saidBy(job, spokenOf(job)!));
  expect(pending).toEqual({ kind: 'pending', alone: 'drift', raiseAfter: 2 });
  expect(persistenceOf(job, learnedOf(job))).toMatchObject({
    kind: 'held',
    alone: 'normal',
    status: 'drift',
  });
  const quiet = completed(0, 0.01, { persistence, driftStatus: 'normal', glass: glass(0.2, 0) });
  expect(persistenceOf(quiet, saidBy(quiet, spokenOf(quiet)!))).toBeNull();
});

test('no alarm is called held because of a place that has changed: the rest of the glass has its own', () => {
  const rest = { growth: { distance: 0, driftStatus: 'normal' }, loss: glass(0, 0).loss! } as const;
  const changed = { since: 0, growth: [3], loss: [], rest };
  const job = completed(0, 0.01, { persistence: NO_PERSISTENCE, glass: { ...glass(0.2, 0), changed } });
  expect(persistenceOf(job, saidBy(job, spokenOf(job)!))).toBeNull();
});
