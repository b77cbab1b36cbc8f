import { expect, test } from '@playwright/test';
import { text } from 'node:stream/consumers';
import { BLANK } from '../addresses';
import { host, type Running } from './driftwatch-servers';

const running: Running[] = [];
test.afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

/** A host that lets every page call it, and answers as told. */
async function open(answer: () => { status: number; location?: string }, seen: string[]): Promise<string> {
  const started = await host(async (request, response) => {
    const said = `${request.method} ${request.url} ${JSON.stringify(request.headers)} ${await text(request)}`;
    seen.push(said);
    const cors = {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    };
    const { status, ...headers } = answer();
    response.writeHead(request.method === 'OPTIONS' ? 204 : status, { ...cors, ...headers }).end();
  });
  running.push(started);
  return started.origin;
}

test('a server that redirects gets tokens and records sent nowhere else', async ({ page }) => {
  const here: string[] = [];
  const there: string[] = [];
  const elsewhere = await open(() => ({ status: 200 }), there);
  let status = 307;
  const origin = await open(() => ({ status, location: `${elsewhere}/steal` }), here);
  await page.goto(BLANK);
  const failures = new Map<number, readonly string[]>();
  for (status of [301, 302, 303, 307, 308]) {
    failures.set(
      status,
      await page.evaluate(async (origin) => {
        const { DriftWatch } = await import('/src/features/driftwatch/remote/driftwatch.ts');
        const { exchange, introspect, revoke } = await import('/src/features/driftwatch/remote/mytoken.ts');
        const access = { token: async () => 'secret-token', drop: () => undefined, ageOfToken: () => 0 };
        const driftwatch = new DriftWatch({ baseUrl: `${origin}/api/v1`, access, timeout: 5000 });
        const url = new URL(`${origin}/mytoken`);
        const endpoints = { accessToken: url, tokeninfo: url, revocation: url };
        const [x, y] = [
          '6f1f77a6-0b1e-4b5a-9d3c-2f7f9a1b2c3d',
          '7a2b88b7-1c2f-4c6b-8e4d-3a8a0b2c3d4e',
        ] as const;
        const asked = [
          () => driftwatch.self(),
          () => driftwatch.experiment(x),
          () => driftwatch.send(x, '{"secret-record":1}'),
          () => driftwatch.find(x, ['1']),
          () => driftwatch.replace(x, y, '{"secret-record":1}'),
          () => driftwatch.remove(x, y),
          () => exchange(endpoints, 'secret-token', 5000),
          () => introspect(endpoints, 'secret-token', 5000),
          () => revoke(endpoints, 'secret-token', 5000),
        ];
        const codes: string[] = [];
        for (const ask of asked) {
          codes.push(
            await ask().then(
              () => 'done',
              (error: unknown) => String((error as { code?: string }).code),
            ),
          );
        }
        return codes;
      }, origin),
    );
  }
  expect(there).toEqual([]);
  expect(here.filter((request) => request.includes('secret-')).length).toBeGreaterThanOrEqual(5 * 9);
  for (const codes of failures.values()) {
    expect(codes).toEqual([
      ...Array<string>(6).fill('wrong-base-path'),
      ...Array<string>(3).fill('mytoken-no-answer'),
    ]);
  }
});
