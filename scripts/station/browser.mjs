/** The page in a headless Chromium with a profile that lasts: its database is the station's memory. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { browserLaunchOptions, hasChromium, NO_CHROMIUM, withoutViewer } from '../browser.mjs';
import { cutHalfRecords } from './leveldb-log.mjs';

const START = 60_000;
/** So long an earlier browser of this profile may take to end, in milliseconds. */
const LEFT_OVER = 20_000;
/** So long an open browser may take to end by itself, in milliseconds. */
const FAREWELL = 20_000;
/** Between two questions if the page answers, at most, in milliseconds. */
const ASK_EVERY = 5_000;
/** Kilobytes of a page of memory; where pages are larger, too little is counted. */
const PAGE = 4;

/**
 * @param {string} profile - a folder
 * @param {string} address - the page's; the database belongs to it, its port included
 * @param {{ language: string, sandbox: boolean, silent_after: number, restart_after: number }} settings - the language
 *   that the page speaks, unless a person has chosen one in this profile; whether pictures are opened in Chromium's
 *   sandbox, which root has not; seconds without an answer until it is told, and until the browser is ended
 * @param {(isSilent: boolean) => void} onSilence - is told that the page does not answer, and that it does again
 * @returns the page, `onGone`, which calls back when page or browser has ended, with why, until what it returns is
 *   called, and what ends them
 */
export async function openStationPage(profile, address, settings, onSilence) {
  const context = await launch(profile, settings);
  let stopListening = () => undefined;
  const close = () => {
    stopListening();
    return end(context, profile);
  };
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    let whyGone = null;
    const listeners = new Set();
    const tell = (why) => {
      whyGone ??= why;
      for (const listener of listeners) listener(why);
    };
    // Not a promise: whoever waits for one that lasts stays in memory with it, and so does every answer of the page.
    const onGone = (listener) => {
      if (whyGone !== null) listener(whyGone);
      listeners.add(listener);
      return () => listeners.delete(listener);
    };
    page.on('crash', () => tell('the page ended'));
    page.on('close', () => tell('the page was closed'));
    context.on('close', () => tell('the browser ended'));
    // The build may have changed, and a kept copy of the page would be an old one.
    await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
    await page.addInitScript(withoutViewer);
    // A backup is a download: no person is there to choose its place.
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'));
    await page.goto(address);
    await page.waitForFunction(() => 'porthole' in globalThis, null, { timeout: START });
    const { restart_after: most } = settings;
    stopListening = listen(page, settings, onSilence, () => {
      // Half of a browser that is stopped would stay for ever, and would not end by being asked.
      kill(familyOf(profile));
      tell(`the page gave no answer for ${most} s`);
    });
    return { page, onGone, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** There is no Chromium on this machine. */
export class NoBrowser extends Error {}

async function launch(profile, { language, sandbox }) {
  if (!(await hasChromium())) throw new NoBrowser(NO_CHROMIUM);
  const until = performance.now() + LEFT_OVER;
  const downloadsPath = join(profile, '..', 'downloads');
  for (;;) {
    try {
      const left = familyOf(profile);
      kill(left);
      if (left.size > 0) throw new Error('an earlier browser of this profile has not ended yet');
      cutHalfRecords(profile);
      rmSync(downloadsPath, { recursive: true, force: true });
      return await chromium.launchPersistentContext(profile, {
        ...browserLaunchOptions(),
        headless: true,
        // The system's own folder for these may be small, or in memory.
        downloadsPath,
        locale: language,
        // Without a word Playwright leaves the sandbox out.
        chromiumSandbox: sandbox && process.getuid?.() !== 0,
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
        timeout: START,
      });
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

/** Asks the page all the time if it answers. @returns what ends that */
function listen(page, { silent_after: told, restart_after: most }, onSilence, onLost) {
  const every = Math.min(ASK_EVERY, (1000 * told) / 5);
  let silence = 0;
  let isAsked = false;
  let at = performance.now();
  const timer = setInterval(() => {
    const before = silence;
    // After this process itself was stopped, the page has had no time to answer.
    silence += Math.min(performance.now() - at, 2 * every) / 1000;
    at = performance.now();
    if (silence >= told && before < told) onSilence(true);
    if (silence >= most && before < most) onLost();
    if (isAsked) return;
    isAsked = true;
    void page
      .evaluate(() => undefined)
      .then(
        () => {
          if (silence >= told) onSilence(false);
          silence = 0;
        },
        () => undefined,
      )
      .finally(() => (isAsked = false));
  }, every);
  timer.unref();
  return () => clearInterval(timer);
}

/** Ends a browser, by force where it does not end by itself. */
async function end(context, profile) {
  const family = familyOf(profile);
  const isOver = new AbortController();
  const late = pause(FAREWELL, undefined, { signal: isOver.signal, ref: false }).then(() => kill(family));
  await Promise.race([context.close(), late]).catch(() => undefined);
  isOver.abort();
}

function kill(pids) {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

/** Megabytes that the browser of a profile and its children have in memory; null where the system doesn't tell. */
export function memoryOf(profile) {
  if (!processes()) return null;
  let kilobytes = 0;
  for (const pid of familyOf(profile)) {
    // Shared pages are counted by their share; of a process in the sandbox only root is told it, and they are left out.
    const share = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '');
    kilobytes += share ? Number(share[1]) : ownKilobytes(pid);
  }
  return kilobytes / 1024;
}

/** The browser of a profile and its children. */
function familyOf(profile) {
  const parents = processes() ?? [];
  const family = new Set(browsersOf(profile));
  for (let size = -1; size !== family.size;) {
    size = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  return family;
}

function ownKilobytes(pid) {
  const [, resident = 0, shared = 0] = (read(`/proc/${pid}/statm`) ?? '').split(' ').map(Number);
  return (resident - shared) * PAGE;
}

/** Processes that were started with the profile: a browser that outlived its station, too. */
function browsersOf(profile) {
  const parents = processes();
  if (!parents) return [];
  return [...parents.keys()].filter((pid) =>
    read(`/proc/${pid}/cmdline`)?.split('\0').includes(`--user-data-dir=${profile}`),
  );
}

/** @returns {Map<number, number> | null} the parent of each process; null where there is no /proc */
function processes() {
  let names;
  try {
    names = readdirSync('/proc');
  } catch {
    return null;
  }
  const parents = new Map();
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const facts = read(`/proc/${name}/stat`);
    if (facts) parents.set(Number(name), Number(facts.slice(facts.lastIndexOf(')') + 2).split(' ')[1]));
  }
  return parents;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
