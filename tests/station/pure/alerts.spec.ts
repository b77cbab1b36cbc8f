import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { alertWays } from '../../../scripts/station/alert-ways.mjs';
import { Alerts } from '../../../scripts/station/alerts.mjs';

const DAY = 86_400_000;
const ABOUT = { station: 'Reef', wall: null };

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-alerts-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A mail server that takes connections and says nothing. */
async function hangingMail() {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    sockets.push(socket);
  });
  const mail = {
    smtp: `smtp://127.0.0.1:${String(await portOf(server))}`,
    from: 'a@example.org',
    to: ['b@example.org'],
  };
  return {
    mail,
    sockets,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A webhook that takes everything. */
async function takingHook() {
  const told: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => (text += String(part)));
    request.on('end', () => {
      told.push(JSON.parse(text) as Record<string, unknown>);
      response.end();
    });
  });
  const url = `http://127.0.0.1:${String(await portOf(server))}/`;
  return {
    told,
    webhook: { url },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Messages that wait for a way since an earlier run. */
function keepWaiting(way: string, count: number, at: (i: number) => number) {
  const pending = Array.from({ length: count }, (_, i) => ({
    ...{
      way,
      key: `k${String(i)}`,
      id: String(i),
      subject: `waits ${String(i)}`,
      text: 'It waits.',
      at: at(i),
    },
  }));
  writeFileSync(join(folder, 'alerts.json'), JSON.stringify({ pending }));
}

test('a mail server that hangs keeps nothing from the webhook, and its connection that failed ends the pass', async () => {
  await using mails = await hangingMail();
  await using hook = await takingHook();
  const problems: string[] = [];
  const ways = alertWays({ mail: mails.mail, webhook: hook.webhook }, ABOUT);
  const alerts = new Alerts(folder, ways, (problem) => problems.push(problem));
  for (let i = 0; i < 6; i += 1) alerts.problem(`p${String(i)}`, `Problem ${String(i)}.`);
  await expect.poll(() => hook.told.length).toBe(6);
  await expect.poll(() => mails.sockets.length).toBe(1);
  mails.sockets[0]!.destroy();
  await alerts.end();
  expect(mails.sockets).toHaveLength(1);
  expect(problems).toHaveLength(1);
  expect(alerts.counts).toMatchObject({ waiting: 6 });
});

test('what a way does not take is tried again behind what was not tried, and all about one thing in its order', async () => {
  const told: string[] = [];
  const way = async ({ subject }: { subject: string }) => {
    if (subject === 'Bad' && told.length < 3) throw new Error('refused');
    told.push(subject);
  };
  const alerts = new Alerts(folder, { way }, () => undefined, null, 1);
  alerts.problem('bad', 'Bad');
  alerts.solved('bad');
  for (const key of ['one', 'two', 'three']) alerts.problem(key, key);
  await expect.poll(() => told).toEqual(['one', 'two', 'three', 'Bad', 'Over: Bad']);
  await alerts.end();
});

test('alerts that are too many or too old for one way are counted in a message to it, and keep no place of another’s', async () => {
  const problems: string[] = [];
  const told: Record<string, string[]> = { one: [], other: [] };
  const wayTo =
    (name: string) =>
    async ({ subject }: { subject: string }) =>
      void told[name]!.push(subject);
  keepWaiting('one', 600, (i) => Date.now() - (i === 599 ? 3 * DAY : 0));
  const ways = { one: wayTo('one'), other: wayTo('other') };
  const alerts = new Alerts(folder, ways, (problem) => problems.push(problem));
  alerts.problem('new', 'New');
  await alerts.end();
  expect(told['other']).toEqual(['New']);
  expect(told['one']).toHaveLength(500);
  expect(told['one']![0]).toBe('waits 101');
  expect(told['one']!.slice(-2)).toEqual(['New', '102 alerts were dropped']);
  expect(problems).toEqual([expect.stringMatching(/^one was told nothing of this: waits 0; .*; waits 599$/)]);
  expect(JSON.parse(readFileSync(join(folder, 'alerts.json'), 'utf8'))).toMatchObject({ pending: [] });
});

/** How a camera stands, as the page says it. */
const standing = (verdict: string, word: string) => ({
  ...{
    name: 'Pier',
    verdict,
    word,
    isNews: true,
    told: `${word}.`,
    asks: null,
    passed: null,
    reminder: null,
  },
});

test('an alarm whose cause becomes another one is told, over a restart too, but not again while two take turns', async () => {
  const told: string[] = [];
  const way = async ({ subject }: { subject: string }) => void told.push(subject);
  const stands = async (...standings: ReturnType<typeof standing>[]) => {
    const alerts = new Alerts(folder, { way }, (problem) => told.push(problem));
    for (const each of standings) alerts.standings([each]);
    await alerts.end();
  };
  const [clean, look] = [standing('drift', 'Clean the lens'), standing('drift', 'Look at the camera')];
  await stands(clean, clean);
  await stands(clean, look, look, clean, look);
  expect(told).toEqual(['Pier: Clean the lens', 'Pier: Look at the camera']);
  await stands({ ...clean, name: 'constructor' });
  expect(told.splice(2)).toEqual(['constructor: Clean the lens']);
  const murky = standing('normal', 'Nothing on the lens');
  await stands(standing('normal', 'Lens is clear'), murky, clean, look);
  expect(told.slice(2)).toEqual(['Pier: Lens is clear', 'Pier: Clean the lens', 'Pier: Look at the camera']);
});

test('webhook and command name camera, severity and key, the same from raised to over', async () => {
  await using hook = await takingHook();
  const stdin = join(folder, 'stdin');
  const command = { run: ['/bin/sh', '-c', `cat >> ${stdin}; echo >> ${stdin}`] };
  const ways = alertWays({ webhook: hook.webhook, command }, ABOUT);
  const alerts = new Alerts(folder, ways, (problem) => hook.told.push({ problem }));
  alerts.standings([standing('drift', 'Clean the lens')]);
  alerts.standings([standing('normal', 'Lens is clear')]);
  alerts.problem('unread Pier', 'Pier: a file can’t be read.');
  alerts.solved('unread Pier');
  alerts.problem('token file', 'The token can’t be written.');
  alerts.news('memory', 'The browser is started again.');
  await alerts.end();
  const verdict = { camera: 'Pier', severity: 'critical', key: 'Reef: verdict Pier' };
  const unread = { camera: 'Pier', severity: 'warning', key: 'Reef: unread Pier' };
  const expected = [
    { ...verdict, state: 'raised', subject: 'Pier: Clean the lens', station: 'Reef', wall: null },
    { ...verdict, state: 'over' },
    { ...unread, state: 'raised' },
    { ...unread, state: 'over' },
    { camera: null, severity: 'warning', key: 'Reef: token file', state: 'raised' },
    { camera: null, severity: 'warning', key: 'Reef: memory', state: 'over' },
  ];
  expect(hook.told).toMatchObject(expected);
  const lines = readFileSync(stdin, 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject(expected);
});
