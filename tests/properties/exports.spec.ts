import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { BundleReader, type Present } from '../../src/features/keep/bundle/bundle-reader';
import {
  bundleFolder,
  cameraFactsIn,
  cameraFolder,
  isSafePath,
  parseBundleJob,
  parsed,
  parseIndex,
  read,
  rowsIn,
  rowsPath,
  valuesIn,
  type RowStore,
} from '../../src/core/domain/files/bundle';
import { CAMERA_EVENT } from '../../src/core/domain/camera/event';
import { DESTINATION } from '../../src/core/domain/camera/records/delivery';
import { CALIBRATION } from '../../src/core/domain/drift/judging';
import { LAYOUT_1 } from '../../src/features/keep/bundle/format-1';

import { writeNpz } from '../../src/core/domain/files/npy';
import { completed, failed, NOON } from '../domain/camera/jobs';
import { wholeEvent, wholeScene } from '../storage/whole-rows';
import { INSTANT, isWithin } from '../../src/core/domain/ranges';
import { damaged, damagedBytes, hostileStrings, hostileValues, jsonOf } from './hostile';
import { accepted, holds } from './holds';

const SHA = 'a'.repeat(64);
const EXPERIMENT = '0b9c1f1e-7a53-4d2b-9a55-1f2f3c4d5e6f';
const THUMBNAIL = strToU8('jpeg');
const thumbnail = {
  path: 'cameras/camera/thumbnails/1.jpg',
  bytes: THUMBNAIL.length,
  sha256: sha256(THUMBNAIL),
};
const judging = {
  detector: { name: 'mmd', windowSize: 12, sigma: 0.3 },
  thresholds: { warning: 0.05, drift: 0.1 },
  persistence: { raiseAfter: 1, clearAfter: 3, clearBelow: 0.8 },
};
const transform = { resize: { height: 2, width: 3 }, mean: [0, 0, 0], std: [1, 1, 1] };
/** A camera by its files in format 1. */
const CAMERA = {
  camera: {
    ...{ id: 'camera', name: 'Reef', modelSha256: SHA, transform, ...judging, referenceId: 'reference' },
    ...{
      calibrationId: null,
      warmUp: 'none',
      configToml: '[camera]\nname = "Reef"',
      isDemo: false,
      deployment: {
        ...{ position: { latitude: 41.182, longitude: 1.753 }, depth: 20, note: 'north side' },
        ...{ platform: 'OBSEA', sensor: 'IPC608', site: 'Vilanova', licence: 'CC-BY-4.0' },
        ...{ begin: NOON, end: NOON + 1, creators: ['UPC'], doi: '10.1594/PANGAEA.1' },
      },
      createdAt: NOON,
    },
  },
  destination: {
    ...{
      cameraId: 'camera',
      target: 'driftwatch',
      baseUrl: 'https://host.invalid/api/v1',
      experimentId: EXPERIMENT,
      since: 0,
    },
    ...{ experimentName: 'Reef', tags: ['a'], model: 'model' },
  },
  references: ['cameras/camera/reference-1.json'],
  embeddings: [{ path: 'cameras/camera/embeddings.npz', modelSha256: SHA }],
};
const properties = completed(0, 0.1).properties;
const REFERENCE = {
  reference: {
    ...{
      id: 'reference',
      cameraId: 'camera',
      version: 1,
      modelSha256: SHA,
      transform,
      names: ['a.jpg', 'b.jpg'],
      contentSha256: [SHA, '', SHA],
    },
    ...{ properties: [properties, properties], capturedAt: [NOON, null], createdAt: NOON },
  },
  pictures: [thumbnail, null],
};
const EVENTS = [
  { id: 'event', cameraId: 'camera', kind: 'cleaned', at: NOON, note: 'with a brush' },
  wholeScene('scene', { at: NOON }),
  wholeEvent('seen', { kind: 'seen', at: NOON, who: 'Dive team', until: NOON }),
];
const CALIBRATIONS = [
  {
    ...{
      id: 'calibration',
      cameraId: 'camera',
      version: 1,
      referenceId: 'reference',
      modelSha256: SHA,
      createdAt: NOON,
      ...judging,
    },
    evidence: {
      ...{
        snapshots: 60,
        days: 11,
        windows: 49,
        effectiveWindows: 4.083,
        highestDistance: 0.0081,
        measured: true,
      },
      ...{ heldOutEvents: 1, heldOutDaysInAlarm: 2, heldOutDays: 10, independentDrift: 0.003 },
      ...{
        independentFalseAlarmEvents: 4,
        independentFalseAlarmDays: 9,
        dirtySnapshots: 0,
        dirtyDelay: null,
      },
    },
  },
];
const BLOBS = {
  embeddings: CAMERA.embeddings,
  references: [{ arrays: 'cameras/camera/reference-1.npz', pictures: REFERENCE.pictures }],
};
const files = { thumbnail, original: null };
const JOBS = [
  {
    ...completed(1, 0.07, { persistence: judging.persistence, driftStatus: 'warning', calibrationId: null }),
    files,
  },
  { ...failed(2), files: { thumbnail: null, original: null } },
];
const INDEX = {
  ...{ format: 2, app: '0.1.0', exportedAt: '2026-11-25T00:00:00.000Z' },
  cameras: [{ id: 'camera', name: 'Reef', folder: 'cameras/camera', snapshots: 2 }],
  models: [{ sha256: SHA, name: 'model', folder: null }],
  files: [thumbnail],
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

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The parts of an export, each with what its parser makes of it. */
const PARTS: readonly (readonly [right: object, parse: (json: string) => unknown])[] = [
  [INDEX, parseIndex],
  [CAMERA, async (json) => ({ ...(await factsOf1(json, JSON.stringify(REFERENCE))), destination: null })],
  [REFERENCE, async (json) => (await factsOf1(JSON.stringify(CAMERA), json)).references[0]],
  [CAMERA.camera, async (json) => (await factsOf({ cameras: json })).camera],
  [CAMERA.destination, (json) => read(DESTINATION, parsed('destinations', json))],
  [REFERENCE.reference, async (json) => (await factsOf({ references: json })).references[0]?.reference],
  [
    BLOBS,
    async (json) => {
      const { embeddings, references } = await factsOf({ blobs: json });
      return { embeddings, references: references.map(({ files }) => files) };
    },
  ],
  [EVENTS, (json) => rowsIn(CAMERA_EVENT, LAYOUT_1.valuesIn(json, 'events.json'), 'events', 'camera').rows],
  [CALIBRATIONS[0]!, (json) => rowsIn(CALIBRATION, valuesIn(json, 'rows'), 'rows', 'camera').rows[0]],
  ...JOBS.map((job) => [job, (json: string) => jobIn(json)] as const),
];

/** A camera by its files in format 1. */
function factsOf1(camera: string, reference: string) {
  return LAYOUT_1.cameraFactsIn('x', 'camera', async (path) =>
    path === 'x/camera.json' ? camera : reference,
  );
}

/** A camera by its files, each a row or none; others are those of a whole export. */
function factsOf(changes: Readonly<Record<string, string>>) {
  const right = { cameras: CAMERA.camera, destinations: CAMERA.destination, references: REFERENCE.reference };
  const texts = new Map<string, string>([['x/blobs.json', changes['blobs'] ?? JSON.stringify(BLOBS)]]);
  for (const store of ['cameras', 'destinations', 'references'] as const)
    texts.set(rowsPath('x', store), changes[store] ?? JSON.stringify(right[store]));
  return cameraFactsIn('x', 'camera', async (path) => texts.get(path)!);
}

function jobIn(json: string): object | null {
  const found = parseBundleJob(json, 'jobs.json', 'camera');
  return typeof found === 'string' ? null : { ...found.job, files: found.files };
}

const damagedParts = fc.oneof(
  ...PARTS.map(([right, parse]) =>
    fc
      .oneof(
        { weight: 8, arbitrary: damaged(right).map((value) => jsonOf(value)) },
        {
          weight: 2,
          arbitrary: damagedBytes(
            [Buffer.from(JSON.stringify(right))],
            ['"__proto__":{"x":1},', '1e999', '"id":"../x",'],
          ).map((bytes) => Buffer.from(bytes).toString()),
        },
        { weight: 1, arbitrary: hostileValues.map((value) => jsonOf(value)) },
      )
      .map((json) => ({ json, right, parse })),
  ),
);

/** Fails for what stands where a moment, a number, an id or a text of sensible length is kept; unknown keys are free. */
function assertKept(found: unknown, right: unknown, key: string): void {
  if (typeof found === 'number') {
    assert.ok(Number.isFinite(found), `${key}: ${found}`);
    if (/At$|^at$|^since$/.test(key)) assert.ok(isWithin(INSTANT, found), `${key}: ${found}`);
  }
  if (typeof found === 'string') {
    assert.ok(found.length <= 20_000 || key === 'configToml', `${key}: ${found.length} characters`);
    if (/Id$|^id$/.test(key))
      assert.match(encodeURIComponent(found), /^(?!\.{1,2}$)(?!.*%(?:2F|5C|[01]\w)).+$/);
  }
  if (Array.isArray(found)) for (const inner of found) assertKept(inner, (right as unknown[])[0], key);
  else if (typeof found === 'object' && found !== null && typeof right === 'object' && right !== null) {
    for (const [name, inner] of Object.entries(right)) assertKept(Reflect.get(found, name), inner, name);
  }
}

test('a damaged part of an export is refused with a sentence, or what is taken of it can be kept', async () => {
  for (const [right, parse] of PARTS) assertKept(await parse(JSON.stringify(right)), right, 'right');
  await holds(damagedParts, async ({ json, right, parse }) => {
    assertKept(await accepted(() => parse(json)), right, 'part');
    await accepted(() => LAYOUT_1.jobLine(json, 'jobs.json'));
  });
});

/** Names that every object has a field of; some programs give ids by the names of things. */
const FIELDS = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];

test('any id of an export may be the name of a field that every object has', async () => {
  for (const [id, format] of FIELDS.flatMap((id) => [[id, 1] as const, [id, 2] as const])) {
    const named = (row: object) => {
      const facts = Object.entries(row).map(([key, value]): [string, unknown] =>
        /^id$|Id$/.test(key) && key !== 'experimentId' && value !== null ? [key, id] : [key, value],
      );
      return Object.fromEntries(facts);
    };
    const zip = exportWith(
      {
        camera: { ...CAMERA, camera: named(CAMERA.camera), destination: named(CAMERA.destination) },
        reference: { ...REFERENCE, reference: named(REFERENCE.reference) },
        events: EVENTS.slice(0, 1).map(named),
        calibrations: CALIBRATIONS.map(named),
        jobs: JOBS.slice(1).map(named),
        index: { cameras: [{ ...INDEX.cameras[0], id }] },
      },
      0,
      format,
    );
    const reader = await BundleReader.open(new Blob([zip as Uint8Array<ArrayBuffer>]));
    const plan = await reader.survey(nobody);
    expect(plan, `${id}, format ${format}`).toMatchObject({ leftOut: [], unusable: { count: 0 } });
    expect(plan.cameras).toMatchObject([{ id, snapshots: 1, isNew: true, destination: { cameraId: id } }]);
    const [whole] = await reader.wholeCameras([0], nobody);
    expect(whole!.part).toMatchObject({
      camera: { id, referenceId: id },
      references: [{ reference: { id } }],
      events: [{ id }],
      calibrations: [{ id }],
    });
    expect(whole!.jobs.parts).toMatchObject([{ job: { id, cameraId: id } }]);
  }
});

test('folders and paths of an export lead nowhere else', async () => {
  await holds(fc.tuple(hostileStrings, hostileStrings), ([id, name]) => {
    assert.ok(isSafePath(cameraFolder({ id, name })), cameraFolder({ id, name }));
    const folder = bundleFolder([id, `${name}/porthole.json`, name]);
    assert.ok(folder === null || folder === '' || folder.endsWith('/'));
  });
});

/** An export of a format, with parts exchanged before their hashes were taken. */
function exportWith(changes: Readonly<Record<string, unknown>>, level: 0 | 6, format: 1 | 2): Uint8Array {
  const part = (name: string, right: unknown) => (name in changes ? changes[name] : right);
  const contents: Record<string, Uint8Array> = {
    ...(format === 1 ? lists(part) : rows(part)),
    'cameras/camera/reference-1.npz': writeNpz({
      embeddings: [Float32Array.of(1, 2), Float32Array.of(3, 4)],
      more: { embeddings: { warm_up: [] } },
    }),
    'cameras/camera/embeddings.npz': writeNpz({
      embeddings: [Float32Array.of(1, 2)],
      more: { texts: { ids: ['job-1'] } },
    }),
    [thumbnail.path]: THUMBNAIL,
  };
  const files = Object.entries(contents).map(([path, bytes]) => ({
    path,
    bytes: bytes.length,
    sha256: sha256(bytes),
  }));
  const index = { ...INDEX, format, files, ...(part('index', {}) as object) };
  return zipSync({ ...contents, 'porthole.json': strToU8(jsonOf(index)) }, { level });
}

type Part = (name: string, right: unknown) => unknown;

/** A camera's files in format 1. */
function lists(part: Part): Record<string, Uint8Array> {
  const jobs = listed(part('jobs', JOBS));
  return {
    'cameras/camera/camera.json': strToU8(jsonOf(part('camera', CAMERA))),
    'cameras/camera/reference-1.json': strToU8(jsonOf(part('reference', REFERENCE))),
    'cameras/camera/events.json': strToU8(jsonOf(part('events', EVENTS))),
    'cameras/camera/calibrations.json': strToU8(jsonOf(part('calibrations', CALIBRATIONS))),
    'cameras/camera/jobs.json': strToU8(`[\n${jobs.map((job) => jsonOf(job)).join(',\n')}\n]\n`),
  };
}

/** The same as rows, as far as they can still be told apart. */
function rows(part: Part): Record<string, Uint8Array> {
  const lines = (values: readonly unknown[]) => strToU8(values.map((value) => `${jsonOf(value)}\n`).join(''));
  const at = (value: unknown, field: string) =>
    typeof value === 'object' && value !== null ? (Reflect.get(value, field) as unknown) : value;
  const [camera, reference] = [part('camera', CAMERA), part('reference', REFERENCE)];
  const jobs = listed(part('jobs', JOBS));
  const path = (store: RowStore | 'pictures') => rowsPath('cameras/camera', store);
  return {
    [path('cameras')]: lines([at(camera, 'camera')]),
    [path('destinations')]: lines([at(camera, 'destination')]),
    [path('references')]: lines([at(reference, 'reference')]),
    [path('jobs')]: lines(jobs),
    [path('pictures')]: lines(jobs.map((job) => at(job, 'files'))),
    [path('events')]: lines(listed(part('events', EVENTS))),
    [path('calibrations')]: lines(listed(part('calibrations', CALIBRATIONS))),
    'cameras/camera/blobs.json': strToU8(
      jsonOf({
        embeddings: at(camera, 'embeddings'),
        references: [{ arrays: BLOBS.references[0]!.arrays, pictures: at(reference, 'pictures') }],
      }),
    ),
  };
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

const parts = {
  camera: CAMERA,
  reference: REFERENCE,
  events: EVENTS,
  calibrations: CALIBRATIONS,
  jobs: JOBS,
};
const formats = fc.constantFrom(1 as const, 2 as const);
const damagedExports = fc.oneof(
  ...Object.entries(parts).map(([name, right]) =>
    fc
      .tuple(damaged(right), fc.constantFrom(0 as const, 6 as const), formats)
      .map(([value, level, format]) => exportWith({ [name]: value }, level, format)),
  ),
  fc.tuple(damaged(INDEX), formats).map(([index, format]) => exportWith({ index }, 0, format)),
  damagedBytes(
    [exportWith({}, 0, 1), exportWith({}, 0, 2), exportWith({}, 6, 2)],
    ['PK\x01\x02', 'PK\x05\x06', 'PK\x06\x06', '../', 'porthole.json'],
  ),
);

test('of a damaged export everything that is whole is taken, and the rest is told', async () => {
  let [taken, refused] = [0, 0];
  await holds(
    damagedExports,
    async (zip) => {
      const file = new Blob([zip as Uint8Array<ArrayBuffer>]);
      const reader = await accepted(() => BundleReader.open(file));
      const plan = reader && (await accepted(() => reader.survey(nobody)));
      if (!reader || !plan) {
        refused += 1;
        return;
      }
      for (const path of plan.damaged) assert.ok(path.length <= 2000);
      for (const { index } of plan.cameras) {
        const camera = await reader.camera(index);
        assertKept(camera.camera, CAMERA.camera, 'camera');
        for (const { reference } of camera.references) {
          assertKept(reference, REFERENCE.reference, 'reference');
          assert.equal(reference.embeddings.length, reference.names.length);
        }
        for (let batch = await reader.jobs(index, nobody); batch; batch = await reader.jobs(index, nobody)) {
          taken += batch.parts.length;
          for (const { job, embedding } of batch.parts) {
            assertKept(job, JOBS[0], 'job');
            assert.ok(job.jobStatus === 'Failed' || embedding?.every(Number.isFinite));
          }
        }
      }
    },
    { share: 0.5 },
  );
  assert.ok(taken > 0 && refused > 0, `${taken} jobs taken, ${refused} exports refused`);
});
