import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
import { DEMO, StationRun } from './station-run';

const SNAPSHOTS = readdirSync(join(DEMO, 'snapshots')).sort();

/** Copies some of the demo's snapshots under new times. @param timeOf - milliseconds since 1970, by name */
function bring(names: readonly string[], folder: string, timeOf: (name: string) => number): void {
  for (const name of names) {
    const time = new Date(timeOf(name))
      .toISOString()
      .replace(/[-:]|\..*/g, '')
      .replace('T', '-');
    writeFileSync(join(folder, `${time}-PIER.jpg`), readFileSync(join(DEMO, 'snapshots', name)));
    utimesSync(join(folder, `${time}-PIER.jpg`), 0, 0);
  }
}

/** A mail server that takes every mail, and gives its text. */
async function smtpServer(port: number, mails: string[]) {
  const server = createTcpServer((socket: Socket) => {
    let isData = false;
    let text = '';
    socket.on('error', () => undefined);
    socket.write('220 here\r\n');
    socket.on('data', (part) => {
      for (const line of String(part).split('\r\n').slice(0, -1)) {
        if (isData && line === '.') {
          isData = false;
          mails.push(text);
          text = '';
          socket.write('250 taken\r\n');
        } else if (isData) text += `${line}\n`;
        else if (line === 'DATA') {
          isData = true;
          socket.write('354 go on\r\n');
        } else if (line === 'QUIT') socket.end('221 bye\r\n');
        else socket.write('250 ok\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

/** A webhook that refuses until it is told otherwise. */
async function hookServer(port: number, told: { subject: string }[], state: { isDown: boolean }) {
  const server = createServer((request: IncomingMessage, response) => {
    let text = '';
    request.on('data', (part) => (text += String(part)));
    request.on('end', () => {
      if (!state.isDown) told.push(JSON.parse(text) as { subject: string });
      response.writeHead(state.isDown ? 503 : 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

test('a verdict that changes and a folder that goes are told once by each way, also after a restart', async () => {
  test.setTimeout(240_000);
  const run = new StationRun();
  const [smtpPort, hookPort] = [await freePort(), await freePort()];
  const mails: string[] = [];
  const hooked: { subject: string }[] = [];
  const hookState = { isDown: false };
  const servers = [await smtpServer(smtpPort, mails), await hookServer(hookPort, hooked, hookState)];
  try {
    const folder = join(run.folder, 'camera');
    mkdirSync(folder);
    const tell = join(run.folder, 'tell.sh');
    writeFileSync(tell, '#!/bin/sh\necho "$PORTHOLE_SUBJECT" >> "$1"\n');
    chmodSync(tell, 0o755);
    const told = join(run.folder, 'told.txt');
    await run.configure(`name = "Reef station"
[wall]
folder = "wall"
address = "https://reef.example/wall/"
[alerts]
least_disk_mb = 1
[alerts.mail]
smtp = "smtp://127.0.0.1:${smtpPort}"
from = "station@example.org"
to = ["crew@example.org"]
[alerts.webhook]
url = "http://127.0.0.1:${hookPort}/hook"
[alerts.command]
run = ["${tell}", "${told}"]

[[camera]]
name = "Pier"
folder = "camera"
reference = "${DEMO}reference"
`);
    // The demo's fortnight until its lens is fouled, as if that were now.
    const names = SNAPSHOTS.slice(0, 55);
    const at = (name: string) =>
      Date.parse(name.replace(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d).*$/, '$1-$2-$3T$4:$5:$6Z'));
    const shift = Date.now() - at(names.at(-1)!) - 60_000;
    bring(names, folder, (name) => at(name) + shift);
    run.start();
    const subjects = () => (existsSync(told) ? readFileSync(told, 'utf8').trim().split('\n') : []);
    await expect.poll(() => run.lines.length, { timeout: 90_000 }).toBe(names.length);
    await expect.poll(subjects).toEqual(['Pier: Clean the lens']);
    const before = subjects();
    await expect.poll(() => mails.length).toBe(before.length);
    expect(mails[0]).toContain(`Subject: [Porthole Reef station] ${before[0]}`);
    expect(mails[0]).toContain('https://reef.example/wall/');
    for (const picture of ['what-stays.jpg', 'clean.jpg']) expect(mails[0]).toContain(`filename=${picture}`);
    await expect.poll(() => hooked.map(({ subject }) => subject)).toEqual(before);
    expect(hooked[0]).toMatchObject({ station: 'Reef station', wall: 'https://reef.example/wall/' });
    expect(hooked[0]).toMatchObject({ text: expect.stringMatching(/^Reef station: Pier: Clean the lens\n/) });
    // It may be read next year.
    const year = new Date(at(names.at(-1)!) + shift).getUTCFullYear();
    expect(hooked[0]).toMatchObject({
      text: expect.stringMatching(new RegExp(`began about .* (${year}|${year - 1})\\.`)),
    });

    // While a way is down its messages are kept, over a restart too.
    hookState.isDown = true;
    renameSync(folder, `${folder}-gone`);
    await expect.poll(subjects).toHaveLength(before.length + 1);
    expect(subjects().at(-1)).toContain('the folder');
    expect(await run.end()).toBe(0);
    hookState.isDown = false;
    run.start();
    await expect.poll(() => hooked).toHaveLength(before.length + 1);
    renameSync(`${folder}-gone`, folder);
    await expect.poll(subjects).toHaveLength(before.length + 2);
    expect(subjects().at(-1)).toMatch(/^Over: /);
    expect(await run.end()).toBe(0);
    expect(subjects().slice(0, before.length)).toEqual(before);
  } finally {
    for (const server of servers) server.close();
    await run.remove();
  }
});

test('an alarm that comes and goes within one batch is told once by each way, as over, and then what is asked @long', async () => {
  test.setTimeout(180_000);
  const run = new StationRun();
  const [smtpPort, hookPort] = [await freePort(), await freePort()];
  const mails: string[] = [];
  const hooked: { subject: string; text: string }[] = [];
  const servers = [await smtpServer(smtpPort, mails), await hookServer(hookPort, hooked, { isDown: false })];
  try {
    const folder = join(run.folder, 'camera');
    const beside = join(run.folder, 'beside');
    for (const each of [folder, beside]) mkdirSync(each);
    const told = join(run.folder, 'told.txt');
    await run.configure(`
[alerts]
least_disk_mb = 1
[alerts.mail]
smtp = "smtp://127.0.0.1:${smtpPort}"
from = "station@example.org"
to = ["crew@example.org"]
[alerts.webhook]
url = "http://127.0.0.1:${hookPort}/hook"
[alerts.command]
run = ["/bin/sh", "-c", "echo $PORTHOLE_SUBJECT >> ${told}"]

[[camera]]
name = "Pier"
folder = "camera"
reference = "${DEMO}reference"
`);
    const [calm, passing] = [SNAPSHOTS.slice(0, 35), SNAPSHOTS.slice(35, 66)];
    const now = Date.now();
    // Ten minutes between two: the camera is not silent before the others come.
    const at = (name: string) => now + 600_000 * (SNAPSHOTS.indexOf(name) - 66);
    bring(calm, folder, at);
    bring(passing, beside, at);
    run.start();
    await expect.poll(() => run.lines.length, { timeout: 90_000 }).toBe(calm.length);
    // All at once, so that one look finds them.
    renameSync(beside, join(folder, 'later'));
    const subjects = () => (existsSync(told) ? readFileSync(told, 'utf8').trim().split('\n') : []);
    const both = ['Pier: Clean the lens – over by now', 'Pier: What happened?'];
    await expect.poll(subjects, { timeout: 90_000 }).toEqual(both);
    const verdicts = run.lines.slice(calm.length).map(({ verdict }) => verdict);
    expect(verdicts).toContain('drift');
    expect(verdicts.at(-1)).toBe('warning');
    expect(await run.end()).toBe(0);
    expect(hooked.map(({ subject }) => subject)).toEqual(both);
    expect(hooked[0]!.text).toContain('It is over: the verdict is “What happened?” now.');
    expect(mails).toHaveLength(2);

    run.start();
    await expect.poll(() => run.output.split('Ready after').length, { timeout: 60_000 }).toBe(3);
    await expect.poll(() => run.logged('standings').at(-1)?.['time']).not.toBeUndefined();
    expect(await run.end()).toBe(0);
    expect(subjects()).toEqual(both);
  } finally {
    for (const server of servers) server.close();
    await run.remove();
  }
});

test('a test sends one of each kind, and says by its exit code when a way can’t be reached or there is none @long', async () => {
  const run = new StationRun();
  const port = await freePort();
  const hooked: { subject: string }[] = [];
  const state = { isDown: false };
  const server = await hookServer(port, hooked, state);
  try {
    mkdirSync(join(run.folder, 'camera'));
    await run.configure(
      `[alerts.webhook]\nurl = "http://127.0.0.1:${port}/"\n[[camera]]\nname = "A"\nfolder = "camera"\nreference = "${DEMO}reference"\n`,
    );
    run.start('--test-alerts');
    expect(await run.ended).toBe(0);
    expect(hooked.map(({ subject }) => subject)).toHaveLength(4);
    expect(run.output).toContain('Sent by webhook.');
    state.isDown = true;
    run.start('--test-alerts');
    expect(await run.ended).toBe(1);
    expect(run.output).toContain('answered 503');
    await run.configure(`[[camera]]\nname = "A"\nfolder = "camera"\nreference = "${DEMO}reference"\n`);
    run.start('--test-alerts');
    expect(await run.ended).toBe(2);
    expect(run.output).toContain('names no way to tell anybody');
  } finally {
    server.close();
    await run.remove();
  }
});
