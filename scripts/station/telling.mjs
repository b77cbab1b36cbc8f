/** What people tell the station: as JSON to `/tell/CAMERA`, and by the forms of the wall at `/wall`. */
import { randomUUID } from 'node:crypto';
import { HttpError } from './door.mjs';
import { PageGone } from './station.mjs';
import { wallOf } from './static-wall.mjs';

/** So many outcomes are kept for the walls that show them. */
const MOST_SAID = 100;
const WALL_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'; form-action 'self'",
  'cross-origin-resource-policy': 'same-origin',
};

export class Telling {
  #config;
  #station;
  /** outcomes of forms, by the word in the address that they lead to */
  #said = new Map();

  /** @param config - of `readConfig` @param {import('./station.mjs').Station} station */
  constructor(config, station) {
    this.#config = config;
    this.#station = station;
  }

  /** True for its addresses, where the door lets somebody tell. */
  knows({ pathname }) {
    return Boolean(this.#config.door.tell_token) && /^\/(wall$|tell\/)/.test(pathname);
  }

  /** @param {import('./door.mjs').Asked} asked @returns {Promise<import('./door.mjs').Answer>} */
  async answer({ method, url, headers, body }) {
    const isWall = url.pathname === '/wall';
    const allow = isWall ? 'GET' : 'POST';
    if (method !== allow) throw new HttpError(405, `Only ${allow} is answered here.`, { allow });
    try {
      return await (isWall ? this.#wall(url) : this.#told(url, headers, await body()));
    } catch (error) {
      if (!(error instanceof PageGone)) throw error;
      const why = 'The station’s page is not open now. Try again in a minute.';
      throw new HttpError(503, why, { 'retry-after': '60' });
    }
  }

  async #wall({ searchParams }) {
    const { cameras, wall } = this.#config;
    const asked = {
      cameras: cameras.map(({ name }) => ({ name })),
      data: null,
      nextIn: 0,
      hasPictures: wall?.pictures ?? true,
      said: this.#said.get(searchParams.get('said')) ?? null,
    };
    const html = await this.#station.ask((page) => page.evaluate(wallOf, asked));
    return { type: 'text/html', body: html, headers: WALL_HEADERS };
  }

  async #told({ pathname }, headers, body) {
    const camera = this.#cameraIn(pathname);
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers['content-type']);
    const said = { id: randomUUID(), ...(isForm ? fieldsOf(body) : objectIn(body)) };
    const { standing, problem = null, status } = await this.#station.hear(camera, said);
    if (isForm) return this.#toWall({ camera, problem });
    if (problem !== null) throw new HttpError(status, problem);
    return { body: JSON.stringify(standing) };
  }

  #cameraIn(pathname) {
    const names = this.#config.cameras.map(({ name }) => name);
    const given = pathname.slice('/tell/'.length);
    const name = names.find((each) => encodeURIComponent(each) === encodeURIComponent(decoded(given)));
    if (name === undefined)
      throw new HttpError(404, `There is no camera of this name. There are: ${names.join(', ')}.`);
    return name;
  }

  #toWall(said) {
    const key = randomUUID();
    this.#said.set(key, said);
    if (this.#said.size > MOST_SAID) this.#said.delete(this.#said.keys().next().value);
    return { status: 303, headers: { location: `../wall?said=${key}` } };
  }
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What is left empty is not said. */
function fieldsOf(body) {
  return Object.fromEntries([...new URLSearchParams(String(body))].filter(([, text]) => text !== ''));
}

function objectIn(body) {
  try {
    const given = JSON.parse(String(body));
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given;
  } catch {
    // Told below.
  }
  throw new HttpError(400, 'A JSON object is needed, such as {"kind": "cleaned"}.');
}
