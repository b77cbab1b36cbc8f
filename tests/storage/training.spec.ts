import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';

interface Storage {
  database: typeof import('../../src/core/storage/database');
  cameras: typeof import('../../src/core/storage/cameras');
  deleteCamera: typeof import('../../src/core/storage/deletion/delete-camera').deleteCamera;
  trainings: typeof import('../../src/core/storage/trainings');
}
declare const storage: Storage;
declare const rows: typeof import('./whole-rows');
declare const make: {
  training(cameraId: string, step?: number): import('../../src/core/storage/schema').StoredTraining;
  picture(byte: number): import('../../src/core/domain/model/training-course').TrainingPicture;
};

test.beforeEach(async ({ page }) => {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const [database, cameras, { deleteCamera }, trainings, rows] = await Promise.all([
      import('/src/core/storage/database.ts'),
      import('/src/core/storage/cameras.ts'),
      import('/src/core/storage/deletion/delete-camera.ts'),
      import('/src/core/storage/trainings.ts'),
      import('/tests/storage/whole-rows.ts'),
    ]);
    const make = {
      training: (cameraId: string, step = 0) => ({
        cameraId,
        modelSha256: 'model',
        startedAt: 1,
        trainedFor: 2,
        step,
        state: {
          w: Float32Array.of(step),
          m: new Float32Array(1),
          v: new Float32Array(1),
          mean: Float32Array.of(step / 2),
        },
        best: { step, mean: Float32Array.of(step / 4), rebuilding: { after: 0.5 } },
        latest: null,
        losses: Float32Array.of(0.5, 0.25),
      }),
      picture: (byte: number) => ({
        isKeptOut: byte > 1,
        capturedAt: byte,
        pixels: Uint8Array.of(byte, byte, byte).buffer,
      }),
    };
    Object.assign(globalThis, { storage: { database, cameras, deleteCamera, trainings }, make, rows });
  });
});

test('a database of version 3 opens with nothing lost, and takes trainings', async ({ page }) => {
  const found = await page.evaluate(async () => {
    // As the third released version made it, for what this step touches.
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open('porthole', 3);
      opening.onupgradeneeded = () => {
        const db = opening.result;
        for (const name of ['cameras', 'references', 'jobs', 'events', 'calibrations'] as const) {
          const store = db.createObjectStore(name, { keyPath: 'id' });
          if (name !== 'cameras') store.createIndex('cameraId', 'cameraId');
        }
        for (const name of ['embeddings', 'thumbnails', 'models', 'modelFiles', 'settings']) {
          db.createObjectStore(name);
        }
        db.createObjectStore('destinations', { keyPath: 'cameraId' });
        const deliveries = db.createObjectStore('deliveries', { keyPath: ['lane', 'jobId'] });
        deliveries.createIndex('jobId', 'jobId');
        deliveries.createIndex('cameraId', 'cameraId');
      };
      opening.onerror = () => reject(new Error(opening.error?.message));
      opening.onsuccess = () => {
        const db = opening.result;
        const tx = db.transaction(['cameras', 'jobs', 'calibrations'], 'readwrite');
        tx.objectStore('cameras').add(rows.wholeCamera('camera', { calibrationId: 'calibration' }));
        tx.objectStore('jobs').add({ id: 'job', cameraId: 'camera' });
        tx.objectStore('calibrations').add({ id: 'calibration', cameraId: 'camera' });
        tx.oncomplete = () => {
          db.close();
          resolve();
        };
      };
    });
    const db = await storage.database.openDatabase();
    await storage.trainings.beginTraining(db, make.training('camera'));
    await storage.trainings.saveTrainingPicture(db, 'camera', 0, make.picture(1));
    return {
      cameras: (await storage.cameras.loadCameras(db)).map(({ id, calibrationId }) => ({
        id,
        calibrationId,
      })),
      counts: await Promise.all([db.count('jobs'), db.count('calibrations'), db.count('trainings')]),
    };
  });
  expect(found).toEqual({
    cameras: [{ id: 'camera', calibrationId: 'calibration' }],
    counts: [1, 1, 1],
  });
});

test('a training comes back with its pictures in their order, also more than ten', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const { beginTraining, saveTraining, saveTrainingPicture, loadTraining, loadTrainingPictures } =
      storage.trainings;
    const db = await storage.database.openDatabase();
    for (let i = 0; i < 12; i++) await saveTrainingPicture(db, 'camera', i, make.picture(i));
    await saveTrainingPicture(db, 'other', 0, make.picture(99));
    await beginTraining(db, make.training('camera'));
    const isSaved = await saveTraining(db, make.training('camera', 7));
    const training = await loadTraining(db, 'camera');
    const pictures: number[] = [];
    for await (const { pixels } of loadTrainingPictures(db, 'camera')) {
      pictures.push(new Uint8Array(pixels)[2]!);
    }
    const { step, state, best, losses } = training!;
    return {
      isSaved,
      step,
      w: [...state!.w],
      means: [state!.mean[0], best!.mean[0], best!.rebuilding.after],
      losses: [...losses],
      pictures,
      other: await loadTraining(db, 'other'),
    };
  });
  expect(found).toEqual({
    isSaved: true,
    step: 7,
    w: [7],
    means: [3.5, 1.75, 0.5],
    losses: [0.5, 0.25],
    pictures: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    other: null,
  });
});

test("a training goes with its camera, is not written after that, and no other camera's goes", async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const { beginTraining, saveTraining, saveTrainingPicture, deleteTraining } = storage.trainings;
    const db = await storage.database.openDatabase();
    for (const id of ['camera', 'camera2', 'other']) {
      await saveTrainingPicture(db, id, 0, make.picture(1));
      await beginTraining(db, make.training(id));
    }
    await storage.deleteCamera(db, 'camera');
    await deleteTraining(db, 'other');
    const isSaved = await saveTraining(db, make.training('camera', 8));
    return {
      isSaved,
      trainings: await db.getAllKeys('trainings'),
      weights: (await db.getAllKeys('trainingWeights')).map(([cameraId, name]) => `${cameraId} ${name}`),
      pictures: await db.getAllKeys('trainingPictures'),
    };
  });
  expect(found).toEqual({
    isSaved: false,
    trainings: ['camera2'],
    weights: ['best', 'm', 'mean', 'v', 'w'].map((name) => `camera2 ${name} 0`),
    pictures: [['camera2', 0]],
  });
});
