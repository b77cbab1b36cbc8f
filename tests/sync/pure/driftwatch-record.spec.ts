import { expect, test } from '@playwright/test';
import type { CompletedJob, FailedJob, Job } from '../../../src/core/domain/camera/job';
import type { Reference } from '../../../src/core/domain/camera/reference';
import { IMAGE_PROPERTIES } from '../../../src/core/domain/picture/property-table';
import {
  driftText,
  isSamePicture,
  saysSame,
  type CreateDrift,
  type RecordContext,
} from '../../../src/features/driftwatch/remote/driftwatch-record';
import { glass, otherView } from '../../domain/camera/jobs';
import { startStandIn } from '../../stand-in/server';
import { problemsOf } from '../record-schema';

const NOON = Date.UTC(2023, 6, 30, 12, 0, 0, 250);
const DAY = 86_400_000;

const FACTS = {
  id: '7f0c1f9e-4c9a-4d1e-9c39-5a6f0f3d2b11',
  cameraId: 'camera',
  imageName: '20230730-120000.jpg',
  contentSha256: 'c'.repeat(64),
  capturedAt: NOON,
  capturedAtSource: 'exif',
  createdAt: 0,
} as const;

const COMPLETED: CompletedJob = {
  ...FACTS,
  jobStatus: 'Completed',
  distance: 0.125,
  windowFill: 12,
  thresholds: { warning: 0.05, drift: 0.1 },
  detector: { name: 'mmd', windowSize: 12, sigma: 0.3 },
  referenceId: 'reference',
  modelSha256: 'a'.repeat(64),
  properties: {
    width: 1920,
    height: 1080,
    brightness: 0.5,
    contrast: 0.25,
    sharpness: 0.125,
    blueMinusRed: -0.5,
    greenCast: 0,
    haze: 0.0625,
  },
};

const FAILED: FailedJob = { ...FACTS, jobStatus: 'Failed', code: 'image-damaged', detail: 'JPEG' };

const REFERENCE: Reference = {
  id: 'reference',
  cameraId: 'camera',
  version: 3,
  modelSha256: 'a'.repeat(64),
  transform: { resize: 256, crop: 224 } as unknown as Reference['transform'],
  names: ['20230720-120000.jpg', '20230728-120000.jpg', 'without a time.jpg'],
  embeddings: [new Float32Array(2), new Float32Array(2), new Float32Array(2)],
  warmUpEmbeddings: [],
  createdAt: Date.UTC(2024, 0, 1),
};

const CONTEXT: RecordContext = {
  camera: 'Reef',
  tags: ['obsea', 'buoy 2'],
  model: 'ResNet-50',
  reference: REFERENCE,
  reason: null,
};

const textOf = (job: Job, context: Partial<RecordContext> = {}) => driftText(job, { ...CONTEXT, ...context });
const parametersOf = (job: Job, context: Partial<RecordContext> = {}) =>
  (JSON.parse(textOf(job, context)) as { parameters: Record<string, unknown> }).parameters;

const OF_EVERY_JOB = {
  image_name: '20230730-120000.jpg',
  captured_at: '2023-07-30T12:00:00Z',
  result_id: FACTS.id,
  camera: 'Reef',
};

const SCORES = {
  drift_distance: 0.1,
  warning_distance: 0.05,
  cycle: '2023-07-20T12:00:00Z',
  model_sha256: 'a'.repeat(12),
  brightness: 0.5,
  contrast: 0.25,
  sharpness: 0.125,
  blue_minus_red: -0.5,
  green_cast: 0,
};

test('a scored job becomes a completed record with its distance, its limits and what they were judged by', () => {
  const days = (NOON - Date.UTC(2023, 6, 28, 12)) / DAY;
  expect(JSON.parse(textOf(COMPLETED))).toEqual({
    job_status: 'Completed',
    model: 'ResNet-50',
    drift_detected: true,
    tags: ['obsea', 'buoy 2', 'checked'],
    parameters: {
      ...OF_EVERY_JOB,
      ...SCORES,
      conclusion: 'fouled',
      distance: 0.125,
      warning: true,
      days_since_reference: days,
      content_sha256: 'c'.repeat(12),
    },
  });
});

test('an alarm that persists is sent as it is shown', () => {
  const held = {
    ...COMPLETED,
    distance: 0,
    driftStatus: 'drift',
    persistence: { raiseAfter: 2, clearAfter: 3, clearBelow: 0.8 },
  } as const;
  expect(JSON.parse(textOf(held))).toMatchObject({
    drift_detected: true,
    parameters: { distance: 0, warning: true },
  });
  const pending = { ...held, distance: 1, driftStatus: 'normal' } as const;
  expect(JSON.parse(textOf(pending))).toMatchObject({
    drift_detected: false,
    parameters: { distance: 1, warning: false },
  });
});

test('a job of the warm-up becomes a completed record without a distance, and without an alarm', () => {
  const text = textOf({ ...COMPLETED, distance: null, windowFill: 4 }, { reference: null });
  const { cycle: _cycle, ...scores } = SCORES;
  expect(JSON.parse(text)).toEqual({
    job_status: 'Completed',
    model: 'ResNet-50',
    drift_detected: false,
    tags: ['obsea', 'buoy 2', 'warming-up'],
    parameters: {
      ...OF_EVERY_JOB,
      ...scores,
      conclusion: 'warming-up',
      warning: false,
      window_fill: 4,
      haze: 0.0625,
      content_sha256: 'c'.repeat(12),
    },
  });
});

/** Each verdict's dependence on the model, and the record sent. */
const GLASS_RECORDS = [
  [
    'growth drifts while the learned distance is low',
    0.01,
    glass(0.2, 0.0625),
    true,
    {
      ...{ conclusion: 'growth', growth: 0.2, loss: 0.0625, cover: 0.125, warning: true },
    },
  ],
  [
    'the learned distance of another camera’s model is high',
    0.4,
    glass(0.02, 0),
    false,
    {
      ...{ conclusion: 'light-or-water', growth: 0.02, loss: 0, cover: 0.125, warning: false },
    },
  ],
  [
    'the windows fill',
    0.4,
    glass(null, null),
    false,
    {
      ...{ conclusion: 'warming-up', cover: 0.125, warning: false },
    },
  ],
  [
    'nothing of the scene is seen',
    0.01,
    glass(0, 0, { visible: 0.1, unseenSince: 0 }),
    false,
    { conclusion: 'murky', growth: 0, loss: 0, cover: 0.125, warning: true },
  ],
  [
    'a camera that was dirty has moved',
    null,
    otherView({ isAlarming: true, asideInARow: 12, hasMoved: true }, { standing: 'drift' }),
    false,
    { conclusion: 'moved', view: 'moved' },
  ],
  ['another view', null, otherView(), false, { conclusion: 'elsewhere', view: 'other' }],
  [
    'something covers it',
    null,
    otherView({ isAlarming: true, asideInARow: 3 }),
    false,
    {
      ...{ conclusion: 'covered-or-elsewhere', view: 'other', warning: true },
    },
  ],
] as const;
const OF_GLASS = ['conclusion', 'growth', 'loss', 'cover', 'view', 'warning'];

for (const [claim, distance, facts, isDrift, expected] of GLASS_RECORDS) {
  test(`what is sent follows the conclusion: ${claim}`, () => {
    const body = textOf({ ...COMPLETED, distance, glass: facts });
    expect(problemsOf(body)).toEqual([]);
    const record = JSON.parse(body) as CreateDrift;
    expect(record.drift_detected).toBe(isDrift);
    const sent = Object.entries(record.parameters).filter(([key]) => OF_GLASS.includes(key));
    expect(Object.fromEntries(sent)).toEqual(expected);
  });
}

test('a file that was no picture becomes a failed record with the reason, and no scores', () => {
  const text = textOf(FAILED, { reference: null, reason: 'The file is damaged.' });
  expect(JSON.parse(text)).toEqual({
    job_status: 'Failed',
    model: 'ResNet-50',
    drift_detected: false,
    tags: ['obsea', 'buoy 2', 'failed'],
    parameters: {
      ...OF_EVERY_JOB,
      reason_code: 'image-damaged',
      reason: 'The file is damaged.',
      content_sha256: 'c'.repeat(12),
    },
  });
});

test('the same job gives the same text every time', () => {
  expect(textOf(structuredClone(COMPLETED))).toBe(textOf(COMPLETED));
});

test('beside growth and loss a record has room for the first two image properties', () => {
  const sent = Object.keys(parametersOf({ ...COMPLETED, glass: glass(0.2, 0.0625) }));
  const fields = IMAGE_PROPERTIES.map(({ recordField }) => recordField);
  expect(fields.filter((field) => sent.includes(field))).toEqual(fields.slice(0, 2));
});

test('a job that was scored before haze was measured is sent without it', () => {
  const { haze: _haze, ...properties } = COMPLETED.properties!;
  expect(parametersOf({ ...COMPLETED, properties })).not.toHaveProperty('haze');
});

test('drift and warning are strictly above their limits', () => {
  const flags = [0.05, 0.1, 0.1 + Number.EPSILON].map((distance) => {
    const { drift_detected, parameters } = JSON.parse(textOf({ ...COMPLETED, distance })) as {
      drift_detected: boolean;
      parameters: { warning: boolean };
    };
    return [drift_detected, parameters.warning];
  });
  expect(flags).toEqual([
    [false, false],
    [false, true],
    [true, true],
  ]);
});

test('a reference whose names tell no time counts from the day it was frozen', () => {
  const reference = { ...REFERENCE, names: ['a.jpg', '', ''] };
  const { days_since_reference: days } = parametersOf(COMPLETED, { reference });
  expect(days).toBe((NOON - REFERENCE.createdAt) / DAY);
});

test('a number that is none, or an integer beyond 64 bit, is left out', () => {
  const of = (change: Partial<CompletedJob>) => parametersOf({ ...COMPLETED, ...change });
  for (const distance of [NaN, Infinity, -Infinity]) expect(of({ distance })).not.toHaveProperty('distance');
  const huge = of({ thresholds: { warning: -(2 ** 63), drift: 1e20 } });
  expect(huge).not.toHaveProperty('drift_distance');
  expect(huge).not.toHaveProperty('warning_distance');
  expect(of({ thresholds: { warning: 2 ** 53, drift: 1e21 } })).toMatchObject({
    warning_distance: 2 ** 53,
    drift_distance: 1e21,
  });
});

test('half of a surrogate pair becomes the replacement character, and nothing else is touched', () => {
  const imageName = '\uFEFFa\uD83D"<b>\\\u2028🐟\uDC00.jpg';
  expect(parametersOf({ ...COMPLETED, imageName })['image_name']).toBe(
    '\uFEFFa\uFFFD"<b>\\\u2028🐟\uFFFD.jpg',
  );
});

const ODD_JOBS: readonly (readonly [claim: string, job: Job, context?: Partial<RecordContext>])[] = [
  ['scored', COMPLETED],
  ['in the warm-up', { ...COMPLETED, distance: null, windowFill: 1 }, { reference: null }],
  ['failed', FAILED, { reference: null, reason: 'The file is damaged.' }],
  ['with limits of 1e20', { ...COMPLETED, thresholds: { warning: 1e19, drift: 1e20 } }],
  ['with limits of 1e300', { ...COMPLETED, thresholds: { warning: 1e299, drift: 1e300 } }],
  ['with tiny numbers', { ...COMPLETED, distance: 5e-324, thresholds: { warning: 1e-300, drift: 1e-7 } }],
  ['without a distance that is a number', { ...COMPLETED, distance: NaN }],
  ['with a negative distance', { ...COMPLETED, distance: -1e-17 }],
  ['with half a pair in its name', { ...COMPLETED, imageName: 'a\uD83D.jpg' }, { tags: ['\uDC00'] }],
  ['with quotes and markup in its name', { ...COMPLETED, imageName: `"'\\<script>alert(1)</script>\n.jpg` }],
  ['with a name of 1,000 characters', { ...COMPLETED, imageName: '🐟'.repeat(1000) }],
  ['with a time before 1970', { ...COMPLETED, capturedAt: -1 }],
  ['without tags and model', COMPLETED, { tags: [], model: '' }],
  ['with a tag of 20 fishes', COMPLETED, { tags: ['🐟'.repeat(20)] }],
  ['with a tag that is only a byte order mark', COMPLETED, { tags: ['\uFEFF'] }],
];

test('DriftWatch takes the record of every job, and gives it back as it was sent', async () => {
  const standIn = await startStandIn();
  const { accessToken, subject } = standIn.newMytoken({ isRegistered: true });
  const entity = standIn.users().find((user) => user.subject === subject)!.id;
  const { id } = standIn.seedExperiment({ name: 'camera', permissions: [{ entity, level: 'Edit' }] });
  for (const [claim, job, context] of ODD_JOBS) {
    const body = textOf(job, context);
    expect(problemsOf(body), claim).toEqual([]);
    const answer = await fetch(`${standIn.driftwatch.url}/experiment/${id}/drift`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken()}`, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status, claim).toBe(201);
    const {
      id: _id,
      created_at: _at,
      schema_version: _v,
      ...kept
    } = (await answer.json()) as object & {
      [field: string]: unknown;
    };
    expect(kept, claim).toEqual(JSON.parse(body));
  }
  await standIn.close();
});

/** The lines of the GUI's popup: the parameters as Flask sorts them and the GUI indents them. */
function popupOf(body: string): string[] {
  const { parameters } = JSON.parse(body) as { parameters: Record<string, unknown> };
  const sorted = Object.fromEntries(Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify(sorted, null, 2).split('\n');
}

const LOUD = glass(0.2, 0.0625);
test('the popup of DriftWatch’s GUI shows the record of every job whole: 18 parameters, none wider than an id', () => {
  const persistence = { raiseAfter: 2, clearAfter: 3, clearBelow: 0.8 };
  const longest = 'The file is damaged, or it is none of the pictures that a browser can read here. '.repeat(
    3,
  );
  const jobs: readonly (readonly [string, Job, Partial<RecordContext>?])[] = [
    ...ODD_JOBS,
    ['with all there is', { ...COMPLETED, persistence, statedAt: NOON - DAY, glass: LOUD }],
    ['of another view', { ...COMPLETED, distance: null, glass: otherView() }],
    ['of a guessed time', { ...COMPLETED, capturedAtSource: 'file-date', windowFill: 3, glass: LOUD }],
    ['with digits', { ...COMPLETED, distance: -1.2345678901234567e-101, glass: glass(1 / 3, 2 / 3) }],
    ['with a long reason', FAILED, { reference: null, reason: longest }],
    ['of a camera with a long name', COMPLETED, { camera: '"Reef \\ south" '.repeat(20) }],
  ];
  for (const [claim, job, context] of jobs) {
    const lines = popupOf(textOf(job, context));
    expect(lines.length, claim).toBeLessThanOrEqual(18 + 2);
    for (const line of lines) expect(line.length, `${claim}: ${line}`).toBeLessThanOrEqual(54);
  }
  const shown = popupOf(textOf({ ...COMPLETED, glass: LOUD })).map((line) => line.trim().split(':')[0]);
  expect(shown).toEqual(expect.arrayContaining(['"growth"', '"cover"', '"conclusion"', '"result_id"']));
});

test('what a long name loses is its middle, and a sentence its end', () => {
  const { image_name, reason } = parametersOf(
    { ...FAILED, imageName: `OBSEA-${'x'.repeat(40)}-20230730-120000.jpg` },
    { reference: null, reason: 'The file is damaged, or it is none of the pictures that can be read.' },
  ) as Record<string, string>;
  expect(image_name).toMatch(/^OBSEA-x+….*-120000\.jpg$/);
  expect(reason).toMatch(/^The file is damaged, or it is none of .*…$/);
});

test('a record there says the same if all its fields do, in whatever order', () => {
  const text = textOf(COMPLETED);
  const here = JSON.parse(text) as CreateDrift;
  const parameters = Object.fromEntries(Object.entries(here.parameters).reverse());
  expect(saysSame(text, { ...here, parameters })).toBe(true);
  const { distance: _distance, ...fewer } = here.parameters;
  const edited: readonly object[] = [
    { ...here, model: 'other' },
    { ...here, tags: ['obsea'] },
    { ...here, parameters: { ...here.parameters, distance: 0.126 } },
    { ...here, parameters: { ...here.parameters, note: 'mine' } },
    { ...here, parameters: fewer },
  ];
  for (const record of edited)
    expect(saysSame(text, record as CreateDrift), JSON.stringify(record)).toBe(false);
});

test('a record names the time at which the cycle of its reference began', () => {
  const beganAt = Date.UTC(2023, 6, 19, 8);
  expect(parametersOf(COMPLETED, { reference: { ...REFERENCE, beganAt } })).toMatchObject({
    cycle: '2023-07-19T08:00:00Z',
  });
});

test('a record of before cycles says the same by the version of its reference', () => {
  const text = textOf(COMPLETED);
  const here = JSON.parse(text) as CreateDrift;
  const { cycle: _cycle, ...others } = here.parameters;
  const versioned = (version: number, change: object = {}) => ({
    ...here,
    parameters: { ...others, reference_version: version, ...change },
  });
  expect(saysSame(text, versioned(3))).toBe(true);
  expect(saysSame(text, versioned(3, { distance: 1 }))).toBe(false);
  expect(saysSame(JSON.stringify(versioned(3)), versioned(4))).toBe(false);
});

test('two records are of one picture by its content and its time or camera, else by name, time and camera', () => {
  const here = parametersOf(COMPLETED);
  const same = (change: object) => isSamePicture(here, { ...here, ...change });
  expect(same({ result_id: 'other', distance: 1 })).toBe(true);
  expect(same({ image_name: 'copy.jpg', captured_at: '2024-01-01T00:00:00Z' })).toBe(true);
  expect(same({ image_name: 'copy.jpg', camera: 'Bay' })).toBe(true);
  expect(same({ captured_at: '2024-01-01T00:00:00Z', camera: 'Bay' }), 'no signal').toBe(false);
  expect(same({ content_sha256: 'd'.repeat(12) }), 'of the same name').toBe(false);
  expect(same({ content_sha256: 'c'.repeat(64) }), 'said whole').toBe(true);
  for (const content_sha256 of [undefined, null, 'ccc', 7]) {
    expect(same({ content_sha256 })).toBe(true);
    expect(same({ content_sha256, image_name: 'other.jpg' })).toBe(false);
    expect(same({ content_sha256, camera: undefined })).toBe(false);
  }
});

test('the schema that the specs hold records against finds what is wrong', () => {
  const record = { job_status: 'Completed', model: '', drift_detected: false, tags: [], parameters: {} };
  const wrong: readonly (readonly [text: string, problem: string])[] = [
    [JSON.stringify({ ...record, id: 1 }), 'fields drift_detected,id,job_status,model,parameters,tags'],
    [JSON.stringify({ ...record, job_status: 'Done' }), 'job_status'],
    [JSON.stringify({ ...record, tags: ['x'.repeat(21)] }), 'tag of length 21'],
    [JSON.stringify({ ...record, tags: [''] }), 'tag of length 0'],
    [JSON.stringify({ ...record, parameters: { 'a.b': 1 } }), 'key a.b'],
    [JSON.stringify({ ...record, parameters: { $a: 1 } }), 'key $a'],
    [JSON.stringify({ ...record, parameters: { 'a\0': 1 } }), 'key a\0'],
    [JSON.stringify({ ...record, parameters: { a: null } }), 'a is no plain value'],
    [JSON.stringify({ ...record, parameters: { a: { b: 1 } } }), 'a is no plain value'],
    [JSON.stringify({ ...record, model: '\uD83D' }), 'half of a surrogate pair'],
    [JSON.stringify({ ...record, parameters: { a: 2 ** 63 } }), 'a is beyond 64 bit'],
  ];
  expect(problemsOf(JSON.stringify(record))).toEqual([]);
  for (const [text, problem] of wrong) expect(problemsOf(text)).toEqual([problem]);
});
