/**
 * Loaded before the station: its clock, and that of the page in its browser, are wrong by the milliseconds that the file
 * PORTHOLE_CLOCK holds, from when that is written.
 */
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

const LOOK_EVERY = 100;
let wrongBy = read();
const contexts = new Set();

installClock(wrongBy);
const launch = chromium.launchPersistentContext.bind(chromium);
chromium.launchPersistentContext = async (...given) => {
  const context = await launch(...given);
  contexts.add(context);
  context.on('close', () => contexts.delete(context));
  await context.addInitScript(installClock, wrongBy);
  return context;
};

setInterval(() => {
  const now = read();
  if (now === wrongBy) return;
  wrongBy = now;
  globalThis.moveClock(now);
  const pages = [...contexts].flatMap((context) => context.pages());
  void Promise.allSettled(pages.map((page) => page.evaluate((to) => globalThis.moveClock(to), now))).then(
    () => console.log(`The clock is wrong by ${now} ms.`),
  );
}, LOOK_EVERY).unref();

function read() {
  return Number(readFileSync(process.env.PORTHOLE_CLOCK, 'utf8'));
}

/** Runs in Node and in the page. */
function installClock(by) {
  const Right = Date;
  globalThis.moveClock = (to) => (by = to);
  globalThis.Date = class extends Right {
    constructor(...given) {
      if (given.length === 0) super(Right.now() + by);
      else super(...given);
    }
    static now() {
      return Right.now() + by;
    }
  };
}
