import type { AddressInfo } from 'node:net';
import type { FullConfig } from '@playwright/test';

type Close = () => Promise<unknown>;

/** The servers by the name that a project gives in its metadata (playwright.config.ts). */
const SERVERS: Readonly<Record<string, () => Promise<Close>>> = { page: servePage, vite: serveSources };

/**
 * Starts the servers that the selected projects need, on free ports. They live in the runner's own process, so that
 * nothing is left behind when it is killed. Specs find them through the environment.
 */
export default async function startServers({ filteredProjects }: FullConfig): Promise<Close> {
  const named = new Set(filteredProjects.map(({ metadata }): unknown => metadata['server']));
  const wanted = Object.keys(SERVERS).filter((name) => named.has(name));
  const closing = await Promise.all(wanted.map(async (name) => SERVERS[name]!()));
  return async () => Promise.all(closing.map(async (close) => close()));
}

/** The built page, on a static host under a sub-path. */
async function servePage(): Promise<Close> {
  const { serveDist } = await import('../scripts/serve.mjs');
  const { address, close } = await serveDist({ under: '/some/where/' });
  process.env['PORTHOLE_PAGE'] = address.replace('localhost', '127.0.0.1');
  return close;
}

/** The modules of src. */
async function serveSources(): Promise<Close> {
  const { createServer } = await import('vite');
  const vite = await createServer({
    logLevel: 'warn',
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
  });
  await vite.listen();
  const { port } = vite.httpServer!.address() as AddressInfo;
  process.env['PORTHOLE_VITE'] = `http://127.0.0.1:${port}`;
  return async () => vite.close();
}
