/** The door for people, who tell the station something: as JSON to `/tell/CAMERA`, and by the forms of the wall at `/wall`. */
import { randomUUID } from 'node:crypto';
import { HttpError, TELLING } from './door.mjs';
import { PageGone } from './station.mjs';
import { wallOf } from './static-wall.mjs';
import { unguarded } from './unguarded.mjs';

/** So many outcomes are kept for the walls that show them. */
const MOST_SAID = 100;
/** Objects and arrays in each other; settings have three. */
const MOST_NESTED = 8;
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
    return Boolean(this.#config.door.tell_token) && TELLING.test(pathname);
  }

  /** @param {import('./door.mjs').Asked} asked @returns {Promise<import('./door.mjs').Answer>} */
  async answer({ method, url, headers, body }) {
    const isWall = url.pathname === '/wall';
    const allow = isWall ? 'GET' : 'POST';
    if (method !== allow) throw new HttpError(405, `Only ${allow} is answered here.`, { allow });
    try {
      return await (isWall ? this.#wall(url) : this.#told(url, headers, String(await body())));
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof URIError)
        throw new HttpError(400, 'A JSON object is needed, such as {"kind": "cleaned"}.');
      if (!(error instanceof PageGone)) throw error;
      throw new HttpError(503, 'The station’s page is not open now.', { 'retry-after': '60' });
    }
  }

  async #wall({ searchParams }) {
    const { cameras, wall } = this.#config;
    const asked = {
      cameras: cameras.map(({ name }) => ({ name })),
      data: null,
      nextIn: 0,
      unguarded: unguarded(this.#config),
      hasPictures: wall?.pictures ?? true,
      said: this.#said.get(searchParams.get('said')) ?? null,
    };
    const html = await this.#station.ask((page) => page.evaluate(wallOf, asked));
    return { type: 'text/html', body: html, headers: WALL_HEADERS };
  }

  async #told({ pathname }, headers, text) {
    const camera = decodeURIComponent(pathname.slice('/tell/'.length));
    const names = this.#config.cameras.map(({ name }) => name);
    if (!names.includes(camera))
      throw new HttpError(404, `There is no camera ${camera}. There are: ${names.join(', ')}.`);
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers['content-type']);
    const fields = isForm && [...new URLSearchParams(text)].filter(([, value]) => value !== '');
    const said = { id: randomUUID(), ...(isForm ? Object.fromEntries(fields) : JSON.parse(text)) };
    if (isDeeper(said, MOST_NESTED)) throw new SyntaxError();
    const { standing, problem = null, status } = await this.#station.hear(camera, said);
    if (!isForm && problem !== null) throw new HttpError(status, problem);
    if (!isForm) return { body: JSON.stringify(standing) };
    this.#said.set(said.id, { camera, problem });
    if (this.#said.size > MOST_SAID) this.#said.delete(this.#said.keys().next().value);
    return { status: 303, headers: { location: `../wall?said=${encodeURIComponent(said.id)}` } };
  }
}

function isDeeper(value, most) {
  if (typeof value !== 'object' || value === null) return false;
  return most === 0 || Object.values(value).some((each) => isDeeper(each, most - 1));
}
