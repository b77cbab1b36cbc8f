/**
 * The station's HTTP door: bound to this computer unless told, with a token for anything else, and limits on size, time
 * and number of requests. What is answered is the routes' business.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, STATUS_CODES } from 'node:http';
import { finished } from 'node:stream/promises';

const MINUTE = 60_000;
/** How long the head of a request may take, and all of it, in milliseconds. */
const HEAD = 10_000;
const WHOLE = 60_000;
const MOST_CONNECTIONS = 2_000;
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
 * @typedef {{ status?: number, type?: string, body?: string, headers?: Record<string, string> }} Answer
 *
 * @param {{ host: string, port: number, token: string | null, most_mb: number, per_minute: number }} limits
 * @param {(asked: Asked) => Promise<Answer>} answer - throws HttpError for whatever is wrong with a request
 * @returns {Promise<{ address: string, close: () => Promise<void> }>}
 */
export async function openDoor(limits, answer) {
  const visits = new Visits(limits.per_minute);
  const server = createServer({ connectionsCheckingInterval: 1000 }, (request, response) => {
    void respond(request, response, (asked) => admit(asked, limits, visits).then(answer));
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
    address: `http://${limits.host.includes(':') ? `[${limits.host}]` : limits.host}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function respond(request, response, answer) {
  const given = await answer(request).catch((error) => asAnswer(error));
  if (!request.complete) await discard(request);
  const { status = 200, type = 'application/json', body = '', headers = {} } = given;
  const text = Buffer.from(body);
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': text.length,
    'x-content-type-options': 'nosniff',
    // What was not read of a request must not be taken for the next one.
    ...(request.complete ? {} : { connection: 'close' }),
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

/** @returns {Promise<Asked>} @throws {HttpError} for a request that is not let in */
async function admit(request, limits, visits) {
  const { method, headers } = request;
  if (!visits.admits(request.socket.remoteAddress))
    throw new HttpError(429, 'Too many requests in a minute', { 'retry-after': '10' });
  // A page of another site that a browser here shows must not bring snapshots, nor read anything.
  if (headers.origin !== undefined || (headers['sec-fetch-site'] ?? 'none') !== 'none')
    throw new HttpError(403, 'Not answered to web pages');
  if (limits.token !== null && !isToken(headers.authorization, limits.token))
    throw new HttpError(401, 'A token is needed: Authorization: Bearer …', { 'www-authenticate': 'Bearer' });
  if (!request.url.startsWith('/')) throw new HttpError(400, 'Not a path');
  const url = new URL(`http://door${request.url}`);
  return { method, url, headers, body: () => read(request, limits.most_mb * 2 ** 20) };
}

/** @returns {Promise<Buffer>} */
async function read(request, most) {
  const tooLarge = new HttpError(413, `More than ${most / 2 ** 20} MB`);
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge;
  const parts = [];
  let length = 0;
  request.on('data', (part) => {
    length += part.length;
    // The rest is read and forgotten.
    if (length > most) parts.length = 0;
    else parts.push(part);
  });
  await finished(request, { writable: false });
  if (length > most) throw tooLarge;
  return Buffer.concat(parts);
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
function asAnswer(error) {
  const { status, message, headers } = error instanceof HttpError ? error : unforeseen(error);
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
