import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import type { Camera } from '../../../src/core/domain/camera/camera';
import type { Reference } from '../../../src/core/domain/camera/reference';
import { resultsJson } from '../../../src/core/domain/camera/results';
import type { Calibration } from '../../../src/core/domain/drift/judging';
import { madeBy, referenceSha256, type ProvenanceFacts } from '../../../src/core/domain/files/provenance';
import { methodsParagraph, referenceLines } from '../../../src/features/science/cite/methods';
import { completed, HOUR, NOON } from '../../domain/camera/jobs';

const camera: Camera = {
  ...{
    id: 'camera',
    name: 'Reef',
    modelSha256: 'a'.repeat(64),
    referenceId: 'reference',
    calibrationId: null,
  },
  transform: { resize: { height: 216, width: 384 }, mean: [0, 0, 0], std: [1, 1, 1] },
  ...{ warmUp: 'none', configToml: null, isDemo: false, createdAt: 0 },
  detector: { name: 'mmd-streaming', windowSize: 12, sigma: 0.3 },
  thresholds: { warning: 0.05, drift: 0.1 },
  persistence: { raiseAfter: 2, clearAfter: 3, clearBelow: 0.8 },
};
const reference: Reference = {
  ...{ id: 'reference', cameraId: 'camera', version: 4, modelSha256: camera.modelSha256, createdAt: 0 },
  ...{ transform: camera.transform, names: ['a.jpg', 'b.jpg'], warmUpEmbeddings: [] },
  embeddings: [Float32Array.of(0.1, -2), Float32Array.of(3, 0.25)],
  capturedAt: [NOON - 72 * HOUR, NOON - 48 * HOUR],
};
const calibration: Calibration = {
  ...{ id: 'c', cameraId: 'camera', version: 2, referenceId: 'reference', modelSha256: camera.modelSha256 },
  ...{
    createdAt: NOON,
    detector: camera.detector,
    thresholds: camera.thresholds,
    persistence: camera.persistence,
  },
  evidence: {
    ...{ snapshots: 240, days: 9, windows: 229, effectiveWindows: 19, highestDistance: 0.01, measured: true },
    ...{ heldOutEvents: 0, heldOutDaysInAlarm: 0, heldOutDays: 9, independentDrift: null },
    ...{
      independentFalseAlarmEvents: null,
      independentFalseAlarmDays: null,
      dirtySnapshots: 0,
      dirtyDelay: null,
    },
  },
};
const provenance: ProvenanceFacts = {
  program: { version: '1.2.3', commit: 'c0ffee'.repeat(6), runtime: '9.9.9', browser: 'Browser' },
  ...{ camera, modelName: 'OBSEA autoencoder', reference, calibration },
};
const facts = { provenance, byHand: 0, counts: null };

test('what numbers are made by depends on what is stored alone, and names each part with its hash', () => {
  const made = madeBy(provenance);
  expect(JSON.stringify(madeBy({ ...provenance, camera: { ...camera } }))).toBe(JSON.stringify(made));
  expect(made).toMatchObject({
    ...{
      program: 'Porthole',
      version: '1.2.3',
      onnx_runtime_web: '9.9.9',
      browser: 'Browser',
      camera: 'Reef',
    },
    model: { name: 'OBSEA autoencoder', sha256: camera.modelSha256 },
    reference: {
      version: 4,
      cycle: '2023-07-27T12:00:00Z',
      snapshots: 2,
      from: '2023-07-27T12:00:00Z',
      sha256: referenceSha256(reference),
    },
    detector: { name: 'mmd-streaming', window_size: 12, sigma: 0.3 },
    limits: { warning: 0.05, drift: 0.1 },
    calibration: { version: 2, clean_days: 9, days_left_out: 9, false_alarms_on_them: 0 },
  });
  expect(madeBy({ ...provenance, reference: null, calibration: null })).toMatchObject({
    ...{ reference: null, calibration: null },
  });
});

test('JSON results carry it, and nothing where it is not known', () => {
  const text = (made: object | null) =>
    JSON.parse(resultsJson([completed(0, 0.01)], new Map(), camera, () => '', undefined, made)) as object;
  expect(text(madeBy(provenance))).toMatchObject({ made_by: madeBy(provenance) });
  expect(Object.keys(text(null))).toEqual(['jobs', 'summary']);
});

test('the paragraph names what was done, by which numbers, and whose methods these are', () => {
  const paragraph = methodsParagraph(facts);
  for (const part of [
    'camera Reef',
    'Porthole 1.2.3 (commit c0ffeec0ffee)',
    'ONNX Runtime Web 9.9.9',
    `SHA-256 ${camera.modelSha256}`,
    `SHA-256 ${referenceSha256(reference)}`,
    'newest 12 embeddings',
    '2 embeddings of clean pictures taken from 27 July 2023 to 28 July 2023 (reference 4',
    'σ = 0.3 (Gretton et al., 2012)',
    'A distance above 0.05 was called a warning, one above 0.1 drift',
    'raised after 2 pictures in a row and cleared after 3 pictures in a row at or below 0.8 of the limit',
    'from 240 pictures of 9 days on which the lens was known to be clean; on 9 days left out in turn they gave no false',
    'QARTOD (U.S. IOOS, 2020)',
  ]) {
    expect(paragraph).toContain(part);
  }
  expect(paragraph).not.toMatch(/undefined|null|NaN|[{}]/);
  expect(referenceLines(facts).join('\n')).toMatch(
    /Céspedes[^]*Gretton[^]*Porthole, version 1\.2\.3[^]*QARTOD|Quality/,
  );
});

test('where the camera is and whose its pictures are stand in the paragraph, the references and the provenance', () => {
  const deployment = {
    position: { latitude: 41.182, longitude: 1.753 },
    ...{
      depth: 20,
      platform: 'OBSEA',
      licence: 'CC-BY-4.0',
      creators: ['Ada L.', 'UPC'],
      note: 'Bring a brush.',
    },
    begin: Date.UTC(2023, 6, 30),
    end: Date.UTC(2023, 6, 31) - 1,
    doi: '10.1594/PANGAEA.1',
  };
  const deployed = { ...facts, provenance: { ...provenance, camera: { ...camera, deployment } } };
  expect(methodsParagraph(deployed)).toContain(
    'Facts of its deployment: position 41.182, 1.753; depth 20 m; platform OBSEA; begin 30 July 2023; end 30 July 2023; licence CC-BY-4.0; creators Ada L., UPC; DOI 10.1594/PANGAEA.1.',
  );
  expect(referenceLines(deployed)).toContain(
    'Ada L., UPC. Pictures of the camera Reef [data set]. CC-BY-4.0. https://doi.org/10.1594/PANGAEA.1',
  );
  expect(madeBy(deployed.provenance).deployment).toEqual({
    ...{ latitude: 41.182, longitude: 1.753, depth: 20, platform: 'OBSEA', licence: 'CC-BY-4.0' },
    ...{ creators: ['Ada L.', 'UPC'], doi: '10.1594/PANGAEA.1' },
    ...{ begin: '2023-07-30T00:00:00Z', end: '2023-07-30T23:59:59Z' },
  });
  expect(methodsParagraph(facts)).not.toContain('deployment');
  expect(referenceLines(facts).join()).not.toContain('data set');
  expect(madeBy(provenance)).not.toHaveProperty('deployment');
});

test('it claims no more than there is: no calibration, no reference, another detector', () => {
  const without = { ...facts, provenance: { ...provenance, reference: null, calibration: null } };
  expect(methodsParagraph(without)).toContain('These limits were not calibrated for this camera.');
  expect(methodsParagraph(without)).not.toContain('reference of');
  const ks = { ...camera, detector: { ...camera.detector, name: 'other' } };
  const other = { ...facts, provenance: { ...provenance, camera: ks } };
  expect(methodsParagraph(other)).not.toContain('Gretton');
  expect(referenceLines(other).join()).not.toContain('Gretton');
  const replayed = {
    ...facts,
    provenance: { ...provenance, calibration: { ...calibration, evidence: null } },
  };
  const usual = { ...camera, persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 } };
  const plain = methodsParagraph({ ...facts, provenance: { ...provenance, camera: usual } });
  expect(plain).toContain('raised after 1 picture and cleared after 1 picture at or below the limit.');
  expect(methodsParagraph(replayed)).toContain('were not measured on clean days');
});

test('the citation file is of this version and licence, and names nobody who is not in the repository', () => {
  const root = new URL('../../../', import.meta.url);
  const read = (name: string) => readFileSync(new URL(name, root), 'utf8');
  const { version, license } = JSON.parse(read('package.json')) as { version: string; license: string };
  const [own = ''] = read('CITATION.cff').split(/^references:$/m);
  const keys = Array.from(own.matchAll(/^([a-z-]+):/gm), ([, key]) => key);
  expect(keys).toEqual(
    expect.arrayContaining(['cff-version', 'message', 'title', 'authors', 'type', 'version', 'license']),
  );
  expect(own).toMatch(/^cff-version: 1\.2\.0$/m);
  expect(own).toContain(`\nversion: ${version}\n`);
  expect(own).toContain(`\nlicense: ${license}\n`);
  const [, holder] = /Copyright \(c\) \d+ (.+)/.exec(read('LICENSE'))!;
  const [, authors] = /^authors:\n((?: {2}.*\n)+)/m.exec(own)!;
  expect(authors).toBe(`  - name: ${holder!}\n`);
});
