/** A stranger's use of the package: copied into a project that has it, and asked in Node, in a page and in a bundle. */
import { MMDStreaming, proposeLimits } from 'porthole/drift';
import { fitGlass, Glass, GlassStream, growthEmbedding, LossReader, openGlass } from 'porthole/glass';
import { openResizer, tensorValues, toTensor } from 'porthole/transform';
// The example of the package's README.
import { judge } from './judge.js';

/** @param given - of package.spec.ts, as JSON. @returns what can be JSON */
export async function answers({ streams, calibration, transforms, reference, courses }) {
  const clean = reference.map(toPixels);
  return {
    streams: streams.map(distancesOf),
    limits: await limitsOf(calibration),
    resized: await resized(),
    transforms: transforms.map((transform) => [...tensorValues(transform)]),
    sights: await sightsOf(clean, courses),
    judged: await judge(clean, [], [...courses.clean, ...courses.grown].map(toPixels)),
    wiped: await wiped(clean, courses.grown),
  };
}

function distancesOf({ reference, warmup_rows, stream, dtype, window_size: windowSize, sigma }) {
  const toSample = (row) => (dtype === 'float32' ? Float32Array : Float64Array).from([row].flat());
  const clean = reference.map(toSample);
  const detector = new MMDStreaming({ windowSize, sigma });
  detector.fit(clean);
  for (const sample of clean.slice(0, warmup_rows)) detector.update(sample);
  return stream.map((row) => detector.update(toSample(row)));
}

async function limitsOf({ reference, clean, ...settings }) {
  const { proposal, independent } = await proposeLimits({
    ...settings,
    reference: reference.map((row) => Float32Array.from(row)),
    clean: clean.map((each) => ({ ...each, embedding: Float32Array.from(each.embedding) })),
  });
  return { ...proposal.thresholds, independent: independent.drift };
}

/** SHA-256 of a checkerboard's bytes, and the tensor of its upper left pixel. */
async function resized() {
  const source = { height: 700, width: 1000 };
  const transform = { resize: { height: 216, width: 384 }, mean: [0, 0, 0], std: [1, 1, 1] };
  const pixels = new Uint8ClampedArray(4 * source.height * source.width);
  for (let i = 0; i < source.height * source.width; i++) {
    const isWhite = (Math.floor(i / source.width) + i) % 2 === 1;
    pixels.fill(isWhite ? 255 : 0, 4 * i, 4 * i + 3);
  }
  const resizer = await openResizer();
  const bytes = resizer.resize(pixels, source, transform.resize);
  const tensor = new Float32Array(bytes.length);
  toTensor(bytes, transform, tensor, 0);
  const digest = await crypto.subtle.digest('SHA-256', bytes.slice());
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { hex, bytes: bytes.length, isScaled: tensor[0] === Math.fround(bytes[0] / 255) };
}

function toPixels({ base64, ...size }) {
  return { ...size, data: Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)) };
}

async function sightsOf(clean, courses) {
  const { kernels, pictureOf } = await openGlass();
  const toPicture = ({ data, ...size }) => pictureOf(data, size);
  const fit = fitGlass(clean.map(toPicture), [], kernels);
  const glass = new Glass(fit, kernels);
  const reader = new LossReader(fit, []);
  const sights = Object.entries(courses).map(([name, pictures]) => {
    const course = pictures.map((picture) => glass.look(toPicture(toPixels(picture))));
    const facts = course.map(({ move, losses }, i) => ({
      move: [move.down, move.right],
      loss: [...reader.read(losses).embedding],
      growth: [...growthEmbedding(course.slice(0, i + 1).map(({ excess }) => excess))],
    }));
    return [name, facts];
  });
  return Object.fromEntries(sights);
}

/** Conclusions on grown pictures, and on the next one once a cleaning has emptied the windows. */
async function wiped(clean, grown) {
  const { kernels, pictureOf } = await openGlass();
  const toPicture = ({ data, ...size }) => pictureOf(data, size);
  const stream = new GlassStream(fitGlass(clean.map(toPicture), [], kernels), kernels);
  const next = (each) => stream.next(toPicture(toPixels(each))).conclusion.code;
  const before = grown.map(next).at(-1);
  stream.empty();
  return [before, next(grown.at(-1))];
}
