import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { chartMarkup, timeTicks, type Scene } from '../../src/core/plot/chart';
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
