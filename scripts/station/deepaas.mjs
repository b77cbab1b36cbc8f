/**
 * DEEPaaS v2 over HTTP, as its aiohttp server answers: a script written for the tutorial's module works unchanged.
 *
 * @see https://docs.deep-hybrid-datacloud.eu/projects/deepaas/ and https://github.com/ai4os/DEEPaaS, 2.4.0
 */
import { rmSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Negotiator from 'negotiator';
import { PREDICT_ARGS, problemsOf } from '../../src/scripting/predict-args.js';
import { HttpError } from './door.mjs';
import { SCHEMAS, swagger, UI_FILES, UI_PAGE } from './swagger.mjs';

/** Snapshots that wait for their turn, and their bytes together; more are sent away. */
export const MOST_WAITING = 1000;
const MOST_BYTES = 2 ** 31;
const VERSION = {
  version: 'stable',
  id: 'v2',
  links: [{ rel: 'self', type: 'application/json', href: '/v2/' }],
};
const LINKS = [
  { rel: 'help', type: 'text/html', href: '/api' },
  { rel: 'describedby', type: 'application/json', href: '/swagger.json' },
];
const ACCEPT = {
  in: 'header',
  type: 'string',
  required: false,
  enum: ['application/json', '*/*'],
  default: 'application/json',
  description: 'Kinds of answers that are understood.',
};

export class Deepaas {
  #incoming;
  #predict;
  #train;
  #routes;
  #turn = Promise.resolve();
  #waiting = 0;
  #bytes = 0;

  /**
   * @param {object} parts
   * @param {string} parts.model - the name in the address
   * @param {string} parts.incoming - a folder for pictures on their way
   * @param {() => Promise<Record<string, unknown>>} parts.metadata
   * @param {(file: { path: string, name: string }, args: Record<string, unknown>) => Promise<unknown>} parts.predict -
   *   null for a file that is no picture
   */
  constructor({ model, incoming, metadata, predict }) {
    this.#incoming = incoming;
    this.#predict = predict;
    const base = `/v2/models/${model}`;
    this.#train = `${base}/train/`;
    this.#routes = this.#routesOf(base, model, once(metadata));
    rmSync(incoming, { recursive: true, force: true });
  }

  /** True if the path is DEEPaaS's. */
  knows({ pathname }) {
    return this.#routes.has(pathname) || /^\/v2(\/|$)/.test(pathname);
  }

  /** @param {import('./door.mjs').Asked} asked @returns {Promise<import('./door.mjs').Answer>} */
  async answer(asked) {
    const { pathname, search } = asked.url;
    const isTraining = pathname.startsWith(this.#train) && /^[^/]+$/.test(pathname.slice(this.#train.length));
    const methods = this.#routes.get(isTraining ? `${this.#train}{uuid}` : pathname);
    if (!methods) {
      if (this.#routes.has(`${pathname}/`))
        throw new HttpError(308, 'Permanent Redirect', { location: `${pathname}/${search}` });
      notFound();
    }
    if (!Object.hasOwn(methods, asked.method))
      throw new HttpError(405, 'Method Not Allowed', { allow: Object.keys(methods).sort().join(',') });
    return methods[asked.method].answer(asked);
  }

  /** Answers by path and method. A route with a summary is in /swagger.json. */
  #routesOf(base, model, metadata) {
    const own = { id: model, name: model, links: [{ rel: 'self', href: base }] };
    // In DEEPaaS's order.
    const meta = async () => ({ ...own, ...(await metadata()), ...own });
    const { ModelMeta, Models, Prediction, Training, Version, Versions } = SCHEMAS;
    const get = (answer, summary, gives) => ({ GET: { answer, summary, gives } });
    const untrained = () => {
      throw new HttpError(501, `Not implemented by underlying model (loaded '${model}')`);
    };
    const toApi = () => {
      throw new HttpError(302, 'Found', { location: '/api' });
    };
    const routes = {
      '/': get(() => ok({ versions: [VERSION], links: LINKS }), 'Versions of the API', Versions),
      '/v2/': get(() => ok(VERSION), 'This version of the API', Version),
      '/v2/models/': get(async () => ok({ models: [await meta()] }), 'Models that are loaded', Models),
      [`${base}/`]: get(async () => ok(await meta()), 'About the model', ModelMeta),
      [`${base}/predict/`]: {
        POST: {
          answer: (asked) => this.#predicted(asked),
          summary: 'Judge a snapshot, and keep it',
          takes: { accept: ACCEPT, ...PREDICT_ARGS },
          gives: Prediction,
        },
      },
      [`${base}/train/`]: {
        ...get(() => ok([]), 'Trainings: there are none', { type: 'array', items: Training }),
        POST: { answer: untrained },
      },
      [`${base}/train/{uuid}`]: { GET: { answer: notFound }, DELETE: { answer: notFound } },
      '/v2/debug/': get(() => ({ status: 204 })),
      '/swagger.json': get(async () => ok(swagger(this.#routes, (await meta()).version))),
      '/api': get(() => UI_PAGE),
      '/ui': get(toApi),
    };
    const files = Object.entries(UI_FILES).map(([path, read]) => [path, get(read)]);
    return new Map([...Object.entries(routes), ...files]);
  }

  async #predicted(asked) {
    this.#mustHaveRoom();
    const { refusal, snapshot, args } = await this.#received(asked);
    if (refusal) return refusal;
    try {
      const predictions = await this.#inTurn(() => this.#predict(snapshot, args));
      // As the tutorial's module, which can't open it either.
      if (predictions === null) throw new HttpError(500, '');
      return ok({ status: 'OK', predictions });
    } finally {
      await this.#leave(snapshot);
    }
  }

  /** Puts a snapshot into a file: those that wait hold no memory. */
  async #received({ url, headers, body }) {
    const form = await fieldsOf(headers, await body());
    if (form === null) return { refusal: invalid(400, { json: ['Invalid JSON body.'] }) };
    // As webargs: an argument of the address before one of the form, and the first of equal ones; a file only of a form.
    const given = { ...form, ...firstOf(url.searchParams), input_file: form.input_file };
    const problems = problemsOf(given);
    if (!isJsonUnderstood(headers)) problems.accept = [`Must be one of: ${ACCEPT.enum.join(', ')}.`];
    if (Object.keys(problems).length > 0) return { refusal: invalid(422, problems) };
    const { input_file: file, ...args } = given;
    // Only a snapshot that has arrived takes a place: slow ones would keep it from others.
    this.#mustHaveRoom();
    this.#waiting += 1;
    this.#bytes += file.size;
    // No file system takes every name.
    const path = join(this.#incoming, randomUUID());
    const snapshot = { path, name: fileNameIn(file.name), size: file.size };
    try {
      await mkdir(this.#incoming, { recursive: true });
      await writeFile(path, file.stream());
    } catch (error) {
      await this.#leave(snapshot);
      throw error;
    }
    return { snapshot, args };
  }

  async #leave({ path, size }) {
    this.#waiting -= 1;
    this.#bytes -= size;
    await rm(path, { force: true });
  }

  /** One after the other, as one worker of DEEPaaS: the station's own work comes between two of them. */
  #inTurn(work) {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #mustHaveRoom() {
    if (this.#waiting >= MOST_WAITING || this.#bytes >= MOST_BYTES)
      throw new HttpError(503, 'Too many snapshots wait', { 'retry-after': '10' });
  }
}

/** @returns what was answered first; a failure is forgotten */
function once(ask) {
  let asked = null;
  return () =>
    (asked ??= ask().catch((error) => {
      asked = null;
      throw error;
    }));
}

function ok(value) {
  return { body: asPythonWrites(value) };
}

function invalid(status, messages) {
  // webargs names no charset.
  return { status, body: asPythonWrites(messages), headers: { 'content-type': 'application/json' } };
}

function notFound() {
  throw new HttpError(404, 'Not Found');
}

/** JSON with the blanks and the escapes of Python's `json.dumps`. */
function asPythonWrites(value) {
  return JSON.stringify(value, null, 1)
    .replace(/,\n */g, ', ')
    .replace(/\n */g, '')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function isJsonUnderstood({ accept }) {
  const types = ['application/json', 'application/json; charset=utf-8'];
  return !accept || new Negotiator({ headers: { accept } }).mediaType(types) !== undefined;
}

/** The fields of a body: texts, and `input_file` if it is a file; null for bad JSON. */
async function fieldsOf(headers, body) {
  const type = headers['content-type'] ?? '';
  if (/^application\/([\w.-]+\+)?json\b/i.test(type)) {
    try {
      return { ...JSON.parse(String(body)), input_file: undefined };
    } catch {
      return null;
    }
  }
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type)) return {};
  try {
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    const fields = firstOf(form);
    if (typeof fields.input_file !== 'string') return fields;
  } catch {
    // No form at all: as DEEPaaS, which stumbles over it, and whose module finds no file in a text.
  }
  throw new HttpError(500, '');
}

/** @param {Iterable<[string, unknown]>} pairs */
function firstOf(pairs) {
  return Object.fromEntries([...pairs].reverse());
}

/** A file's own name, without folders. */
function fileNameIn(path) {
  return path.replace(/^.*[/\\]/s, '') || 'snapshot';
}
