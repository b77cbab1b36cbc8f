import type { AddressInfo } from 'node:net';
import { createServer } from 'vite';
import { serveDist } from '../scripts/serve.mjs';

/**
 * The two servers of the tests, on ports that are free. They live in the runner's own process, so that nothing is left
 * behind when it is killed. Specs find them through the environment.
 */
export default async function startServers(): Promise<() => Promise<void>> {
  const page = await serveDist({ under: '/some/where/' });
  const vite = await createServer({
    logLevel: 'warn',
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
  });
  await vite.listen();
  const { port } = vite.httpServer!.address() as AddressInfo;
  process.env['PORTHOLE_PAGE'] = page.address.replace('localhost', '127.0.0.1');
  process.env['PORTHOLE_VITE'] ??= `http://127.0.0.1:${port}`;
  return async () => {
    await Promise.all([page.close(), vite.close()]);
  };
}
