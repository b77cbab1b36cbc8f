/** A method in a file of its own, by anybody. benchmark/README.md has the contract. */
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import createCodec from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import { placeOf } from '../folder.mjs';
import { DETECTOR, THRESHOLDS } from './methods.mjs';

const WINDOW = DETECTOR.windowSize;
/** Each part of the reference is judged by a fit to the others. */
const PARTS = 3;

/**
 * @typedef {object} OpenPicture
 * @property {string} name - of its file
 * @property {string} path
 * @property {number} capturedAt - milliseconds since 1970
 * @property {() => { width: number, height: number, data: Uint8Array }} decode - whole size; red, green and blue of
 *   each pixel, in rows. Only the last dozen pictures stay decoded.
 *
 * @typedef {(window: OpenPicture[]) => number | Promise<number>} Judge
 * @typedef {(reference: OpenPicture[]) => Judge | Promise<Judge>} Fit
 */

/**
 * @param {string} path - as it was typed
 * @returns {Promise<{ name: string, fit: Fit }>}
 * @throws Error whose message a person can act on, if the file holds no method
 */
export async function openMethod(path) {
  const file = placeOf(path);
  if (!existsSync(file)) throw new Error(`There is no method ${path}.`);
  const module = await import(pathToFileURL(file).href).catch((cause) => {
    throw new Error(`${path} can’t be loaded: ${cause}`, { cause });
  });
  if (typeof module.default !== 'function')
    throw new Error(`The default export of ${path} is not a function.`);
  return { name: basename(file), fit: module.default };
}

/**
 * @param {{ name: string, fit: Fit }} method
 * @param {import('./cameras.mjs').Course[]} courses
 * @returns {Promise<import('./methods.mjs').Method>}
 * @throws Error that names the window, if the method fails
 */
export async function methodOfFile({ name, fit }, courses) {
  const open = opener(await createCodec());
  const said = [];
  for (const course of courses) {
    const place = `${name}, ${course.camera}, ${course.cycle}`;
    const reference = course.reference.map(open);
    const distanceOf = await distances(fit, reference, place);
    const judge = await fitted(fit, reference, place);
    const stream = course.stream.map(open);
    const lines = [];
    for (const i of stream.keys()) {
      const window = stream.slice(Math.max(0, i + 1 - WINDOW), i + 1);
      const distance = window.length < WINDOW ? null : distanceOf(await numberOf(judge, window, place));
      lines.push({ distance, level: levelOf(distance), isAside: false });
    }
    said.push(lines);
  }
  return { name, said };
}

/**
 * Makes distances of numbers, by clean windows that the method was not fitted to: their median is 0, and the highest is
 * at the limit of a warning.
 *
 * @returns {Promise<(number: number) => number>}
 */
async function distances(fit, reference, place) {
  if (reference.length < PARTS * WINDOW)
    throw new Error(
      `${place}: a reference of ${reference.length} is too small, ${PARTS * WINDOW} are needed.`,
    );
  const numbers = [];
  const borders = Array.from({ length: PARTS + 1 }, (_, k) => Math.round((k * reference.length) / PARTS));
  for (const [k, begin] of borders.slice(0, PARTS).entries()) {
    const end = borders[k + 1];
    const judge = await fitted(fit, [...reference.slice(0, begin), ...reference.slice(end)], place);
    for (let first = begin; first + WINDOW <= end; first++)
      numbers.push(await numberOf(judge, reference.slice(first, first + WINDOW), place));
  }
  numbers.sort((a, b) => a - b);
  const middle = (numbers[(numbers.length - 1) >> 1] + numbers[numbers.length >> 1]) / 2;
  const spread = numbers.at(-1) - middle;
  if (spread === 0)
    throw new Error(
      `${place}: all clean windows of the reference have the number ${middle}: no limit follows.`,
    );
  return (number) => (THRESHOLDS.warning * (number - middle)) / spread;
}

async function fitted(fit, reference, place) {
  const at = `${place}, fit to ${spanOf(reference)}`;
  const judge = await named(at, () => fit(reference));
  if (typeof judge !== 'function') throw new Error(`${at}: it gives no function, but ${String(judge)}.`);
  return judge;
}

async function numberOf(judge, window, place) {
  const at = `${place}, window ${spanOf(window)}`;
  const number = await named(at, () => judge(window));
  if (!Number.isFinite(number)) throw new Error(`${at}: it gives no finite number, but ${String(number)}.`);
  return number;
}

async function named(at, work) {
  try {
    return await work();
  } catch (cause) {
    // The stack leads its author to the line.
    throw new Error(`${at}: ${cause?.stack ?? cause}`, { cause });
  }
}

function spanOf(pictures) {
  return `${pictures[0].name} to ${pictures.at(-1).name}`;
}

function levelOf(distance) {
  if (distance === null) return null;
  return distance > THRESHOLDS.drift ? 'drift' : distance > THRESHOLDS.warning ? 'warning' : 'normal';
}

/** @returns {(snapshot: import('./cameras.mjs').Snapshot) => OpenPicture} */
function opener(codec) {
  const decoded = new Map();
  return ({ picture: { name, path }, capturedAt }) => ({
    name,
    path,
    capturedAt,
    decode() {
      const pixels = decoded.get(path) ?? decodeJpeg(codec, path);
      decoded.delete(path);
      decoded.set(path, pixels);
      if (decoded.size > WINDOW) decoded.delete(decoded.keys().next().value);
      return pixels;
    },
  });
}

function decodeJpeg(codec, path) {
  const decoder = new codec.JPEGDecoder();
  try {
    const bytes = readFileSync(path);
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { width, height, componentCount } = decoder.getFrameInfo();
    const samples = decoder.getDecodedBuffer();
    const data =
      componentCount === 3
        ? samples.slice()
        : Uint8Array.from({ length: 3 * samples.length }, (_, at) => samples[Math.floor(at / 3)]);
    return { width, height, data };
  } catch (cause) {
    throw new Error(`${path} can’t be decoded`, { cause });
  } finally {
    decoder.delete();
  }
}
