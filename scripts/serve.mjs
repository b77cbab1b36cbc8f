/**
 * Serves dist/ on loopback as a plain static host does: no special headers, from any sub-path. A DriftWatch
 * that it is given is at the origin's root, whatever the sub-path.
 */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createProxyServer } from 'httpxy';
import sirv from 'sirv';
import { commandLine, portIn } from './command-line.mjs';
import { admit, driftwatchRoot, outfitProxy, pathAtDriftwatch } from './driftwatch-path.mjs';
import { hostsGiven, isOwnHost } from './own-host.mjs';
import { stop } from './prepare.mjs';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/**
 * @param {{ port?: number, under?: string, driftwatch?: string | undefined }} options - port 0 takes a free one;
 *   `under` begins and ends with a slash; `driftwatch` is the root of an API to serve under /driftwatch
 * @returns {Promise<{ address: string, close: () => Promise<void> }>}
 */
export async function serveDist({ port = 0, under = '/', driftwatch } = {}) {
  const files = sirv(DIST, { etag: true, dev: true });
  const forward = driftwatch === undefined ? () => false : forwarder(driftwatch);
  const server = createServer((request, response) => {
    if (!isOwnHost(request, hostsGiven())) {
      response
        .writeHead(403, { 'content-type': 'text/plain' })
        .end('Not served under this name. Start the server with PORTHOLE_HOST set to it.\n');
      return;
    }
    // Servers disagree about which host a target with a host in it means.
    if (!request.url.startsWith('/')) {
      response.writeHead(400, { 'content-type': 'text/plain' }).end('Not a path');
      return;
    }
    if (forward(request, response)) return;
    const path = request.url;
    if (!path.startsWith(under)) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
      return;
    }
    request.url = `/${path.slice(under.length)}`;
    files(request, response, () =>
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found'),
    );
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    address: `http://localhost:${server.address().port}${under}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** Takes the requests that are DriftWatch's and says whether it took this one. */
function forwarder(root) {
  const proxy = createProxyServer({ target: new URL(root).origin, changeOrigin: true });
  outfitProxy(proxy, root);
  return (request, response) => {
    const path = pathAtDriftwatch(root, request.url);
    if (path === undefined) return false;
    if (!admit(request, response)) return true;
    request.url = path;
    // Errors are reported before this; an answer that breaks off must not end the server.
    proxy.web(request, response).catch(() => response.destroy());
    return true;
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const usage = `node scripts/serve.mjs [--port PORT] [--under /PATH/]

  --port   a free one without it
  --under  the path of the page; / without it`;
  const { port, under } = commandLine(
    { port: { type: 'string', default: '0' }, under: { type: 'string', default: '/' } },
    usage,
  );
  if (!/^\/(.*\/)?$/.test(under))
    stop(`--under is ${under}: expected a path that begins and ends with /.`, 2);
  const wanted = { port: portIn('port', port), under, driftwatch: driftwatchRoot() };
  const { address } = await serveDist(wanted).catch((error) =>
    stop(`Port ${port} can't be used (${error.code}).`),
  );
  console.log(address);
}
