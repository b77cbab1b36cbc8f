/** Four cameras, three with folders and one with an address, and a mail server that hangs, while everything fails in turn that an operator saw fail. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
import { randomFaults } from '../stand-in/faults';
import { startStandIn, type StandIn } from '../stand-in/server';
import { HttpCamera } from './http-camera';
import { DEMO, jobsIn, pictureWith, smallDisk, StationRun } from './station-run';

/** `npm run endurance` goes on for an hour, with the waiting times that a station has by itself. */
const FULL = process.env['PORTHOLE_ENDURANCE'] !== undefined;
const WHOLE = FULL ? 3_600_000 : 0;
/** Between two pictures of a camera, in milliseconds. */
const STEP = FULL ? 10_000 : 3000;
/** Between two faults, in milliseconds. */
const REST = FULL ? 30_000 : 3000;
const FOLDERS = ['North', 'South'];
/** The last one writes all its pictures into one file. */
const CAMERAS = [...FOLDERS, 'Buoy', 'Mast'];
/** A webhook's alert arrives within so long, in milliseconds: a mail that hangs takes 30 s. */
const WITHIN = 5000;
/** The demo's first pictures show a clean lens: every alert is one of a fault. */
const CLEAN = 8;
const LEAST_DISK = 300;
const patience = { timeout: FULL ? 600_000 : 180_000, intervals: [250] };

interface Fault {
  readonly name: string;
  /** the subject of its alert; null for one that is no fault to the station */
  readonly told: RegExp | null;
  readonly begin: () => void | Promise<void>;
  /** a person's repair, where the station can't repair it by itself */
  readonly end?: () => void | Promise<void>;
  readonly isPossible?: boolean;
}

test('under every fault each picture is judged and sent once, and each fault is told once and over once @long', async () => {
  test.setTimeout(WHOLE + 1_200_000);
  test.skip(!existsSync('/proc'), 'the browser is found and ended by /proc, which this system lacks');
  const run = new StationRun();
  const standIn = await startStandIn({ cors: true, rateLimit: null });
  const buoy = new HttpCamera();
  const [mailPort, hookPort] = [await freePort(), await freePort()];
  const hung: Socket[] = [];
  const mail = createTcpServer((socket) => hung.push(socket.on('error', () => undefined)));
  const hooked: { readonly subject: string; readonly delay: number }[] = [];
  const hook = createServer((request, response) => {
    void json(request).then((message) => {
      const { subject, time } = message as { subject: string; time: string };
      hooked.push({ subject, delay: Date.now() + run.clockMovedBy - Date.parse(time) });
      response.end();
    });
  });
  const disk = smallDisk(run);
  if (!disk) console.log('No disk is filled: mounting one of 2 GB in memory is not possible here.');
  const feeding = new AbortController();
  try {
    await buoy.start();
    mail.listen(mailPort, '127.0.0.1');
    hook.listen(hookPort, '127.0.0.1');
    const port = await freePort();
    const first = standIn.newMytoken({ isRegistered: true });
    const token = join(run.folder, 'mytoken');
    const giveToken = (mytoken: string) => writeFileSync(token, mytoken, { mode: 0o600 });
    giveToken(first.mytoken);
    const share = join(run.folder, 'North');
    const connect = () => symlinkSync('north', share);
    for (const folder of ['north', 'South', 'Mast', 'kept']) mkdirSync(join(run.folder, folder));
    connect();
    const told = join(run.folder, 'told.txt');
    writeFileSync(told, '');
    await run.configure(configuration(standIn, { buoy: buoy.address, port, mailPort, hookPort, told }));

    const subjects = () => readFileSync(told, 'utf8').trim().split('\n').filter(Boolean);
    const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}/${path}`)).text();
    const problems = async () =>
      ask('health').then(
        (text) => (JSON.parse(text) as { problems: string[] }).problems,
        () => ['the station is away'],
      );
    const openings = () => run.output.split('Ready after').length;

    const fed = new Map(FOLDERS.map((name) => [name, 0]));
    const memory: number[] = [];
    const feed = async () => {
      for (let i = 0; !feeding.signal.aborted; i += 1) {
        for (const [place, name] of ['north', 'South'].entries()) {
          writeFileSync(
            join(run.folder, name, `${stamp()}-${String(i)}.jpg`),
            pictureWith(i % CLEAN, `${name.padEnd(8)}${String(i).padStart(6, '0')}`),
          );
          fed.set(FOLDERS[place]!, i + 1);
        }
        buoy.picture = pictureWith(i % CLEAN, `Buoy    ${String(i).padStart(6, '0')}`);
        const megabytes = await ask('metrics').then(megabytesIn, () => null);
        if (megabytes !== null) memory.push(megabytes);
        await pause(STEP, undefined, { signal: feeding.signal }).catch(() => undefined);
      }
    };
    const lines = (name: string) => run.lines.filter(({ camera }) => camera === name).length;
    const records = (name: string) =>
      standIn.records(standIn.experiments().find((each) => each.name === name)!.id);
    const contents = (name: string) => records(name).map(({ parameters }) => parameters['content_sha256']);
    const versions = { written: 0, judged: 0, counted: 0 };
    /** @returns the picture's hash as records have it */
    const overwrite = () => {
      const picture = pictureWith(versions.written % CLEAN, `Mast    ${String(versions.written)}`);
      versions.written += 1;
      writeFileSync(join(run.folder, 'Mast', '.part'), picture);
      renameSync(join(run.folder, 'Mast', '.part'), join(run.folder, 'Mast', 'now.jpg'));
      return createHash('sha256').update(picture).digest('hex').slice(0, 12);
    };
    const overwritten = async () =>
      Number(/^porthole_overwritten_total\{camera="Mast"\} (\d+)$/m.exec(await ask('metrics'))![1]);
    overwrite();
    run.moveClock(0);
    run.start();
    await expect.poll(openings, patience).toBe(2);
    const fedWhole = feed();
    await expect
      .poll(() => new Set(run.lines.map(({ camera }) => camera)).size, patience)
      .toBe(CAMERAS.length);

    const reef = () => standIn.experiments().find(({ name }) => name === 'North');
    const asOwner = async (method: string, path: string, body?: object) => {
      const answer = await fetch(`${standIn.driftwatch.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${first.accessToken()}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      expect(answer.ok).toBe(true);
    };
    const lasting = () => giveToken(standIn.newMytoken({ subject: first.subject }).mytoken);
    const faults: readonly Fault[] = [
      {
        name: 'the share of a camera drops',
        told: /^North: the folder .* can't be read/,
        begin: () => rmSync(share),
        end: connect,
      },
      {
        name: 'the page freezes',
        told: /^The page gives no answer/,
        begin: () => expect(run.freezePage()).not.toEqual([]),
      },
      {
        name: 'the browser is killed',
        told: /^The page ended/,
        begin: () => expect(run.killBrowser()).toBe(true),
      },
      {
        name: 'the station is killed',
        told: null,
        begin: async () => {
          const opened = openings();
          await run.end('SIGKILL');
          run.start();
          await expect.poll(openings, patience).toBeGreaterThan(opened);
        },
      },
      {
        name: 'the disk fills',
        told: /^The disk of .* full/,
        begin: () => disk?.fill(),
        end: () => disk?.free(),
        isPossible: disk !== null,
      },
      {
        name: 'the mytoken expires',
        told: /mytoken/,
        begin: () =>
          giveToken(
            standIn.newMytoken({ subject: first.subject, expires: Math.floor(Date.now() / 1000) + 5 })
              .mytoken,
          ),
        end: lasting,
      },
      {
        name: 'an experiment is deleted',
        told: /^North: nothing is sent to North/,
        begin: () => asOwner('DELETE', `/experiment/${reef()!.id}`),
        end: () => asOwner('POST', '/experiment', { name: 'North' }),
      },
      {
        name: 'the clock moves an hour',
        told: null,
        begin: async () => {
          run.moveClock(3_600_000);
          await pause(REST);
          run.moveClock(0);
        },
      },
      {
        name: 'one in five requests to DriftWatch fails, and the camera hangs up',
        told: null,
        begin: async () => {
          const kinds = ['hang-after-write', 'cut-after-write', 'cut-before', 'html', 429, 500, 503] as const;
          standIn.setFaults(randomFaults({ share: 0.2, seed: versions.written, kinds }));
          buoy.instead = (response) => response.destroy();
          await pause(2 * REST);
          buoy.instead = null;
          standIn.setFaults(null);
        },
      },
      {
        name: 'a name is overwritten',
        told: null,
        begin: async () => {
          const before = await overwritten();
          let last = '';
          const overwriteAgain = () => {
            last = overwrite();
            return overwritten();
          };
          await expect.poll(overwriteAgain, patience).toBeGreaterThan(before);
          await expect.poll(() => run.output, patience).toContain('Mast: pictures that were lost');
          await expect.poll(() => contents('Mast'), patience).toContain(last);
          await expect.poll(() => lines('Mast'), patience).toBe(contents('Mast').length);
          versions.counted += (await overwritten()) - before;
        },
      },
    ];

    const began = Date.now();
    const table: Record<string, unknown>[] = [];
    const expected: RegExp[] = [];
    const possible = faults.filter(({ isPossible }) => isPossible !== false);
    for (let i = 0; i < possible.length || Date.now() - began < WHOLE; i += 1) {
      const fault = possible[i % possible.length]!;
      const before = subjects().length;
      const at = Date.now();
      const since = (from: number) => Number(((Date.now() - from) / 1000).toFixed(1));
      await fault.begin();
      const begun = () =>
        subjects()
          .slice(before)
          .filter((line) => !line.startsWith('Over: '));
      if (fault.told) {
        await expect.poll(begun, patience).toContainEqual(expect.stringMatching(fault.told));
        expected.push(fault.told);
      }
      const reported = since(at);
      const repaired = Date.now();
      await fault.end?.();
      const over = () =>
        subjects()
          .slice(before)
          .filter((line) => line.startsWith('Over: '));
      await expect.poll(problems, patience).toEqual([]);
      await expect
        .poll(() => over().sort(), patience)
        .toEqual(
          begun()
            .map((line) => `Over: ${line}`)
            .sort(),
        );
      table.push({
        minute: Math.round((at - began) / 6000) / 10,
        fault: fault.name,
        'told after s': fault.told ? reported : '-',
        'over after s': since(fault.end ? repaired : at),
        told: begun().length,
        over: over().length,
      });
      await pause(REST);
    }
    feeding.abort();
    await fedWhole;
    // It would be a frozen source soon.
    buoy.instead = (response) => response.writeHead(503).end();
    console.table(table);

    console.table(
      possible.map(({ name }) => {
        const rows = table.filter(({ fault }) => fault === name);
        const once = (what: 'told' | 'over') => rows.filter((row) => row[what] === 1).length;
        return { fault: name, times: rows.length, 'told once': once('told'), 'over once': once('over') };
      }),
    );

    const kept = () => readdirSync(join(run.folder, 'kept')).filter((name) => name.endsWith('.jpg')).length;
    versions.judged = lines('Mast');
    const whole = () => [...fed.values(), kept(), versions.judged];
    await expect.poll(() => CAMERAS.map(lines), patience).toEqual(whole());
    for (const name of CAMERAS) {
      await expect.poll(() => contents(name).length, patience).toBe(lines(name));
      expect(new Set(contents(name)).size, name).toBe(lines(name));
    }
    await expect.poll(() => hooked.map(({ subject }) => subject), patience).toEqual(subjects());
    expect(await run.end()).toBe(0);
    const jobs = await jobsIn(run);
    const judged = jobs.map(({ contentSha256 }) => contentSha256);
    const wholeFed = whole().reduce((sum, each) => sum + each);
    const longest = Math.max(...hooked.map(({ delay }) => delay));
    console.log({
      hours: (Date.now() - began) / 3_600_000,
      fed: wholeFed,
      judged: new Set(judged).size,
      sent: CAMERAS.reduce((sum, name) => sum + contents(name).length, 0),
      twice: judged.length - new Set(judged).size,
      lost: wholeFed - new Set(judged).size,
      overwritten: { ...versions, unseen: versions.written - versions.judged - versions.counted },
      webhook: { alerts: hooked.length, longestDelay: longest },
      mail: { hung: hung.length },
      megabytes: { first: memory[0], most: Math.max(...memory), last: memory.at(-1) },
    });
    expect(jobs.every(({ jobStatus }) => jobStatus === 'Completed')).toBe(true);
    expect(judged).toHaveLength(wholeFed);
    expect(new Set(judged).size).toBe(wholeFed);
    expect(versions.judged + versions.counted).toBeLessThanOrEqual(versions.written);
    expect(hung.length).toBeGreaterThan(0);
    expect(longest).toBeLessThan(WITHIN);
    // Each fault was told once, and nothing else was.
    const begun = subjects().filter((line) => !line.startsWith('Over: '));
    expect(begun).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  } finally {
    feeding.abort();
    await run.end('SIGKILL');
    run.killBrowser();
    disk?.unmount();
    await run.remove();
    for (const socket of hung) socket.destroy();
    for (const server of [mail, hook]) server.close();
    hook.closeAllConnections();
    await buoy.close();
    await standIn.close();
  }
});

function configuration(
  standIn: StandIn,
  {
    buoy,
    port,
    mailPort,
    hookPort,
    told,
  }: Readonly<Record<'buoy' | 'told', string> & Record<'port' | 'mailPort' | 'hookPort', number>>,
): string {
  const cameras = CAMERAS.map((name) => {
    const from =
      name === 'Buoy'
        ? `source = "${buoy}"\nfolder = "kept"\nfetch = { every = ${String(STEP / 1000)} }`
        : `folder = "${name}"\nfile_dates = ${String(name === 'Mast')}`;
    return `[[camera]]\nname = "${name}"\nreference = "${DEMO}reference"\nexperiment = "${name}"\n${from}\n`;
  });
  return `${FULL ? '' : 'silent_after = 5\nrestart_after = 15\n'}
[door]
listen = "127.0.0.1:${String(port)}"
[driftwatch]
address = "${standIn.driftwatch.origin}"
mytoken_server = "${standIn.mytoken.url}"
token_file = "mytoken"
check_every = ${FULL ? '60' : '2'}
[alerts]
least_disk_mb = ${String(LEAST_DISK)}
[alerts.mail]
smtp = "smtp://127.0.0.1:${String(mailPort)}"
from = "station@example.org"
to = ["crew@example.org"]
[alerts.webhook]
url = "http://127.0.0.1:${String(hookPort)}/"
[alerts.command]
run = ["/bin/sh", "-c", "echo $PORTHOLE_SUBJECT >> ${told}"]
${cameras.join('')}`;
}

/** The time as a camera names its pictures. */
function stamp(): string {
  return new Date()
    .toISOString()
    .replace(/[-:]|\..*/g, '')
    .replace('T', '-');
}

function megabytesIn(metrics: string): number | null {
  const line = /^porthole_browser_bytes (\S+)$/m.exec(metrics);
  return line && Math.round(Number(line[1]) / 1e6);
}
