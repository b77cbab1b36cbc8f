import { expect, test } from '@playwright/test';
import { KsStreaming } from '../../../src/core/domain/drift/detectors/ks-streaming';
import type { ImageProperties } from '../../../src/core/domain/picture/property-table';
import { ksCourse, ksPropertiesOf } from '../../../src/features/calibrate/pure/ks-course';

const PLAIN: ImageProperties = {
  width: 384,
  height: 216,
  brightness: 0.4,
  contrast: 0.1,
  sharpness: 0.02,
  blueMinusRed: 0.1,
  greenCast: 0.05,
};
const of = (brightness: number, more: Partial<ImageProperties> = {}) => ({ ...PLAIN, brightness, ...more });
const REFERENCE = Array.from({ length: 20 }, (_, i) => of(0.4 + i / 200));
const SNAPSHOTS = Array.from({ length: 15 }, (_, i) => ({
  capturedAt: 1000 * i,
  properties: of(0.41 + Math.sin(i) / 20),
}));
const ASKED = { property: 'brightness', windowSize: 5, cleanings: [] } as const;

test('a course is the streaming test, window by window', () => {
  const detector = new KsStreaming({ windowSize: 5 });
  detector.fit(REFERENCE.map(({ brightness }) => brightness));
  const expected = SNAPSHOTS.map(({ properties }) => detector.update(properties.brightness));
  const course = ksCourse(REFERENCE, SNAPSHOTS, ASKED);
  expect(course.map(({ statistic, pValue }) => ({ statistic, pValue }))).toEqual(expected.slice(4));
  expect(course[0]?.snapshot).toBe(SNAPSHOTS[4]);
  expect(course[0]?.value).toBe(SNAPSHOTS[4]?.properties.brightness);
});

test('a cleaning empties the window: five more snapshots make the next point', () => {
  const course = ksCourse(REFERENCE, SNAPSHOTS, { ...ASKED, cleanings: [-5, 6500, 6600] });
  const times = course.map(({ snapshot }) => snapshot.capturedAt);
  expect(times).toEqual([4000, 5000, 6000, 11_000, 12_000, 13_000, 14_000]);
});

test('a snapshot without the property is passed over, and does not move the window', () => {
  const hazy = REFERENCE.map((properties) => ({ ...properties, haze: properties.brightness }));
  const snapshots = SNAPSHOTS.map(({ capturedAt, properties }, i) => ({
    capturedAt,
    properties: i % 2 === 0 ? { ...properties, haze: 0.4 } : properties,
  }));
  const course = ksCourse(hazy, snapshots, { ...ASKED, property: 'haze' });
  expect(course.map(({ snapshot }) => snapshot.capturedAt)).toEqual([8000, 10_000, 12_000, 14_000]);
});

test('a property is offered when the whole reference has it and a snapshot too', () => {
  const hazy = REFERENCE.map((properties) => ({ ...properties, haze: 0.4 }));
  expect(ksPropertiesOf(hazy, SNAPSHOTS)).not.toContain('haze');
  expect(ksPropertiesOf(hazy, [{ capturedAt: 0, properties: of(0.4, { haze: 0.3 }) }])).toContain('haze');
  expect(ksPropertiesOf([...hazy, PLAIN], [{ capturedAt: 0, properties: of(0.4, { haze: 0.3 }) }])).toEqual([
    'brightness',
    'contrast',
    'sharpness',
    'blueMinusRed',
    'greenCast',
  ]);
  expect(ksPropertiesOf([], SNAPSHOTS)).toEqual([]);
});

test('haze is offered after the sharpness, before the casts', () => {
  const hazy = REFERENCE.map((properties) => ({ ...properties, haze: 0.4 }));
  expect(ksPropertiesOf(hazy, [{ capturedAt: 0, properties: hazy[0]! }])).toEqual([
    'brightness',
    'contrast',
    'sharpness',
    'haze',
    'blueMinusRed',
    'greenCast',
  ]);
});
