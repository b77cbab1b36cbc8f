/** A method in a file of its own, by anybody, or its numbers. benchmark/README.md has the contract. */
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import createCodec from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import { csvParse } from 'd3-dsv';
import { placeOf } from '../folder.mjs';
import { DETECTOR, THRESHOLDS } from './methods.mjs';

const WINDOW = DETECTOR.windowSize;
/** Each part of the reference is judged by a fit to the others: two where three would be shorter than a window. */
const PARTS = { least: 2, most: 3 };

/**
 * @typedef {object} OpenPicture
 * @property {string} name - of its file
 * @property {string} path
 * @property {number} capturedAt - milliseconds since 1970
 * @property {() => { width: number, height: number, data: Uint8Array }} decode - whole size; red, green and blue of
 *   each pixel, in rows. Only the last dozen pictures stay decoded.
 *
 * @typedef {number | null} Answer - null abstains
 * @typedef {(window: OpenPicture[]) => Answer | Promise<Answer>} Judge
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
      lines.push(lineOf(window.length < WINDOW ? null : await numberOf(judge, window, place), distanceOf));
    }
    said.push(lines);
  }
  return { name, said };
}

/**
 * @param {ReturnType<typeof openNumbers>} opened
 * @param {import('./cameras.mjs').Course[]} courses
 * @returns {import('./methods.mjs').Method}
 * @throws Error whose message a person can act on
 */
export function methodOfNumbers({ name, numbers }, courses) {
  const numberOf = ({ picture }) => numbers.get(picture.name) ?? null;
  const said = courses.map(({ camera, cycle, reference, stream }) => {
    const place = `${name}, ${camera}, ${cycle}`;
    const answers = stream.map((snapshot, i) => (i + 1 < WINDOW ? null : numberOf(snapshot)));
    const distanceOf = answers.every((answer) => answer === null)
      ? null
      : scaleOf(reference.map(numberOf), place);
    return answers.map((answer) => lineOf(answer, distanceOf));
  });
  if (said.flat().every(({ distance }) => distance === null))
    throw new Error(`${name} has no number for a window of the cameras.`);
  return { name, said };
}

/**
 * Numbers that another program gave: `image_name,value`, one for each window by its last picture.
 *
 * @param {string} path - as it was typed
 * @throws Error whose message a person can act on
 */
export function openNumbers(path) {
  const file = placeOf(path);
  if (!existsSync(file)) throw new Error(`There is no file ${path}.`);
  const rows = csvParse(readFileSync(file, 'utf8'));
  for (const column of ['image_name', 'value'])
    if (!rows.columns.includes(column)) throw new Error(`${path} lacks the column ${column}.`);
  const numbers = new Map();
  for (const { image_name: image, value } of rows) {
    if (numbers.has(image)) throw new Error(`${path} has ${image} twice.`);
    const number = value.trim() === '' ? null : Number(value);
    if (number !== null && !Number.isFinite(number))
      throw new Error(`${path}, ${image}: ${value} is no number. An empty value abstains.`);
    numbers.set(image, number);
  }
  return { name: basename(file), numbers };
}

/** A method says nothing of a window where it abstains, or where the window is not full. */
function lineOf(answer, distanceOf) {
  const distance = answer === null ? null : distanceOf(answer);
  return { distance, level: levelOf(distance), isAside: false };
}

/** Makes distances of numbers, by clean windows that the method was not fitted to. */
async function distances(fit, reference, place) {
  const parts = Math.min(PARTS.most, Math.floor(reference.length / WINDOW));
  if (parts < PARTS.least)
    throw new Error(
      `${place}: a reference of ${reference.length} is too small, ${PARTS.least * WINDOW} are needed.`,
    );
  const numbers = [];
  const borders = Array.from({ length: parts + 1 }, (_, k) => Math.round((k * reference.length) / parts));
  for (const [k, begin] of borders.slice(0, parts).entries()) {
    const end = borders[k + 1];
    const judge = await fitted(fit, [...reference.slice(0, begin), ...reference.slice(end)], place);
    for (let first = begin; first + WINDOW <= end; first++)
      numbers.push(await numberOf(judge, reference.slice(first, first + WINDOW), place));
  }
  return scaleOf(numbers, place);
}

/**
 * The median of a reference's numbers is at 0, and the highest at the limit of a warning.
 *
 * @param {Answer[]} answers - of its clean windows
 * @param {string} place - for the message
 * @returns {(number: number) => number}
 */
function scaleOf(answers, place) {
  const numbers = answers.filter((answer) => answer !== null).sort((a, b) => a - b);
  if (numbers.length === 0)
    throw new Error(`${place}: no clean window of the reference has a number: no limit follows.`);
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
  if (number !== null && !Number.isFinite(number))
    throw new Error(`${at}: it gives neither a finite number nor null, but ${String(number)}.`);
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
