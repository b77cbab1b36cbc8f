/** Serves dist/ on loopback as a plain static host does: no special headers, from any sub-path. */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/**
 * @param {{ port?: number, under?: string }} options - port 0 takes a free one; `under` begins and ends with a slash
 * @returns {Promise<{ address: string, close: () => Promise<void> }>}
 */
export async function serveDist({ port = 0, under = '/' } = {}) {
  const files = sirv(DIST, { etag: true, dev: true });
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { port: { type: 'string' }, under: { type: 'string' } } });
  const { address } = await serveDist({ port: Number(values.port ?? 0), under: values.under ?? '/' });
  console.log(address);
}
