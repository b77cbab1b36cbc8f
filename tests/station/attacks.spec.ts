/** Two attacks on a station's door: a page whose name was made to lead here, and guesses at the token to tell. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { chromium, expect, test } from '@playwright/test';
import { browserLaunchOptions } from '../../scripts/browser.mjs';
import { openDoor } from '../../scripts/station/door.mjs';

const SECRET = 'a result of this station';
const TELLS = 'a token for people';
const EVIL = 'evil.example';

type Limits = Partial<Parameters<typeof openDoor>[0]>;

/** A door on loopback. Its answers hold a secret; clients that have to wait do so until the test lets them go. */
async function openStation(more: Limits) {
  const state = { letIn: 0, held: 0, alerts: [] as string[] };
  let letGo = () => {};
  const released = new Promise<void>((resolve) => (letGo = resolve));
  const limits = { host: '127.0.0.1', port: 0, token: null, most_mb: 1, per_minute: 10_000, ...more };
  const door = await openDoor(
    limits,
    async () => {
      state.letIn += 1;
      return { body: JSON.stringify(SECRET) };
    },
    (sentence) => state.alerts.push(sentence),
    {
      hold: () => {
        state.held += 1;
        return released;
      },
    },
  );
  const { port } = new URL(door.address);
  return {
    state,
    port,
    letGo,
    /** @param from - the client's address, on loopback */
    async ask(path: string, headers: Record<string, string> = {}, method = 'GET', from = '127.0.0.1') {
      const options = { host: '127.0.0.1', port, path, method, localAddress: from, agent: false };
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

const guess = (i: number) => ({ authorization: `Bearer guess ${i}` });
const right = { authorization: `Bearer ${TELLS}` };
const from = (client: string) => ({ 'x-forwarded-for': client });

test('a hundred wrong tokens from one client of a named proxy slow down that client alone', async () => {
  await using door = await openStation({ tell_token: TELLS, proxies: ['127.0.0.1', '10.0.0.0/8'] });
  for (let i = 0; i < 100; i += 1) {
    // The client writes something into the header, the proxies add to it.
    const forged = from(`192.0.2.${i}, 203.0.113.5, 10.0.0.7`);
    expect((await door.ask('/tell/Pier', { ...guess(i), ...forged }, 'POST')).status).toBe(401);
  }
  expect(door.state.alerts).toEqual([
    expect.stringMatching(/^Somebody at 203\.0\.113\.5 gave 100 wrong tokens/),
  ]);
  const answers = ['203.0.113.6', '192.0.2.1', '2001:db8::1'].map((other) =>
    door.ask('/wall', { ...right, ...from(other) }),
  );
  for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
  expect(door.state.held).toBe(0);

  const slow = door.ask('/wall', { ...right, ...from('203.0.113.5') });
  await expect.poll(() => door.state.held).toBe(1);
  expect(door.state.letIn).toBe(3);
  door.letGo();
  expect((await slow).status, 'it waits, and is let in').toBe(200);
});

test('a client that is no named proxy stays one client, whichever addresses it claims', async () => {
  await using door = await openStation({ tell_token: TELLS, proxies: ['127.0.0.1'] });
  for (let i = 0; i < 100; i += 1)
    await door.ask('/tell/Pier', { ...guess(i), ...from(`192.0.2.${i}`) }, 'POST', '127.0.0.2');
  expect(door.state.alerts).toEqual([expect.stringContaining('Somebody at 127.0.0.2 gave')]);
  const next = door.ask('/tell/Pier', { ...guess(100), ...from('192.0.2.200') }, 'POST', '127.0.0.2');
  await expect.poll(() => door.state.held).toBe(1);
  // Nor is it taken for the one that it claimed to be.
  expect(await door.ask('/wall', { ...right, ...from('192.0.2.1') })).toMatchObject({ status: 200 });
  expect(door.state.held).toBe(1);
  door.letGo();
  expect(await next).toMatchObject({ status: 401 });
});

test('behind a proxy that is not named the right token is let in during an attack, after a wait', async () => {
  await using door = await openStation({ tell_token: TELLS });
  for (let i = 0; i < 100; i += 1)
    await door.ask('/tell/Pier', { ...guess(i), ...from('192.0.2.1') }, 'POST');
  const attack = Array.from({ length: 50 }, (_, i) => door.ask('/tell/Pier', guess(i), 'POST'));
  const honest = door.ask('/wall', { ...right, ...from('203.0.113.5') });
  await expect.poll(() => door.state.held).toBe(51);
  expect(door.state.letIn).toBe(0);
  door.letGo();
  expect((await honest).status).toBe(200);
  for (const { status } of await Promise.all(attack)) expect(status).toBe(401);
  expect(door.state.alerts, 'one of them, not one of each hundred').toHaveLength(1);
});

test('addresses of one IPv6 network of 64 bits are one client', async () => {
  await using door = await openStation({ tell_token: TELLS, proxies: ['127.0.0.1'] });
  for (let i = 0; i < 100; i += 1)
    await door.ask('/tell/Pier', { ...guess(i), ...from(`2001:db8:0:7::${i.toString(16)}`) }, 'POST');
  expect(door.state.alerts).toEqual([expect.stringContaining('Somebody at 2001:db8:0:7::/64 gave')]);
  expect(await door.ask('/wall', { ...right, ...from('2001:db8:0:8::1') })).toMatchObject({ status: 200 });
});
