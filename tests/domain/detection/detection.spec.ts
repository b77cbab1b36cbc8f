import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Box, DetectorLayout } from '../../../src/core/domain/detection/detection';
import { readOnnx } from '../../../src/core/domain/model/onnx';
import { withMetadata } from '../onnx-writer';
import { readClassNames } from '../../../src/features/science/pure/detection/class-names';
import { decodeBoxes, type RawBox } from '../../../src/features/science/pure/detection/decode-boxes';
import { inspectDetector } from '../../../src/features/science/pure/detection/inspect-detector';
import { layoutOf, type Known } from '../../../src/features/science/pure/detection/output-layout';
import { Letterbox } from '../../../src/features/science/pure/detection/letterbox';
import { refusalOf } from '../../told';

const FOLDER = new URL('../../fixtures/detection/', import.meta.url);
const file = (name: string) => new Uint8Array(readFileSync(new URL(name, FOLDER)));
const detector = (name: string) => readOnnx(file(`${name}.onnx`));

// by numpy: tests/fixtures/detection/make-detectors.py
const golden = JSON.parse(new TextDecoder().decode(file('golden.json'))) as {
  readonly floor: number;
  readonly iou: number;
  readonly names: readonly string[];
  readonly size: readonly [number, number];
  readonly found: readonly {
    readonly picture: string;
    readonly detector: string;
    readonly width: number;
    readonly height: number;
    readonly boxes: readonly Box[];
  }[];
  readonly raw: { readonly picture: string; readonly dims: number[]; readonly values: number[] };
};
const [height, width] = golden.size;
const INPUT = { height, width };
const PLAIN: Known = { name: 'output0', named: 2, isSuppressed: false, input: INPUT };

test('class names are read as exporters write them, whatever their quotes, and never run', () => {
  const read: [string, readonly string[] | null][] = [
    ["{0: 'fish', 1: 'crab'}", ['fish', 'crab']],
    [`{0: "diver's fin", 1: 'a "big" one'}`, ["diver's fin", 'a "big" one']],
    ["{0: 'it\\'s', 1: 'a\\\\b', 2: 'a, b: {c}'}", ["it's", 'a\\b', 'a, b: {c}']],
    ["{ 1 :'crab' , 0: 'fish',}", ['fish', 'crab']],
    ["{0: 'fish', 3: 'crab'}", ['fish', '1', '2', 'crab']],
    ["['fish', 'crab']", ['fish', 'crab']],
    ['{"0": "fish", "1": "p\\u00e8ixos"}', ['fish', 'pèixos']],
    ["{0: 'caf\\xe9'}", ['café']],
    ['', null],
    ['{}', null],
    ["{0: 'fish'", null],
    ["{0: 'fish'} and more", null],
    ["{0: __import__('os')}", null],
    ["{-1: 'fish'}", null],
    ["{99999: 'fish'}", null],
    ["{0: 'fish' 1: 'crab'}", null],
    ["{'fish': 0}", null],
    ["{0: 'fish\\", null],
    [`{0: '${'a'.repeat(1_100_000)}'}`, null],
  ];
  for (const [text, names] of read) expect(readClassNames(text), text.slice(0, 40)).toEqual(names);
});

test('what a file says of a detector is read: its picture, its output, its classes', () => {
  const facts = { output: 'output0', classes: golden.names, isSuppressed: false };
  const input = { name: 'images', ...INPUT };
  expect(inspectDetector(detector('v8'))).toEqual({ ...facts, input });
  expect(inspectDetector(detector('any-size')), 'the size is in its metadata').toEqual({ ...facts, input });
  expect(inspectDetector(detector('v5'))).toEqual({ ...facts, input, output: 'output' });
  expect(inspectDetector(detector('suppressed'))).toEqual({ ...facts, input, isSuppressed: true });
  const tricky = `{0: 'fish\u202Egnp${'x'.repeat(90)}', 1: ' '}`;
  const shown = inspectDetector(readOnnx(withMetadata(file('v8.onnx'), 'names', tricky))).classes!;
  expect(shown[0], 'nothing turns the text around it').toMatch(/^fish gnpx+…$/);
  expect(shown[0]).toHaveLength(60);
  expect(shown[1]).toBe('1');
  const bare = readOnnx(withMetadata(file('any-size.onnx'), 'imgsz', ''));
  expect(inspectDetector(bare).input, 'without it the usual').toEqual({ ...input, height: 640, width: 640 });
});

test('what is no detector of boxes is refused, with why', () => {
  const refusal = (name: string) => refusalOf(() => inspectDetector(detector(name)));
  expect(refusal('segment')).toBe(
    'not-a-detector: it was made for the task “segment”, and Porthole reads the boxes of “detect” only',
  );
  expect(refusal('float16')).toContain('model-input: 1 input: images float16 [1, 3, 96, 128]');
  const autoencoder = new URL('../../fixtures/onnx/autoencoder.onnx', import.meta.url);
  expect(refusalOf(() => inspectDetector(readOnnx(new Uint8Array(readFileSync(autoencoder)))))).toContain(
    'not-a-detector: it takes pictures of 12 × 20 pixels',
  );
  const model = detector('v8');
  const [output] = model.outputs;
  const segmenting = { ...model, outputs: [output!, { ...output!, name: 'masks', dims: [1, 32, 160, 160] }] };
  expect(refusalOf(() => inspectDetector(segmenting))).toContain('not one output with boxes');
  const [images] = model.inputs;
  const four = { ...model, inputs: [{ ...images!, dims: [4, 3, 96, 128] }] };
  expect(refusalOf(() => inspectDetector(four))).toContain('4 pictures at a time');
});

test('a layout is told by its shape, by what the file says, or refused', () => {
  const layouts: [number[], Partial<Known>, DetectorLayout][] = [
    [[1, 6, 252], {}, 'v8'],
    [[1, 6, 252], { named: null }, 'v8'],
    [[1, 84, 8400], { named: 80, input: { height: 640, width: 640 } }, 'v8'],
    [[1, 5, 8400], { named: 1, input: { height: 640, width: 640 } }, 'v8'],
    [[1, 84, 33600], { named: null, input: { height: 1280, width: 1280 } }, 'v8'],
    [[1, 756, 7], {}, 'v5'],
    [[1, 25200, 85], { named: null, input: { height: 640, width: 640 } }, 'v5'],
    // One class: as many columns as what was suppressed, and a row for each anchor.
    [[1, 25200, 6], { named: 1, input: { height: 640, width: 640 } }, 'v5'],
    [[1, 300, 6], { named: 80 }, 'suppressed'],
    [[1, 300, 6], { named: null }, 'suppressed'],
    [[1, 300, 6], { named: 1, isSuppressed: true }, 'suppressed'],
    [[100, 7], {}, 'end2end'],
    [[0, 7], { named: null }, 'end2end'],
  ];
  for (const [dims, known, layout] of layouts) {
    expect(layoutOf(dims, { ...PLAIN, ...known }).layout, JSON.stringify([dims, known])).toBe(layout);
  }
  const refused: [number[], Partial<Known>, string][] = [
    [[1, 1000], {}, 'none of the shapes'],
    [[2, 6, 252], {}, 'none of the shapes'],
    [[1, 6, 252, 1], {}, 'none of the shapes'],
    [[1, 6, 200], { named: null }, 'none of the shapes'],
    [[1, 6, 252], { named: 80 }, 'it names 80 classes'],
    [[1, 756, 7], { named: 80 }, 'it names 80 classes'],
    [[1, 252, 7], {}, 'one row for each cell'],
    [[1, 252, 7], { named: null }, 'one row for each cell'],
    [[1, 6, 6], {}, 'more than one way'],
    [[1, 6, 252], { isSuppressed: true }, 'none of the shapes'],
  ];
  for (const [dims, known, why] of refused) {
    const refusal = refusalOf(() => layoutOf(dims, { ...PLAIN, ...known }));
    expect(refusal, JSON.stringify([dims, known])).toContain(why);
  }
});

/** Largest difference of an edge in pixels, once both have as many boxes of each class. */
function farthest(found: readonly Box[], expected: readonly Box[]): number {
  const byScore = (boxes: readonly Box[]) => boxes.toSorted((a, b) => b.score - a.score || a.left - b.left);
  expect(found.length).toBe(expected.length);
  const others = byScore(expected);
  return Math.max(
    0,
    ...byScore(found).flatMap((box, i) =>
      (['left', 'top', 'width', 'height'] as const).map((edge) => Math.abs(box[edge] - others[i]![edge])),
    ),
  );
}

test('boxes are decoded, suppressed and brought back to the picture as numpy does it', () => {
  const { dims, values, picture } = golden.raw;
  const expected = golden.found.find((found) => found.picture === picture && found.detector === 'v8')!;
  const raw = decodeBoxes(Float32Array.from(values), dims, {
    layout: 'v8',
    classCount: 2,
    floor: golden.floor,
    overlap: golden.iou,
  });
  const letterbox = new Letterbox(expected, INPUT);
  const boxes = raw.flatMap((box) => letterbox.place(box) ?? []);
  expect(boxes.length).toBeGreaterThan(10);
  expect(farthest(boxes, expected.boxes)).toBeLessThan(0.01);
  expect(boxes.map(({ classId }) => classId)).toEqual(expected.boxes.map(({ classId }) => classId));
});

test('a picture that is read strip by strip is letterboxed as one that is read at once', () => {
  const source = { height: 37, width: 50 };
  const pixels = Uint8Array.from({ length: 4 * 37 * 50 }, (_, i) => (i * 7919) % 251);
  const target = { height: 64, width: 32 };
  const letterbox = new Letterbox(source, target);
  const tensor = () => new Float32Array(3 * 64 * 32);
  const [whole, stripped] = [tensor(), tensor()];
  letterbox.begin(whole);
  letterbox.push(pixels, 0, [0, 1, 2], whole);
  letterbox.begin(stripped);
  for (let first = 0; first < 36; first += 6) {
    letterbox.push(pixels.subarray(first * 200, (first + 7) * 200), first, [0, 1, 2], stripped);
  }
  expect(stripped).toEqual(whole);
  expect(whole[0], 'grey around it').toBeCloseTo(114 / 255, 6);
  const isGrey = (at: number) => Math.abs(whole[at]! - 114 / 255) < 1e-6;
  expect(isGrey(32 * 32 + 16)).toBe(false);
  const turned = tensor();
  letterbox.begin(turned);
  letterbox.push(pixels, 0, [2, 1, 0], turned);
  expect(turned.subarray(0, 2048), 'blue first').toEqual(whole.subarray(4096));
});

const rows = (...values: number[]) => Float32Array.from(values);

test('boxes above a higher floor are those that a run with that floor finds', () => {
  let seed = 5;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const anchors = 400;
  const output = Float32Array.from({ length: 7 * anchors }, (_, i) => {
    const row = Math.floor(i / anchors);
    return row < 2 ? 100 * random() : row < 4 ? 5 + 30 * random() : random();
  });
  const at = (floor: number): RawBox[] =>
    decodeBoxes(output, [1, 7, anchors], { layout: 'v8', classCount: 3, floor, overlap: 0.5 });
  const all = at(0.05);
  expect(all.length).toBeGreaterThan(50);
  for (const floor of [0.25, 0.5, 0.9]) expect(all.filter(({ score }) => score >= floor)).toEqual(at(floor));
});

test('boxes that overlap are left out in their own class alone, and only above the overlap', () => {
  const output = rows(
    // x, y, width, height of four boxes, then two classes
    ...[50, 52, 50, 50],
    ...[50, 50, 50, 62],
    ...[20, 20, 20, 20],
    ...[20, 20, 20, 20],
    ...[0.9, 0.8, 0, 0.7],
    ...[0, 0, 0.6, 0],
  );
  const with_ = (overlap: number) =>
    decodeBoxes(output, [1, 6, 4], { layout: 'v8', classCount: 2, floor: 0.1, overlap }).map(({ score }) =>
      Number(score.toFixed(1)),
    );
  // 18 × 20 shared of 2 × 400 - 360: 0.818; 20 × 8 shared of 800 - 160: 0.25
  expect(with_(0.7)).toEqual([0.9, 0.7, 0.6]);
  expect(with_(0.9)).toEqual([0.9, 0.8, 0.7, 0.6]);
  expect(with_(0.2)).toEqual([0.9, 0.6]);
});

test('at most 300 boxes are kept, those of the highest scores', () => {
  const anchors = 700;
  const value = [
    (i: number) => 40 * (i % 30),
    (i: number) => 40 * Math.floor(i / 30),
    () => 10,
    () => 10,
    (i: number) => (i + 1) / anchors,
  ];
  const output = Float32Array.from({ length: 5 * anchors }, (_, i) =>
    value[Math.floor(i / anchors)]!(i % anchors),
  );
  const boxes = decodeBoxes(output, [1, 5, anchors], {
    layout: 'v8',
    classCount: 1,
    floor: 0.1,
    overlap: 0.7,
  });
  expect(boxes).toHaveLength(300);
  expect(boxes[0]!.score).toBe(1);
  expect(boxes.at(-1)!.score).toBeCloseTo(401 / 700, 5);
});

test('an output that means something else is refused, not drawn', () => {
  const settings = { classCount: 2, floor: 0.1, overlap: 0.7 };
  const decoded = (layout: DetectorLayout, dims: number[], output: Float32Array) =>
    refusalOf(() => decodeBoxes(output, dims, { ...settings, layout }));
  expect(decoded('v8', [1, 5, 1], rows(9, 9, 4, 4, 3.2))).toContain('a score of 3.20');
  expect(decoded('v8', [1, 5, 1], rows(9, 9, 4, 4, NaN))).toContain('a score of NaN');
  expect(decoded('v5', [1, 1, 6], rows(9, 9, 4, 4, -2, 0.5))).toContain('a score of -2.00');
  expect(decoded('suppressed', [1, 1, 6], rows(0, 0, 4, 4, 0.9, 0.3))).toContain('a class of number 0.3');
  expect(decoded('suppressed', [1, 1, 6], rows(0, 0, 4, 4, 0.9, 2))).toContain('a class of number 2');
  expect(decoded('suppressed', [1, 1, 6], rows(0, 0, 4, 4, 7, 1))).toContain('a score of 7.00');
  expect(decoded('end2end', [1, 7], rows(0, 0, 0, 4, 4, -1, 0.9))).toContain('a class of number -1');
});

test('what has no area, no end or no score is no box', () => {
  const output = rows(
    ...[0, 0, 4, 4, 0.9, 1],
    ...[4, 4, 4, 9, 0.8, 1],
    ...[0, 0, Infinity, 4, 0.8, 1],
    ...[0, 0, 4, NaN, 0.8, 1],
    ...[0, 0, 0, 0, 0, 0],
    ...[-1, -1, -1, -1, -1, -1],
  );
  const settings = { layout: 'suppressed', classCount: 2, floor: 0.1, overlap: 0.7 } as const;
  expect(decodeBoxes(output, [1, 6, 6], settings)).toHaveLength(1);
});
