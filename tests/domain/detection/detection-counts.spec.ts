import { expect, test } from '@playwright/test';
import type { Box } from '../../../src/core/domain/detection/detection';
import type { Span, Usability } from '../../../src/core/domain/usable/span';
import {
  binLength,
  binsOf,
  boxesCsv,
  countAll,
  countsCsv,
  totalsOf,
  type LookedAt,
} from '../../../src/features/science/pure/detection/box-counts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 4, 1);

const box = (classId: number, score: number): Box => ({
  left: 1,
  top: 2,
  width: 3.25,
  height: 4,
  score,
  classId,
});
const looked = (hours: number, name: string, ...boxes: Box[]): LookedAt => ({
  jobId: name,
  imageName: name,
  capturedAt: START + hours * HOUR,
  found: { boxes, size: { height: 10, width: 20 } },
});
const span = (usability: Usability, from: number, to: number): Span =>
  ({ usability, reason: 'growth', begin: START + from * HOUR, end: START + to * HOUR }) as Span;

const LOOKED = [
  looked(0, 'a.jpg', box(0, 0.9), box(0, 0.3), box(1, 0.25)),
  looked(5, 'b.jpg', box(1, 0.8)),
  looked(12, 'c.jpg', box(0, 0.7), box(0, 0.7)),
  looked(30, '=d.jpg'),
];
const SPANS = [span('usable', 0, 4), span('suspect', 4, 10), span('fouled', 10, 20)];
const CLASSES = ['fish', 'crab, small'];

test('boxes are counted from a confidence on, and what the lens hid is set aside beside the rest', () => {
  const rows = countAll(LOOKED, SPANS, 0.25);
  expect(rows.map(({ counts, isAside, usability }) => [counts, isAside, usability])).toEqual([
    [[2, 1], false, 'usable'],
    [[0, 1], false, 'suspect'],
    [[2], true, 'fouled'],
    [[], false, null],
  ]);
  expect(totalsOf(rows)).toEqual([
    { classId: 0, usable: 2, aside: 2 },
    { classId: 1, usable: 2, aside: 0 },
  ]);
  expect(countAll(LOOKED, SPANS, 0.5).map(({ total }) => total)).toEqual([1, 1, 2, 0]);
  // A file that names fewer classes than it finds.
  expect(countAll([looked(0, 'x', box(4, 0.9))], [], 0.25)[0]!.counts).toEqual([0, 0, 0, 0, 1]);
});

test('bins hold means for each of their snapshots, those set aside apart, and none is empty', () => {
  const rows = countAll(LOOKED, SPANS, 0.25);
  const bins = binsOf(rows);
  expect(bins.every(({ begin, end }) => end - begin === HOUR)).toBe(true);
  expect(bins.map(({ snapshots }) => snapshots)).toEqual([1, 1, 1, 1]);
  const long = binsOf([...rows, ...countAll([looked(24 * 80, 'e')], [], 0.25)]);
  expect(long[0]).toEqual({
    begin: START,
    end: START + DAY,
    snapshots: 3,
    aside: 1,
    usableMean: 4 / 3,
    asideMean: 2 / 3,
  });
  expect(binLength(0, 10 * 365 * DAY)).toBeGreaterThan(28 * DAY);
  expect((10 * 365 * DAY) / binLength(0, 10 * 365 * DAY)).toBeLessThanOrEqual(90);
  expect(binsOf([])).toEqual([]);
});

test('the CSV has a row for each snapshot, masked counts empty, and begins no formula', () => {
  const rows = countAll(LOOKED, SPANS, 0.25);
  expect(countsCsv(rows, CLASSES).split('\r\n')).toEqual([
    'captured_at,image_name,usability,reason,fish,"crab, small",usable: fish,"usable: crab, small"',
    '2026-05-01T00:00:00Z,a.jpg,usable,growth,2,1,2,1',
    '2026-05-01T05:00:00Z,b.jpg,suspect,growth,0,1,0,1',
    '2026-05-01T12:00:00Z,c.jpg,fouled,growth,2,0,,',
    "2026-05-02T06:00:00Z,'=d.jpg,,,0,0,0,0",
    '',
  ]);
  expect(countsCsv([], ['fish', 'fish'])).toContain('fish (0),fish (1)');
  expect(boxesCsv(LOOKED.slice(1, 2), CLASSES, 0.25).split('\r\n')).toEqual([
    'captured_at,image_name,class,score,left,top,width,height',
    '2026-05-01T05:00:00Z,b.jpg,"crab, small",0.8000,1.0,2.0,3.3,4.0',
    '',
  ]);
});
