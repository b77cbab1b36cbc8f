/** Snapshots a second from decode to stored, with and without a viewer, in turns with Python that does the same. */
import { join } from 'node:path';
import { handFiles, processorParts, processorSeconds } from '../drive.mjs';
import { setUpCamera } from '../judge-camera.mjs';
import { ROOT } from '../prepare.mjs';
import { runPeer } from './peers.mjs';

const ROUNDS = 3;
/** As fast as the peer, and milliseconds of processor time that a viewer may cost. */
const WANTED = { ratio: 1, viewer: 2, task: 50 };
// glibc gives large blocks back at once and asks for them again; with these it keeps them.
const KEEPS_MEMORY = { MALLOC_MMAP_THRESHOLD_: '1073741824', MALLOC_TRIM_THRESHOLD_: '1073741824' };
/** The first is the one that the page is measured by. */
const PEERS = ['encode', 'all'].flatMap((work) => [
  { work, processes: 2, environment: KEEPS_MEMORY, name: '2 processes that keep their memory' },
  { work, processes: 1, environment: KEEPS_MEMORY, name: '1 process that keeps its memory' },
  { work, processes: 2, environment: {}, name: '2 processes' },
  { work, processes: 1, environment: {}, name: '1 process' },
]);
const DOES = {
  encode: 'Python that only decodes, resizes and encodes',
  all: 'Python that does the same work',
};

/**
 * Each round measures all of them once, one after the other: the machine's other work then falls on each alike. Ratios
 * are of one round.
 *
 * @param {(work: (page: object, browser: object) => Promise<object>, isSeen: boolean) => Promise<object>} inPage
 * @param {{ snapshots: readonly string[], camera: string, model: string }} given - paths
 */
export async function benchSnapshots(inPage, { snapshots, camera, model }) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const unseen = await inPage((page, browser) => scoreOnce(page, browser, snapshots), false);
    const peers = [runOne(PEERS[0], camera, model)];
    const seen = await inPage((page, browser) => scoreOnce(page, browser, snapshots), true);
    if (peers[0]) peers.push(...PEERS.slice(1).map((peer) => runOne(peer, camera, model)));
    rounds.push({ unseen, seen, peers });
  }
  print(rounds);
}

function print(rounds) {
  const each = (of) => median(rounds.map(of));
  const hasPeers = rounds[0].peers[0] !== null;
  const ratio = (who, i) => each((round) => round[who].rate / round.peers[i].rate).toFixed(2);
  if (hasPeers) {
    console.log(
      `  the page without a viewer is ${ratio('unseen', 0)} times as fast as ${DOES.encode}, ${PEERS[0].name} (wanted ${WANTED.ratio.toFixed(1)}); with one ${ratio('seen', 0)} times`,
    );
  } else {
    console.log('  no Python with Pillow, SciPy, onnx and onnxruntime here: no peer to compare with');
  }
  for (const [who, name] of [
    ['unseen', 'without a viewer'],
    ['seen', 'with a viewer'],
  ]) {
    const rates = rounds.map((round) => round[who].rate.toFixed(1)).join(', ');
    console.log(`  ${name}, ${ROUNDS} runs: ${rates}; median ${each((round) => round[who].rate).toFixed(1)}`);
    console.log(
      `    processor time of the whole browser: ${each((round) => round[who].cpu).toFixed(1)} ms a snapshot${partsOf(rounds, who)}`,
    );
    const longest = Math.max(...rounds.map((round) => round[who].longestTask));
    console.log(
      `    longest main-thread task: ${longest === 0 ? 'below 50' : longest.toFixed(0)} ms (wanted ${WANTED.task})`,
    );
  }
  const viewer = each(({ seen, unseen }) => seen.cpu - unseen.cpu).toFixed(1);
  console.log(`  a viewer costs ${viewer} ms of processor time a snapshot (wanted at most ${WANTED.viewer})`);
  if (!hasPeers) return;
  for (const [i, { work, name }] of PEERS.entries()) {
    const [rate, cpu] = ['rate', 'cpu'].map((what) => each(({ peers }) => peers[i][what]).toFixed(1));
    console.log(
      `  ${DOES[work]}, ${name}: ${rate}, ${cpu} ms of processor time; the page is ${ratio('unseen', i)} times as fast, with a viewer ${ratio('seen', i)}`,
    );
  }
}

/** Nothing on a system that does not say it of each thread. */
function partsOf(rounds, who) {
  if (rounds.some((round) => round[who].parts === null)) return '';
  const of = (name) => median(rounds.map((round) => round[who].parts[name])).toFixed(1);
  return `: main thread ${of('page')}, workers ${of('workers')}, other threads ${of('threads')}, other processes ${of('others')}`;
}

/** Scores all snapshots in a fresh page; the model is open before the clock starts. */
async function scoreOnce(page, browser, snapshots) {
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
    return { rate: list.length / seconds, longestTask };
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
}

/** @returns null where no Python has the packages */
function runOne({ work, processes, environment }, camera, model) {
  const script = join(ROOT, 'scripts', 'bench', 'peer.py');
  const figures = runPeer([script, model, camera, String(processes), work], {
    env: { ...process.env, ...environment },
  });
  if (figures === null) return null;
  const [rate, cpu] = figures.trim().split('\n').at(-1).split(' ').map(Number);
  return { rate, cpu };
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
