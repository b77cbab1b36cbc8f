import { expect, test } from '@playwright/test';
import type { CameraEvent } from '../../../src/core/domain/camera/event';
import { isSaidBy, momentIn, settingsTold, toldIn } from '../../../src/core/domain/camera/told';
import { Misfit } from '../../../src/core/domain/row';

const CAMERA = {
  detector: { name: 'mmd-streaming', windowSize: 10, sigma: 1 },
  thresholds: { warning: 0.05, drift: 0.1 },
  persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
};

/** The field that is refused; null if nothing is. */
function misfit(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof Misfit) return error.path;
    throw error;
  }
}

test('times are in UTC unless a zone stands there, and a day that no calendar has is none', () => {
  expect(momentIn('2026-12-24')).toBe(Date.UTC(2026, 11, 24));
  expect(momentIn('2026-12-24T09:30')).toBe(Date.UTC(2026, 11, 24, 9, 30));
  expect(momentIn('2026-12-24T09:30:05.250Z')).toBe(Date.UTC(2026, 11, 24, 9, 30, 5, 250));
  expect(momentIn('2026-12-24T09:30+02:00')).toBe(Date.UTC(2026, 11, 24, 7, 30));
  const wrong = ['', 'now', '2026-02-30', '2026-02-30T10:00Z', '2026-13-01', '24/12/2026', '1969-12-31'];
  for (const written of [...wrong, '2026-12-24T25:00', '2026-12-24 09:30', '9999-01-01', '12'])
    expect(momentIn(written), written).toBeNaN();
});

test('a field that is missing, unknown or of another kind is named', () => {
  for (const [given, path] of [
    [{ kind: 'cleaned' }, null],
    [{ kind: 'cleaned', at: '2026-12-24', note: '', id: 'a' }, null],
    [{ kind: 'clean', at: '2026-12-24', note: '' }, null],
    [{ kind: 'clean', until: '2026-12-24' }, 'until'],
    [{ kind: 'seen', until: '2026-12-24', who: 'Pep' }, null],
    [{ kind: 'scene', answer: 'unknown' }, null],
    [{ kind: 'mask', cells: [] }, null],
    [null, 'kind'],
    [[], 'kind'],
    [{ kind: 'constructor' }, 'kind'],
    [{ kind: 'moved' }, 'kind'],
    [{ kind: 'cleaned', at: 5 }, 'at'],
    [{ kind: 'cleaned', id: 7 }, 'id'],
    [{ kind: 'cleaned', note: ['a'] }, 'note'],
    [{ kind: 'cleaned', until: '2026-12-24' }, 'until'],
    [{ kind: 'cleaned', ['__proto__']: {} }, null],
    [{ kind: 'seen' }, 'until'],
    [{ kind: 'scene', answer: 'yes' }, 'answer'],
    [{ kind: 'mask', cells: [-1] }, 'cells.0'],
    [{ kind: 'mask', cells: '1' }, 'cells'],
    [{ kind: 'settings', thresholds: 1 }, 'thresholds'],
    [{ kind: 'settings', deployment: { depth: 'deep' } }, 'deployment.depth'],
  ] as const)
    expect(
      misfit(() => toldIn(given)),
      JSON.stringify(given),
    ).toBe(path);
});

test('a word that is said again is the event that it became; with anything else in it, it is not', () => {
  const at = Date.UTC(2026, 11, 24, 9, 30);
  const event = { id: 'a', cameraId: 'pier', kind: 'cleaned', at, note: 'brush' } as const;
  const isSaid = (given: object) => isSaidBy(event, toldIn(given));
  const cleaned = { kind: 'cleaned', note: ' brush' };
  for (const same of [cleaned, { ...cleaned, at: '2026-12-24T09:30' }]) expect(isSaid(same)).toBe(true);
  for (const other of [
    { kind: 'cleaned' },
    { ...cleaned, note: 'sponge' },
    { ...cleaned, at: '2026-12-24' },
    { kind: 'seen', until: '2026-12-24T09:30', note: 'brush' },
    { kind: 'mask', cells: [] },
  ])
    expect(isSaid(other), JSON.stringify(other)).toBe(false);
  const called = { ...event, kind: 'clean', until: at } as const;
  expect(isSaidBy(called, toldIn({ kind: 'clean', note: 'brush' }))).toBe(true);
  expect(isSaidBy(called, toldIn({ kind: 'clean', note: 'brush', at: '2026-12-23' }))).toBe(false);
  const seen = { ...event, kind: 'seen', who: 'Pep', until: Date.UTC(2026, 11, 24) } as const;
  const word = { kind: 'seen', until: '2026-12-24', who: 'Pep', note: 'brush' };
  expect(isSaidBy(seen, toldIn(word))).toBe(true);
  for (const other of [{ until: '2026-12-25' }, { who: 'Marta' }])
    expect(isSaidBy(seen, toldIn({ ...word, ...other }))).toBe(false);
  const scene = { ...event, kind: 'scene', scene: { answer: 'in-scene' } } as unknown as CameraEvent;
  expect(isSaidBy(scene, toldIn({ kind: 'scene', answer: 'in-scene' }))).toBe(true);
  expect(isSaidBy(scene, toldIn({ kind: 'scene', answer: 'on-glass' }))).toBe(false);
});

test('settings keep the numbers that were not said', () => {
  const told = (given: Record<string, unknown>) => {
    const said = toldIn({ kind: 'settings', ...given });
    if (said.kind !== 'settings') throw new Error('not settings');
    return settingsTold(said, CAMERA);
  };
  expect(told({})).toEqual({});
  expect(told({ thresholds: { drift: 0.2 }, deployment: { depth: 20 } })).toEqual({
    thresholds: { warning: 0.05, drift: 0.2 },
    deployment: { depth: 20 },
  });
  for (const [given, path] of [
    [{ thresholds: { drfit: 1 } }, 'thresholds.drfit'],
    [{ thresholds: { drift: '1' } }, 'thresholds.drift'],
    [{ detector: { windowSize: 2.5 } }, 'detector.windowSize'],
    [{ detector: { name: 'Other' } }, 'detector.name'],
    [{ persistence: { clearBelow: 0 } }, 'persistence.clearBelow'],
    [{ deployment: { deep: 1 } }, 'deployment.deep'],
  ] as const)
    expect(
      misfit(() => told(given)),
      path,
    ).toBe(path);
});
