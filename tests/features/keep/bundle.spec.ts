import { expect, test } from '@playwright/test';
import { strToU8, zipSync, type Zippable } from 'fflate';
import { createHash } from 'node:crypto';
import { BundleReader, type Present } from '../../../src/features/keep/bundle/bundle-reader';
import { LAYOUT_1 } from '../../../src/features/keep/bundle/format-1';
import { BundleError, isSafePath, parseIndex } from '../../../src/core/domain/files/bundle';
import type { Job } from '../../../src/core/domain/camera/job';
import { writeGlassFit, writeSights } from '../../../src/core/domain/files/glass-arrays';
import { fitGlass, Glass } from '../../../src/core/domain/glass/glass';
import { GLASS_VERSION } from '../../../src/core/domain/glass/glass-facts';
import { writeNpz } from '../../../src/core/domain/files/npy';
import { cleanReference, scene, seen } from '../../domain/glass/glass-scenes';
import { glassKernels } from '../../wasm';

const SHA = 'a'.repeat(64);
const judging = {
  detector: { name: 'mmd-streaming', windowSize: 2, sigma: 0.3 },
  thresholds: { warning: 0.05, drift: 0.1 },
  persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
};
const transform = { resize: { height: 2, width: 2 }, mean: [0, 0, 0], std: [1, 1, 1] };
const camera = {
  ...judging,
  id: 'reef',
  name: 'Reef',
  modelSha256: SHA,
  transform,
  referenceId: null,
  calibrationId: null,
  warmUp: 'none',
  configToml: null,
  isDemo: false,
  createdAt: 1,
};
const failed = {
  id: 'job',
  cameraId: 'reef',
  imageName: 'a.jpg',
  contentSha256: '',
  capturedAt: 1,
  capturedAtSource: 'file-name',
  createdAt: 1,
  jobStatus: 'Failed',
  code: 'from-the-future',
  detail: '',
  files: { thumbnail: null, original: null },
};
const NO_IDS = {
  jobs: new Set<string>(),
  references: new Set<string>(),
  events: new Set<string>(),
  calibrations: new Set<string>(),
  spansByHand: new Set<string>(),
};
const nobody: Present = {
  cameras: new Map(),
  models: new Map([[SHA, 2]]),
  jobsOf: async () => [],
  ids: NO_IDS,
  fitOf: async () => null,
};

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** An export of one camera in format 1, with parts exchanged after or before their hashes were taken. */
function bundle(
  changes: {
    before?: Record<string, string>;
    bytes?: Record<string, Uint8Array>;
    after?: Zippable;
    index?: object;
    top?: string;
  } = {},
) {
  const parts: Record<string, Uint8Array> = {
    'cameras/reef/camera.json': json({
      camera,
      destination: null,
      references: [],
      embeddings: [{ path: 'cameras/reef/embeddings.npz', modelSha256: SHA }],
    }),
    'cameras/reef/events.json': json([]),
    'cameras/reef/calibrations.json': json([]),
    'cameras/reef/sent.json': json([]),
    'cameras/reef/jobs.json': strToU8(`[\n${JSON.stringify(failed)}\n]\n`),
    'cameras/reef/embeddings.npz': writeNpz({ embeddings: [], more: { texts: { ids: [], model: [SHA] } } }),
  };
  for (const [path, text] of Object.entries(changes.before ?? {})) parts[path] = strToU8(text);
  Object.assign(parts, changes.bytes);
  const files = Object.entries(parts).map(([path, bytes]) => ({
    path,
    bytes: bytes.length,
    sha256: sha256Of(bytes),
  }));
  const index = {
    format: 1,
    app: '1',
    exportedAt: '2026-11-25T00:00:00.000Z',
    cameras: [{ id: 'reef', name: 'Reef', folder: 'cameras/reef', snapshots: 1 }],
    models: [],
    files,
    ...changes.index,
  };
  const all: Zippable = { ...parts, 'porthole.json': json(index), ...changes.after };
  const top = changes.top ?? '';
  return new Blob([
    zipSync(Object.fromEntries(Object.entries(all).map(([path, part]) => [top + path, part]))),
  ]);
}

const json = (value: unknown) => strToU8(JSON.stringify(value));
const survey = async (file: Blob) => (await BundleReader.open(file)).survey(nobody);
const problemOf = async (file: Blob) => {
  const error: unknown = await BundleReader.open(file).catch((error: unknown) => error);
  return error instanceof BundleError ? error.problem : error;
};

/** Jobs of one camera, by their ids. */
const jobsNamed = (...ids: readonly string[]) =>
  `[\n${ids.map((id, i) => JSON.stringify({ ...failed, id, capturedAt: i + 1 })).join(',\n')}\n]\n`;

test('pictures whose id another camera’s has here do not come, and of several with one id the first', async () => {
  const file = bundle({
    before: { 'cameras/reef/jobs.json': jobsNamed('mine', 'one', 'one', 'theirs', 'one') },
  });
  const reader = await BundleReader.open(file);
  const plan = await reader.survey({ ...nobody, ids: { ...NO_IDS, jobs: new Set(['theirs']) } });
  expect(plan.cameras).toMatchObject([{ isNew: true, snapshots: 2, here: 3 }]);
});

test('of two cameras with one id the first comes, and the other is left out by name', async () => {
  const cameras = ['Reef', 'Twin'].map((name) => ({
    id: 'reef',
    name,
    folder: 'cameras/reef',
    snapshots: 1,
  }));
  const plan = await survey(bundle({ index: { cameras } }));
  expect(plan).toMatchObject({ cameras: [{ name: 'Reef', snapshots: 1 }], leftOut: ['Twin'] });
});

test('cleanings that come are counted apart from other events', async () => {
  const event = (id: string, kind: string) => ({ id, cameraId: 'reef', kind, at: 1, note: '' });
  const events = [event('a', 'cleaned'), event('b', 'note'), event('c', 'cleaned'), event('a', 'cleaned')];
  const reader = await BundleReader.open(
    bundle({ before: { 'cameras/reef/events.json': JSON.stringify(events) } }),
  );
  const plan = await reader.survey({ ...nobody, ids: { ...NO_IDS, events: new Set(['c']) } });
  expect(plan.cameras).toMatchObject([{ cleanings: 1, others: 1 }]);
});

test('a whole export is planned, also when it lies in a folder', async () => {
  for (const top of ['', 'porthole-20261125/']) {
    const plan = await survey(bundle({ top }));
    expect(plan).toMatchObject({ damaged: [], leftOut: [], missingModels: [] });
    expect(plan.cameras).toMatchObject([{ name: 'Reef', isNew: true, snapshots: 1, here: 0 }]);
  }
});

test('a failure that this page has no sentence for is taken in as an unexpected one', async () => {
  const reader = await BundleReader.open(bundle());
  const batch = await reader.jobs(0, nobody);
  expect(batch?.parts[0]?.job).toMatchObject({ id: 'job', code: 'unexpected' });
  expect(await reader.jobs(0, nobody)).toBeNull();
});

test('a failure that this page knows stays what it was', async () => {
  const jobs = `[\n${JSON.stringify({ ...failed, code: 'entry-damaged' })}\n]\n`;
  const reader = await BundleReader.open(bundle({ before: { 'cameras/reef/jobs.json': jobs } }));
  expect((await reader.jobs(0, nobody))?.parts[0]?.job).toMatchObject({ code: 'entry-damaged' });
});

test('a failure comes back with its detail, as a text or as a code with its facts', async () => {
  const details = ['1 MB, at most 2 MB', { code: 'file-size', size: 2003, most: 320 }, { code: 'from-2030' }];
  const jobs = [...details, { size: 2003 }].map((detail, i) => ({ ...failed, id: `job ${i}`, detail }));
  const reader = await BundleReader.open(bundle({ before: { 'cameras/reef/jobs.json': lines(jobs) } }));
  const { unusable } = await reader.survey(nobody);
  expect(unusable.named).toMatchObject([{ row: 4, field: 'detail' }]);
  const parts = (await reader.jobs(0, nobody))?.parts ?? [];
  expect(parts.map(({ job }) => job.jobStatus === 'Failed' && job.detail)).toEqual(details);
});

test('what was said of a camera’s clock comes back, and numbers that no clock could be wrong by do not', async () => {
  const correction = { from: 10, to: 20, by: -5, madeAt: 30 };
  const part = (changes: object) => ({
    'cameras/reef/camera.json': JSON.stringify({
      camera: { ...camera, ...changes },
      destination: null,
      references: [],
      embeddings: [{ path: 'cameras/reef/embeddings.npz', modelSha256: SHA }],
    }),
  });
  const jobs = (statedAt: number) => ({
    'cameras/reef/jobs.json': `[\n${JSON.stringify({ ...failed, statedAt })}\n]\n`,
  });
  const reader = await BundleReader.open(
    bundle({ before: { ...part({ clockCorrections: [correction] }), ...jobs(15) } }),
  );
  expect((await reader.camera(0)).camera.clockCorrections).toEqual([correction]);
  expect((await reader.jobs(0, nobody))?.parts[0]?.job.statedAt).toBe(15);
  const wild = { ...correction, by: 1e300 };
  expect((await survey(bundle({ before: part({ clockCorrections: [wild] }) }))).damaged).toEqual([
    'cameras/reef/camera.json',
  ]);
  expect((await survey(bundle({ before: jobs(-1) }))).unusable.named).toMatchObject([
    { path: 'cameras/reef/jobs.json', field: 'statedAt' },
  ]);
});

test('cleanings begin cycles from the export of an earlier version on, and as the camera has it in one of today', async () => {
  const cyclesFrom = async (changes: object) => {
    const files = {
      'cameras/reef/camera.json': JSON.stringify({
        ...{ camera: { ...camera, ...changes }, destination: null, references: [] },
        embeddings: [{ path: 'cameras/reef/embeddings.npz', modelSha256: SHA }],
      }),
    };
    return (await (await BundleReader.open(bundle({ before: files }))).camera(0)).camera.cyclesFrom;
  };
  expect(await cyclesFrom({})).toBe(Date.UTC(2026, 10, 25));
  expect(await cyclesFrom({ cyclesFrom: 0 })).toBe(0);
});

test('a failure at a place that is known here does not come back', async () => {
  const read = { ...failed, id: 'another', contentSha256: SHA, jobStatus: 'Completed', modelSha256: SHA };
  const here = { ...nobody, jobsOf: async () => [read as unknown as Job] };
  const plan = await (await BundleReader.open(bundle())).survey(here);
  expect(plan.cameras).toMatchObject([{ snapshots: 0, here: 1 }]);
  const elsewhere = { ...nobody, jobsOf: async () => [{ ...read, capturedAt: 2 } as unknown as Job] };
  expect((await (await BundleReader.open(bundle())).survey(elsewhere)).cameras[0]?.here).toBe(0);
});

test('what a file says was sent elsewhere is not read', async () => {
  const reader = await BundleReader.open(bundle({ before: { 'cameras/reef/sent.json': 'not even JSON' } }));
  expect((await reader.survey(nobody)).damaged).toEqual([]);
  expect(Object.keys((await reader.jobs(0, nobody))!.parts[0]!)).toEqual([
    'job',
    'embedding',
    'thumbnail',
    'sight',
    'original',
  ]);
});

test('an id that no folder can be named after is refused', async () => {
  const cameras = [{ id: 'reef\ud800', name: 'Reef', folder: 'cameras/reef', snapshots: 1 }];
  expect(await problemOf(bundle({ index: { cameras } }))).toEqual({
    kind: 'damaged',
    detail: 'porthole.json',
  });
  const fish = [{ ...cameras[0], id: 'reef🐟' }];
  expect((await BundleReader.open(bundle({ index: { cameras: fish } }))).index.cameras).toHaveLength(1);
});

test('a part of another hash or another size is named, and its camera left out', async () => {
  const other = strToU8('[ ]');
  for (const part of [other, strToU8('[]'.padEnd(3_000_000))]) {
    const plan = await survey(bundle({ after: { 'cameras/reef/events.json': part } }));
    expect(plan).toMatchObject({ damaged: ['cameras/reef/events.json'], leftOut: ['Reef'], cameras: [] });
  }
});

test('a part that lies about its size in the zip is stopped', async () => {
  const zip = new Uint8Array(await bundle().arrayBuffer());
  const text = Buffer.from(zip);
  // The size in the central directory and in the local header, 22 and 24 bytes into them.
  for (
    let at = text.indexOf('cameras/reef/jobs.json');
    at >= 0;
    at = text.indexOf('cameras/reef/jobs.json', at + 1)
  ) {
    const local = text.readUInt32LE(at - 30) === 0x04034b50;
    const central = at >= 46 && text.readUInt32LE(at - 46) === 0x02014b50;
    if (local) text.writeUInt32LE(5, at - 30 + 22);
    if (central) text.writeUInt32LE(5, at - 46 + 24);
  }
  expect(await survey(new Blob([text]))).toMatchObject({ damaged: ['cameras/reef/jobs.json'], cameras: [] });
});

test('parts that make no sense are damaged though their hash is right', async () => {
  const wrong: Record<string, string> = {
    'cameras/reef/jobs.json': `[\n${JSON.stringify({ ...failed, cameraId: 'other' })}\n]\n`,
    'cameras/reef/calibrations.json': '{"id":"x"}',
    'cameras/reef/events.json': '[[]]',
    'cameras/reef/camera.json': '{',
  };
  for (const [path, text] of Object.entries(wrong)) {
    expect((await survey(bundle({ before: { [path]: text } }))).damaged).toEqual([path]);
  }
});

test('what is no export, a newer one, or no zip is refused as a whole', async () => {
  expect(await problemOf(new Blob([zipSync({ 'a.txt': strToU8('a') })]))).toEqual({ kind: 'not-an-export' });
  expect(await problemOf(new Blob(['no zip']))).toEqual({ kind: 'not-a-zip' });
  const whole = bundle();
  expect(await problemOf(whole.slice(0, whole.size - 40))).toEqual({ kind: 'not-a-zip' });
  expect(await problemOf(bundle({ index: { format: 3, cameras: 'otherwise' } }))).toEqual({
    kind: 'newer',
    format: 3,
  });
  const files = [{ path: '../../etc/passwd', bytes: 1, sha256: SHA }];
  expect(await problemOf(bundle({ index: { files } }))).toEqual({ kind: 'damaged', detail: 'porthole.json' });
});

test('paths stay below the export', () => {
  expect(['a', 'cameras/a b-1/x.npz'].every(isSafePath)).toBe(true);
  const tricks = ['', '/a', '../a', 'a/../b', 'a//b', 'C:/a', 'a\\b', './a', 'a/', 'a\0b'];
  expect(tricks.filter(isSafePath)).toEqual([]);
  expect(() => parseIndex('{"format":1}')).toThrow(BundleError);
  expect(LAYOUT_1.jobLine('{"a":1},', 'x')).toBe('{"a":1}');
});

const scored = {
  ...failed,
  jobStatus: 'Completed',
  contentSha256: SHA,
  distance: 0.01,
  windowFill: 2,
  ...judging,
  referenceId: 'reference',
  modelSha256: SHA,
  properties: {
    width: 2,
    height: 2,
    brightness: 0.5,
    contrast: 0.5,
    sharpness: 0.5,
    blueMinusRed: 0,
    greenCast: 0,
  },
};
/** Writes 1e300, which JSON.stringify can't. */
const lines = (jobs: readonly object[]) =>
  `[\n${jobs.map((job) => JSON.stringify(job).replaceAll('"HUGE"', '1e300')).join(',\n')}\n]\n`;

test('a row with a number out of its range is left out and named, and the rest comes', async () => {
  const deep = JSON.parse('['.repeat(50) + ']'.repeat(50)) as unknown;
  const rows: readonly (readonly [object, string])[] = [
    [{ ...failed, capturedAt: 'HUGE' }, 'capturedAt'],
    [{ ...failed, capturedAt: -1 }, 'capturedAt'],
    [{ ...failed, createdAt: 'HUGE' }, 'createdAt'],
    [{ ...scored, distance: 5 }, 'distance'],
    [{ ...scored, distance: 'HUGE' }, 'distance'],
    [{ ...scored, windowFill: 1e15 }, 'windowFill'],
    [{ ...scored, thresholds: { warning: 0.1, drift: 'HUGE' } }, 'thresholds.drift'],
    [{ ...scored, detector: { ...judging.detector, sigma: 0 } }, 'detector.sigma'],
    [{ ...scored, properties: { ...scored.properties, width: 1e12 } }, 'properties.width'],
    [{ ...failed, imageName: 'x'.repeat(2000) }, 'imageName'],
    [{ ...failed, detail: 'x'.repeat(70_000) }, 'length'],
    [{ ...failed, unknown: deep }, 'size'],
    [{ ...failed, id: '../../..' }, 'id'],
  ];
  const jobs = [failed, ...rows.map(([row], i) => ({ id: `bad ${i}`, ...row }))];
  const before = {
    'cameras/reef/jobs.json': lines(jobs),
    'cameras/reef/events.json': lines([
      { id: 'a', cameraId: 'reef', kind: 'note', at: 1, note: '' },
      { id: 'b', cameraId: 'reef', kind: 'note', at: 'HUGE', note: '' },
    ]),
    'cameras/reef/calibrations.json': lines([{ id: 'c', cameraId: 'reef', version: 0 }]),
    'cameras/reef/spans.json': lines([
      { id: 's', cameraId: 'reef', usability: 'dark', begin: 1, end: 2, note: '', madeAt: 3 },
      { id: 't', cameraId: 'reef', usability: 'lovely', begin: 1, end: 2, note: '', madeAt: 3 },
    ]),
  };
  const reader = await BundleReader.open(bundle({ before }));
  const plan = await reader.survey(nobody);
  expect(plan).toMatchObject({ damaged: [], leftOut: [], cameras: [{ snapshots: 1, others: 2 }] });
  expect(plan.unusable.named.map(({ path, row, field }) => `${path} ${row} ${field}`)).toEqual([
    'cameras/reef/events.json 2 at',
    'cameras/reef/calibrations.json 1 version',
    'cameras/reef/spans.json 2 usability',
    ...rows.map(([, field], i) => `cameras/reef/jobs.json ${i + 2} ${field}`),
  ]);
  expect((await reader.jobs(0, nobody))?.parts.map(({ job }) => job.id)).toEqual(['job']);
  expect((await reader.wholeCameras([0], nobody))[0]?.jobs.parts.map(({ job }) => job.id)).toEqual(['job']);
});

test('a job of an earlier version comes without its reconstruction error, and those are counted', async () => {
  const jobs = [0.01, null, 1e9].map((reconstructionError, i) => ({
    ...scored,
    id: `job ${i}`,
    properties: { ...scored.properties, reconstructionError },
  }));
  const npz = writeNpz({
    embeddings: jobs.map(() => new Float32Array(2)),
    more: { texts: { ids: jobs.map(({ id }) => id), model: [SHA] } },
  });
  const reader = await BundleReader.open(
    bundle({
      before: { 'cameras/reef/jobs.json': lines(jobs) },
      bytes: { 'cameras/reef/embeddings.npz': npz },
    }),
  );
  const plan = await reader.survey(nobody);
  expect(plan).toMatchObject({
    damaged: [],
    cameras: [{ snapshots: 3 }],
    unusable: { count: 0 },
    reconstructionErrors: 2,
  });
  const [whole] = await reader.wholeCameras([0], nobody);
  for (const { job } of whole!.jobs.parts) expect(job).toMatchObject({ properties: scored.properties });
  expect(JSON.stringify(whole)).not.toContain('reconstructionError');
});

test('a camera whose own numbers are out of their ranges is left out', async () => {
  for (const wrong of [
    { createdAt: 1e300 },
    { transform: { ...transform, resize: { height: 1e9, width: 2 } } },
    { detector: { ...judging.detector, windowSize: 1e9 } },
  ]) {
    const facts = { camera: { ...camera, ...wrong }, destination: null, references: [], embeddings: [] };
    const plan = await survey(bundle({ before: { 'cameras/reef/camera.json': JSON.stringify(facts) } }));
    expect(plan).toMatchObject({ cameras: [], leftOut: ['Reef'] });
  }
});

test('names lose what can’t be seen', async () => {
  const before = { 'cameras/reef/jobs.json': lines([{ ...failed, imageName: 'a\u202egpj.exe' }]) };
  const reader = await BundleReader.open(bundle({ before }));
  expect((await reader.jobs(0, nobody))?.parts[0]?.job.imageName).toBe('a_gpj.exe');
});

test('a destination is taken for one only with an id of DriftWatch and an address as the page keeps them', async () => {
  const usual = {
    cameraId: 'reef',
    target: 'driftwatch',
    baseUrl: 'https://host.example/api/v1',
    experimentId: '7f0c1f9e-4c9a-4d1e-9c39-5a6f0f3d2b11',
    experimentName: 'Reef\u202e',
    tags: ['reef'],
    model: 'x',
    since: 0,
  };
  const planned = async (destination: object, present = nobody) => {
    const facts = { camera, destination, references: [], embeddings: [] };
    const file = bundle({ before: { 'cameras/reef/camera.json': JSON.stringify(facts) } });
    const plan = await (await BundleReader.open(file)).survey(present);
    return [plan.cameras[0]?.destination ?? null, plan.unusable.named.map(({ field }) => field)];
  };
  expect(await planned(usual)).toEqual([{ ...usual, experimentName: 'Reef_' }, []]);
  expect(await planned({ ...usual, corrects: true })).toEqual([{ ...usual, experimentName: 'Reef_' }, []]);
  expect(await planned({ ...usual, baseUrl: '/driftwatch' })).toMatchObject([{ baseUrl: '/driftwatch' }, []]);
  for (const wrong of [
    { experimentId: '../../../steal' },
    { experimentId: `${usual.experimentId}/..` },
    { baseUrl: 'javascript:alert(1)' },
    { baseUrl: 'https://user@host.example/api/v1' },
    { baseUrl: 'https://host.example/api/v1#' },
    { baseUrl: '//host.example/api' },
    { tags: ['x'.repeat(21)] },
    { since: 1e300 },
    { cameraId: 'another' },
  ]) {
    expect(await planned({ ...usual, ...wrong }), JSON.stringify(wrong)).toEqual([null, ['destination']]);
  }
  // Written otherwise than the page would keep it.
  expect(await planned({ ...usual, baseUrl: 'https://host.example/a/../api/v1' })).toEqual([
    null,
    ['destination'],
  ]);
  // A camera that is here keeps what it has.
  const here = { ...nobody, cameras: new Map([['reef', camera]]) };
  expect(await planned(usual, here)).toEqual([null, []]);
});

const manifest = (bytes: Uint8Array, more = {}) => ({
  id: 'own',
  name: 'Own\u202e',
  version: '1',
  description: '',
  file: 'model.onnx',
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.length,
  input: { name: 'x', height: 2, width: 2 },
  outputs: { embedding: 'e', reconstruction: null },
  embeddingLength: 3,
  transform,
  detector: judging.detector,
  thresholds: judging.thresholds,
  selfTest: null,
  license: '',
  ...more,
});

test('a model comes only under the SHA-256 of its own bytes, once, and never in place of one that is here', async () => {
  const onnx = 'not really a model';
  const own = manifest(strToU8(onnx));
  const withModel = (listed: string, facts: object) =>
    bundle({
      before: { 'models/own/model.json': JSON.stringify(facts), 'models/own/model.onnx': onnx },
      index: {
        models: [
          { sha256: listed, name: 'Own', folder: 'models/own' },
          { sha256: listed, name: 'Again', folder: 'models/own' },
        ],
      },
    });
  expect((await survey(withModel(own.sha256, own))).models).toEqual([{ index: 0, name: 'Own' }]);
  const reader = await BundleReader.open(withModel(own.sha256, own));
  expect((await reader.model(0)).manifest.name).toBe('Own_');
  const other = 'b'.repeat(64);
  for (const [listed, facts] of [
    [other, own],
    [other, { ...own, sha256: other }],
    [own.sha256, { ...own, sha256: other }],
    [own.sha256, { ...own, bytes: 1 }],
  ] as const) {
    const plan = await survey(withModel(listed, facts));
    expect(plan).toMatchObject({ models: [], damaged: ['models/own/model.onnx'] });
  }
  // Of the SHA-256 of one that is here nothing is even read.
  expect(await survey(withModel(SHA, { ...own, sha256: SHA }))).toMatchObject({ models: [], damaged: [] });
});

test('an embedding of another length than its model gives leaves its job out', async () => {
  const path = 'cameras/reef/embeddings.npz';
  const withLength = async (length: number) => {
    const npz = writeNpz({
      embeddings: [new Float32Array(length)],
      more: { texts: { ids: ['job'], model: [SHA] } },
    });
    const parts = { [path]: npz };
    return bundle({ before: { 'cameras/reef/jobs.json': lines([scored]) }, bytes: parts });
  };
  expect(await survey(await withLength(2))).toMatchObject({
    cameras: [{ snapshots: 1 }],
    unusable: { count: 0 },
  });
  expect(await survey(await withLength(3))).toMatchObject({
    cameras: [{ snapshots: 0 }],
    unusable: { count: 1, named: [{ row: 1, field: 'embedding' }] },
  });
});

test('what unpacks to far more than it has packed is refused before it is unpacked', async () => {
  const jobs = `[\n${' '.repeat(20 * 2 ** 20)}\n]\n`;
  expect(await survey(bundle({ before: { 'cameras/reef/jobs.json': jobs } }))).toMatchObject({
    damaged: ['cameras/reef/jobs.json'],
    cameras: [],
  });
});

test('an export that is a wreck is refused as a whole', async () => {
  const files = Array.from({ length: 3000 }, (_, i) => ({ path: `${i}.csv`, bytes: 1, sha256: SHA }));
  const error: unknown = await survey(bundle({ index: { cameras: [], files } })).catch(
    (error: unknown) => error,
  );
  expect(error instanceof BundleError && error.problem).toEqual({ kind: 'damaged', detail: '0.csv' });
});

const folder = 'cameras/reef';
const [GLASS_FILE, SIGHTS_FILE] = [`${folder}/reference-1-glass.npz`, `${folder}/sights.npz`];

/** An export of five scored jobs of which some have a sight, seen through the fit of their reference. */
function exportWithSights(
  changes: { glass?: Uint8Array; sights?: Uint8Array; version?: number; pictures?: number } = {},
) {
  const { glass, sights: seenThrough, version = GLASS_VERSION, pictures = 0 } = changes;
  const picture = {
    path: `${folder}/reference-1/0001.jpg`,
    bytes: 3,
    sha256: sha256Of(Uint8Array.of(1, 2, 3)),
  };
  const reef = scene(1);
  const fit = fitGlass(cleanReference(reef), [], glassKernels);
  const look = new Glass(fit, glassKernels);
  const sights = new Map(['b', 'c', 'e'].map((id, i) => [id, look.look(seen(reef, 400 + i))] as const));
  const [first, second] = [new Map([...sights].slice(0, 2)), new Map([...sights].slice(2))];
  const referenceId = 'reference';
  const facts = {
    camera: { ...camera, referenceId },
    destination: null,
    references: [`${folder}/reference-1.json`],
    embeddings: [{ path: `${folder}/embeddings.npz`, modelSha256: SHA }],
    sights: [
      { path: SIGHTS_FILE, referenceId, row: 2, version },
      { path: `${folder}/sights-2.npz`, referenceId, row: 5, version },
    ],
  };
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const embeddings = ids.map((_, i) => Float32Array.of(i, 1));
  const reference = {
    ...{ id: referenceId, cameraId: 'reef', version: 1, modelSha256: SHA, transform, createdAt: 1 },
    names: Array.from({ length: Math.max(2, pictures) }, (_, i) => `${i}.jpg`),
  };
  const file = bundle({
    before: {
      [`${folder}/camera.json`]: JSON.stringify(facts),
      [`${folder}/reference-1.json`]: JSON.stringify({
        glass: { path: GLASS_FILE, version },
        reference,
        pictures: Array.from({ length: pictures }, () => picture),
      }),
      [`${folder}/jobs.json`]: lines(ids.map((id, i) => ({ ...scored, id, imageName: id, capturedAt: i }))),
    },
    bytes: {
      [`${folder}/reference-1.npz`]: writeNpz({
        embeddings: reference.names.map((_, i) => Float32Array.of(i, 1)),
        names: reference.names,
        more: { embeddings: { warm_up: [] } },
      }),
      [`${folder}/embeddings.npz`]: writeNpz({ embeddings, more: { texts: { ids, model: [SHA] } } }),
      [GLASS_FILE]: glass ?? writeGlassFit(fit),
      [picture.path]: Uint8Array.of(1, 2, 3),
      [SIGHTS_FILE]: seenThrough ?? writeSights(first),
      [`${folder}/sights-2.npz`]: writeSights(second),
    },
  });
  return { file, fit, sights };
}
const sightsIn = async (file: Blob, present = nobody) => {
  const batch = await (await BundleReader.open(file)).jobs(0, present);
  return new Map(batch!.parts.flatMap(({ job, sight }) => (sight ? [[job.id, sight] as const] : [])));
};
const fitIn = async (file: Blob) => (await (await BundleReader.open(file)).camera(0)).references[0]!.glassFit;

test('fits and sights come with an export, each sight with its own job, file after file', async () => {
  const { file, fit, sights } = exportWithSights();
  expect((await survey(file)).damaged).toEqual([]);
  expect(await fitIn(file)).toEqual(fit);
  expect(await sightsIn(file)).toEqual(sights);
  const [whole] = await (await BundleReader.open(file)).wholeCameras([0], nobody);
  expect(whole!.jobs.parts.filter(({ sight }) => sight).map(({ job }) => job.id)).toEqual([...sights.keys()]);
});

test('sights that can’t be used are named, and their jobs come without; so does a reference without its fit', async () => {
  const noSights = exportWithSights({ sights: new Uint8Array(50) });
  const plan = await survey(noSights.file);
  expect(plan).toMatchObject({ damaged: [SIGHTS_FILE], leftOut: [], cameras: [{ snapshots: 5 }] });
  expect([...(await sightsIn(noSights.file)).keys()]).toEqual(['e']);

  const noFit = exportWithSights({ glass: new Uint8Array(50) });
  expect(await survey(noFit.file)).toMatchObject({ damaged: [GLASS_FILE], leftOut: [] });
  expect(await fitIn(noFit.file)).toBeNull();
  expect((await sightsIn(noFit.file)).size).toBe(0);
});

test('fits of earlier versions are taken where there are no pictures to make them again, and their sights are left', async () => {
  for (const version of [1, 2, 3, GLASS_VERSION]) {
    for (const pictures of [0, 12]) {
      const isPresent = version === GLASS_VERSION;
      const sights = isPresent ? undefined : { sights: new Uint8Array(50) };
      const { file, fit } = exportWithSights({ version, pictures, ...sights });
      expect(await survey(file)).toMatchObject({ damaged: [], leftOut: [], cameras: [{ snapshots: 5 }] });
      expect(await fitIn(file)).toEqual(isPresent || pictures === 0 ? fit : null);
      expect((await sightsIn(file)).size).toBe(isPresent ? 3 : 0);
    }
  }
});

test('sights of a later method are left where they are', async () => {
  const { file } = exportWithSights({ version: GLASS_VERSION + 1 });
  expect((await survey(file)).damaged).toEqual([]);
  expect(await fitIn(file)).toBeNull();
  expect((await sightsIn(file)).size).toBe(0);
});

test('where the reference is here, sights are taken only if they were seen through the very same fit', async () => {
  const { file, fit, sights } = exportWithSights();
  const here: Present = { ...nobody, ids: { ...NO_IDS, references: new Set(['reference']) } };
  expect(await sightsIn(file, { ...here, fitOf: async () => structuredClone(fit) })).toEqual(sights);
  const other = { ...fit, sharp: fit.sharp.map((value) => 2 * value) };
  expect((await sightsIn(file, { ...here, fitOf: async () => other })).size).toBe(0);
  expect((await sightsIn(file, here)).size).toBe(0);
});

/** An export of one camera in format 2: rows as they are stored, and the files beside them. */
function rowsBundle(changes: Record<string, string | Uint8Array> = {}) {
  const [rows, path] = [
    (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join(''),
    `${folder}/embeddings.npz`,
  ];
  const { files, ...job } = failed;
  const parts: Record<string, string | Uint8Array> = {
    [`${folder}/cameras.jsonl`]: rows([camera]),
    [`${folder}/destinations.jsonl`]: '',
    [`${folder}/references.jsonl`]: '',
    [`${folder}/jobs.jsonl`]: rows([job, { ...job, id: 'later', capturedAt: 2 }]),
    [`${folder}/pictures.jsonl`]: rows([files, files]),
    [`${folder}/events.jsonl`]: '',
    [`${folder}/calibrations.jsonl`]: '',
    [`${folder}/spansByHand.jsonl`]: '',
    [`${folder}/deliveries.jsonl`]: 'not even JSON',
    [`${folder}/blobs.json`]: JSON.stringify({ references: [], embeddings: [{ path, modelSha256: SHA }] }),
    ...changes,
  };
  const bytes = Object.entries(parts).map(([name, part]) => [
    name,
    typeof part === 'string' ? strToU8(part) : part,
  ]);
  return bundle({
    bytes: Object.fromEntries(bytes) as Record<string, Uint8Array>,
    index: { format: 2 },
  });
}

test('rows come as they are stored, line by line, and one that can’t be used is named by its line', async () => {
  const { files: _, ...job } = failed;
  const lines = [job, { ...job, id: 'bad', capturedAt: -1 }, { ...job, id: 'later' }];
  const event = { id: 'a', cameraId: 'reef', kind: 'note', at: 1, note: 'two\nlines' };
  const none = '{"thumbnail":null,"original":null}\n';
  const reader = await BundleReader.open(
    rowsBundle({
      [`${folder}/jobs.jsonl`]: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
      [`${folder}/pictures.jsonl`]: none.repeat(3),
      [`${folder}/events.jsonl`]: `${JSON.stringify(event)}\n${JSON.stringify({ ...event, at: 1e300 })}\n`,
    }),
  );
  const plan = await reader.survey(nobody);
  expect(plan).toMatchObject({ damaged: [], leftOut: [], cameras: [{ snapshots: 2, others: 1 }] });
  expect(plan.unusable.named).toEqual([
    { path: `${folder}/events.jsonl`, row: 2, field: 'at' },
    { path: `${folder}/jobs.jsonl`, row: 2, field: 'capturedAt' },
  ]);
  expect((await reader.camera(0)).events).toEqual([event]);
  expect((await reader.jobs(0, nobody))?.parts.map(({ job }) => job.id)).toEqual(['job', 'later']);
});

test('a thumbnail comes with the job on its own line, and a job without such a line is left out', async () => {
  const thumbnail = strToU8('jpeg');
  const file = {
    path: `${folder}/thumbnails/later.jpg`,
    bytes: 4,
    sha256: createHash('sha256').update(thumbnail).digest('hex'),
  };
  const none = '{"thumbnail":null,"original":null}\n';
  const pictures = `${none}${JSON.stringify({ thumbnail: file, original: null })}\n`;
  const reader = await BundleReader.open(
    rowsBundle({ [`${folder}/pictures.jsonl`]: pictures, [file.path]: thumbnail }),
  );
  const parts = (await reader.jobs(0, nobody))?.parts ?? [];
  expect(parts.map(({ thumbnail }) => thumbnail?.byteLength ?? null)).toEqual([null, 4]);
  const { unusable } = await survey(rowsBundle({ [`${folder}/pictures.jsonl`]: none }));
  expect(unusable.named).toEqual([{ path: `${folder}/jobs.jsonl`, row: 2, field: 'files' }]);
});

test('files of rows that make no sense are damaged, as is one of a reference that no file goes with', async () => {
  for (const [name, text] of [
    ['cameras.jsonl', ''],
    ['cameras.jsonl', JSON.stringify({ ...camera, id: 'other' })],
    ['references.jsonl', '{}\n{}\n'],
    ['events.jsonl', '[1'],
    ['jobs.jsonl', `${JSON.stringify({ ...failed, cameraId: 'other' })}\n`],
  ] as const) {
    const plan = await survey(rowsBundle({ [`${folder}/${name}`]: text }));
    const named = name === 'references.jsonl' ? 'blobs.json' : name;
    expect(plan, name).toMatchObject({ damaged: [`${folder}/${named}`], leftOut: ['Reef'], cameras: [] });
  }
});
