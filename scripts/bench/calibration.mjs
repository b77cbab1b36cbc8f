/** `npm run bench` for calibration: the worker's arithmetic. */
import { runPeer } from './peers.mjs';
import { sampleEmbeddings, withDomain } from '../domain.mjs';

const REFERENCE = 253;
const LENGTH = 64;
const DETECTOR = { name: 'mmd-streaming', windowSize: 12, sigma: 0.3 };
const WANTED = 1000;

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
  const { windows, bootstrap } = await withDomain(async (load) => {
    const { cleanWindows } = await load('core/domain/drift/calibration');
    const { mmdIndependentLimit } = await load('core/domain/drift/mmd-independent-limit');
    const [reference, run] = [REFERENCE, 1000].map((count) => sampleEmbeddings(count, LENGTH, count));
    const sightings = (list) => list.map((embedding, i) => ({ capturedAt: i * 3_600_000, embedding }));
    return {
      windows: time(() => cleanWindows(reference, sightings(run), DETECTOR)),
      bootstrap: time(() => mmdIndependentLimit(reference, run, DETECTOR)),
    };
  });
  const [peerWindows, peerBootstrap] = peer();
  print('all contiguous windows of 1,000 snapshots', windows, peerWindows);
  print('10,000 bootstraps of a window of 12 from 1,000', bootstrap, peerBootstrap);
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
  const figures = runPeer(['-c', PEER]);
  if (figures !== null) return figures.trim().split('\n').map(Number);
  console.log('  no Python with numpy and SciPy here: no peer to compare with');
  return [null, null];
}
