/**
 * DEEPaaS v2 over HTTP, as its aiohttp server answers: a script written for the tutorial's module works unchanged.
 *
 * @see https://docs.deep-hybrid-datacloud.eu/projects/deepaas/ and https://github.com/ai4os/DEEPaaS, 2.4.0
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { HttpError } from './door.mjs';

/** Predictions that wait for their turn; more are sent away. */
const MOST_WAITING = 64;
/** Accepted values of `accept`. */
const ACCEPTED = ['application/json', '*/*'];
const VERSION = {
  version: 'stable',
  id: 'v2',
  links: [{ rel: 'self', href: '/v2/' }],
};

export class Deepaas {
  #model;
  #metadata;
  #predict;
  #incoming;
  #waiting = 0;

  /**
   * @param {object} parts
   * @param {string} parts.model - the name in the address
   * @param {string} parts.incoming - a folder for pictures on their way
   * @param {() => Promise<Record<string, unknown>>} parts.metadata
   * @param {(file: { path: string, name: string }, args: Record<string, string>) => Promise<{ value: unknown } | { messages: Record<string, string[]> }>} parts.predict
   */
  constructor({ model, incoming, metadata, predict }) {
    this.#model = model;
    this.#incoming = incoming;
    this.#metadata = metadata;
    this.#predict = predict;
    rmSync(incoming, { recursive: true, force: true });
  }

  /** True if the path is DEEPaaS's. */
  knows({ pathname }) {
    return pathname === '/' || pathname === '/v2' || pathname.startsWith('/v2/');
  }

  /** @param {import('./door.mjs').Asked} asked @returns {Promise<import('./door.mjs').Answer>} */
  async answer(asked) {
    const model = `/v2/models/${this.#model}/`;
    const routes = {
      '/': { GET: async () => ok({ versions: [VERSION], links: [] }) },
      '/v2/': { GET: async () => ok(VERSION) },
      '/v2/models/': { GET: async () => ok({ models: [await this.#meta()] }) },
      '/v2/debug/': { GET: async () => ({ status: 204 }) },
      [model]: { GET: async () => ok(await this.#meta()) },
      [`${model}predict/`]: { POST: () => this.#predicted(asked) },
      [`${model}train/`]: { GET: this.#untrained, POST: this.#untrained },
    };
    const { pathname, search } = asked.url;
    if (!(pathname in routes)) {
      if (`${pathname}/` in routes)
        throw new HttpError(308, 'Permanent Redirect', { location: `${pathname}/${search}` });
      throw new HttpError(404, 'Not Found');
    }
    const methods = routes[pathname];
    const method = asked.method === 'HEAD' ? 'GET' : asked.method;
    if (!Object.hasOwn(methods, method)) {
      throw new HttpError(405, 'Method Not Allowed', { allow: Object.keys(methods).join(',') });
    }
    return methods[method]();
  }

  async #meta() {
    const id = this.#model;
    return { ...(await this.#metadata()), id, name: id, links: [{ rel: 'self', href: `/v2/models/${id}` }] };
  }

  #untrained = async () => {
    throw new HttpError(501, `Not implemented by underlying model (loaded '${this.#model}')`);
  };

  async #predicted({ url, headers, body }) {
    const accept = headers.accept ?? '*/*';
    if (!ACCEPTED.includes(accept)) return invalid({ accept: [`Must be one of: ${ACCEPTED.join(', ')}.`] });
    this.#mustHaveRoom();
    const { file, fields } = await parts(headers, await body());
    // As webargs: an argument of the address before one of the form.
    const given = { ...fields, ...Object.fromEntries(url.searchParams) };
    if (!file) return invalid({ input_file: ['Missing data for required field.'] });
    // Only a snapshot that has arrived takes a place: slow ones would keep it from others.
    this.#mustHaveRoom();
    this.#waiting += 1;
    // No file system takes every name.
    const path = join(this.#incoming, randomUUID());
    try {
      mkdirSync(this.#incoming, { recursive: true });
      writeFileSync(path, Buffer.from(await file.arrayBuffer()));
      const answer = await this.#predict({ path, name: fileNameIn(file.name) }, given);
      return 'messages' in answer
        ? invalid(answer.messages)
        : ok({ status: 'OK', predictions: answer.value });
    } finally {
      rmSync(path, { force: true });
      this.#waiting -= 1;
    }
  }

  #mustHaveRoom() {
    if (this.#waiting >= MOST_WAITING)
      throw new HttpError(503, 'Too many snapshots wait', { 'retry-after': '10' });
  }
}

function ok(body) {
  return { body: JSON.stringify(body) };
}

function invalid(messages) {
  return { status: 422, body: JSON.stringify(messages) };
}

/** The parts of a form: the file, and the texts by their names. */
async function parts(headers, body) {
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/json')) {
    try {
      return { file: null, fields: JSON.parse(String(body)) };
    } catch {
      throw new HttpError(400, JSON.stringify({ json: ['Invalid JSON body.'] }));
    }
  }
  if (!type.startsWith('multipart/form-data')) return { file: null, fields: {} };
  let form;
  try {
    form = await new Response(body, { headers: { 'content-type': type } }).formData();
  } catch {
    throw new HttpError(400, 'Not a form');
  }
  const file = form.get('input_file');
  const fields = Object.fromEntries([...form].filter(([, value]) => typeof value === 'string'));
  // As DEEPaaS, whose module then finds no file in it.
  if (typeof file === 'string') throw new HttpError(500, '');
  return { file, fields };
}

/** A file's own name, without folders. */
function fileNameIn(path) {
  return path.replace(/^.*[/\\]/s, '') || 'snapshot';
}
