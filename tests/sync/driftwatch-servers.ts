import { test } from '@playwright/test';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createServer as createVite } from 'vite';
import { serveDist } from '../../scripts/serve.mjs';
import { host, type Running } from './host';

export { host, type Running };

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** The servers of this repository that offer the path. */
export const OUR_SERVERS: Readonly<Record<string, (driftwatch: string) => Promise<Running>>> = {
  serve: async (driftwatch) => {
    const { address, close } = await serveDist({ driftwatch, under: '/some/where/' });
    return { origin: new URL(address).origin, close };
  },
  vite: async (driftwatch) => {
    process.env['DRIFT_MONITOR_URL'] = driftwatch;
    const server = await createVite({
      root: REPOSITORY,
      logLevel: 'silent',
      // The dependencies stay as the server for the other specs found them.
      optimizeDeps: { noDiscovery: true, include: [] },
      cacheDir: test.info().outputPath('vite'),
      server: { port: 0, host: '127.0.0.1', ws: false, watch: null },
    });
    delete process.env['DRIFT_MONITOR_URL'];
    await server.listen();
    const { port } = server.httpServer?.address() as AddressInfo;
    return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
  },
};

/** The programs that files in deploy/ configure, with these files. */
export const PROGRAMS: Readonly<Record<'nginx' | 'caddy', (driftwatch: string) => Promise<Running>>> = {
  nginx: async (driftwatch) => {
    const port = await freePort();
    const folder = test.info().outputPath('nginx');
    await mkdir(folder, { recursive: true });
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${folder}/${name};`)
      .join(' ');
    await writeFile(
      `${folder}/nginx.conf`,
      `daemon off; master_process off; pid ${folder}/pid; error_log stderr crit;
events {}
http {
  access_log off; ${temporary}
  server {
    listen 127.0.0.1:${port};
    location / { return 200 blank; }
    location = /secret { internal; return 200 secret; }
    ${await configured('deploy/driftwatch.nginx.conf', driftwatch)}
  }
}`,
    );
    return run(port, 'nginx', ['-e', 'stderr', '-c', `${folder}/nginx.conf`], folder);
  },
  caddy: async (driftwatch) => {
    const port = await freePort();
    const folder = test.info().outputPath('caddy');
    await mkdir(folder, { recursive: true });
    await writeFile(
      `${folder}/Caddyfile`,
      `{
  admin off
  auto_https off
}
http://localhost:${port} {
  bind 127.0.0.1
  ${await configured('deploy/driftwatch.Caddyfile', driftwatch)}
  respond blank
}`,
    );
    return run(port, 'caddy', ['run', '--adapter', 'caddyfile', '--config', `${folder}/Caddyfile`], folder);
  },
};

/** True if a program of this name can be run; Debian has both as packages. */
export function isThere(program: string): boolean {
  return spawnSync(program, [program === 'nginx' ? '-v' : 'version']).status === 0;
}

/** A configuration that this repository has, for another DriftWatch. */
async function configured(path: string, driftwatch: string): Promise<string> {
  const { origin, host, pathname } = new URL(driftwatch);
  return (await readFile(REPOSITORY + path, 'utf8'))
    .replaceAll('https://drift-watch.cloud.ai4eosc.eu', origin)
    .replaceAll('drift-watch.cloud.ai4eosc.eu', host)
    .replaceAll('/api/v1', pathname);
}

async function freePort(): Promise<number> {
  const { origin, close } = await host(() => undefined);
  await close();
  return Number(new URL(origin).port);
}

async function run(port: number, program: string, options: string[], home: string): Promise<Running> {
  const environment = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home };
  const started = spawn(program, options, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  started.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  await listening(port, started).catch((error: unknown) => {
    throw new Error(`${program} did not start: ${Buffer.concat(said).toString()}`, { cause: error });
  });
  return {
    origin: `http://localhost:${port}`,
    close: async () => {
      if (started.exitCode !== null) return;
      started.kill();
      await once(started, 'close');
    },
  };
}

async function listening(port: number, program: ChildProcess): Promise<void> {
  while (program.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await wait(20);
  }
  throw new Error('it ended');
}
