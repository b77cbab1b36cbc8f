/** An attack on a station's door: a page whose name was made to lead here. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { chromium, expect, test } from '@playwright/test';
import { browserLaunchOptions } from '../../scripts/browser.mjs';
import { openDoor } from '../../scripts/station/door.mjs';

const SECRET = 'a result of this station';
const EVIL = 'evil.example';

type Limits = Partial<Parameters<typeof openDoor>[0]>;

/** A door on loopback, whose answers hold a secret. */
async function openStation(more: Limits) {
  const state = { letIn: 0 };
  const limits = { host: '127.0.0.1', port: 0, token: null, most_mb: 1, per_minute: 10_000, ...more };
  const door = await openDoor(limits, async () => {
    state.letIn += 1;
    return { body: JSON.stringify(SECRET) };
  });
  const { port } = new URL(door.address);
  return {
    state,
    port,
    async ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
      const options = { host: '127.0.0.1', port, path, method, agent: false };
      const sent = request({ ...options, headers: { host: `localhost:${port}`, ...headers } });
      sent.end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      return { status: response.statusCode, text: String(Buffer.concat(await response.toArray())) };
    },
    [Symbol.asyncDispose]: () => door.close(),
  };
}

test('a page whose name was made to lead to an open door gets nothing from it', async () => {
  await using door = await openStation({ open: true, hosts: ['wall.example'] });
  const host = `${EVIL}:${door.port}`;
  const own = { host, origin: `http://${host}` };
  for (const [path, method, headers] of [
    // As browsers send what a page asks of its own origin, over HTTP and through a proxy's HTTPS.
    ['/usable.json', 'GET', { host }],
    ['/v2/models/', 'GET', { host, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }],
    ['/v2/models/porthole/predict/', 'POST', own],
    ['/v2/models/porthole/predict/', 'POST', { host: EVIL, origin: `https://${EVIL}` }],
    // A frame or a link.
    ['/api', 'GET', { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    // Names that resemble one that is let in.
    ['/health', 'GET', { host: `wall.example.${EVIL}` }],
    ['/health', 'GET', { host: `localhost.${EVIL}:${door.port}` }],
    ['/health', 'GET', { host: `127.0.0.1.${EVIL}` }],
  ] as const) {
    const { status, text } = await door.ask(path, headers, method);
    expect([status, text], JSON.stringify(headers)).toEqual([403, expect.not.stringContaining(SECRET)]);
  }
  expect(door.state.letIn).toBe(0);
  expect(await door.ask('/usable.json', { host: 'wall.example' })).toMatchObject({ status: 200 });
});

test('a browser that has a page of such a name open reads and sends nothing', async () => {
  await using door = await openStation({ open: true });
  const { args = [], ...options } = browserLaunchOptions();
  const browser = await chromium.launch({
    ...options,
    args: [...args, `--host-resolver-rules=MAP ${EVIL} 127.0.0.1`],
  });
  try {
    const page = await browser.newPage();
    // The attacker's script runs in this origin, whatever the door answers to the first request.
    await page.goto(`http://${EVIL}:${door.port}/`);
    const got = await page.evaluate(async () => {
      const form = new FormData();
      form.set('input_file', new Blob(['x']), 'x.jpg');
      const answers = [
        await fetch('/usable.json'),
        await fetch('/v2/models/porthole/predict/', { method: 'POST', body: form }),
      ];
      return Promise.all(answers.map(async (answer) => [answer.status, await answer.text()]));
    });
    expect(got).toEqual([
      [403, expect.not.stringContaining(SECRET)],
      [403, expect.not.stringContaining(SECRET)],
    ]);
    expect(door.state.letIn).toBe(0);
  } finally {
    await browser.close();
  }
});
