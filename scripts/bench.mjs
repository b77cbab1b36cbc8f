/** `npm run bench`: speed against the stated Python peers, and the verdicts on the real camera. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPeer } from './bench/peers.mjs';
import { commandLine } from './command-line.mjs';
import { build, prepare, ROOT, stop } from './prepare.mjs';
import { within } from './within.mjs';

const CAMERA = process.env.PORTHOLE_SNAPSHOTS ?? join(ROOT, '..', 'shared', 'data', 'obsea');
const ROUNDS = 3;
/** So long a part may take, in milliseconds. */
const MOST = 3_600_000;
// glibc gives large blocks back at once and asks for them again; with these it keeps them.
const KEEPS_MEMORY = { MALLOC_MMAP_THRESHOLD_: '1073741824', MALLOC_TRIM_THRESHOLD_: '1073741824' };

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
    await benchPipeline(snapshots);
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
const { benchStays } = await import('./bench/stays.mjs');
const { benchStation } = await import('./bench/station.mjs');
const { benchSending } = await import('./bench/sending.mjs');
const { benchShards } = await import('./bench/shards.mjs');
const { benchOffline } = await import('./bench/offline.mjs');
const { serveDist } = await import('./serve.mjs');
const { openPage, handFiles, processorParts, processorSeconds } = await import('./drive.mjs');
const { jpegsIn, judgeCamera, setUpCamera } = await import('./judge-camera.mjs');

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

async function benchPipeline(snapshots) {
  const page = [];
  const cpu = [];
  const parts = [];
  let longest = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const measured = await scoreOnce(snapshots);
    page.push(measured.perSecond);
    cpu.push(measured.cpu);
    if (measured.parts) parts.push(measured.parts);
    longest = Math.max(longest, measured.longestTask);
  }
  const ours = median(page);
  console.log(
    `  the page, ${ROUNDS} runs: ${page.map((rate) => rate.toFixed(1)).join(', ')}; median ${ours.toFixed(1)}`,
  );
  console.log(`  processor time of the whole browser: ${median(cpu).toFixed(1)} ms a snapshot (wanted 13)`);
  if (parts.length > 0) {
    const of = (name) => median(parts.map((part) => part[name])).toFixed(1);
    console.log(
      `    its main thread ${of('page')}, its workers ${of('workers')}, its other threads ${of('threads')}, other processes ${of('others')} ms`,
    );
  }
  console.log(
    `  longest main-thread task: ${longest === 0 ? 'below 50' : longest.toFixed(0)} ms (wanted 50)`,
  );
  for (const [work, does] of [
    ['all', 'Python that does the same work'],
    ['encode', 'Python that only decodes, resizes and encodes'],
  ]) {
    for (const [processes, environment, name] of [
      [1, {}, '1 process'],
      [2, {}, '2 processes'],
      [1, KEEPS_MEMORY, '1 process that keeps its memory'],
      [2, KEEPS_MEMORY, '2 processes that keep their memory'],
    ]) {
      const runs = Array.from({ length: ROUNDS }, () => peer(processes, work, environment)).filter(Boolean);
      if (runs.length === 0) {
        console.log('  no Python with Pillow, SciPy, onnx and onnxruntime here: no peer to compare with');
        return;
      }
      const rate = median(runs.map((run) => run.rate));
      const used = median(runs.map((run) => run.cpu)).toFixed(1);
      console.log(
        `  ${does}, ${name}: ${rate.toFixed(1)}, ${used} ms of processor time; the page is ${(ours / rate).toFixed(2)} times as fast`,
      );
    }
  }
}

/** Scores all snapshots in a fresh page; the model is open before the clock starts. */
async function scoreOnce(snapshots) {
  return inPage(async (page, browser) => {
    await setUpCamera(page, snapshots.slice(0, 40), []);
    const files = await handFiles(page, snapshots);
    const [before, partsBefore] = [await processorSeconds(browser), await processorParts(browser)];
    const measured = await page.evaluate(async (files) => {
      let longestTask = 0;
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration);
      });
      observer.observe({ type: 'longtask' });
      const list = [...files.files];
      const began = performance.now();
      await globalThis.porthole.score(list);
      const seconds = (performance.now() - began) / 1000;
      // Entries of the observer arrive a little later than the tasks they are about.
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { perSecond: list.length / seconds, longestTask };
    }, files);
    const [after, partsAfter] = [await processorSeconds(browser), await processorParts(browser)];
    const each = (seconds, earlier) => (1000 * (seconds - earlier)) / snapshots.length;
    const parts =
      partsBefore &&
      partsAfter &&
      Object.fromEntries(
        Object.keys(partsAfter).map((name) => [name, each(partsAfter[name], partsBefore[name])]),
      );
    return { ...measured, cpu: each(after, before), parts };
  });
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

async function inPage(work) {
  const server = await serveDist();
  const { page, browser, close } = await openPage(server.address);
  try {
    return await work(page, browser);
  } finally {
    await close();
    await server.close();
  }
}

/**
 * @param work - `all` that the page does, or `encode`
 * @param environment - variables beside those of this process
 */
function peer(processes, work, environment) {
  const script = join(ROOT, 'scripts', 'bench', 'peer.py');
  const figures = runPeer([script, model, CAMERA, String(processes), work], {
    env: { ...process.env, ...environment },
  });
  if (figures === null) return null;
  const [rate, cpu] = figures.trim().split('\n').at(-1).split(' ').map(Number);
  return { rate, cpu };
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
