/** `npm run bench` for calibration and replay: the worker's arithmetic, and the page as a person uses it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sampleEmbeddings, withDomain } from '../domain.mjs';
import { handFiles } from '../drive.mjs';
import { ROOT } from '../prepare.mjs';

const REFERENCE = 253;
const LENGTH = 64;
const DETECTOR = { name: 'mmd-streaming', windowSize: 12, sigma: 0.3 };
const WANTED = 1000;
const DEMO = join(ROOT, 'public', 'demo');

/** The same two questions in numpy, vectorised where that is natural: kernels in one matrix, then sums over windows. */
const PEER = `
import sys, time
try:
    import numpy as np
    from scipy.spatial.distance import cdist
except ImportError:
    sys.exit(3)
rng = np.random.default_rng(1)
x, y, w, sigma = rng.random((253, 64)) * 0.1, rng.random((1000, 64)) * 0.1, 12, 0.3
def kernels(a, b):
    return np.exp(-cdist(a, b, "sqeuclidean") / (2 * sigma**2))
def windows():
    n = len(x)
    xx = (kernels(x, x).sum() - n) / (n * (n - 1))
    cross, within = kernels(y, x).mean(1), kernels(y, y)
    return [xx + (within[i:i+w, i:i+w].sum() - w) / (w * (w - 1)) - 2 * cross[i:i+w].mean() for i in range(len(y) - w + 1)]
def bootstrap():
    n = len(x)
    xx = (kernels(x, x).sum() - n) / (n * (n - 1))
    cross, within = kernels(y, x).mean(1), kernels(y, y)
    out = []
    for _ in range(10000):
        i = rng.choice(len(y), w, replace=False)
        out.append(xx + (within[np.ix_(i, i)].sum() - w) / (w * (w - 1)) - 2 * cross[i].mean())
    return np.quantile(out, 0.99)
for work in (windows, bootstrap):
    times = []
    for _ in range(3):
        start = time.perf_counter(); work(); times.append(time.perf_counter() - start)
    print(sorted(times)[1] * 1000)
`;

export async function benchCalibration() {
  const { windows, bootstrap, replay } = await withDomain(async (load) => {
    const { cleanWindows } = await load('core/domain/drift/calibration');
    const { mmdIndependentLimit } = await load('core/domain/drift/mmd-independent-limit');
    const { replay } = await load('features/calibrate/pure/replay');
    const [reference, run, history] = [REFERENCE, 1000, 10_000].map((count) =>
      sampleEmbeddings(count, LENGTH, count),
    );
    const sightings = (list) => list.map((embedding, i) => ({ capturedAt: i * 3_600_000, embedding }));
    const settings = {
      detector: DETECTOR,
      thresholds: { warning: 0.05, drift: 0.1 },
      persistence: { raiseAfter: 2, clearAfter: 2, clearBelow: 0.8 },
      reference,
      warmUp: [],
      cleanings: [],
    };
    return {
      windows: time(() => cleanWindows(reference, sightings(run), DETECTOR)),
      bootstrap: time(() => mmdIndependentLimit(reference, run, DETECTOR)),
      replay: time(() => replay(sightings(history), settings)),
    };
  });
  const [peerWindows, peerBootstrap] = peer();
  print('all contiguous windows of 1,000 snapshots', windows, peerWindows);
  print('10,000 bootstraps of a window of 12 from 1,000', bootstrap, peerBootstrap);
  print('replay of 10,000 jobs, arithmetic alone', replay, null);
}

/**
 * Replays 10,000 jobs in the page: from moving a setting to the new numbers on the screen.
 *
 * @param {import('@playwright/test').Page} page - with an empty storage
 */
export async function benchReplay(page) {
  const paths = (folder) => readdirSync(join(DEMO, folder)).map((name) => join(DEMO, folder, name));
  const files = [
    await handFiles(page, paths('reference')),
    await handFiles(page, paths('snapshots').slice(0, 20)),
  ];
  await page.evaluate(async ([reference, snapshots]) => {
    await globalThis.porthole.setUpCamera([...reference.files], { name: 'Bench', warmUp: 'snapshots' });
    await globalThis.porthole.score([...snapshots.files]);
  }, files);
  await page.evaluate(multiplyJobs, 10_000);
  await page.goto(`${page.url().split('#')[0]}#calibrate/replay`);
  await page.reload();
  await page.getByText(/verdicts? (of|stay)/).waitFor({ timeout: 60_000 });
  const { milliseconds, longestTask } = await page.evaluate(async () => {
    let longestTask = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration);
    });
    const panel = document.querySelector('[aria-labelledby="replay-title"]');
    const status = panel.querySelector('p[role="status"]');
    const slider = panel.querySelector('input[type="range"][aria-label="Window"]');
    observer.observe({ type: 'longtask' });
    const changed = new Promise((resolve) => {
      new MutationObserver(resolve).observe(status, { characterData: true, childList: true, subtree: true });
    });
    const began = performance.now();
    slider.value = '20';
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await changed;
    const milliseconds = performance.now() - began;
    // Entries of the observer arrive a little later than the tasks they are about.
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { milliseconds, longestTask };
  });
  print('replay of 10,000 jobs in the page, from the slider to the numbers', milliseconds, null);
  console.log(
    `  longest main-thread task meanwhile: ${longestTask === 0 ? 'below 50' : longestTask.toFixed(0)} ms`,
  );
}

function print(what, milliseconds, peer) {
  const ratio =
    peer === null
      ? ''
      : `; numpy and SciPy ${peer.toFixed(0)} ms, ${(peer / milliseconds).toFixed(1)} times ours`;
  console.log(`  ${what}: ${milliseconds.toFixed(0)} ms (wanted ${WANTED})${ratio}`);
}

/** Median of three, in milliseconds. */
function time(work) {
  const times = Array.from({ length: 3 }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return times.sort((a, b) => a - b)[1];
}

function peer() {
  for (const python of ['/usr/bin/python3', 'python3']) {
    if (python.startsWith('/') && !existsSync(python)) continue;
    const { stdout, status } = spawnSync(python, ['-c', PEER], { encoding: 'utf8' });
    if (status === 0) return stdout.trim().split('\n').map(Number);
  }
  console.log('  no Python with numpy and SciPy here: no peer to compare with');
  return [null, null];
}

/** Fills the chosen camera up to so many jobs with copies of those it has, an hour apart; runs in the page. */
async function multiplyJobs(count) {
  const db = await new Promise((resolve) => {
    const opening = indexedDB.open('porthole');
    opening.onsuccess = () => resolve(opening.result);
  });
  const tx = db.transaction(['jobs', 'embeddings'], 'readwrite');
  const done = new Promise((resolve, reject) => {
    tx.oncomplete = resolve;
    tx.onerror = () => reject(tx.error);
  });
  const all = (request) =>
    new Promise((resolve) => {
      request.onsuccess = () => resolve(request.result);
    });
  const jobs = (await all(tx.objectStore('jobs').getAll())).filter((job) => job.jobStatus === 'Completed');
  const embeddings = await Promise.all(jobs.map(({ id }) => all(tx.objectStore('embeddings').get(id))));
  const last = Math.max(...jobs.map(({ capturedAt }) => capturedAt));
  for (let i = jobs.length; i < count; i++) {
    const job = jobs[i % jobs.length];
    const id = `copy-${i}`;
    tx.objectStore('jobs').add({
      ...job,
      id,
      imageName: `${i}.jpg`,
      contentSha256: id,
      capturedAt: last + (i - jobs.length + 1) * 3_600_000,
    });
    tx.objectStore('embeddings').add(embeddings[i % jobs.length], id);
  }
  await done;
  db.close();
}
