/** Databases as each shipped version of the page made them, without its code, for specs that run in a page. */
import type { Camera } from '../../src/core/domain/camera/camera';
import {
  wholeCalibration,
  wholeCamera,
  wholeDelivery,
  wholeDetections,
  wholeDetector,
  wholeEvent,
  wholeFailed,
  wholeJob,
  wholeReference,
  wholeSpanByHand,
} from './whole-rows';

/** The last version that is not of today. */
export const LAST = 15;

/** Changes that each version made to the stores of the one before. */
const STEPS: readonly ((db: IDBDatabase, tx: IDBTransaction) => void)[] = [
  (db) => {
    db.createObjectStore('cameras', { keyPath: 'id' });
    db.createObjectStore('references', { keyPath: 'id' }).createIndex('cameraId', 'cameraId');
    db.createObjectStore('jobs', { keyPath: 'id' }).createIndex('cameraId', 'cameraId');
    db.createObjectStore('embeddings');
    db.createObjectStore('thumbnails');
    db.createObjectStore('events', { keyPath: 'id' }).createIndex('cameraId', 'cameraId');
    db.createObjectStore('models');
    db.createObjectStore('modelFiles');
    db.createObjectStore('settings');
  },
  (db) => {
    db.createObjectStore('destinations', { keyPath: 'cameraId' });
    const deliveries = db.createObjectStore('deliveries', { keyPath: ['lane', 'jobId'] });
    deliveries.createIndex('jobId', 'jobId');
    deliveries.createIndex('cameraId', 'cameraId');
    deliveries.createIndex('inLane', ['lane', 'state', 'capturedAt']);
    deliveries.createIndex('waiting', ['lane', 'state', 'notBefore']);
    deliveries.createIndex('ofCamera', ['cameraId', 'state', 'capturedAt']);
  },
  (db) => {
    db.createObjectStore('calibrations', { keyPath: 'id' }).createIndex('cameraId', 'cameraId');
  },
  (db) => {
    db.createObjectStore('trainings', { keyPath: 'cameraId' });
    db.createObjectStore('trainingWeights');
    db.createObjectStore('trainingPictures');
  },
  (db) => {
    db.createObjectStore('handles');
  },
  (_, tx) => {
    tx.objectStore('jobs').createIndex('inOrder', ['cameraId', 'capturedAt', 'imageName']);
  },
  (db) => {
    db.createObjectStore('glassFits');
    db.createObjectStore('sights');
  },
  (db) => {
    db.createObjectStore('spansByHand', { keyPath: 'id' }).createIndex('cameraId', 'cameraId');
    db.createObjectStore('detectors');
    db.createObjectStore('detectorFiles');
    const detections = db.createObjectStore('detections', { keyPath: ['jobId', 'detectorSha256'] });
    detections.createIndex('cameraId', 'cameraId');
  },
  (_, tx) => {
    tx.objectStore('jobs').createIndex('byContent', ['cameraId', 'contentSha256']);
  },
  (db) => {
    for (const store of ['trainings', 'trainingWeights', 'trainingPictures']) db.deleteObjectStore(store);
  },
  (db) => {
    db.createObjectStore('seenFiles', { keyPath: ['cameraId', 'path'] });
  },
  (db) => {
    db.createObjectStore('changes', { keyPath: ['cameraId', 'cause'] });
    db.createObjectStore('formerRows', { keyPath: ['cameraId', 'cause', 'jobId'] });
  },
  // It changed rows alone.
  () => undefined,
  (db) => {
    db.deleteObjectStore('detectorFiles');
  },
];

/** As "Train longer" described the model that it made; versions 4 to 9 had it. */
export const TRAINED = {
  id: 'adapted-reef',
  name: 'OBSEA autoencoder 2 for Reef',
  version: '2026-12-01',
  description: 'OBSEA autoencoder 2, trained for the camera Reef.',
  file: 'adapted-reef.onnx',
  sha256: 'b'.repeat(64),
  bytes: 5,
  input: { name: 'image', height: 216, width: 384 },
  outputs: { embedding: 'embedding', reconstruction: 'reconstruction' },
  embeddingLength: 64,
  transform: { resize: { height: 216, width: 384 }, mean: [0, 0, 0], std: [1, 1, 1] },
  detector: { name: 'mmd', windowSize: 12, sigma: 0.3 },
  thresholds: { warning: 0.05, drift: 0.1 },
  selfTest: null,
  license: 'MIT',
  adaptable: {
    embedding: 'embedding',
    statistics: { name: '/features/Concat_1_output_0', length: 1488 },
    content: {
      numbers: 32,
      weight: 'content.out.weight',
      bias: 'content.out.bias',
      gain: 'decoder.gain',
    },
    condition: {
      hidden: 64,
      hiddenWeight: 'condition.hidden.weight',
      hiddenBias: 'condition.hidden.bias',
      outWeight: 'condition.out.weight',
      outBias: 'condition.out.bias',
      reach: 'condition.reach',
    },
    fixed: ['features.texture.'],
    reconstruction: 'reconstruction',
  },
  training: {
    trainedFrom: { id: 'obsea-autoencoder-2', version: '2', sha256: 'a'.repeat(64) },
    trainedFor: 'Reef',
    trainedAt: '2026-12-01T12:00:00Z',
    trainedBy: '375 steps of the whole autoencoder, on this camera’s own clean snapshots: 48 of 9 days',
  },
  judged: {
    keptOut: 13,
    keptOutDays: 3,
    rebuilding: { keptOut: 13, keptOutDays: 3, before: 0.02, after: 0.005, meanPicture: 0.008 },
    how: 'on 13 clean snapshots of 3 later days',
  },
};

const EDITED = { code: 'record-changed', detail: '' } as const;

/** A stretch to be judged again, which is kept by camera id. */
const UNJUDGED = { from: 1, to: 2, isImported: true };

type Row = readonly [store: string, value: unknown, key?: IDBValidKey];

/** Rows as they were when the stores of a version came, with a camera beside it that none of it is about. */
async function rowsOf(version: number): Promise<Row[]> {
  const of = <T extends readonly Row[]>(since: number, rows: T) => (version >= since ? rows : []);
  const modelSha256 = version >= 4 ? TRAINED.sha256 : 'model';
  const camera = (id: string, more: Partial<Camera> = {}) => {
    const { persistence, calibrationId, ...first } = wholeCamera(id, more);
    return {
      ...first,
      ...(version >= 3 && { persistence, calibrationId }),
      ...(version >= 14 && { fileDatesUntil: 1 }),
    };
  };
  const handle = version >= 5 ? await navigator.storage.getDirectory() : null;
  return [
    ['cameras', camera('camera', { modelSha256, referenceId: 'reference', calibrationId: 'calibration' })],
    ['cameras', camera('other')],
    ['references', wholeReference('reference', { modelSha256 })],
    ['references', wholeReference('reference of other', { cameraId: 'other' })],
    ['jobs', wholeJob('a', 10, { modelSha256, distance: 0.2 })],
    ['jobs', wholeJob('b', 20, { modelSha256, distance: -0.01 })],
    ['jobs', wholeFailed('c', 30)],
    ['jobs', wholeJob('job of other', 10, { cameraId: 'other' })],
    ['embeddings', new Float32Array([1, 0.1, -0]), 'a'],
    ['embeddings', new Float32Array([2, 3]), 'b'],
    ['thumbnails', new ArrayBuffer(4), 'a'],
    ['events', wholeEvent()],
    ['events', wholeEvent('event of other', { cameraId: 'other' })],
    ['models', { manifest: { ...TRAINED, sha256: 'model', id: 'first' }, addedAt: 1 }, 'model'],
    ['modelFiles', new ArrayBuffer(3), 'model'],
    ['settings', 'camera', 'currentCameraId'],
    ['settings', version >= 15 ? new Map([['camera', UNJUDGED]]) : { camera: UNJUDGED }, 'unjudged'],
    ...of(2, [
      ['destinations', { cameraId: 'camera', baseUrl: '/driftwatch', experimentId: 'experiment' }],
      ['deliveries', wholeDelivery('a')],
      ['deliveries', wholeDelivery('b', { state: 'confirmed', sentAt: 5, remoteId: 'r' })],
      ['deliveries', wholeDelivery('c', { state: 'confirmed', sentAt: 5, remoteId: 's', failure: EDITED })],
    ]),
    ...of(3, [['calibrations', wholeCalibration('calibration', { modelSha256 })]]),
    ...of(4, [
      ['models', { manifest: TRAINED, addedAt: 2 }, TRAINED.sha256],
      ['modelFiles', new Uint8Array([1, 2, 3, 4, 5]).buffer, TRAINED.sha256],
    ]),
    ...(version < 10
      ? of(4, [
          [
            'trainings',
            { cameraId: 'other', modelSha256: 'model', step: 7, losses: new Float32Array([0.5]) },
          ],
          ['trainingWeights', new Float32Array([1, 2]), ['other', 'w 0']],
          ['trainingPictures', { part: 'fitted', pixels: new ArrayBuffer(12) }, ['other', 0]],
          ['trainingPictures', { part: 'dirty', pixels: new ArrayBuffer(12) }, ['other', 1]],
        ])
      : []),
    ...of(5, [['handles', [handle], ['camera', 'watch']]]),
    ...of(7, [
      ['glassFits', { version: 2, loss: { gain: [new Float32Array(3)] } }, 'reference'],
      ['sights', { measured: 1 }, 'a'],
    ]),
    ...of(8, [
      ['spansByHand', wholeSpanByHand()],
      ['detectors', wholeDetector(), 'detector'],
      ['detections', wholeDetections('a')],
    ]),
    ...(version < 14 ? of(8, [['detectorFiles', new ArrayBuffer(6), 'detector']]) : []),
    ...of(11, [['seenFiles', { cameraId: 'camera', path: 'a.jpg', stamp: '1 2 model' }]]),
  ];
}

/** Makes a database as a page of that version left it. */
export async function makeDatabase(name: string, version: number): Promise<void> {
  const rows = await rowsOf(version);
  const db = await openRaw(name, version, (db, tx) => {
    for (const step of STEPS.slice(0, version)) step(db, tx);
  });
  const tx = db.transaction([...db.objectStoreNames], 'readwrite');
  for (const [store, value, key] of rows) tx.objectStore(store).add(value, key);
  await ended(tx);
  db.close();
}

export interface Contents {
  readonly version: number;
  /** of each store its key path and its indexes */
  readonly stores: Readonly<Record<string, string>>;
  /** of each store its rows, as text */
  readonly rows: Readonly<Record<string, readonly string[]>>;
}

/** Everything that is in a database, read without the page's code. */
export async function contentsOf(name: string): Promise<Contents> {
  const db = await openRaw(name);
  const names = [...db.objectStoreNames];
  const tx = db.transaction(names);
  const reading = ended(tx);
  const stores: Record<string, string> = {};
  const rows: Record<string, string[]> = {};
  for (const store of names.map((name) => tx.objectStore(name))) {
    const [keys, values] = [await answer(store.getAllKeys()), await answer<unknown[]>(store.getAll())];
    const indexes = [...store.indexNames].map((index) => [index, store.index(index).keyPath]);
    stores[store.name] = JSON.stringify([store.keyPath, indexes]);
    rows[store.name] = keys.map((key, i) => textOf([key, values[i]]));
  }
  const { version } = db;
  // A connection whose transaction has not ended would block the next upgrade.
  await reading;
  db.close();
  return { version, stores, rows };
}

function openRaw(
  name: string,
  version?: number,
  upgrade?: (db: IDBDatabase, tx: IDBTransaction) => void,
): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, version);
  opening.onupgradeneeded = () => upgrade?.(opening.result, opening.transaction!);
  return answer(opening);
}

function ended(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => {
      resolve();
    };
    tx.onabort = () => {
      reject(new Error(String(tx.error)));
    };
  });
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(new Error(String(request.error)));
    };
  });
}

/** To the last bit, buffers and the sign of zero included. */
function textOf(row: unknown): string {
  return JSON.stringify(row, (_, value: unknown) => {
    if (value instanceof ArrayBuffer) return ['bytes', ...new Uint8Array(value)];
    if (value instanceof Float32Array) return ['floats', ...new Uint8Array(value.slice().buffer)];
    if (value instanceof Map) return ['map', ...value];
    if (value instanceof FileSystemHandle) return ['handle', value.kind, value.name];
    return Object.is(value, -0) ? '-0' : value;
  });
}
