import { expect, test } from '@playwright/test';
import { strToU8, zipSync, type Zippable } from 'fflate';
import { createHash } from 'node:crypto';
import { BundleReader, type Present } from '../../src/app/bundle-reader';
import { BundleError, isSafePath, jobLine, parseIndex } from '../../src/domain/bundle';
import type { Job } from '../../src/domain/job';
import { writeNpz } from '../../src/domain/npy';

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
const nobody: Present = {
  cameras: new Map(),
  models: new Map([[SHA, 2]]),
  jobsOf: async () => [],
  othersOf: async () => new Set<string>(),
};

/** An export of one camera, with parts exchanged after or before their hashes were taken. */
function bundle(
  changes: { before?: Record<string, string>; after?: Zippable; index?: object; top?: string } = {},
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
  const files = Object.entries(parts).map(([path, bytes]) => ({
    path,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
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
  expect((await survey(bundle({ before: jobs(-1) }))).damaged).toEqual(['cameras/reef/jobs.json']);
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
    'cameras/reef/calibrations.json': '[{"id":"x"}]',
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
  expect(await problemOf(bundle({ index: { format: 2, cameras: 'otherwise' } }))).toEqual({
    kind: 'newer',
    format: 2,
  });
  const files = [{ path: '../../etc/passwd', bytes: 1, sha256: SHA }];
  expect(await problemOf(bundle({ index: { files } }))).toEqual({ kind: 'damaged', detail: 'porthole.json' });
});

test('paths stay below the export', () => {
  expect(['a', 'cameras/a b-1/x.npz'].every(isSafePath)).toBe(true);
  const tricks = ['', '/a', '../a', 'a/../b', 'a//b', 'C:/a', 'a\\b', './a', 'a/', 'a\0b'];
  expect(tricks.filter(isSafePath)).toEqual([]);
  expect(() => parseIndex('{"format":1}')).toThrow(BundleError);
  expect(jobLine('{"a":1},', 'x')).toBe('{"a":1}');
});
