/**
 * DriftWatch as a path of the page's own origin: its backend sends no CORS headers, so that a page can call it
 * from no other place. Plain Node without imports from packages, since `npm start` reads it before there are any.
 */
import { stop } from './prepare.mjs';

export const DRIFTWATCH_PATH = '/driftwatch';

/** The path itself and what is below it, not `/driftwatchers`. */
const OURS = new RegExp(`^${DRIFTWATCH_PATH}(?=[/?]|$)`);

/** The methods that the page uses on DriftWatch. */
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
/** Of a request: what DriftWatch needs, and how its body is told. */
const PASSED_ON = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'content-length',
  'content-type',
  'host',
  'transfer-encoding',
]);
/** Of an answer: what the page reads, and how its body is told. Any other header could act on the page's origin. */
const PASSED_BACK = ['content-encoding', 'content-length', 'retry-after'];
/** An answer that is opened instead of read is a text without an origin, and nobody keeps it. */
const INERT = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
};
/** Characters that a request's target can't hold, and Node won't send. */
const ODD_TARGET = /[^\x21-\x7e]|#/;
/** Ways to write a path that servers read differently: empty and dotted parts, encoded separators, double encoding. */
const ODD_PATH = /\/\/|\\|\/\.{1,2}(?:\/|$)|%(?:[01]|23|25|2e|2f|5c|7f)/i;
/** Node refuses to repeat other characters, and would end the program. */
const PRINTABLE = /^[\x20-\x7e]{0,4096}$/;

/**
 * The root of DriftWatch's API as the environment names it, without a slash at its end. As in the Python client
 * drift-monitor a host alone gets `/api/v1`; a path is taken as it is.
 *
 * @param {Record<string, string | undefined>} environment
 * @returns {string | undefined} undefined when the environment names none
 */
export function driftwatchRoot(environment = process.env) {
  const wanted = environment.DRIFT_MONITOR_URL;
  if (!wanted) return undefined;
  const url = URL.canParse(wanted) ? new URL(wanted) : undefined;
  const isRoot =
    url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (!isRoot) {
    // Without the value: it may hold a password.
    stop(
      'DRIFT_MONITOR_URL must be an http or https address such as https://drift-watch.cloud.ai4eosc.eu, without a name, password, query or fragment.',
    );
  }
  if (url.pathname === '/') url.pathname = `/api/${environment.DRIFT_MONITOR_API_VERSION || 'v1'}`;
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/**
 * Maps a path of ours to the path on DriftWatch's host.
 *
 * @param {string} root
 * @param {string} path - with its query
 * @returns {string | undefined} undefined when the path isn't DriftWatch's
 */
export function pathAtDriftwatch(root, path) {
  return OURS.test(path) ? path.replace(OURS, new URL(root).pathname) : undefined;
}

/**
 * Refuses what the page itself doesn't ask, and takes from the rest what is not for DriftWatch. Not left to the
 * proxy's events: `Expect` switches them off.
 *
 * A browser says who asks in `Sec-Fetch-Site`, and by `Sec-Fetch-Dest` whether it would open or run the answer; on
 * plain http, and in old browsers, `Origin` alone tells.
 *
 * @param {import('node:http').IncomingMessage} request - for a path of ours
 * @param {import('node:http').ServerResponse} response
 * @returns {boolean} whether it may be forwarded; otherwise it is answered
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function admit(request, response) {
  const { method, headers, url } = request;
  const { origin, host } = headers;
  const isOfThePage =
    (headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin' &&
    (headers['sec-fetch-dest'] ?? 'empty') === 'empty' &&
    headers['service-worker'] === undefined &&
    (origin === undefined || origin === `http://${host}` || origin === `https://${host}`);
  if (ODD_TARGET.test(url) || ODD_PATH.test(url.split('?', 1)[0])) {
    refuse(response, 400, 'This address is not written as the page writes it.');
  } else if (!isOfThePage) {
    refuse(response, 403, 'Only the page itself may ask DriftWatch here.');
  } else if (!METHODS.includes(method)) {
    refuse(response, 405, `DriftWatch is asked by ${METHODS.join(', ')}.`);
  } else {
    const passed = Object.entries(headers).filter(([name]) => PASSED_ON.has(name));
    // Any other value names headers to drop, or asks for another protocol.
    if (/^close$/i.test(headers.connection ?? '')) passed.push(['connection', 'close']);
    request.headers = Object.fromEntries(passed);
    return true;
  }
  return false;
}

/**
 * Adds the handling of DriftWatch's answers that all proxies share; httpxy's and Vite's have the same events.
 *
 * @param {import('node:events').EventEmitter} proxy
 * @param {string} root
 */
export function outfitProxy(proxy, root) {
  proxy.on('proxyReq', (request, _request, response) => {
    // No listener handles another protocol, and Node would say nothing more.
    request.once('upgrade', (answer, socket) => {
      socket.destroy();
      refuse(response, 502, `DriftWatch at ${root} answered with status ${answer.statusCode}.`);
    });
  });
  proxy.on('proxyRes', (answer, _request, response) => {
    // Vite's proxy would leave an answer that breaks off open for ever.
    answer.once('error', () => response.destroy());
    const { statusCode, headers } = answer;
    if (statusCode < 200 || statusCode > 599) {
      refuse(response, 502, `DriftWatch at ${root} answered with status ${statusCode}.`);
      answer.destroy();
      return;
    }
    if (statusCode >= 300 && statusCode < 400) {
      // The page takes a 404 for a wrong address, as it takes a redirect that it sees itself.
      refuse(response, 404, `DriftWatch at ${root} answered with a redirect, which is not followed.`);
      answer.destroy();
      return;
    }
    const isJson = /^application\/json *(?:;|$)/i.test(headers['content-type'] ?? '');
    answer.statusMessage = '';
    const passed = PASSED_BACK.filter((name) => name in headers && PRINTABLE.test(headers[name]));
    answer.headers = {
      ...Object.fromEntries(passed.map((name) => [name, headers[name]])),
      ...INERT,
      // The page links to DriftWatch's own page there.
      'x-porthole-upstream': root,
      'content-type': isJson ? 'application/json' : 'text/plain; charset=utf-8',
    };
  });
  proxy.on('error', (error, _request, response) => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    refuse(response, 502, `DriftWatch at ${root} can't be reached (${error.code ?? error.message}).`);
  });
}

function refuse(response, status, sentence) {
  response.writeHead(status, { ...INERT, 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
}

/**
 * The same path for Vite's own servers. Not for a build: it serves nothing, and must not stop at what it doesn't need.
 *
 * @returns {import('vite').Plugin}
 */
export function driftwatchPath() {
  return {
    name: 'driftwatch-path',
    apply: 'serve',
    config() {
      const root = driftwatchRoot();
      if (root === undefined) return undefined;
      const proxy = {
        target: new URL(root).origin,
        changeOrigin: true,
        rewrite: (path) => pathAtDriftwatch(root, path) ?? path,
        configure: (server) => outfitProxy(server, root),
      };
      return { server: { proxy: { [OURS.source]: proxy } } };
    },
    configureServer: guard,
    configurePreviewServer: guard,
  };
}

/** Vite itself refuses hosts that it doesn't know, before this. */
function guard({ middlewares }) {
  middlewares.use((request, response, next) => {
    if (!OURS.test(request.url) || admit(request, response)) next();
  });
}
