import { expect, test } from '@playwright/test';
import {
  cameraInName,
  embeddingSpread,
  frozen,
  otherCamera,
  unusualProperties,
  type Finding,
} from '../../../src/core/domain/picture/second-opinion';
import type { ImageProperties } from '../../../src/core/domain/picture/property-table';

const USUAL: ImageProperties = {
  width: 1920,
  height: 1080,
  brightness: 0.4,
  contrast: 0.15,
  sharpness: 0.02,
  blueMinusRed: 0.2,
  greenCast: 0.05,
};

/** 21 snapshots whose brightness runs evenly from 0.3 to 0.5: median 0.4, median absolute deviation 0.05. */
const REFERENCE = Object.freeze(
  Array.from({ length: 21 }, (_, i) => Object.freeze({ ...USUAL, brightness: 0.3 + 0.01 * i })),
);

const sidesOf = (findings: readonly Finding[]) =>
  findings.map((finding) =>
    finding.kind === 'unusual' ? `${finding.property} ${finding.side}` : finding.kind,
  );

test('a darker picture is told with the reference median and its distance in robust deviations', () => {
  const [finding, ...others] = unusualProperties({ ...USUAL, brightness: 0.1 }, REFERENCE);
  expect(others).toEqual([]);
  if (finding?.kind !== 'unusual') throw new Error(JSON.stringify(finding));
  expect([finding.property, finding.side, finding.hintsAt]).toEqual(['brightness', 'below', 'light']);
  expect(finding.value).toBe(0.1);
  expect(finding.usual).toBeCloseTo(0.4, 12);
  // (0.4 - 0.1) / (1.4826 * 0.05)
  expect(finding.beyond).toBeCloseTo(4.0469, 4);
});

test('less than three robust deviations are not worth saying', () => {
  // 3 * 1.4826 * 0.05 = 0.2224
  expect(unusualProperties({ ...USUAL, brightness: 0.4 + 0.222 }, REFERENCE)).toEqual([]);
  expect(unusualProperties({ ...USUAL, brightness: 0.4 + 0.223 }, REFERENCE)).toHaveLength(1);
});

test('a value that the reference has had is not unusual, however rare', () => {
  const withNight = [...REFERENCE, { ...USUAL, brightness: 0.05 }];
  expect(unusualProperties({ ...USUAL, brightness: 0.06 }, withNight)).toEqual([]);
  expect(unusualProperties({ ...USUAL, brightness: 0.04 }, withNight)).toHaveLength(1);
});

test('a property that never varied does not shout at a change nobody sees', () => {
  // contrast of the reference is always 0.15: the floor of 0.01 counts as its deviation
  expect(unusualProperties({ ...USUAL, contrast: 0.125 }, REFERENCE)).toEqual([]);
  const [finding] = unusualProperties({ ...USUAL, contrast: 0.1 }, REFERENCE);
  expect(finding).toMatchObject({ property: 'contrast', side: 'below' });
  expect(finding?.kind === 'unusual' && finding.beyond).toBeCloseTo(5, 6);
});

test('each property is told on the sides that hint at a problem, and on no other', () => {
  const full = REFERENCE.map((facts) => ({ ...facts, haze: 0.2 }));
  const sides = (facts: Partial<ImageProperties>) => sidesOf(unusualProperties({ ...USUAL, ...facts }, full));
  expect(sides({ brightness: 0.9 })).toEqual(['brightness above']);
  expect(sides({ sharpness: 0.005 })).toEqual(['sharpness below']);
  expect(sides({ blueMinusRed: 0.5 })).toEqual(['blueMinusRed above']);
  expect(sides({ blueMinusRed: -0.1 })).toEqual(['blueMinusRed below']);
  expect(sides({ greenCast: 0.3 })).toEqual(['greenCast above']);
  expect(sides({ haze: 0.6 })).toEqual(['haze above']);
  expect(sides({ sharpness: 0.2, contrast: 0.4, haze: 0, greenCast: -0.3 })).toEqual([]);
});

test('the furthest finding comes first', () => {
  // 9 floors of 0.02 against 4.05 deviations
  const found = unusualProperties({ ...USUAL, brightness: 0.1, greenCast: 0.23 }, REFERENCE);
  expect(sidesOf(found)).toEqual(['greenCast above', 'brightness below']);
});

test('without a measured value, or with fewer than ten references that have it, nothing is said', () => {
  const odd = { ...USUAL, brightness: 0.9, haze: 0.9 };
  expect(unusualProperties(odd, [])).toEqual([]);
  expect(unusualProperties(odd, REFERENCE.slice(0, 9))).toEqual([]);
  expect(sidesOf(unusualProperties(odd, REFERENCE))).toEqual(['brightness above']);
  expect(unusualProperties({ ...USUAL, brightness: NaN, haze: Infinity }, REFERENCE)).toEqual([]);
});

const HOUR = 3_600_000;
const at = (hour: number, ...values: number[]) => ({
  capturedAt: hour * HOUR,
  embedding: Float32Array.from(values),
});

test('three snapshots of different times with one picture are frozen since the first of them', () => {
  const recent = [at(1, 0.5, 0.1), at(2, 0.2, 0.3), at(3, 0.2, 0.3), at(4, 0.2, 0.3)];
  expect(frozen(recent, 0.1)).toEqual({ kind: 'frozen', since: 2 * HOUR, count: 3 });
});

test('two equal snapshots, or three of one time, are not frozen', () => {
  expect(frozen([at(1, 0.5), at(2, 0.2), at(3, 0.2)], 0.1)).toBeNull();
  expect(frozen([at(3, 0.2), at(3, 0.2), at(3, 0.2)], 0.1)).toBeNull();
  expect(frozen([at(1, 0.2), at(2, 0.2), at(3, 0.2), at(4, 0.5)], 0.1)).toBeNull();
  expect(frozen([], 0.1)).toBeNull();
});

test('equal means within a thousandth of the spread of embeddings', () => {
  const recent = (step: number) => [at(1, 0.2), at(2, 0.2 + step), at(3, 0.2)];
  expect(frozen(recent(0.00009), 0.1)).not.toBeNull();
  expect(frozen(recent(0.00011), 0.1)).toBeNull();
  expect(frozen(recent(0), 0)).toBeNull();
  expect(frozen([at(1, 0.2, 0.3), at(2, 0.2, 0.3), at(3, 0.2)], 0.1)).toBeNull();
});

test('the spread of embeddings is that of the coordinate that varies most', () => {
  // standard deviation of 0, 3, 6 with n - 1: 3
  const embeddings = [Float32Array.of(1, 0), Float32Array.of(1.5, 3), Float32Array.of(1, 6)];
  expect(embeddingSpread(embeddings)).toBeCloseTo(3, 12);
  expect(embeddingSpread(embeddings.slice(0, 1))).toBe(0);
  expect(embeddingSpread([])).toBe(0);
});

const OBSEA = { name: '20230801-190036-IPC608_8B64_165.jpg', height: 1080, width: 1920 };
const NAMES = ['20230730-083036-IPC608_8B64_165.jpg', '20230730-090036-IPC608_8B64_165_jpg.rf.0a1b2c.jpg'];

test('the camera is the part of the name behind the time, also behind a Roboflow suffix', () => {
  expect(NAMES.map(cameraInName)).toEqual(['IPC608_8B64_165', 'IPC608_8B64_165']);
  expect(cameraInName('folder/20230730-083036-A-B.png')).toBe('A-B');
  expect(cameraInName('20231330-083036-A.jpg')).toBeNull();
  expect(cameraInName('snapshot.jpg')).toBeNull();
  expect(cameraInName('20230730-083036.jpg')).toBeNull();
  expect(cameraInName('')).toBeNull();
});

test('a name of another camera is told with both cameras', () => {
  expect(otherCamera({ ...OBSEA, name: '20230801-190036-IPC900.jpg' }, NAMES, [OBSEA])).toEqual({
    kind: 'other-camera',
    because: 'name',
    got: 'IPC900',
    usual: 'IPC608_8B64_165',
  });
  expect(otherCamera(OBSEA, NAMES, [OBSEA])).toBeNull();
  expect(otherCamera({ ...OBSEA, name: OBSEA.name.toLowerCase() }, NAMES, [OBSEA])).toBeNull();
});

test('names say nothing where the reference has none or does not agree', () => {
  const other = { ...OBSEA, name: '20230801-190036-IPC900.jpg' };
  expect(otherCamera(other, [], [])).toBeNull();
  expect(otherCamera(other, ['', ''], [])).toBeNull();
  expect(otherCamera(other, [...NAMES, '20230730-083036-IPC777.jpg'], [])).toBeNull();
  expect(otherCamera({ ...OBSEA, name: 'renamed.jpg' }, NAMES, [])).toBeNull();
});

test('other proportions are another camera, another resolution is not', () => {
  const sizes = Array.from({ length: 20 }, () => ({ height: 1080, width: 1920 }));
  expect(otherCamera({ ...OBSEA, height: 1440, width: 1920 }, NAMES, sizes)).toEqual({
    kind: 'other-camera',
    because: 'size',
    got: { height: 1440, width: 1920 },
    usual: { height: 1080, width: 1920 },
  });
  expect(otherCamera({ ...OBSEA, height: 360, width: 640 }, NAMES, sizes)).toBeNull();
  expect(otherCamera({ ...OBSEA, height: 171, width: 304 }, NAMES, sizes)).toBeNull();
  expect(otherCamera({ ...OBSEA, height: 1920, width: 1080 }, NAMES, sizes)).not.toBeNull();
});
