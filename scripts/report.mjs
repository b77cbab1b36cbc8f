/**
 * `npm run report`: what calibrating is worth on the real camera. Limits are measured on clean August days that the
 * reference has not seen, and judged on clean September and on the dirty snapshots; with embeddings that are not ours
 * and the simple baselines beside.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { commandLine } from './command-line.mjs';
import { build, prepare, ROOT, stop } from './prepare.mjs';
import { within } from './within.mjs';

const USAGE = `npm run report [-- --write]

  --write  writes the table into benchmark/RESULTS.md, too`;
const { write } = commandLine({ write: { type: 'boolean' } }, USAGE);
const CAMERA = process.env.PORTHOLE_SNAPSHOTS ?? join(ROOT, '..', 'shared', 'data', 'obsea');
if (!existsSync(CAMERA)) {
  stop(
    `No snapshots of the real camera in ${CAMERA}: nothing to report (PORTHOLE_SNAPSHOTS names another folder).`,
  );
}
prepare();
build();
const { serveDist } = await import('./serve.mjs');
const { openPage, handFiles } = await import('./drive.mjs');
const { jpegsIn, setUpCamera } = await import('./judge-camera.mjs');
const { withDomain } = await import('./domain.mjs');
const { markdown, writeTable } = await import('./judge/table.mjs');

/** Days before this one are August's; the first of them become the reference, as the Calibrate place suggests. */
const SEPTEMBER = Date.UTC(2023, 8, 1);
/** So long the page may take for all snapshots, in milliseconds. */
const MOST = 3_600_000;
const REFERENCE_SHARE = 0.5;
const WINDOW = 12;
const INDEPENDENT = 'independent snapshots, 99 %';
const CALIBRATED = 'calibrated';
const FRESH = { raiseAfter: 1, clearAfter: 1, clearBelow: 1 };

const snapshots = await within(MOST, 'The page gave no embeddings', look()).catch(({ message }) =>
  stop(message),
);
await withDomain(report);

/** Every snapshot of the camera as the page sees it: embedding, properties, and some of its pixels. */
async function look() {
  const server = await serveDist();
  const { page, close } = await openPage(server.address);
  try {
    const [clean, dirty] = ['clean', 'dirty'].map((folder) => jpegsIn(join(CAMERA, folder)));
    await setUpCamera(page, clean.slice(0, 40), []);
    const files = await handFiles(page, [...clean, ...dirty]);
    const dirtyNames = new Set(dirty.map((path) => path.split('/').at(-1)));
    const seen = await page.evaluate(async (files) => {
      const list = [...files.files];
      await globalThis.porthole.score(list);
      const db = await new Promise((resolve) => {
        const opening = indexedDB.open('porthole');
        opening.onsuccess = () => resolve(opening.result);
      });
      const all = (name) =>
        new Promise((resolve) => {
          const asking = db.transaction(name).objectStore(name).getAll();
          asking.onsuccess = () => resolve(asking.result);
        });
      const [jobs, embeddings] = await Promise.all([all('jobs'), all('embeddings')]);
      const ids = await new Promise((resolve) => {
        const asking = db.transaction('embeddings').objectStore('embeddings').getAllKeys();
        asking.onsuccess = () => resolve(asking.result);
      });
      const embeddingOf = new Map(ids.map((id, i) => [id, [...embeddings[i]]]));
      const context = new OffscreenCanvas(384, 216).getContext('2d', { willReadFrequently: true });
      const pixelsOf = new Map();
      for (const file of list) {
        const bitmap = await createImageBitmap(file, { resizeWidth: 384, resizeHeight: 216 });
        context.drawImage(bitmap, 0, 0);
        bitmap.close();
        const { data } = context.getImageData(0, 0, 384, 216);
        const some = [];
        for (let y = 4; y < 216; y += 8) {
          for (let x = 4; x < 384; x += 8) {
            const at = 4 * (y * 384 + x);
            some.push(data[at] / 255, data[at + 1] / 255, data[at + 2] / 255);
          }
        }
        pixelsOf.set(file.name, some);
      }
      return jobs
        .filter((job) => job.jobStatus === 'Completed')
        .map((job) => ({
          name: job.imageName,
          capturedAt: job.capturedAt,
          properties: job.properties,
          embedding: embeddingOf.get(job.id),
          pixels: pixelsOf.get(job.imageName),
        }));
    }, files);
    return seen
      .map((snapshot) => ({ ...snapshot, isDirty: dirtyNames.has(snapshot.name) }))
      .sort((a, b) => a.capturedAt - b.capturedAt);
  } finally {
    await close();
    await server.close();
  }
}

async function report(load) {
  const calibration = await load('core/domain/drift/calibration');
  const { medianSigma } = await load('core/domain/drift/kernel');
  const clean = snapshots.filter((snapshot) => !snapshot.isDirty);
  const dirty = snapshots.filter((snapshot) => snapshot.isDirty);
  const august = clean.filter((snapshot) => snapshot.capturedAt < SEPTEMBER);
  const september = clean.filter((snapshot) => snapshot.capturedAt >= SEPTEMBER);
  const { reference, rest } = calibration.splitByDays(august, REFERENCE_SHARE);
  const days = (run) => new Set(run.map((snapshot) => calibration.dayOf(snapshot.capturedAt))).size;
  console.log(
    `Reference: ${reference.length} clean snapshots of ${days(reference)} August days. Limits from ${rest.length} of the ${days(rest)} after.`,
  );
  console.log(
    `Judged on ${september.length} clean snapshots of ${days(september)} September days, then on ${dirty.length} dirty ones.\n`,
  );
  const rows = [];
  const judge = async (name, embed, sigma, floor) => {
    const sighting = (snapshot) => ({
      capturedAt: snapshot.capturedAt,
      embedding: Float32Array.from(embed(snapshot)),
      brightness: snapshot.properties.brightness,
    });
    const [known, measured, later, soiled] = [reference, rest, september, dirty].map((run) =>
      run.map(sighting),
    );
    const embeddings = known.map(({ embedding }) => embedding);
    const detector = { name: 'mmd-streaming', windowSize: WINDOW, sigma: sigma ?? medianSigma(embeddings) };
    const result = await calibration.proposeLimits({
      reference: embeddings,
      clean: measured,
      dirty: [],
      detector,
      persistence: FRESH,
      floor,
      usedTimes: [],
    });
    // The window of the first September snapshots holds the last clean ones of August, as at the camera.
    const windows = calibration.cleanWindows(embeddings, [...measured.slice(1 - WINDOW), ...later], detector);
    const tried = (basis, drift) => {
      const thresholds = { warning: drift, drift };
      const { events, daysInAlarm, days } = calibration.falseAlarms(windows, thresholds, FRESH);
      const judging = { detector, thresholds, persistence: FRESH };
      const { delay } = calibration.dirtyRun(
        judging,
        embeddings,
        later.map(({ embedding }) => embedding),
        soiled.map(({ embedding }) => embedding),
      );
      const above = windows.distances.filter((distance) => distance > drift).length;
      rows.push({
        embedding: name,
        limit: basis,
        drift: Number(drift.toPrecision(3)),
        'false-alarm events': events,
        'days in alarm': `${daysInAlarm} of ${days}`,
        'windows above': `${((100 * above) / windows.distances.length).toFixed(0)} %`,
        'drift from dirty snapshot': delay ?? 'never',
      });
    };
    tried(INDEPENDENT, result.independent.drift);
    if (result.proposal.measured) tried(CALIBRATED, result.proposal.measured.drift);
    else console.log(`${name}: too little to measure a limit of its own, so it is in no total.`);
    if (floor) tried('calibrated, not below the model’s own', result.proposal.thresholds.drift);
  };

  const pixelMean = meanOf(reference.map(({ pixels }) => pixels));
  const axes = principalAxes(
    reference.map(({ pixels }) => difference(pixels, pixelMean)),
    32,
  );
  await judge('shipped model', ({ embedding }) => embedding, 0.3, { warning: 0.05, drift: 0.1 });
  for (const [name, embed] of [
    ['colour and sharpness', ({ properties: p }) => [p.sharpness, p.blueMinusRed, p.greenCast]],
    [
      'colour, sharpness, brightness, contrast',
      ({ properties: p }) => [p.brightness, p.contrast, p.sharpness, p.blueMinusRed, p.greenCast],
    ],
    [
      'PCA-32 of pixels',
      ({ pixels }) => axes.map((axis) => dot(axis.direction, difference(pixels, pixelMean))),
    ],
  ]) {
    await judge(name, standardised(embed, reference), null, null);
  }
  console.log(`${markdown(rows)}\n`);
  if (write) await writeTable('benchmark/RESULTS.md', 'calibrated', rows);
  const measured = new Set(rows.filter((row) => row.limit === CALIBRATED).map((row) => row.embedding));
  const eventsOf = (basis) =>
    rows
      .filter((row) => row.embedding !== 'shipped model' && measured.has(row.embedding))
      .filter((row) => row.limit === basis)
      .reduce((sum, row) => sum + row['false-alarm events'], 0);
  const [naive, honest] = [INDEPENDENT, CALIBRATED].map(eventsOf);
  console.log(
    `The simple embeddings together: ${naive} false-alarm events with the limit of independent snapshots, ${honest} calibrated (wanted: a tenth).`,
  );

  console.log('\nSingle snapshots, clean September against dirty: area under the ROC curve\n');
  const mean = (key) => meanOf(reference.map(({ properties }) => [properties[key]]))[0];
  const embeddingMean = meanOf(reference.map(({ embedding }) => embedding));
  const scores = {
    'shipped model, distance to the mean embedding': ({ embedding }) =>
      norm(difference(embedding, embeddingMean)),
    'distance to the mean image': ({ pixels }) => norm(difference(pixels, pixelMean)),
    brightness: ({ properties }) => Math.abs(properties.brightness - mean('brightness')),
    'blue - red': ({ properties }) => Math.abs(properties.blueMinusRed - mean('blueMinusRed')),
    'Mahalanobis of PCA-16': ({ pixels }) =>
      norm(
        axes
          .slice(0, 16)
          .map(({ direction, spread }) => dot(direction, difference(pixels, pixelMean)) / spread),
      ),
  };
  const areas = Object.entries(scores).map(([name, score]) => ({
    score: name,
    AUC: areaUnderCurve(september.map(score), dirty.map(score)).toFixed(3),
  }));
  console.log(markdown(areas));
}

/** An embedding in units of the reference's standard deviations. */
function standardised(embed, reference) {
  const rows = reference.map(embed);
  const mean = meanOf(rows);
  const spread = mean.map((centre, k) =>
    Math.sqrt(rows.reduce((sum, row) => sum + (row[k] - centre) ** 2, 0) / (rows.length - 1)),
  );
  return (snapshot) => embed(snapshot).map((value, k) => (value - mean[k]) / spread[k]);
}

function principalAxes(centred, count) {
  const { rightSingularVectors, diagonal } = new SingularValueDecomposition(new Matrix(centred), {
    autoTranspose: true,
  });
  return diagonal.slice(0, count).map((value, k) => ({
    direction: rightSingularVectors.getColumn(k),
    spread: value / Math.sqrt(centred.length - 1),
  }));
}

/** The probability that a dirty snapshot scores higher than a clean one. */
function areaUnderCurve(clean, dirty) {
  let wins = 0;
  for (const bad of dirty) for (const good of clean) wins += bad > good ? 1 : bad === good ? 0.5 : 0;
  return wins / (clean.length * dirty.length);
}

function meanOf(rows) {
  return rows[0].map((_, k) => rows.reduce((sum, row) => sum + row[k], 0) / rows.length);
}

function difference(a, b) {
  return a.map((value, k) => value - b[k]);
}

function dot(a, b) {
  return a.reduce((sum, value, k) => sum + value * b[k], 0);
}

function norm(a) {
  return Math.sqrt(dot(a, a));
}
