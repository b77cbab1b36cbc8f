import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
import { Deepaas, MOST_WAITING } from '../../scripts/station/deepaas.mjs';
import { openDoor } from '../../scripts/station/door.mjs';
import { PREDICT_ARGS } from '../../src/scripting/predict-args.js';
import { recorded, replay, type Answer } from './deepaas-requests';
import { DEMO, PICTURES, StationRun } from './station-run';

const PICTURE = readFileSync(join(DEMO, 'snapshots', PICTURES[0]!));
const PREDICT = 'v2/models/porthole/predict/';
const TOKEN = { authorization: 'Bearer a-secret' };

/** The door in front of a page that answers as the module did whose answers were recorded. */
async function openRecordedDoor({
  token = null,
  until = Promise.resolve(),
}: {
  token?: string | null;
  until?: Promise<void>;
} = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-deepaas-'));
  const judged: Record<string, unknown>[] = [];
  const deepaas = new Deepaas({
    model: 'porthole',
    incoming: join(folder, 'incoming'),
    metadata: async () => ({ description: 'drift', author: 'x', license: 'MIT', version: '1', url: 'x' }),
    predict: async ({ path }, args) => {
      await until;
      judged.push(args);
      const isPicture = readFileSync(path)
        .subarray(0, 2)
        .equals(Buffer.from([0xff, 0xd8]));
      return isPicture ? { drift: false, distance: 0.01 } : null;
    },
  });
  const limits = { host: '127.0.0.1', port: 0, token, most_mb: 1, per_minute: 100_000 };
  const door = await openDoor(limits, async (asked) => {
    if (deepaas.knows(asked.url)) return deepaas.answer(asked);
    return { status: 404, type: 'text/plain', body: '404: Not Found' };
  });
  return {
    address: door.address,
    judged,
    async [Symbol.asyncDispose]() {
      await door.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function formOf(file: Blob = new Blob([PICTURE])): FormData {
  const form = new FormData();
  form.set('input_file', file, 'x.jpg');
  return form;
}

test('51 requests get the status, the type and the body that DEEPaaS 2.4.0 gives them', async () => {
  await using guarded = await openRecordedDoor({ token: 'a-secret' });
  expect(await replay(guarded.address, PICTURE, TOKEN)).toEqual(recorded);

  // Without a token anything that a foreign page may have sent is refused, which DEEPaaS takes.
  await using door = await openRecordedDoor();
  const answers = await replay(door.address, PICTURE);
  const isFromPage = ({ path }: Answer) => path.endsWith(' origin');
  expect(answers.filter((answer) => !isFromPage(answer))).toEqual(
    recorded.filter((answer) => !isFromPage(answer)),
  );
  expect(answers.filter(isFromPage).map(({ status }) => status)).toEqual([403, 403]);
});

test('a station gives them too, with its own camera’s facts in their places @long', async () => {
  test.setTimeout(180_000);
  const run = new StationRun();
  try {
    mkdirSync(join(run.folder, 'camera'));
    writeFileSync(join(run.folder, 'token'), 'a-secret', { mode: 0o600 });
    const port = await freePort();
    await run.configure(
      `[door]\nlisten = "127.0.0.1:${port}"\ntoken_file = "token"\n[[camera]]\nname = "Demo"\nfolder = "camera"\nreference = "${DEMO}reference"\n`,
    );
    run.start();
    await expect.poll(() => run.output, { timeout: 60_000 }).toContain('Ready after');
    const answers = await replay(`http://127.0.0.1:${port}/`, PICTURE, TOKEN);
    expect(answers.map(withoutFacts)).toEqual(recorded.map(withoutFacts));
    const predictions = answers.filter(({ body }) => body.startsWith('{"status": "OK"'));
    expect(predictions).toHaveLength(8);
    for (const { body } of predictions)
      expect(body).toMatch(
        /^\{"status": "OK", "predictions": \{"drift": (true|false), "distance": -?\d\.\d+(e-\d+)?, /,
      );
    expect(await run.end()).toBe(0);
  } finally {
    await run.remove();
  }
});

/** An answer with the values of what the module says and not DEEPaaS. */
function withoutFacts(answer: Answer): Answer {
  const body = answer.body
    .replace(/("predictions": ).*$/, '$1…')
    .replace(/("description": "|"author": "|"license": "|"version": "|"url": ")(?!stable|<img).*$/, '…');
  return { ...answer, body };
}

test('what /swagger.json says of the arguments is what they are judged by', async () => {
  await using door = await openRecordedDoor();
  const { swagger, paths } = (await (await fetch(`${door.address}swagger.json`)).json()) as {
    swagger: string;
    paths: Record<string, { post?: { parameters: { name: string; minimum?: number; maximum?: number }[] } }>;
  };
  expect(swagger).toBe('2.0');
  const parameters = paths[`/${PREDICT}`]!.post!.parameters;
  expect(parameters.map(({ name }) => name)).toEqual(['accept', ...Object.keys(PREDICT_ARGS)]);
  expect(parameters).toContainEqual({ name: 'drift_distance', ...PREDICT_ARGS.drift_distance });
  expect(Object.keys(paths)).toEqual([
    '/',
    '/v2/',
    '/v2/models/',
    '/v2/models/porthole/',
    `/${PREDICT}`,
    '/v2/models/porthole/train/',
  ]);
  const post = async (search: string, body: BodyInit = formOf(), headers: Record<string, string> = {}) => {
    const answer = await fetch(`${door.address}${PREDICT}${search}`, { method: 'POST', body, headers });
    return [answer.status, await answer.json()];
  };
  for (const { name, minimum, maximum } of parameters) {
    if (minimum === undefined || maximum === undefined) continue;
    for (const fits of [minimum, maximum]) expect((await post(`?${name}=${fits}`))[0]).toBe(200);
    for (const beyond of [minimum - 0.001, maximum + 0.001])
      expect(await post(`?${name}=${beyond}`)).toEqual([
        422,
        { [name]: [expect.stringMatching(/^Must be/)] },
      ]);
  }
  expect(await post('?drift_distance=0x1')).toEqual([422, { drift_distance: ['Not a valid number.'] }]);
  const json = { 'content-type': 'application/json' };
  expect(await post('?drift_distance=2', '{"warning_distance": true}', json)).toEqual([
    422,
    {
      input_file: ['Missing data for required field.'],
      drift_distance: ['Must be less than or equal to 1.999.'],
      warning_distance: ['Not a valid number.'],
    },
  ]);
  door.judged.length = 0;
  await post('?drift_distance=%2B.5e0&drift_distance=1');
  expect(door.judged).toEqual([{ drift_distance: '+.5e0' }]);
});

test('JSON is sent to whoever understands it, by any list of types with or without weights', async () => {
  await using door = await openRecordedDoor();
  const statusFor = async (accept: string) =>
    (await fetch(`${door.address}${PREDICT}`, { method: 'POST', body: formOf(), headers: { accept } }))
      .status;
  for (const accept of ['application/*;q=0.1', 'application/json; charset=utf-8', 'image/png, */*;q=0.01'])
    expect(await statusFor(accept), accept).toBe(200);
  for (const accept of ['text/html', 'application/json;q=0, text/html', '*/*;q=0'])
    expect(await statusFor(accept), accept).toBe(422);
});

test('snapshots that come together wait, and those beyond the bound are told to come again @long', async () => {
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  await using door = await openRecordedDoor({ until });
  const statuses = new Map<number, number>();
  const body = new Blob([new Uint8Array([0xff, 0xd8])]);
  const post = async () => {
    const answer = await fetch(`${door.address}${PREDICT}`, { method: 'POST', body: formOf(body) });
    if (answer.status === 503) expect(answer.headers.get('retry-after')).toBe('10');
    await answer.arrayBuffer();
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
  };
  const all = Promise.all(Array.from({ length: MOST_WAITING + 20 }, post));
  await expect.poll(() => statuses.get(503), { timeout: 30_000 }).toBe(20);
  release();
  await all;
  expect(statuses).toEqual(
    new Map([
      [503, 20],
      [200, MOST_WAITING],
    ]),
  );
});

test('Swagger UI is the door’s own page: it asks no other host, and tries requests out', async ({ page }) => {
  await using door = await openRecordedDoor();
  const hosts = new Set<string>();
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.goto(`${door.address}ui`);
  expect(page.url()).toBe(`${door.address}api`);
  await expect(page.getByText('camera station: Porthole')).toBeVisible();
  const models = page.locator('.opblock', { hasText: 'Judge a snapshot' });
  await models.getByRole('button').first().click();
  await models.getByRole('button', { name: 'Try it out' }).click();
  await models
    .locator('input[type=file]')
    .setInputFiles({ name: 'x.jpg', mimeType: 'image/jpeg', buffer: PICTURE });
  await models.getByRole('button', { name: 'Execute' }).click();
  await expect(models.locator('.live-responses-table')).toContainText('"distance": 0.01');
  expect(door.judged).toHaveLength(1);
  expect([...hosts]).toEqual([new URL(door.address).host]);
});

test('a page of another site is refused, whatever it calls itself', async () => {
  await using door = await openRecordedDoor();
  const { host } = new URL(door.address);
  const statusFor = async (headers: Record<string, string>) =>
    (await fetch(`${door.address}${PREDICT}`, { method: 'POST', body: formOf(), headers })).status;
  const own = { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
  expect(await statusFor(own)).toBe(200);
  for (const foreign of [
    { ...own, 'sec-fetch-site': 'same-site' },
    { ...own, 'sec-fetch-site': 'cross-site' },
    { ...own, origin: 'http://localhost:1' },
    { ...own, origin: 'null' },
  ])
    expect(await statusFor(foreign), JSON.stringify(foreign)).toBe(403);
  expect(door.judged).toHaveLength(1);
});
