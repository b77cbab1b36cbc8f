/** Three cameras, two with folders and one with an address, while everything fails in turn that an operator saw fail. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
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
const CAMERAS = [...FOLDERS, 'Buoy'];
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
  const disk = smallDisk(run);
  if (!disk) console.log('No disk is filled: mounting one of 2 GB in memory is not possible here.');
  const feeding = new AbortController();
  try {
    await buoy.start();
    const port = await freePort();
    const first = standIn.newMytoken({ isRegistered: true });
    const token = join(run.folder, 'mytoken');
    const giveToken = (mytoken: string) => writeFileSync(token, mytoken, { mode: 0o600 });
    giveToken(first.mytoken);
    const share = join(run.folder, 'North');
    const connect = () => symlinkSync('north', share);
    for (const folder of ['north', 'South', 'kept']) mkdirSync(join(run.folder, folder));
    connect();
    const told = join(run.folder, 'told.txt');
    writeFileSync(told, '');
    await run.configure(configuration(standIn, { buoy: buoy.address, port, told }));

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
    run.moveClock(0);
    run.start();
    await expect.poll(openings, patience).toBe(2);
    const fedWhole = feed();
    await expect.poll(() => new Set(run.lines.map(({ camera }) => camera)).size, patience).toBe(3);

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
    ];

    const began = Date.now();
    const table: Record<string, unknown>[] = [];
    const expected: RegExp[] = [];
    do {
      for (const fault of faults) {
        if (fault.isPossible === false) continue;
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
          alerts: begun().length,
        });
        await pause(REST);
      }
    } while (Date.now() - began < WHOLE);
    feeding.abort();
    await fedWhole;
    // It would be a frozen source soon.
    buoy.instead = (response) => response.writeHead(503).end();
    console.table(table);

    const counts = () => CAMERAS.map((name) => run.lines.filter(({ camera }) => camera === name).length);
    const kept = () => readdirSync(join(run.folder, 'kept')).filter((name) => name.endsWith('.jpg')).length;
    await expect.poll(counts, patience).toEqual([...fed.values(), kept()]);
    const arrived = (name: string) => {
      const experiment = standIn.experiments().find((each) => each.name === name);
      return standIn
        .records(experiment!.id)
        .map(({ parameters }) => JSON.stringify(parameters['image_name']));
    };
    for (const [i, name] of CAMERAS.entries()) {
      await expect.poll(() => arrived(name).length, patience).toBe(counts()[i]);
      expect(new Set(arrived(name)).size, name).toBe(counts()[i]);
    }
    expect(await run.end()).toBe(0);
    const jobs = await jobsIn(run);
    const contents = jobs.map(({ contentSha256 }) => contentSha256);
    const wholeFed = [...fed.values()].reduce((sum, each) => sum + each, kept());
    console.log({
      hours: (Date.now() - began) / 3_600_000,
      fed: wholeFed,
      judged: new Set(contents).size,
      twice: contents.length - new Set(contents).size,
      lost: wholeFed - new Set(contents).size,
      megabytes: { first: memory[0], most: Math.max(...memory), last: memory.at(-1) },
    });
    expect(jobs.every(({ jobStatus }) => jobStatus === 'Completed')).toBe(true);
    expect(contents).toHaveLength(wholeFed);
    expect(new Set(contents).size).toBe(wholeFed);
    // Each fault was told once, and nothing else was.
    const begun = subjects().filter((line) => !line.startsWith('Over: '));
    expect(begun).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  } finally {
    feeding.abort();
    await run.end('SIGKILL');
    run.killBrowser();
    disk?.unmount();
    await run.remove();
    await buoy.close();
    await standIn.close();
  }
});

function configuration(
  standIn: StandIn,
  { buoy, port, told }: { readonly buoy: string; readonly port: number; readonly told: string },
): string {
  const cameras = CAMERAS.map((name) => {
    const from =
      name === 'Buoy'
        ? `source = "${buoy}"\nfolder = "kept"\nfetch = { every = ${String(STEP / 1000)} }`
        : `folder = "${name}"`;
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
