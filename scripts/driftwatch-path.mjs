/**
 * DriftWatch as a path of the page's own origin: its backend sends no CORS headers, so that a page can call it
 * from no other place. Plain Node without imports from packages, since `npm start` reads it before there are any.
 */
import { stop } from './prepare.mjs';

export const DRIFTWATCH_PATH = '/driftwatch';

/** The path itself and what is below it, not `/driftwatchers`. */
const OURS = new RegExp(`^${DRIFTWATCH_PATH}(?=[/?]|$)`);

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
 * Where a request for a path of ours goes, as a path of DriftWatch's host.
 *
 * @param {string} root
 * @param {string} path - with its query
 * @returns {string | undefined} undefined when the path isn't DriftWatch's
 */
export function pathAtDriftwatch(root, path) {
  return OURS.test(path) ? path.replace(OURS, new URL(root).pathname) : undefined;
}

/**
 * What every proxy to DriftWatch does besides forwarding; httpxy's and Vite's have the same events.
 *
 * @param {import('node:events').EventEmitter} proxy
 * @param {string} root
 */
export function outfitProxy(proxy, root) {
  // A browser sends localhost the cookies of every program that ever ran there, on any port.
  proxy.on('proxyReq', (request) => request.removeHeader('cookie'));
  proxy.on('proxyRes', (answer, _request, response) => {
    delete answer.headers['set-cookie'];
    // Vite's proxy would leave an answer that breaks off open for ever.
    answer.once('error', () => response.destroy());
  });
  proxy.on('error', (error, _request, response) => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response
      .writeHead(502, { 'content-type': 'text/plain; charset=utf-8' })
      .end(`DriftWatch at ${root} can't be reached (${error.code ?? error.message}).\n`);
  });
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
  };
}
