/** Gives scripts the page's own arithmetic: the TypeScript of src/domain, as Vite serves it to a page in development. */
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

/**
 * @template T
 * @param {(load: (name: string) => Promise<Record<string, any>>) => Promise<T>} work - `load` takes a name below
 *   src/domain, such as `calibration`
 */
export async function withDomain(work) {
  const vite = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('..', import.meta.url)),
    server: { middlewareMode: true, ws: false, watch: null },
    appType: 'custom',
    logLevel: 'error',
    optimizeDeps: { noDiscovery: true },
  });
  try {
    return await work((name) => vite.ssrLoadModule(`/src/domain/${name}.ts`));
  } finally {
    await vite.close();
  }
}
