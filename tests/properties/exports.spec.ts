import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { BundleReader, type Present } from '../../src/app/bundle-reader';
import {
  bundleFolder,
  cameraFolder,
  isSafePath,
  jobLine,
  parseBundleCamera,
  parseBundleJob,
  parseBundleReference,
  parseCalibrations,
  parseDeliveries,
  parseEvents,
  parseIndex,
} from '../../src/domain/bundle';

import { writeNpz } from '../../src/domain/npy';
import { completed, failed, NOON } from '../domain/jobs';
import { damaged, damagedBytes, hostileStrings, hostileValues, jsonOf } from './hostile';
import { accepted, holds } from './holds';

const SHA = 'a'.repeat(64);
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
const CAMERA = {
  camera: {
    ...{ id: 'camera', name: 'Reef', modelSha256: SHA, transform, ...judging, referenceId: 'reference' },
    ...{
      calibrationId: null,
      warmUp: 'none',
      configToml: '[camera]\nname = "Reef"',
      isDemo: false,
      createdAt: NOON,
    },
  },
  destination: {
    ...{
      cameraId: 'camera',
      target: 'driftwatch',
      baseUrl: 'https://host.invalid/api/v1',
      experimentId: '665f',
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
    },
    ...{ properties: [properties, properties], capturedAt: [NOON, null], createdAt: NOON },
  },
  pictures: [thumbnail, null],
};
const EVENTS = [{ id: 'event', cameraId: 'camera', kind: 'cleaned', at: NOON, note: 'with a brush' }];
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
const DELIVERIES = [
  {
    ...{
      lane: 'https://host.invalid/api/v1#665f',
      jobId: 'job-1',
      cameraId: 'camera',
      imageName: '1.jpg',
      capturedAt: NOON,
    },
    ...{
      body: '{}',
      state: 'sent',
      attempts: 0,
      notBefore: 0,
      sentAt: NOON,
      remoteId: 'remote',
      failure: null,
    },
  },
];
const files = { thumbnail, original: null };
const JOBS = [
  {
    ...completed(1, 0.07, { persistence: judging.persistence, driftStatus: 'warning', calibrationId: null }),
    files,
  },
  { ...failed(2), files: { thumbnail: null, original: null } },
];
const INDEX = {
  ...{ format: 1, app: '0.1.0', exportedAt: '2026-11-25T00:00:00.000Z' },
  cameras: [{ id: 'camera', name: 'Reef', folder: 'cameras/camera', snapshots: 2 }],
  models: [{ sha256: SHA, name: 'model', folder: null }],
  files: [thumbnail],
};
const nobody: Present = {
  cameras: new Map(),
  models: new Set([SHA]),
  jobsOf: async () => [],
  othersOf: async () => new Set<string>(),
};

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The parts of an export, each with what its parser makes of it. */
const PARTS: readonly (readonly [right: unknown, parse: (json: string) => unknown])[] = [
  [INDEX, parseIndex],
  [CAMERA, (json) => parseBundleCamera(json, 'camera.json')],
  [REFERENCE, (json) => parseBundleReference(json, 'reference-1.json', 'camera')],
  [EVENTS, (json) => parseEvents(json, 'events.json', 'camera')],
  [CALIBRATIONS, (json) => parseCalibrations(json, 'calibrations.json', 'camera')],
  [DELIVERIES, (json) => parseDeliveries(json, 'sent.json', 'camera')],
  ...JOBS.map((job) => [job, (json: string) => parseBundleJob(json, 'jobs.json', 'camera')] as const),
];
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
      .map((json) => ({ json, parse })),
  ),
);

test('a damaged part of an export is refused with a sentence, or taken', async () => {
  for (const [right, parse] of PARTS) parse(JSON.stringify(right));
  await holds(damagedParts, async ({ json, parse }) => {
    await accepted(() => parse(json));
    await accepted(() => jobLine(json, 'jobs.json'));
  });
});

test('folders and paths of an export lead nowhere else', async () => {
  await holds(fc.tuple(hostileStrings, hostileStrings), ([id, name]) => {
    assert.ok(isSafePath(cameraFolder({ id, name })), cameraFolder({ id, name }));
    const folder = bundleFolder([id, `${name}/porthole.json`, name]);
    assert.ok(folder === null || folder === '' || folder.endsWith('/'));
  });
});

/** An export with one of its parts damaged, before or after its hash was taken. */
const bundles = fc
  .record({
    camera: damaged(CAMERA),
    reference: damaged(REFERENCE),
    events: damaged(EVENTS),
    calibrations: damaged(CALIBRATIONS),
    sent: damaged(DELIVERIES),
    jobs: damaged(JOBS),
    index: damaged({}),
    damagedPart: fc.constantFrom(
      'camera',
      'reference',
      'events',
      'calibrations',
      'sent',
      'jobs',
      'index',
      'none',
    ),
    level: fc.constantFrom(0 as const, 6 as const),
  })
  .map(({ damagedPart, level, ...parts }) => {
    const part = (name: keyof typeof parts, right: unknown) => (damagedPart === name ? parts[name] : right);
    const jobs = part('jobs', JOBS);
    const contents: Record<string, Uint8Array> = {
      'cameras/camera/camera.json': strToU8(jsonOf(part('camera', CAMERA))),
      'cameras/camera/reference-1.json': strToU8(jsonOf(part('reference', REFERENCE))),
      'cameras/camera/reference-1.npz': writeNpz({
        embeddings: [Float32Array.of(1, 2), Float32Array.of(3, 4)],
        more: { embeddings: { warm_up: [] } },
      }),
      'cameras/camera/events.json': strToU8(jsonOf(part('events', EVENTS))),
      'cameras/camera/calibrations.json': strToU8(jsonOf(part('calibrations', CALIBRATIONS))),
      'cameras/camera/sent.json': strToU8(jsonOf(part('sent', DELIVERIES))),
      'cameras/camera/jobs.json': strToU8(
        `[\n${(Array.isArray(jobs) ? jobs : [jobs]).map((job) => jsonOf(job)).join(',\n')}\n]\n`,
      ),
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
    const index = { ...INDEX, files, ...(damagedPart === 'index' ? (parts.index as object) : {}) };
    return zipSync({ ...contents, 'porthole.json': strToU8(jsonOf(index)) }, { level });
  });
const [whole] = fc.sample(
  bundles.filter((zip) => zip.length > 0),
  { numRuns: 1, seed: 1 },
);

test('of a damaged export everything that is whole is taken, and the rest is told', async () => {
  const zips = fc.oneof(
    bundles,
    damagedBytes([whole!], ['PK\x01\x02', 'PK\x05\x06', '../', 'porthole.json']),
  );
  let [taken, refused] = [0, 0];
  await holds(
    zips,
    async (zip) => {
      const reader = await accepted(() => BundleReader.open(new Blob([zip as Uint8Array<ArrayBuffer>])));
      const plan = reader && (await accepted(() => reader.survey(nobody)));
      if (!reader || !plan) {
        refused += 1;
        return;
      }
      for (const path of plan.damaged) assert.ok(path.length <= 2000);
      for (const { index } of plan.cameras) {
        const camera = await accepted(() => reader.camera(index));
        assert.equal(
          camera?.references.every(
            ({ reference }) => reference.embeddings.length === reference.names.length,
          ) ?? true,
          true,
        );
        for (let batch = await reader.jobs(index, nobody); batch; batch = await reader.jobs(index, nobody)) {
          taken += batch.parts.length;
          assert.ok(batch.parts.every(({ job, embedding }) => job.jobStatus === 'Failed' || embedding));
        }
      }
    },
    { share: 0.5 },
  );
  assert.ok(taken > 0 && refused > 0, `${taken} jobs of whole cameras, ${refused} refused`);
});
