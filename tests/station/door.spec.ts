import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
import { Deepaas, MOST_WAITING } from '../../scripts/station/deepaas.mjs';
import { openDoor } from '../../scripts/station/door.mjs';
import { usableProblems } from '../usable-schema';
import { DEMO, StationRun } from './station-run';

const [FIRST, SECOND] = readdirSync(join(DEMO, 'snapshots')).sort() as [string, string];
const PREDICT = 'v2/models/porthole/predict/';
/** `npm run endurance` asks as many as may wait. */
const AT_ONCE = process.env['PORTHOLE_ENDURANCE'] === '1' ? MOST_WAITING : 200;

const picture = (name: string) =>
  new Blob([readFileSync(join(DEMO, 'snapshots', name))], { type: 'image/jpeg' });

function formOf(name: string, more: Record<string, string> = {}, as = name): FormData {
  const form = new FormData();
  form.set('input_file', picture(name), as);
  for (const [key, value] of Object.entries(more)) form.set(key, value);
  return form;
}

/** DEEPaaS at a door, in front of a page that says at once which file it was given. */
async function openPredictDoor(more: { token?: string; per_minute?: number } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-door-'));
  const deepaas = new Deepaas({
    model: 'porthole',
    incoming: join(folder, 'incoming'),
    metadata: async () => ({}),
    predict: async ({ path, name }) => ({ name, length: readFileSync(path).length }),
  });
  const limits = { host: '127.0.0.1', port: 0, token: null, most_mb: 1, per_minute: 100_000, ...more };
  const state = { letIn: 0 };
  const door = await openDoor(limits, async (asked) => {
    state.letIn += 1;
    return deepaas.answer(asked);
  });
  return {
    state,
    address: door.address,
    port: Number(new URL(door.address).port),
    async [Symbol.asyncDispose]() {
      await door.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Sends bytes as they are, and gives what comes back until the end, or nothing in 15 seconds. */
async function raw(port: number, text: string, isEnded = true): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      if (isEnded) socket.end(text);
      else socket.write(text);
    });
    socket.on('data', (part) => (answer += String(part)));
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', () => undefined);
    socket.setTimeout(15_000, () => socket.destroy());
  });
}

test('without a token only this computer’s own names are answered, since a page can make its own lead here', async () => {
  await using door = await openPredictDoor();
  const { port } = door;
  const statusOf = async (host: string) =>
    (await raw(port, `GET /v2/ HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)).slice(9, 12);
  for (const own of ['localhost', '127.0.0.1', '[::1]'])
    expect(await statusOf(`${own}:${port}`), own).toBe('200');
  for (const foreign of ['evil.example', 'localhost.evil.example', 'evil.localhost', '192.0.2.1'])
    expect(await statusOf(`${foreign}:${port}`), foreign).toBe('403');

  await using guarded = await openPredictDoor({ token: 'a-secret' });
  const ask = (authorization: string) =>
    raw(
      guarded.port,
      `GET /v2/ HTTP/1.1\r\nhost: station.example\r\n${authorization}connection: close\r\n\r\n`,
    );
  expect(await ask('')).toContain('401 Unauthorized');
  expect(await ask('authorization: Bearer a-secret\r\n')).toContain('200 OK');
});

test('requests that are refused use up nobody’s requests of the minute', async () => {
  await using door = await openPredictDoor({ per_minute: 20 });
  const ask = async (headers: Record<string, string>) =>
    (await fetch(`${door.address}v2/`, { headers })).status;
  for (let i = 0; i < 30; i += 1) expect(await ask({ origin: 'https://example.org' })).toBe(403);
  for (let i = 0; i < 20; i += 1) expect(await ask({})).toBe(200);
  expect(await ask({})).toBe(429);
});

test('posts that come slowly take no place of others, and end with 408 @long', async () => {
  await using door = await openPredictDoor();
  const head = `POST /${PREDICT} HTTP/1.1\r\nhost: 127.0.0.1:${door.port}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 5000\r\n\r\n--b\r\n`;
  const slow = Promise.all(Array.from({ length: 100 }, () => raw(door.port, head, false)));
  await expect.poll(() => door.state.letIn).toBe(100);
  const answer = await fetch(`${door.address}${PREDICT}`, { method: 'POST', body: formOf(FIRST) });
  expect(answer.status).toBe(200);
  for (const ending of await slow) expect(ending).toContain('408 Request Timeout');
});

test('a name of any length and alphabet reaches the page as it is, without its folders', async () => {
  await using door = await openPredictDoor();
  for (const name of ['海'.repeat(120), 'n'.repeat(5000), 'día “1”', '.hidden'].map(
    (stem) => `${stem}.jpg`,
  )) {
    const form = formOf(FIRST, {}, `../../away/${name}`);
    const answer = await fetch(`${door.address}${PREDICT}`, { method: 'POST', body: form });
    expect(await answer.json()).toEqual({
      status: 'OK',
      predictions: { name, length: picture(FIRST).size },
    });
  }
});

test('a script for the DEEPaaS module works unchanged, and whatever else comes gets a clear answer @long', async () => {
  test.setTimeout(300_000);
  const run = new StationRun();
  try {
    mkdirSync(join(run.folder, 'camera'));
    const port = await freePort();
    await run.configure(`
[door]
listen = "127.0.0.1:${port}"
most_mb = 1
per_minute = 100000

[[camera]]
name = "Demo"
folder = "camera"
reference = "${DEMO}reference"
`);
    run.start();
    const address = `http://127.0.0.1:${port}/`;
    const get = (path: string, options: RequestInit = {}) =>
      fetch(`${address}${path}`, { redirect: 'manual', ...options });
    await expect.poll(() => run.output, { timeout: 60_000 }).toContain('Ready after');

    await test.step('as the module', async () => {
      const answer = await get(`${PREDICT}?warning_distance=0.07`, {
        method: 'POST',
        body: formOf(FIRST, { drift_distance: '0.2' }),
      });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toContain('application/json');
      const body = (await answer.json()) as { predictions: { distance: number } };
      const { distance } = body.predictions;
      expect(distance).not.toBeNaN();
      const limits = { drift_distance: 0.2, warning_distance: 0.07 };
      expect(body).toEqual({
        status: 'OK',
        predictions: {
          drift: distance > 0.2,
          distance,
          ...limits,
          image_name: FIRST,
          captured_at: expect.stringMatching(/^2026-05-\d\dT/),
          parameters: { distance, warning: distance > 0.07, ...limits, link: null },
          tags: ['Demo'],
          version: expect.any(String),
        },
      });
      expect(run.lines.map(({ image_name }) => image_name)).toEqual([FIRST]);
      const meta = (await (await get('v2/models/porthole/')).json()) as object;
      expect(meta).toMatchObject({ id: 'porthole', name: 'porthole', license: 'MIT' });
      expect(await (await get('v2/models/')).json()).toEqual({ models: [meta] });
      expect(await (await get('')).json()).toMatchObject({ versions: [{ version: 'stable', id: 'v2' }] });
      expect(await (await get('v2/')).json()).toMatchObject({ version: 'stable', id: 'v2' });
    });

    await test.step('as the module refuses', async () => {
      const post = (body: BodyInit | null, headers: Record<string, string> = {}) =>
        get(PREDICT, { method: 'POST', body, headers });
      const refused = async (answer: Promise<Response>) => [
        (await answer).status,
        await (await answer).json(),
      ];
      expect(await refused(post(formOf(FIRST, { drift_distance: '-1' })))).toEqual([
        422,
        { drift_distance: ['Must be greater than or equal to 0.0.'] },
      ]);
      expect(await refused(post(new FormData()))).toEqual([
        422,
        { input_file: ['Missing data for required field.'] },
      ]);
      expect(await refused(post(formOf(FIRST), { accept: 'text/html' }))).toEqual([
        422,
        { accept: ['Must be one of: application/json, */*.'] },
      ]);
      const text = new FormData();
      text.set('input_file', 'a text');
      expect((await post(text)).status).toBe(500);
      expect(await refused(post('{', { 'content-type': 'application/json' }))).toEqual([
        400,
        { json: ['Invalid JSON body.'] },
      ]);
      const slashless = await get(PREDICT.slice(0, -1), { method: 'POST', body: formOf(FIRST) });
      expect([slashless.status, slashless.headers.get('location')]).toEqual([308, `/${PREDICT}`]);
      const wrongMethod = await get(PREDICT);
      expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'POST']);
      expect(await (await get('v2/models/other/')).text()).toBe('404: Not Found');
      expect((await get('v2/models/porthole/train/', { method: 'POST' })).status).toBe(501);
    });

    await test.step('hostile requests', async () => {
      const large = formOf(FIRST);
      large.set('input_file', new Blob([new Uint8Array(2 ** 21)]), 'large.jpg');
      expect((await get(PREDICT, { method: 'POST', body: large })).status).toBe(413);
      for (const origin of [{ origin: 'https://example.org' }, { 'sec-fetch-site': 'cross-site' }]) {
        const answer = await get(PREDICT, { method: 'POST', body: formOf(FIRST), headers: origin });
        expect(answer.status).toBe(403);
      }
      const outside = await get(PREDICT, {
        method: 'POST',
        body: formOf(SECOND, {}, `../../../${SECOND}`),
      });
      expect(await outside.json()).toMatchObject({ predictions: { image_name: SECOND } });
      const long = `${'海'.repeat(120)}.jpg`;
      const named = await get(PREDICT, { method: 'POST', body: formOf(SECOND, {}, long) });
      expect([named.status, await named.json()]).toMatchObject([
        200,
        { predictions: { image_name: SECOND } },
      ]);
      for (const path of ['../package.json', '..%2f..%2fetc/passwd', 'v2/models/%00/', 'v2/__proto__/'])
        expect((await get(path)).status, path).toBe(404);
      expect(await raw(port, 'NONSENSE\r\n\r\n')).toContain('400 Bad Request');
      expect(await raw(port, 'GET http://[ HTTP/1.1\r\nhost: x\r\n\r\n')).toMatch(/ 40\d /);
      expect(await raw(port, `GET /${'x'.repeat(100_000)} HTTP/1.1\r\n\r\n`)).toMatch(/ 4\d\d |^$/);
      expect(await raw(port, 'POST / HTTP/1.1\r\nhost: x\r\n', false)).toContain('408 Request Timeout');
      const none = await get(PREDICT, { method: 'POST', body: new FormData() });
      expect(none.status).toBe(422);
      const nothing = new FormData();
      nothing.set('input_file', new Blob(['not a picture']), 'x.jpg');
      expect((await get(PREDICT, { method: 'POST', body: nothing })).status).toBe(500);
    });

    await test.step(`${AT_ONCE} at once`, async () => {
      const statuses = await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          const answer = await get(PREDICT, { method: 'POST', body: formOf(FIRST) });
          await answer.arrayBuffer();
          return answer.status;
        }),
      );
      expect(new Set(statuses)).toEqual(new Set([200]));
    });

    await test.step('it goes on, and those who watch it are told', async () => {
      copyFileSync(join(DEMO, 'snapshots', SECOND), join(run.folder, 'camera', `20260601-000000-${SECOND}`));
      writeFileSync(join(run.folder, 'camera', 'broken.jpg'), 'no picture');
      const unreadFiles = async () =>
        ((await (await get('health')).json()) as { cameras: { unread_files: number }[] }).cameras[0]
          ?.unread_files;
      // It may be half written; it is told after an hour.
      await expect.poll(unreadFiles, { timeout: 30_000 }).toBe(1);
      await expect.poll(() => run.lines.length, { timeout: 30_000 }).toBe(3);
      const health = await get('health');
      expect(health.status).toBe(200);
      expect(await health.json()).toMatchObject({ status: 'ok', cameras: [{ name: 'Demo' }] });
      const metrics = await (await get('metrics')).text();
      expect(metrics).toContain('porthole_ready 1\n');
      expect(metrics).toMatch(/^porthole_snapshots_total\{camera="Demo"\} 3$/m);
      expect(metrics).toMatch(/^porthole_failures_total\{camera="Demo"\} 1$/m);
      expect(metrics).toMatch(/^porthole_unread_files\{camera="Demo"\} 1$/m);
      expect(metrics).toMatch(/^porthole_last_snapshot_age_seconds\{camera="Demo"\} \d+/m);
    });

    await test.step('the usable time of a camera is as its schema says', async () => {
      const usable = await get('usable.json');
      expect([usable.status, usable.headers.get('content-type')]).toEqual([
        ...[200, 'application/json; charset=utf-8'],
      ]);
      const text = await usable.text();
      expect(usableProblems(text)).toBe('');
      const { camera, spans } = JSON.parse(text) as { camera: object; spans: object[] };
      expect(camera).toMatchObject({ name: 'Demo' });
      expect(spans[0]).toMatchObject({
        begin: '2026-05-09T05:15:12Z',
        usability: 'usable',
        oceansites_qc: 1,
      });
      expect(await (await get('usable.json?camera=Demo')).text()).toBe(text);
      expect((await get('usable.json?camera=demo')).status).toBe(404);
    });
    expect(await run.end()).toBe(0);
  } finally {
    await run.remove();
  }
});

test('what other machines can reach needs a token, and answers to no other @long', async () => {
  test.setTimeout(120_000);
  const run = new StationRun();
  try {
    mkdirSync(join(run.folder, 'camera'));
    const port = await freePort();
    const configure = (more: string) =>
      run.configure(
        `[door]\nlisten = "0.0.0.0:${port}"\n${more}\n[[camera]]\nname = "A"\nfolder = "camera"\nreference = "${DEMO}reference"\n`,
      );
    await configure('');
    run.start();
    expect(await run.ended).toBe(2);
    expect(run.output).toContain('token_file');
    writeFileSync(join(run.folder, 'token'), 'a-secret\n', { mode: 0o600 });
    await configure('token_file = "token"\nper_minute = 20');
    run.start();
    await expect.poll(() => run.output, { timeout: 60_000 }).toContain('Ready after');
    const ask = async (authorization?: string) =>
      (await fetch(`http://127.0.0.1:${port}/health`, { headers: authorization ? { authorization } : {} }))
        .status;
    expect(await ask()).toBe(401);
    expect(await ask('Bearer another')).toBe(401);
    expect(await ask('Bearer a-secret')).toBe(200);
    const many: number[] = [];
    for (let i = 0; i < 25; i += 1) many.push(await ask('Bearer a-secret'));
    expect(many).toContain(429);
  } finally {
    await run.remove();
  }
});
