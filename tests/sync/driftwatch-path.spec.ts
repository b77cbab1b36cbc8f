import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { driftwatchRoot } from '../../scripts/driftwatch-path.mjs';
import { serveDist } from '../../scripts/serve.mjs';
import { host, OUR_SERVERS, REPOSITORY, type Running } from './driftwatch-servers';

async function echo(request: IncomingMessage) {
  const { method, url, headers } = request;
  return JSON.stringify({ method, url, headers, body: await text(request) });
}

/** A port that nobody listens on. */
async function downRoot(): Promise<string> {
  const { origin, close } = await host(() => undefined);
  await close();
  return `${origin}/api/v1`;
}

for (const [name, start] of Object.entries(OUR_SERVERS)) {
  // The server of `npm run dev` takes seconds to start.
  test.describe(name === 'vite' ? `${name} @long` : name, () => {
    const running: Running[] = [];
    const keep = <T extends Running>(one: T): T => {
      running.push(one);
      return one;
    };
    test.afterEach(async () => {
      for (const one of running.splice(0).reverse()) await one.close();
    });

    test('a path goes to the root of the API with its query', async () => {
      const target = keep(await host(async (request, response) => response.end(await echo(request))));
      const { origin } = keep(await start(`${target.origin}/some/api`));
      for (const [path, expected] of [
        ['/driftwatch', '/some/api'],
        ['/driftwatch?page=2', '/some/api?page=2'],
        ['/driftwatch/', '/some/api/'],
        ['/driftwatch/user/self', '/some/api/user/self'],
        ['/driftwatch/experiment/a%20b?page=2&q=a/b', '/some/api/experiment/a%20b?page=2&q=a/b'],
        ['/driftwatch/driftwatch', '/some/api/driftwatch'],
      ] as const) {
        const { url } = await (await fetch(origin + path)).json();
        expect(url, path).toBe(expected);
      }
      const other = await fetch(`${origin}/driftwatchers`);
      expect(await other.text()).not.toContain('/some/api');
      if (name === 'serve') expect(other.status).toBe(404);
    });

    test('method, headers, body and status pass both ways, cookies neither', async () => {
      const target = keep(
        await host(async (request, response) => {
          response
            .writeHead(201, {
              'content-type': 'application/json',
              'retry-after': '7',
              'set-cookie': 'from=there',
            })
            .end(await echo(request));
        }),
      );
      const { origin } = keep(await start(`${target.origin}/api/v1`));
      const body = JSON.stringify({ name: 'Balar', text: 'ñ'.repeat(100_000) });
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const answer = await fetch(`${origin}/driftwatch/experiment`, {
          method,
          headers: {
            authorization: 'Bearer a.b.c',
            'content-type': 'application/json',
            cookie: 'of=another',
          },
          body,
        });
        expect(answer.status).toBe(201);
        expect(answer.headers.get('retry-after')).toBe('7');
        expect(answer.headers.getSetCookie()).toEqual([]);
        const seen = await answer.json();
        expect(seen).toMatchObject({ method, url: '/api/v1/experiment', body });
        expect(seen.headers).toMatchObject({
          authorization: 'Bearer a.b.c',
          'content-type': 'application/json',
          host: new URL(target.origin).host,
        });
        expect(seen.headers).not.toHaveProperty('cookie');
      }
    });

    test('refusals and empty answers stay what they are', async () => {
      const target = keep(
        await host((request, response) => {
          const status = Number(request.url?.split('/').at(-1));
          response.writeHead(status).end(status === 204 ? undefined : `said ${status}`);
        }),
      );
      const { origin } = keep(await start(`${target.origin}/api/v1`));
      for (const status of [204, 401, 422, 500, 503]) {
        const answer = await fetch(`${origin}/driftwatch/${status}`, { method: 'DELETE' });
        expect(answer.status).toBe(status);
        expect(await answer.text()).toBe(status === 204 ? '' : `said ${status}`);
      }
    });

    test('a long answer arrives while it is still being written', async () => {
      let finish = () => {};
      const target = keep(
        await host((_request, response) => {
          response.write('first');
          finish = () => response.end('last');
        }),
      );
      const { origin } = keep(await start(`${target.origin}/api/v1`));
      const reader = (await fetch(`${origin}/driftwatch/experiment`)).body!.getReader();
      expect(new TextDecoder().decode((await reader.read()).value)).toBe('first');
      finish();
      expect(new TextDecoder().decode((await reader.read()).value)).toBe('last');
    });

    test('an answer that breaks off is an error, and the server goes on', async () => {
      let broken = true;
      const target = keep(
        await host((_request, response) => {
          response.write('first');
          if (broken) setTimeout(() => response.destroy(), 50);
          else response.end();
        }),
      );
      const { origin } = keep(await start(`${target.origin}/api/v1`));
      // Node's own fetch takes what has come before a closed connection for the whole answer; a browser doesn't.
      const [answer] = await once(get(`${origin}/driftwatch/experiment`), 'response');
      await expect(text(answer)).rejects.toThrow();
      broken = false;
      expect(await (await fetch(`${origin}/driftwatch/experiment`)).text()).toBe('first');
    });

    test('a DriftWatch that is down is a 502 that says so, and the server goes on', async () => {
      const root = await downRoot();
      const { origin } = keep(await start(root));
      for (const method of ['GET', 'POST']) {
        const answer = await fetch(`${origin}/driftwatch/experiment`, {
          method,
          ...(method === 'POST' && { body: 'x'.repeat(200_000) }),
        });
        expect(answer.status).toBe(502);
        expect(answer.headers.get('content-type')).toContain('text/plain');
        expect(await answer.text()).toBe(`DriftWatch at ${root} can't be reached (ECONNREFUSED).\n`);
      }
    });
  });
}

test('without an address there is no such path', async () => {
  const { address, close } = await serveDist();
  expect((await fetch(`${address}driftwatch/experiment`)).status).toBe(404);
  await close();
});

test('a host alone gets the path of the API, and a path is taken as it is', () => {
  const root = (url: string | undefined, version?: string) =>
    driftwatchRoot({ DRIFT_MONITOR_URL: url, DRIFT_MONITOR_API_VERSION: version });
  expect(root(undefined)).toBeUndefined();
  expect(root('')).toBeUndefined();
  expect(root('https://drift.example')).toBe('https://drift.example/api/v1');
  expect(root('https://drift.example/')).toBe('https://drift.example/api/v1');
  expect(root('https://drift.example', 'latest')).toBe('https://drift.example/api/latest');
  expect(root('http://localhost:5000', '')).toBe('http://localhost:5000/api/v1');
  expect(root('https://drift.example/api/latest/', 'v2')).toBe('https://drift.example/api/latest');
});

/** Runs the server as a program until it prints its address or ends. */
async function runServe(driftwatch: string) {
  const program = spawn(process.execPath, ['scripts/serve.mjs'], {
    cwd: REPOSITORY,
    env: { ...process.env, DRIFT_MONITOR_URL: driftwatch, DRIFT_MONITOR_API_VERSION: '' },
  });
  const ended = once(program, 'close').then(([code]) => code as number);
  const address = new Promise<string>((resolve) => {
    program.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
  });
  const stop = async () => {
    program.kill();
    await ended;
  };
  return { address, ended, said: text(program.stderr), stop };
}

test('an address that is none stops the program with one sentence, without repeating a password', async () => {
  const wrongs = [
    'drift.example',
    'localhost:5000',
    'ftp://drift.example',
    'https://me:secret@drift.example',
    'https://drift.example/api/v1?page=1',
    'https://drift.example/#api',
  ];
  await Promise.all(
    wrongs.map(async (wrong) => {
      const { ended, said } = await runServe(wrong);
      expect(await ended, wrong).toBe(1);
      const sentence = await said;
      expect(sentence.trim().split('\n'), wrong).toHaveLength(1);
      expect(sentence).toMatch(/^DRIFT_MONITOR_URL must be /);
      expect(sentence).not.toContain('secret');
    }),
  );
});

test('the program that serves the build takes the address from the environment', async () => {
  const target = await host(async (request, response) => response.end(await echo(request)));
  const { address, stop } = await runServe(target.origin);
  const answer = await fetch(`${await address}driftwatch/user/self`);
  expect(await answer.json()).toMatchObject({ url: '/api/v1/user/self' });
  await stop();
  await target.close();
});
