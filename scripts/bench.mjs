/** `npm run bench`: speed against the stated Python peers, and the verdicts on the real camera. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from './command-line.mjs';
import { build, prepare, ROOT, stop } from './prepare.mjs';
import { within } from './within.mjs';

const CAMERA = process.env.PORTHOLE_SNAPSHOTS ?? join(ROOT, '..', 'shared', 'data', 'obsea');
/** So long a part may take, in milliseconds. */
const MOST = 3_600_000;

const index = JSON.parse(readFileSync(join(ROOT, 'public/models/index.json'), 'utf8'));
const model = join(ROOT, 'public/models', index.default, 'autoencoder.onnx');

const PARTS = {
  detector: async () => {
    console.log('Streaming MMD');
    await benchDetector();
  },
  glass: async () => {
    console.log('What is on the glass');
    await benchGlass();
  },
  stays: async () => {
    console.log('What stays, from the click in the Monitor to both medians');
    await inPage(benchStays);
  },
  calibration: async () => {
    console.log('Calibration');
    await benchCalibration();
  },
  history: async () => {
    console.log('A history of 100,000 jobs');
    await inPage(benchHistory);
  },
  sending: async () => {
    console.log('3,000 records to DriftWatch');
    await benchSending();
  },
  shards: async () => {
    console.log('An archive of 100,000 snapshots in 16 shards');
    await benchShards();
  },
  station: async () => {
    console.log('Memory of a station that scores 10,000 snapshots');
    await benchStation(10_000);
  },
  'first-visit': () => benchFirstVisit(),
  offline: async () => {
    console.log(
      'Second visit, without a network, from opening the page to the verdict on a dropped snapshot',
    );
    await benchOffline();
  },
  snapshots: async () => {
    const snapshots = snapshotsHere();
    if (!snapshots) return;
    console.log(`Snapshots a second, decode to stored, ${snapshots.length} real JPEGs, WebAssembly`);
    await benchSnapshots(inPage, { snapshots, camera: CAMERA, model });
  },
  verdicts: async () => {
    if (!snapshotsHere()) return;
    console.log('Verdicts on the real camera (sigma 0.3, window 12, limits 0.05 and 0.10)');
    await printVerdicts();
  },
};

const USAGE = `npm run bench [-- PART …]
npm run bench -- --intake COUNT

Runs all parts, or those named, as far as the machine has the means, and says what it left out.

  PART      ${Object.keys(PARTS).join(', ')}
  --intake  drops so many snapshots on the page, in folders and in a zip; 10,000 take minutes`;

const { intake, named } = commandLine({ intake: { type: 'string' } }, USAGE, true);
for (const name of named) {
  if (!Object.hasOwn(PARTS, name))
    stop(`There is no part ${name}. Parts: ${Object.keys(PARTS).join(', ')}.`, 2);
}
if (intake !== undefined && !/^[1-9]\d*$/.test(intake)) {
  stop(`--intake is ${intake}: expected a number of snapshots.`, 2);
}
if (intake !== undefined && named.length > 0) stop(`--intake and ${named[0]} don’t go together.`, 2);

prepare();
build();
const { benchDetector } = await import('./bench/detector.mjs');
const { benchGlass } = await import('./bench/glass.mjs');
const { benchIntake } = await import('./bench/intake.mjs');
const { benchCalibration } = await import('./bench/calibration.mjs');
const { benchHistory } = await import('./bench/history.mjs');
const { benchFirstVisit } = await import('./bench/first-visit.mjs');
const { benchSnapshots } = await import('./bench/snapshots.mjs');
const { benchStays } = await import('./bench/stays.mjs');
const { benchStation } = await import('./bench/station.mjs');
const { benchSending } = await import('./bench/sending.mjs');
const { benchShards } = await import('./bench/shards.mjs');
const { benchOffline } = await import('./bench/offline.mjs');
const { serveDist } = await import('./serve.mjs');
const { openPage } = await import('./drive.mjs');
const { jpegsIn, judgeCamera } = await import('./judge-camera.mjs');

if (intake !== undefined) {
  const count = Number(intake);
  for (const as of ['folders', 'zip']) {
    console.log(`${count} snapshots in one drop, in ${as === 'zip' ? 'one zip file' : 'folders'}`);
    await inPage((page) => benchIntake(page, count, as));
  }
} else {
  for (const name of named.length > 0 ? named : Object.keys(PARTS)) {
    await within(MOST, `The part ${name} gave no figures`, PARTS[name]()).catch(({ message }) =>
      stop(message),
    );
    console.log();
  }
}

/** @returns the paths of the real camera's snapshots, or null, said, when they are not here */
function snapshotsHere() {
  if (existsSync(CAMERA)) return [...jpegsIn(join(CAMERA, 'clean')), ...jpegsIn(join(CAMERA, 'dirty'))];
  console.log(
    `No snapshots of the real camera in ${CAMERA} (PORTHOLE_SNAPSHOTS names another folder): left out.`,
  );
  return null;
}

async function printVerdicts() {
  const { clean, dirty } = await inPage((page) => judgeCamera(page, CAMERA));
  const share = (limit) => (100 * clean.filter((distance) => distance > limit).length) / clean.length;
  const first = dirty.findIndex((distance) => distance > 0.1) + 1;
  console.log(
    `  ${clean.length} clean windows: ${share(0.05).toFixed(1)} % above 0.05 (wanted at most 2), ${share(0.1).toFixed(1)} % above 0.10 (wanted 0), highest ${Math.max(...clean).toFixed(4)}`,
  );
  console.log(
    `  ${dirty.length} dirty: drift from snapshot ${first || 'none'} (wanted within 5), last distance ${dirty.at(-1).toFixed(3)}`,
  );
}

/** @param isSeen - whether the page is drawn */
async function inPage(work, isSeen = true) {
  const server = await serveDist();
  const { page, browser, close } = await openPage(server.address, { isSeen });
  try {
    return await work(page, browser);
  } finally {
    await close();
    await server.close();
  }
}
