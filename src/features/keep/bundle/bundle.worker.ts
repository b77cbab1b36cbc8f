import { expose, transfer } from 'comlink';
import { BundleError } from '../../../core/domain/files/bundle';
import { AppError } from '../../../core/domain/errors';
import { loadCameras } from '../../../core/storage/cameras';
import { openDatabase, orStorageError, type Database } from '../../../core/storage/database';
import { loadGlassFit } from '../../../core/storage/glass-fits';
import { loadJobs } from '../../../core/storage/jobs';
import { loadModels } from '../../../core/storage/models';
import { writeOriginal } from '../../../core/storage/originals';
import { alive } from '../../../core/thread/life';
import type { ModelManifest } from '../../../core/domain/model/model';
import type { BundleApi, OnProgress } from './bundle-api';
import { BundleReader, type Present, type StoreById } from './bundle-reader';
import { writeBundle } from './bundle-writer';

/** Pieces of a zip are collected until they make one of so many bytes: the browser keeps those off the heap. */
const PIECE = 8 * 2 ** 20;

let opened: { readonly reader: BundleReader; readonly present: Present } | null = null;
let opening: Promise<Database> | null = null;

/** Nothing is written through it: only the page writes. */
function database(): Promise<Database> {
  opening ??= openDatabase();
  return opening;
}

function mustBeOpen() {
  if (!opened) throw new Error('no export is open');
  return opened;
}

const api: BundleApi = {
  ...alive,

  async write(order, target, onProgress) {
    const db = await database();
    const progress = seldom(onProgress);
    if (target) {
      // If the worker ends before the file is closed, the bytes written so far are given up.
      const leftOut = await writeBundle(db, order, await target.createWritable(), progress);
      return { zip: null, leftOut };
    }
    const pieces: Blob[] = [];
    let open: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    const close = () => {
      pieces.push(new Blob(open));
      [open, length] = [[], 0];
    };
    const sink = new WritableStream<Uint8Array>({
      write(chunk) {
        open.push(new Uint8Array(chunk));
        length += chunk.length;
        if (length >= PIECE) close();
      },
      close,
    });
    const leftOut = await writeBundle(db, order, sink, progress);
    return { zip: new Blob(pieces, { type: 'application/zip' }), leftOut };
  },

  async open(file, shipped, onRead, onProgress) {
    try {
      const reader = await BundleReader.open(file, onRead);
      const present = await presentIn(await database(), shipped);
      opened = { reader, present };
      return { ok: true, value: await reader.survey(present, seldom(onProgress)) };
    } catch (error) {
      if (error instanceof BundleError) return { ok: false, problem: error.problem };
      // The card was taken out, or the file was changed since it was chosen.
      if (error instanceof DOMException) return { ok: false, problem: { kind: 'lost' } };
      throw error;
    }
  },

  async model(index) {
    const model = await mustBeOpen().reader.model(index);
    return transfer(model, [model.bytes]);
  },

  camera: (index) => mustBeOpen().reader.camera(index),

  async wholeCameras(indices) {
    const { reader, present } = mustBeOpen();
    return reader.wholeCameras(indices, present);
  },

  async jobs(index) {
    const { reader, present } = mustBeOpen();
    const batch = await reader.jobs(index, present);
    if (!batch) return null;
    const thumbnails = batch.parts.flatMap(({ thumbnail }) => (thumbnail ? [thumbnail] : []));
    return transfer(batch, thumbnails);
  },

  async keepOriginal(of, name, file) {
    try {
      await writeOriginal(of, name, file);
      return null;
    } catch (error) {
      if (error instanceof AppError && error.code === 'disk-full') return 'disk-full';
      return 'storage-failed';
    }
  },
};

/** Five times a second is often enough for a person. */
function seldom(onProgress: OnProgress): OnProgress {
  let said = 0;
  return (done, total) => {
    const now = performance.now();
    if (now - said < 200 && done < total) return;
    said = now;
    onProgress(done, total);
  };
}

async function presentIn(
  db: Database,
  shipped: readonly Pick<ModelManifest, 'sha256' | 'embeddingLength'>[],
): Promise<Present> {
  const cameras = await loadCameras(db);
  const models = await loadModels(db);
  const known = [...models.map(({ manifest }) => manifest), ...shipped];
  const idsIn = async (store: StoreById) => new Set(await orStorageError(db.getAllKeys(store)));
  return {
    cameras: new Map(cameras.map((camera) => [camera.id, camera])),
    models: new Map(known.map(({ sha256, embeddingLength }) => [sha256, embeddingLength])),
    ids: {
      jobs: await idsIn('jobs'),
      references: await idsIn('references'),
      events: await idsIn('events'),
      calibrations: await idsIn('calibrations'),
      spansByHand: await idsIn('spansByHand'),
    },
    jobsOf: (cameraId) => loadJobs(db, cameraId),
    fitOf: (referenceId) => loadGlassFit(db, referenceId),
  };
}

expose(api);
