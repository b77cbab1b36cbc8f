import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { chartMarkup, timeTicks, type Scene } from '../../src/core/plot/chart';
import { utcSoon } from '../../src/core/i18n/format';
import { tickNumber } from '../../src/core/i18n/tick-format';
import { FILE_STYLE } from '../../src/core/ui/page-file';

const DAY = 86_400_000;
const scene = (change: Partial<Scene>): Scene => ({
  label: 'A chart',
  height: 100,
  x: { from: 0, to: 10 },
  y: { from: 0, to: 4 },
  layers: [],
  ...change,
});
const drawn = (change: Partial<Scene>) => chartMarkup(scene(change)).text;

test('a chart is an image with a sentence, or nothing to one who cannot see it', () => {
  expect(drawn({ label: '<b>"' })).toContain('role="img" aria-label="&lt;b&gt;&quot;"');
  expect(drawn({ label: null })).toContain('aria-hidden="true"');
});

test('areas end where the axes do, and what lies beyond them is not drawn', () => {
  const area = (x: readonly [number, number]) =>
    drawn({ layers: [{ kind: 'area', x, y: [1, 3], fill: 'accent' }] });
  expect(area([5, 20])).toMatch(/x="50.00%"\s+y="25.00%"\s+width="50.00%"\s+height="50.00%"/);
  expect(area([20, 30])).not.toContain('<rect');
  expect(drawn({ layers: [{ kind: 'rule', x: 11, stroke: 'ink' }] })).not.toContain('<line');
});

test('a line goes from place to place, and a place alone is a dot', () => {
  const pieces = [[[0, 0] as const, [5, 4] as const], [[10, 2] as const]];
  expect(drawn({ layers: [{ kind: 'line', pieces }] })).toContain('d="M0.0 1000.0L500.0 0.0M1000.0 500.0h0"');
});

test('ticks of a past year say it once', () => {
  const from = Date.UTC(2019, 4, 1);
  const texts = timeTicks({ from, to: from + 30 * DAY }).map(({ text }) => text);
  expect(texts[0]).toMatch(/ 2019$/);
  expect(texts.slice(1).join()).not.toContain('2019');
  expect(texts.length).toBeGreaterThan(1);
  expect(texts.length).toBeLessThanOrEqual(4);
});

test('ticks of time are as fine as they are apart, so that no two of a day say the same', () => {
  const from = Date.UTC(2026, 10, 24, 12, 31, 5);
  const texts = (length: number, most = 6) =>
    timeTicks({ from, to: from + length }, most).map(({ text }) => text);
  for (const length of [0.4, 1, 3, 40, 90, 200, 1000, 20_000]) {
    const found = texts(length * 1000);
    expect(found.length, `${length} s`).toBeGreaterThan(1);
    expect(new Set(found).size, `${length} s`).toBe(found.length);
  }
  expect(texts(50_000).slice(0, 2)).toEqual(['12:31:05', '12:31:15']);
  expect(texts(240_000).slice(0, 2)).toEqual(['12:31:30', '12:32:30']);
  expect(texts(1_200_000).slice(0, 2)).toEqual(['12:35', '12:40']);
  expect(texts(1000).slice(0, 2)).toEqual(['12:31:05.000', '12:31:05.200']);
});

test('numbers on an axis are as fine as they are apart', () => {
  const texts = (values: readonly number[]) =>
    values.map((value) => tickNumber(value, values[1]! - values[0]!));
  expect(texts([1203.25, 1203.5, 1203.75])).toEqual(['1203.25', '1203.5', '1203.75']);
  expect(texts([0.1, 0.1005, 0.101])).toEqual(['0.1', '0.1005', '0.101']);
  expect(texts([0.1 + 0.2, 0.4])).toEqual(['0.3', '0.4']);
  expect(texts([-20_000, 0, 20_000])).toEqual(['−20000', '0', '20000']);
  expect(tickNumber(0.5, 0)).toBe('0.5');
});

test('what happens in the next minutes is told with its second', () => {
  expect(utcSoon(Date.now() + 30_000)).toMatch(/^\d\d:\d\d:\d\d$/);
  expect(utcSoon(Date.now() + 3_600_000)).toMatch(/^\d\d:\d\d$/);
});

test('files that the page writes have the colours, spaces and sizes of its themes', () => {
  const css = readFileSync(new URL('../../src/core/ui/tokens.css', import.meta.url), 'utf8');
  const tokens = (text: string) =>
    new Map(Array.from(text.matchAll(/--([a-z0-9-]+):\s*(#\w+|\d+px)/g), ([, name, value]) => [name, value]));
  const themes = [/:root \{[^}]+/, /\[data-theme='dark'\] \{[^}]+/].map((theme) =>
    tokens(theme.exec(css)![0]),
  );
  const written = FILE_STYLE.match(/:root\{[^}]+/g)!.map(tokens);
  expect(written).toHaveLength(2);
  for (const [i, theme] of written.entries()) {
    expect(theme.size).toBeGreaterThan(10);
    for (const [name, value] of theme) expect(themes[i]!.get(name), name).toBe(value);
  }
});
