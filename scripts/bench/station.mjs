/**
 * Memory of a station after 1,000 snapshots, and after each 1,000 more: the command as a user starts it, and its
 * Chromium, without files that they share with other programs. The pictures are the demo's, small and drawn.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { familyOf, ownOf } from './processes.mjs';
import { installedChromium } from '../browser.mjs';
import { ROOT } from '../prepare.mjs';
import { freePort } from '../free-port.mjs';
import { within } from '../within.mjs';

const STEP = 1000;
/** So long a step may take, in milliseconds. */
const STEP_TIME = 1_800_000;
/** So long an answer or an end may take, in milliseconds. */
const PATIENCE = 60_000;
/** How much more may be held at the end than after the first step. */
const MOST_GROWTH = 0.05;
/** One is the camera that the page shows, the others are scored beside it. */
const CAMERAS = ['North', 'South'];
/** Between two snapshots of a camera, in milliseconds. */
const INTERVAL = 1_900_000;
const DEMO = join(ROOT, 'public/demo');
/** Collects what is no longer held, when it is asked, and prints what is left. */
const PROBE = `data:text/javascript,process.on('SIGUSR2', () => { gc(); gc(); console.log('held ' + JSON.stringify(process.memoryUsage())); })`;

const COLLECT = ['--experimental-websocket', join(ROOT, 'scripts/bench/collect.mjs')];

/** @param {number} count - snapshots in all, a multiple of 1,000 */
export async function benchStation(count) {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-bench-station-'));
  const debugging = await freePort();
  await configure(folder, debugging);
  const station = start(folder);
  try {
    const held = [];
    for (let done = 0; done < count; done += STEP) {
      const began = Date.now();
      bring(folder, done, done + STEP, count);
      await station.has(done + STEP);
      const seconds = (Date.now() - began) / 1000;
      const now = await measure(station, debugging);
      held.push(now);
      console.log(
        `  ${String(done + STEP).padStart(6)}: browser ${megabytes(now.browser)} (${megabytes(now.lax)} with what it gives back when asked), its page's heap ${megabytes(now.heap)}; command ${megabytes(now.command)}, its heap ${megabytes(now.commandHeap)}; ${(STEP / seconds).toFixed(1)} snapshots a second`,
      );
    }
    const [first, last] = [held[0], held.at(-1)];
    const growth = (read) => `${(100 * (read(last) / read(first) - 1)).toFixed(1)} %`;
    console.log(
      `  more at the end than after ${STEP}: browser ${growth(({ browser }) => browser)}, command ${growth(({ command }) => command)}, both ${growth(({ browser, command }) => browser + command)} (wanted at most ${100 * MOST_GROWTH})`,
    );
  } finally {
    await station.end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

async function configure(folder, debugging) {
  // The station asks its browser through a pipe; this port is for what is measured.
  const browser = join(folder, 'chromium');
  writeFileSync(
    browser,
    `#!/bin/sh\nexec '${installedChromium() ?? chromium.executablePath()}' --remote-debugging-port=${debugging} "$@"\n`,
  );
  chmodSync(browser, 0o755);
  const cameras = CAMERAS.map((name) => {
    mkdirSync(join(folder, name));
    return `[[camera]]\nname = "${name}"\nfolder = "${name}"\nreference = "${join(DEMO, 'reference')}"\n`;
  });
  writeFileSync(
    join(folder, 'station.toml'),
    `[station]\ndata = "data"\nport = ${await freePort()}\nlook_every = 1\n[alerts]\nleast_disk_mb = 1\n[wall]\nfolder = "www"\nfiles_every = 1\n${cameras.join('')}`,
  );
}

/** Snapshots of all cameras in turn, each picture with a comment of its own; the last was taken a minute ago. */
function bring(folder, from, to, count) {
  const demo = join(DEMO, 'snapshots');
  const pictures = readdirSync(demo).map((name) => readFileSync(join(demo, name)));
  const perCamera = count / CAMERAS.length;
  for (let i = from; i < to; i += 1) {
    const camera = CAMERAS[i % CAMERAS.length];
    const turn = Math.floor(i / CAMERAS.length);
    const at = new Date(Date.now() - 60_000 - (perCamera - turn) * INTERVAL);
    const [day, time] = at
      .toISOString()
      .replace(/[-:]|\..*/g, '')
      .split('T');
    const picture = pictures[turn % pictures.length];
    const comment = Buffer.from(`\xff\xfe\x00\x0c${camera}${String(turn).padStart(5, '0')}`, 'latin1');
    const path = join(folder, camera, `${day}-${time}-${camera}.jpg`);
    writeFileSync(path, Buffer.concat([picture.subarray(0, 2), comment, picture.subarray(2)]));
    utimesSync(path, at, at);
  }
}

function start(folder) {
  const child = spawn(
    process.execPath,
    [
      '--expose-gc',
      '--import',
      PROBE,
      join(ROOT, 'scripts/station.mjs'),
      '--config',
      join(folder, 'station.toml'),
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PORTHOLE_CHROMIUM: join(folder, 'chromium') },
    },
  );
  const told = new Set();
  let rest = '';
  let held = () => undefined;
  child.stdout.on('data', (part) => {
    const lines = (rest + String(part)).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const name = /\t(\d{8}-\d{6}-\w+\.jpg)\t/.exec(line)?.[1];
      if (name) told.add(name);
      else if (line.startsWith('held ')) held(JSON.parse(line.slice(5)));
      else console.log(`  ${line}`);
    }
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    pid: child.pid,
    has: async (count) => {
      for (const end = Date.now() + STEP_TIME; told.size < count;) {
        if (Date.now() > end)
          throw new Error(`the station scored ${told.size} of ${count} within ${STEP_TIME / 1000} s`);
        if (child.exitCode !== null) throw new Error(`the station ended with ${child.exitCode}`);
        await pause(200);
      }
    },
    held: () =>
      within(
        PATIENCE,
        'The station did not say what it holds',
        new Promise((resolve) => {
          held = resolve;
          child.kill('SIGUSR2');
        }),
      ),
    end: () => {
      child.kill('SIGTERM');
      return within(PATIENCE, 'The station did not end', ended).finally(() => child.kill('SIGKILL'));
    },
  };
}

/** Megabytes, once what is no longer held was collected. */
async function measure(station, debugging) {
  // The wall and what is computed afterwards come after the last line.
  await pause(8000);
  const ofBrowser = () => ownOf(familyOf(station.pid).filter((id) => id !== station.pid));
  const lax = ofBrowser();
  const usedSize = collected(debugging);
  await pause(5000);
  const { heapUsed } = await station.held();
  return {
    lax,
    browser: ofBrowser(),
    heap: usedSize / 2 ** 20,
    command: ownOf([station.pid]),
    commandHeap: heapUsed / 2 ** 20,
  };
}

/** Bytes that the page's heap holds once its garbage is collected. @param {number} debugging - the port */
function collected(debugging) {
  const asking = [...COLLECT, String(debugging)];
  const { status, signal, stdout } = spawnSync(process.execPath, asking, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    timeout: PATIENCE,
  });
  if (status !== 0) throw new Error(`the browser did not say what its page holds (${signal ?? status})`);
  return Number(stdout);
}

function megabytes(value) {
  return `${value.toFixed(1)} MB`;
}
