import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { expect, test } from '@playwright/test';
import { openDoor } from '../../../scripts/station/door.mjs';
import { Telling } from '../../../scripts/station/telling.mjs';

const TOKEN = 'a token for people';

/** A door at which people tell a station without a page. @param slow - milliseconds after wrong tokens */
async function openPeoplesDoor(slow = 60_000, hosts: readonly string[] = []) {
  const guessing: string[] = [];
  const more = { token: null, tell_token: TOKEN, hosts };
  const limits = { host: '127.0.0.1', port: 0, most_mb: 1, per_minute: 1000, ...more };
  const config = { door: limits, cameras: [{ name: 'Pier' }] };
  const hear = async () => ({ standing: {} });
  const telling = new Telling(config, { hear } as never);
  const onGuessing = (sentence: string) => guessing.push(sentence);
  const state = { held: 0 };
  const hold = async () => (state.held += 1);
  const door = await openDoor(limits, (asked) => telling.answer(asked), onGuessing, { slow, hold });
  const { port } = new URL(door.address);
  return {
    port,
    guessing,
    state,
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
  await using door = await openPeoplesDoor(0, ['reef.example']);
  const statusOf = async (host: string) => (await door.tell(`Bearer ${TOKEN}`, '{}', host)).statusCode;
  for (const own of ['localhost', '127.0.0.1', '[::1]', 'reef.example', 'Reef.Example'])
    expect(await statusOf(`${own}:${door.port}`), own).toBe(200);
  for (const foreign of ['wall.example', '192.0.2.1', hostname()])
    expect(await statusOf(`${foreign}:${door.port}`), foreign).toBe(403);
});

test('after a hundred wrong tokens to tell a client has to wait for a while, and somebody is told', async () => {
  await using door = await openPeoplesDoor();
  // Browsers ask without one first.
  for (let i = 0; i < 100; i += 1) expect((await door.tell(null)).statusCode).toBe(401);
  for (let i = 0; i < 99; i += 1) expect((await door.tell(`Bearer ${String(i)}`)).statusCode).toBe(401);
  expect((await door.tell(`Bearer ${TOKEN}`)).statusCode).toBe(200);
  expect(door.guessing).toEqual([]);
  expect((await door.tell('Bearer another')).statusCode).toBe(401);
  expect(door.guessing).toEqual([expect.stringMatching(/^Somebody at 127\.0\.0\.1 gave 100 wrong tokens/)]);
  expect(door.state.held).toBe(0);
  expect((await door.tell('Bearer another')).statusCode).toBe(401);
  expect((await door.tell(`Bearer ${TOKEN}`)).statusCode).toBe(200);
  expect(door.state.held).toBe(2);

  await using brief = await openPeoplesDoor(0);
  for (let i = 0; i < 100; i += 1) await brief.tell('Bearer another');
  expect(brief.guessing).toHaveLength(1);
  expect((await brief.tell(`Bearer ${TOKEN}`)).statusCode).toBe(200);
  expect(brief.state.held).toBe(0);
});

test('a client that has to wait sends no second try on the same connection', async () => {
  await using door = await openPeoplesDoor();
  for (let i = 0; i < 100; i += 1) await door.tell('Bearer another');
  const socket = connect(Number(door.port), '127.0.0.1');
  const one = `POST /tell/Pier HTTP/1.1\r\nhost: localhost:${door.port}\r\nauthorization: Bearer another\r\ncontent-length: 0\r\n`;
  socket.write(`${one}\r\n${one}connection: close\r\n\r\n`);
  const answers = String(Buffer.concat(await socket.toArray()));
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 429']);
  expect(door.state.held).toBe(1);
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
