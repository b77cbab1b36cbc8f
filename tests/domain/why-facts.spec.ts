import { expect, test } from '@playwright/test';
import type { Finding } from '../../src/core/domain/picture/second-opinion';
import { hintOf } from '../../src/features/why/why-facts';
import { completed } from './jobs';

const OPINION = { hasUsual: true, placed: 'in-place', days: 30 } as const;
const ALARM = completed(0, 0.2);
const unusual = (hintsAt: 'murk' | 'light' | null): Finding => ({
  ...{ kind: 'unusual', property: 'haze', side: 'above', value: 0.6, usual: 0.2, beyond: 5 },
  hintsAt,
});
const hint = (...findings: Finding[]) => hintOf(ALARM, { ...OPINION, findings });

test('a camera that moved or froze explains an alarm before murky water does, and that before the light', () => {
  const moved: Finding = { kind: 'moved', right: 0.1, down: 0 };
  expect(hint(unusual('light'), unusual('murk'), moved)).toBe('camera');
  expect(hint(unusual('light'), unusual('murk'))).toBe('murk');
  expect(hint(unusual('light'), unusual(null))).toBe('light');
});

test('a property that hints at nothing leaves an alarm unexplained, where there was something to compare with', () => {
  expect(hint(unusual(null))).toBe('unexplained');
  expect(hint()).toBe('unexplained');
  expect(hintOf(ALARM, { ...OPINION, findings: [], hasUsual: false })).toBeNull();
  expect(hintOf(completed(0, 0.01), { ...OPINION, findings: [unusual('murk')] })).toBeNull();
});
