import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import { expect, test } from '@playwright/test';
import { openDoor } from '../../../scripts/station/door.mjs';
import { Telling } from '../../../scripts/station/telling.mjs';

const TOKEN = 'a token for people';

/** A door at which people tell a station without a page. @param pause - after wrong tokens, in milliseconds */
async function openPeoplesDoor(pause = 60_000, hosts: readonly string[] = []) {
  const guessing: string[] = [];
  const more = { token: null, tell_token: TOKEN, hosts };
  const limits = { host: '127.0.0.1', port: 0, most_mb: 1, per_minute: 1000, ...more };
  const config = { door: limits, cameras: [{ name: 'Pier' }] };
  const hear = async () => ({ standing: {} });
  const telling = new Telling(config, { hear } as never);
  const onGuessing = (sentence: string) => guessing.push(sentence);
  const door = await openDoor(limits, (asked) => telling.answer(asked), onGuessing, pause);
  const { port } = new URL(door.address);
  return {
    port,
    guessing,
    async tell(authorization: string | null, body = '{}', host = `localhost:${port}`) {
      const headers = { host, ...(authorization !== null && { authorization }) };
      const sent = request({ host: '127.0.0.1', port, path: '/tell/Pier', method: 'POST', headers });
      sent.end(body);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      return response;
    },
    [Symbol.asyncDispose]: () => door.close(),
  };
}

test('people tell a station under this computer’s own names and those of the configuration', async () => {
  await using door = await openPeoplesDoor(1, ['reef.example']);
  const statusOf = async (host: string) => (await door.tell(`Bearer ${TOKEN}`, '{}', host)).statusCode;
  for (const own of ['localhost', '127.0.0.1', '[::1]', 'reef.example', 'Reef.Example'])
    expect(await statusOf(`${own}:${door.port}`), own).toBe(200);
  for (const foreign of ['wall.example', '192.0.2.1', hostname()])
    expect(await statusOf(`${foreign}:${door.port}`), foreign).toBe(403);
});

test('after a hundred wrong tokens to tell an address is refused for a while, and somebody is told', async () => {
  await using door = await openPeoplesDoor();
  // Browsers ask without one first.
  for (let i = 0; i < 100; i += 1) expect((await door.tell(null)).statusCode).toBe(401);
  for (let i = 0; i < 99; i += 1) expect((await door.tell(`Bearer ${String(i)}`)).statusCode).toBe(401);
  expect((await door.tell(`Bearer ${TOKEN}`)).statusCode).toBe(200);
  expect(door.guessing).toEqual([]);
  expect((await door.tell('Bearer another')).statusCode).toBe(401);
  expect(door.guessing).toEqual([expect.stringMatching(/^Somebody at 127\.0\.0\.1 gave 100 wrong tokens/)]);
  const { statusCode, headers } = await door.tell(`Bearer ${TOKEN}`);
  expect(statusCode).toBe(429);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);

  await using brief = await openPeoplesDoor(1);
  for (let i = 0; i < 100; i += 1) await brief.tell('Bearer another');
  expect(brief.guessing).toHaveLength(1);
  await expect.poll(async () => (await brief.tell(`Bearer ${TOKEN}`)).statusCode).toBe(200);
});

test('JSON that is nested deep is refused', async () => {
  await using door = await openPeoplesDoor();
  const statusOf = async (body: string) => (await door.tell(`Bearer ${TOKEN}`, body)).statusCode;
  const position = { latitude: 1, longitude: 2 };
  expect(await statusOf(JSON.stringify({ kind: 'settings', deployment: { position } }))).toBe(200);
  const deep = '['.repeat(5000) + ']'.repeat(5000);
  expect(await statusOf(`{"kind":"cleaned","note":${deep}}`)).toBe(400);
  expect(await statusOf(deep)).toBe(400);
});
