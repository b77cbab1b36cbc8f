/**
 * Times one update of the MMD detector against what Frouros does for it in numpy and SciPy.
 *
 * Frouros itself is not needed: the peer is its arithmetic, stated anew below without its classes, checks and
 * progress through chunks, so rather faster than Frouros. Both get the same float32 numbers and must agree.
 */
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runPeer } from './peers.mjs';
import { sampleEmbeddings, withDomain } from '../domain.mjs';

const SETTINGS = { n: 253, d: 64, windowSize: 12, sigma: 0.3, runs: 7, calls: 400 };
const WANTED_RATIO = 2.5;
/** Frouros 0.10.0 itself at these settings: 2 vCPU AMD EPYC (Zen 4), Python 3.13, numpy 2.2, SciPy 1.15, 2026-11-24 */
const RECORDED_MICROSECONDS = 98.7;

const PEER = `
import json, sys, time
try:
    import numpy as np
    from scipy.spatial.distance import cdist
except ImportError:
    sys.exit(3)
job = json.load(sys.stdin)
size, sigma = job["windowSize"], job["sigma"]
reference = np.array(job["reference"], dtype=np.float32)
stream = np.array(job["stream"], dtype=np.float32)

def kernels(a, b):
    return np.exp(-cdist(a, b, "sqeuclidean") / (2 * sigma**2))

n = len(reference)
within_reference = (kernels(reference, reference).sum() - n) / (n * (n - 1))
ring, seen = [None] * size, 0

def update(sample):
    global seen
    ring[seen % size] = sample
    seen += 1
    if seen < size:
        return None
    window = np.array(ring)
    within_window = (kernels(window, window).sum() - size) / (size * (size - 1))
    across = kernels(reference, window).sum() / (n * size)
    return within_reference + within_window - 2 * across

for sample in stream:
    update(sample)
times = []
for run in range(job["runs"]):
    start = time.perf_counter()
    for sample in stream:
        distance = update(sample)
    times.append((time.perf_counter() - start) / len(stream) * 1e6)
print(json.dumps({"microseconds": sorted(times)[len(times) // 2], "distance": distance}))
`;

async function timeOurs(reference, stream) {
  return withDomain(async (load) => {
    const { createDetector } = await load('core/domain/drift/detectors/index');
    const detector = createDetector({
      name: 'mmd-streaming',
      windowSize: SETTINGS.windowSize,
      sigma: SETTINGS.sigma,
    });
    detector.fit(reference);
    for (const embedding of stream) detector.update(embedding);
    const times = [];
    let distance = null;
    for (let run = 0; run < SETTINGS.runs; run++) {
      const start = performance.now();
      for (const embedding of stream) distance = detector.update(embedding);
      times.push(((performance.now() - start) / stream.length) * 1000);
    }
    return { microseconds: times.sort((a, b) => a - b)[SETTINGS.runs >> 1], distance };
  });
}

/** @returns the peer's figures, or null if Python, numpy or SciPy is missing */
function timePeer(reference, stream) {
  const input = JSON.stringify({
    windowSize: SETTINGS.windowSize,
    sigma: SETTINGS.sigma,
    runs: SETTINGS.runs,
    reference: reference.map((embedding) => [...embedding]),
    stream: stream.map((embedding) => [...embedding]),
  });
  const figures = runPeer(['-c', PEER], { input });
  return figures === null ? null : JSON.parse(figures);
}

/**
 * Median of 7 runs of 400 updates each, printed in one line.
 *
 * @returns {Promise<{ microseconds: number, peerMicroseconds: number, ratio: number, wantedRatio: number,
 *   peer: 'measured' | 'recorded' }>}
 * @throws when both sides do not compute the same distance
 */
export async function benchDetector() {
  const { n, d, calls } = SETTINGS;
  const all = sampleEmbeddings(n + calls, d);
  const reference = all.slice(0, n);
  const stream = all.slice(n);
  const busy = loadavg()[0];

  const ours = await timeOurs(reference, stream);
  const peer = timePeer(reference, stream);
  if (peer && !(Math.abs(ours.distance - peer.distance) < 1e-12)) {
    throw new Error(`the distances differ: ${ours.distance} here, ${peer.distance} in Python`);
  }

  const peerMicroseconds = peer?.microseconds ?? RECORDED_MICROSECONDS;
  const ratio = peerMicroseconds / ours.microseconds;
  const peerName = peer
    ? "Frouros' arithmetic restated in numpy/scipy"
    : 'no Python with scipy here, so Frouros as recorded on a 2 vCPU AMD EPYC';
  console.log(
    `mmd-streaming.update  n_ref ${n}, d ${d}: ${ours.microseconds.toFixed(1)} us; ` +
      `${peerName} ${peerMicroseconds.toFixed(1)} us; ratio ${ratio.toFixed(1)} (wanted ${WANTED_RATIO})`,
  );
  if (busy > availableParallelism() / 2) {
    console.log(`  the machine was busy (load ${busy.toFixed(1)} on ${availableParallelism()} cores)`);
  }
  return {
    microseconds: ours.microseconds,
    peerMicroseconds,
    ratio,
    wantedRatio: WANTED_RATIO,
    peer: peer ? 'measured' : 'recorded',
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchDetector();
