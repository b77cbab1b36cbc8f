/**
 * The station's HTTP door: bound to this computer unless told, with a token for anything else unless it is open, and
 * limits on size, time and number of requests. What is answered is the routes' business.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { hostname } from 'node:os';
import { finished } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { isOwnHost, isReachedHost, OWN_NAMES } from '../own-host.mjs';
import { clientOf, proxiesIn } from './client.mjs';

const MINUTE = 60_000;
/** How long the head of a request may take, then its body, and all of one whose body nobody reads, in milliseconds. */
const HEAD = 10_000;
const BODY = 10_000;
const WHOLE = 60_000;
const MOST_CONNECTIONS = 2_000;
/**
 * After so many wrong tokens to tell, each try of a client waits, for so many milliseconds. None is refused: honest
 * clients may share its address, behind a proxy that nobody named.
 */
const MOST_WRONG = 100;
const SLOW = 10 * MINUTE;
/** With `MOST_CONNECTIONS`, and one try at a time on each, at most 200 guesses a second. */
const WAIT = 10_000;
/** Clients whose wrong tokens are counted, at most. */
const MOST_GUESSING = 1000;
const FOREIGN_NAME = 'Not answered under this name. Use localhost';
const OR_NAME_IT = 'or put the name into hosts under [door] or into PORTHOLE_HOST';
/** Addresses for people. They have a token of their own, which a browser may be given. */
export const TELLING = /^\/(?:wall$|tell\/)/;
const LOOPBACK = /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/;
/** Bodies that are being read may have so many bytes together as this number of the largest. */
const MOST_BODIES = 64;
/** So much of a refused request is read all the same, in bytes and milliseconds. */
const MOST_DISCARDED = 2 ** 28;
const DISCARD_TIME = 20_000;

/** An answer that is not 200: status, text, further headers. */
export class HttpError extends Error {
  /** @param {number} status @param {string} message @param {Record<string, string>} [headers] */
  constructor(status, message, headers = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/**
 * @typedef {{ method: string, url: URL, headers: import('node:http').IncomingHttpHeaders, body: () => Promise<Buffer> }} Asked
 * @typedef {{ status?: number, type?: string, body?: string | Buffer, headers?: Record<string, string> }} Answer
 *
 * @param {{ host: string, port: number, token: string | null, open?: boolean, hosts?: readonly string[], proxies?: readonly string[], most_mb: number, per_minute: number, tell_token?: string | null, tls?: { cert: string, key: string } | null }} limits
 * @param {(asked: Asked) => Promise<Answer>} answer - throws HttpError for whatever is wrong with a request
 * @param {(sentence: string) => void} onGuessing - is told that somebody gave too many wrong tokens
 * @param {{ slow?: number, hold?: () => Promise<unknown> }} guessing - milliseconds for which that one has to wait
 *   before each answer, and the wait
 * @returns {Promise<{ address: string, close: () => Promise<void> }>}
 */
export async function openDoor(limits, answer, onGuessing = () => undefined, guessing = {}) {
  const visits = new Visits(limits.per_minute);
  const guesses = new Guesses(guessing, onGuessing);
  const proxies = proxiesIn(limits.proxies ?? []);
  const bodies = new Bodies(limits.most_mb * 2 ** 20);
  const { tls } = limits;
  const options = { connectionsCheckingInterval: 1000, handshakeTimeout: HEAD, ...tls };
  const server = (tls ? createTlsServer : createServer)(options, (request, response) => {
    const client = clientOf(request, proxies);
    const admitted = (asked) => admit(asked, client, limits, visits, guesses, bodies);
    void respond(request, response, (asked) => admitted(asked).then(answer));
  });
  server.headersTimeout = HEAD;
  server.requestTimeout = WHOLE;
  server.maxConnections = MOST_CONNECTIONS;
  server.on('clientError', (error, socket) => {
    if (!socket.writable) return;
    const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    );
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(limits.port, limits.host, resolve);
  });
  const { port } = server.address();
  return {
    address: `${tls ? 'https' : 'http'}://${limits.host.includes(':') ? `[${limits.host}]` : limits.host}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** Who is answered, and under which names, for a person to read. @param door - of `readConfig` */
export function lettingIn({ token, open, hosts, tell_token }) {
  const own = [...OWN_NAMES, ...hosts].join(', ');
  const reached = [...OWN_NAMES, hostname(), ...hosts, 'IP addresses'].join(', ');
  const who = open ? `everybody, under ${reached}` : `this computer, under ${own}`;
  const programs = token === null ? who : 'those with the token, under any name';
  return tell_token === null ? programs : `${programs}; people tell under ${own}`;
}

async function respond(request, response, answer) {
  const given = await answer(request).catch((error) => asAnswer(error, TELLING.test(request.url)));
  // Who sends too slowly need not be waited for.
  if (!request.complete && given.status !== 408) await discard(request);
  const { status = 200, type = 'application/json', body = '', headers = {} } = given;
  const text = Buffer.from(body);
  response.writeHead(status, {
    ...(status !== 204 && { 'content-type': `${type}; charset=utf-8`, 'content-length': text.length }),
    'x-content-type-options': 'nosniff',
    // The unread rest of a request must not be taken for the next one.
    ...(request.complete ? {} : { connection: 'close' }),
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

/** @returns {Promise<Asked>} @throws {HttpError} for a request that is not let in */
async function admit(request, client, limits, visits, guesses, bodies) {
  const { token, open = false, hosts = [], tell_token } = limits;
  const { method, headers } = request;
  if (!request.url.startsWith('/')) throw new HttpError(400, 'Not a path');
  // By the path that is answered: dots in it lead to another one.
  const url = new URL(`http://door${request.url}`);
  if (tell_token && TELLING.test(url.pathname)) await mustTell(request, tell_token, hosts, client, guesses);
  else if (token !== null) mustHave(request, token);
  else mustAsk(request, open, hosts);
  // After all that is refused: a page that asks in vain must not use up the requests of an honest client.
  if (!visits.admits(client))
    throw new HttpError(429, 'Too many requests in a minute', { 'retry-after': '10' });
  return { method, url, headers, body: () => bodies.read(request) };
}

/** A token keeps pages out under any name: no browser sends it by itself, nor after a refused OPTIONS without it. */
function mustHave({ headers }, token) {
  if (!isToken(headers.authorization, token))
    throw new HttpError(401, 'A token is needed: Authorization: Bearer …', { 'www-authenticate': 'Bearer' });
}

/** A page that a browser here shows must not bring snapshots, nor read anything. */
function mustAsk(request, open, hosts) {
  if (!(open ? isReachedHost : isOwnHost)(request, hosts))
    throw new HttpError(403, `${FOREIGN_NAME}${open ? '' : ', give the door a token_file'}, ${OR_NAME_IT}`);
  // An open door is behind a proxy, and platforms link to it.
  const isForeign = open
    ? !isVisit(request) && isForeignPage(request, ['http', 'https'])
    : isForeignPage(request);
  if (isForeign) throw new HttpError(403, 'Not answered to web pages');
}

/** A browser that was given the token once sends it by itself, whichever page asks; a link to the wall may be followed. */
async function mustTell(request, token, hosts, client, guesses) {
  const { headers, socket } = request;
  if (!socket.encrypted && !LOOPBACK.test(socket.remoteAddress))
    throw new HttpError(
      403,
      'Telling needs HTTPS from another computer: give [door] a certificate and a key, or put a proxy beside the station.',
    );
  if (!isOwnHost(request, hosts)) throw new HttpError(403, `${FOREIGN_NAME}, ${OR_NAME_IT}.`);
  if (!isVisit(request) && isForeignPage(request, ['http', 'https']))
    throw new HttpError(403, 'Not answered to the pages of other websites.');
  const [, basic] = /^Basic ([\w+/]+=*)$/i.exec(headers.authorization) ?? [];
  const password = basic && String(Buffer.from(basic, 'base64')).replace(/^[^:]*:/, '');
  const isRight = isToken(basic ? `Bearer ${password}` : headers.authorization, token);
  // A browser asks without one first.
  if (headers.authorization !== undefined) await guesses.answerTo(client, socket, isRight);
  if (isRight) return;
  const why = 'The token of tell_token_file is needed, as Bearer or as the password of any name.';
  throw new HttpError(401, why, { 'www-authenticate': 'Basic realm="Porthole", charset="UTF-8"' });
}

/** True if a person follows a link. */
function isVisit({ method, headers }) {
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
}

/** True if a page asks that is none of the door's own. @param schemes - the outer one may be a proxy's */
function isForeignPage({ headers, socket }, schemes = [socket.encrypted ? 'https' : 'http']) {
  const { host, origin, 'sec-fetch-site': site = 'none' } = headers;
  const isOwn = origin === undefined || schemes.some((scheme) => origin === `${scheme}://${host}`);
  return !isOwn || !['none', 'same-origin'].includes(site);
}

/** Bodies of requests as they arrive: each has a limit of time and size, and all together have one of size. */
class Bodies {
  #most;
  #held = 0;

  /** @param {number} most - bytes of one */
  constructor(most) {
    this.#most = most;
  }

  /** @returns {Promise<Buffer>} */
  async read(request) {
    const most = this.#most;
    const tooLarge = new HttpError(413, `More than ${most / 2 ** 20} MB`);
    if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge;
    const parts = [];
    let length = 0;
    const refused = new AbortController();
    const late = setTimeout(
      () => refused.abort(new HttpError(408, `The body took more than ${BODY / 1000} s`)),
      BODY,
    );
    const take = (part) => {
      parts.push(part);
      length += part.length;
      this.#held += part.length;
      if (length > most) refused.abort(tooLarge);
      else if (this.#held > MOST_BODIES * most)
        refused.abort(new HttpError(503, 'Too many snapshots arrive', { 'retry-after': '10' }));
    };
    request.on('data', take);
    try {
      await finished(request, { writable: false, signal: refused.signal });
      return Buffer.concat(parts);
    } catch (error) {
      throw refused.signal.aborted ? refused.signal.reason : error;
    } finally {
      clearTimeout(late);
      request.off('data', take);
      this.#held -= length;
    }
  }
}

/** Reads the rest of a request: one that is cut off while it is sent would never read its answer. */
async function discard(request) {
  let length = 0;
  const late = setTimeout(() => request.destroy(), DISCARD_TIME);
  try {
    for await (const part of request) {
      length += part.length;
      if (length > MOST_DISCARDED) return;
    }
  } catch {
    // It has gone.
  } finally {
    clearTimeout(late);
  }
}

/** DEEPaaS answers in plain text, as aiohttp does. */
function asAnswer(error, isTelling) {
  const { status, message, headers } = error instanceof HttpError ? error : unforeseen(error);
  if (isTelling) return { status, body: JSON.stringify({ error: message || STATUS_CODES[status] }), headers };
  const body =
    status === 500 ? '500 Internal Server Error\n\nServer got itself in trouble' : `${status}: ${message}`;
  return { status, type: 'text/plain', body, headers };
}

function unforeseen(error) {
  // Who asked has gone.
  if (error.code === 'ECONNRESET' || error.code === 'ABORT_ERR') return new HttpError(400, 'It ended early');
  console.error(error);
  return new HttpError(500, '');
}

function isToken(given = '', token) {
  // Hashes are of one length, and say nothing by the time that comparing takes.
  const hash = (text) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(`Bearer ${token}`));
}

/** How often each address has come in this minute. */
class Visits {
  #counts = new Map();
  /** by `performance.now`, which nobody sets back */
  #until = 0;

  constructor(most) {
    this.most = most;
  }

  admits(address) {
    const now = performance.now();
    if (now > this.#until) {
      this.#counts.clear();
      this.#until = now + MINUTE;
    }
    const count = (this.#counts.get(address) ?? 0) + 1;
    this.#counts.set(address, count);
    return count <= this.most;
  }
}

/** Wrong tokens by the clients that they came from. */
class Guesses {
  /** by client: how many, and by `performance.now` until when it has to wait */
  #of = new Map();
  /** connections on which somebody waits */
  #held = new WeakSet();
  #slow;
  #hold;
  #onTooMany;

  constructor({ slow = SLOW, hold = () => pause(WAIT) }, onTooMany) {
    this.#slow = slow;
    this.#hold = hold;
    this.#onTooMany = onTooMany;
  }

  /**
   * Returns at once, or after a wait for a client that gave too many wrong tokens. The right one waits as long: a quick
   * answer would tell which one it is.
   *
   * @throws {HttpError} for a second try on a connection before the first is answered, as no browser or proxy sends it
   */
  async answerTo(client, socket, isRight) {
    const { count = 0, until = 0 } = this.#of.get(client) ?? {};
    if (performance.now() < until) return this.#wait(socket);
    if (!isRight) this.#note(client, count + 1);
  }

  async #wait(socket) {
    if (this.#held.has(socket))
      throw new HttpError(429, 'One at a time: too many wrong tokens came from this address.');
    this.#held.add(socket);
    await this.#hold();
    this.#held.delete(socket);
  }

  #note(client, count) {
    const isTooMany = count >= MOST_WRONG;
    this.#of.set(client, isTooMany ? { count: 0, until: performance.now() + this.#slow } : { count });
    if (this.#of.size > MOST_GUESSING) this.#of.delete(this.#of.keys().next().value);
    if (isTooMany)
      this.#onTooMany(
        `Somebody at ${client} gave ${MOST_WRONG} wrong tokens to tell. For ${this.#slow / MINUTE} minutes each try from there waits ${WAIT / 1000} seconds. Is it a program with an old token, or a proxy that [door] proxies does not name? If not, let nobody else reach the door.`,
      );
  }
}
