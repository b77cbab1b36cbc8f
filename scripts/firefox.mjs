/**
 * `npm run firefox`: the built page in an installed Firefox, through WebDriver BiDi. One line for each claim; exit code
 * 1 when one does not hold. Where a Chromium is there too, the results are compared with its own.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedFirefox } from './browser.mjs';
import {
  abilities,
  assertChecked,
  assertDemo,
  check,
  compareWithChromium,
  conclude,
  DEMO,
  reference,
  scoreDemo,
  snapshots,
} from './engines.mjs';
import { build, prepare, stop } from './prepare.mjs';

const UNDER = '/some/where/';
const SCREEN = { width: 1280, height: 900 };
/** How long a step may take on a busy machine, in milliseconds. */
const PATIENCE = 120_000;
const executablePath = installedFirefox();
if (executablePath === undefined) {
  stop(
    'A Firefox is needed: apt-get install firefox-esr, or https://www.mozilla.org/firefox/. PORTHOLE_FIREFOX names one that is elsewhere.',
  );
}

prepare();
build();
const { default: puppeteer } = await import('puppeteer-core');
const { serveDist } = await import('./serve.mjs');

const downloads = mkdtempSync(join(tmpdir(), 'porthole-firefox-'));
const server = await serveDist({ under: UNDER });
try {
  const ours = await inFirefox({}, checkMainJob);
  await inFirefox({ 'network.cookie.cookieBehavior': 2 }, (browser, watched) =>
    check('a browser that blocks site data is told so', () => checkRefusal(browser, watched)),
  );
  await inFirefox(
    { 'browser.privatebrowsing.autostart': true, 'dom.indexedDB.privateBrowsing.enabled': false },
    (browser, watched) =>
      check('a private window without IndexedDB is told so', () => checkRefusal(browser, watched)),
  );
  await compareWithChromium(ours, 'Firefox', server.address);
} finally {
  await server.close();
  rmSync(downloads, { recursive: true, force: true });
}
conclude();

/** The demo, an own camera by drop and by picker, exports, themes, a second tab, a reload. */
async function checkMainJob(browser, watched) {
  console.log(`${await browser.version()}, ${executablePath}`);
  const page = await open(browser, watched);
  const facts = await page.evaluate(abilities);

  await check('on a phone nothing of the first visit is cut off', () => fitsAPhone(page));

  await check('the demo runs to its known verdict in one click', async () => {
    await click(page, 'button', 'Try the demo camera');
    await demoIsDone(page);
    assertDemo(await results(page));
    return page.evaluate(() => globalThis.porthole.summaryLine());
  });

  await check('the self-test passes', async () => {
    const { selfTest, workers, backend } = await page.evaluate(() => globalThis.porthole.encoderStatus());
    assert.ok(selfTest.difference <= selfTest.tolerance);
    return `${backend}, ${workers} workers, ${selfTest.difference.toExponential(1)} from the stored embedding`;
  });

  await check('CSV and JSON are downloaded whole', async () => {
    await visit(page, 'History');
    await click(page, 'summary', 'More');
    for (const [format, label] of [
      ['csv', 'Export CSV'],
      ['json', 'Export JSON'],
    ]) {
      await click(page, 'button', label);
      const text = await downloaded(`Demo-reef-results.${format}`);
      assert.equal(text, await page.evaluate((format) => globalThis.porthole.exportResults(format), format));
    }
  });

  await check('a reload keeps everything', async () => {
    const before = await page.evaluate(() => globalThis.porthole.exportResults('json'));
    await reload(page);
    assert.equal(await page.evaluate(() => globalThis.porthole.exportResults('json')), before);
    await visit(page, 'Monitor');
    await page.waitForSelector('section[data-verdict="normal"]', { timeout: PATIENCE });
  });

  await check(
    'an own camera is set up from files that are dropped, and scores',
    async () => {
      await beginNewCamera(page);
      await drop(page, [
        'config.toml',
        ...reference.map((name) => `reference/${name}`),
        `snapshots/${snapshots[0]}`,
      ]);
      await buildReference(page, 'Dropped');
      await visit(page, 'Monitor');
      await drop(page, [`snapshots/${snapshots[1]}`]);
      assertChecked(await someResults(page, 2), snapshots.slice(0, 2));
    },
    page,
  );

  await check(
    'another is set up from files that are picked, and scores all the rest',
    async () => {
      await beginNewCamera(page);
      await pick(
        page,
        'choose files',
        reference.map((name) => join(DEMO, 'reference', name)),
      );
      await buildReference(page, 'Picked');
      await visit(page, 'Monitor');
      await pick(
        page,
        'Check pictures',
        snapshots.map((name) => join(DEMO, 'snapshots', name)),
      );
      const jobs = await someResults(page, snapshots.length);
      assert.equal(jobs.filter(({ verdict }) => verdict === 'drift').length > 0, true);
    },
    page,
  );

  await check('every place and the Why card open, and fit a phone', async () => {
    for (const place of ['Camera', 'DriftWatch', 'History', 'Settings', 'Monitor']) {
      await visit(page, place);
      await fitsAPhone(page);
    }
    // The demo's lens was wiped, and nobody has logged it here.
    await page.waitForFunction(takesClicks, { timeout: PATIENCE }, '.answers button');
    await page.locator('.answers button').click();
    await page.locator('details.details > summary').click();
    await click(page, 'button', 'Why?');
    await page.waitForSelector('dialog[open] .why', { timeout: PATIENCE });
    await page.keyboard.press('Escape');
  });

  await check('the night theme is red on black and stays', async () => {
    await visit(page, 'Settings');
    await page.evaluate(() => {
      const look = document.querySelector('select:has(option[value="night"])');
      look.value = 'night';
      look.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await reload(page);
    const { theme, ink, ground } = await page.evaluate(() => ({
      theme: document.documentElement.dataset.theme,
      ink: getComputedStyle(document.body).color,
      ground: getComputedStyle(document.body).backgroundColor,
    }));
    assert.equal(theme, 'night');
    const [red, green, blue] = ink.match(/\d+/g).map(Number);
    assert.ok(red > 100 && green < red / 2 && blue < red / 2, ink);
    return `${ink} on ${ground}`;
  });

  const measured = await page.evaluate(scoreDemo, { reference, snapshots });

  await check('a second tab looks on, and writes when the first is closed', async () => {
    const second = await open(browser, watched);
    const looksOn = () => document.body.innerText.includes('Porthole is running in another tab.');
    await second.waitForFunction(looksOn, { timeout: PATIENCE });
    await page.close();
    const writes = () => !document.body.innerText.includes('Porthole is running in another tab.');
    await second.waitForFunction(writes, { timeout: PATIENCE });
    // With several cameras a visit begins on the wall.
    await visit(second, 'Monitor');
    await pick(second, 'Check pictures', [join(DEMO, 'reference', reference[0])]);
    await someResults(second, snapshots.length + 1);
  });
  await check('nothing went to the console as an error', () => assert.deepEqual(watched.errors, []));
  await check('no other host was asked', () => {
    assert.deepEqual(watched.foreign, []);
    return `${watched.requests} requests`;
  });
  return { facts, measured };
}

/** Says what to do instead of showing an empty page. */
async function checkRefusal(browser, watched) {
  const page = await open(browser, watched, () => document.querySelector('[role="alert"]') !== null);
  const said = await page.$eval('[role="alert"]', (alert) => alert.textContent.trim());
  assert.match(said, /site data/);
  assert.deepEqual(watched.foreign, []);
  return said;
}

/** A Firefox with a fresh profile, closed whatever happens. */
async function inFirefox(preferences, work) {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    timeout: PATIENCE,
    protocolTimeout: PATIENCE,
    defaultViewport: SCREEN,
    extraPrefsFirefox: {
      'browser.download.folderList': 2,
      'browser.download.dir': downloads,
      ...preferences,
    },
  });
  try {
    return await work(browser, { errors: [], foreign: [], requests: 0 });
  } finally {
    await browser.close();
  }
}

/** Opens the page in a new tab and waits until it can be scripted, or for what is expected instead. */
async function open(browser, watched, until = () => 'porthole' in globalThis) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => watched.errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') watched.errors.push(message.text());
  });
  page.on('request', (request) => {
    watched.requests += 1;
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith('http') && host !== new URL(server.address).host) {
      watched.foreign.push(request.url());
    }
  });
  await page.goto(server.address);
  await page.waitForFunction(until, { timeout: PATIENCE });
  return page;
}

async function reload(page) {
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis, { timeout: PATIENCE });
}

async function click(page, tag, label) {
  await page.locator(`::-p-xpath(//${tag}[normalize-space()="${label}"])`).setTimeout(PATIENCE).click();
}

/** Runs in the page: a locator doesn't see that a button takes no click in its first moment. */
function takesClicks(selector) {
  const button = document.querySelector(selector);
  return button !== null && getComputedStyle(button).pointerEvents !== 'none';
}

/** Follows a link of the navigation and waits until that place is there, whatever has to be loaded for it. */
async function visit(page, place) {
  // Some are behind the gear.
  await page.evaluate(() => document.querySelector('header details.menu')?.setAttribute('open', ''));
  await click(page, 'header//a', place);
  await page.waitForFunction(
    (place) =>
      document.querySelector('header a[aria-current]')?.textContent === place &&
      document.querySelector('main :is(section, h1)') !== null &&
      !document.querySelector('main').innerText.includes('Opening'),
    { timeout: PATIENCE },
    place,
  );
  assert.equal(await page.$('main [role="alert"]'), null);
}

/** Nothing reaches beyond the window's edge but what can be scrolled there. */
async function fitsAPhone(page) {
  await page.setViewport({ ...SCREEN, width: 390 });
  // A chart follows a new width a moment later.
  const cut = await settled(page, () => {
    const scrolls = (element) =>
      element !== null &&
      (['auto', 'scroll'].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    // Firefox counts the viewport of an svg in a chart, of which most is empty, and so does a group around it.
    return [...document.querySelectorAll('#app :not(svg svg, svg g)')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !scrolls(element))
      .map((element) => `${element.tagName} ${element.textContent.trim().slice(0, 40)}`);
  });
  await page.setViewport(SCREEN);
  assert.deepEqual(cut, []);
}

/** Polls until the page gives nothing; returns what is still there after ten seconds. */
async function settled(page, find) {
  const until = Date.now() + 10_000;
  let found = await page.evaluate(find);
  while (found.length > 0 && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    found = await page.evaluate(find);
  }
  return found;
}

async function demoIsDone(page) {
  await page.waitForFunction(
    async (count) => (await globalThis.porthole.summary()).jobs === count,
    { timeout: PATIENCE, polling: 200 },
    snapshots.length,
  );
  await page.waitForSelector('section[data-verdict="normal"]', { timeout: PATIENCE });
}

/** Gives files to the picker that a person would use. */
async function pick(page, label, paths) {
  const input = await page.waitForSelector(`input[type=file][aria-label="${label}"]`, { timeout: PATIENCE });
  await input.uploadFile(...paths);
}

/** Drops the demo's files on the page, as objects that a page can make itself: BiDi has no drop of files. */
async function drop(page, paths) {
  await page.evaluate(async (paths) => {
    const transfer = new DataTransfer();
    for (const path of paths) {
      const blob = await (await fetch(`demo/${path}`)).blob();
      transfer.items.add(new File([blob], path.slice(path.lastIndexOf('/') + 1), { type: blob.type }));
    }
    for (const type of ['dragover', 'drop']) {
      document.body.dispatchEvent(
        new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }),
      );
    }
  }, paths);
}

/** A person can't choose while the page is at work, but a script could: a select that is disabled takes its events. */
async function beginNewCamera(page) {
  await page.waitForSelector('select[aria-label="Camera"]:enabled', { timeout: PATIENCE });
  await page.select('select[aria-label="Camera"]', '');
}

/** Sets a camera up from the files that were given, and waits until the page is at rest: files are refused before. */
async function buildReference(page, name) {
  // A configuration among the files fills in a name, and the button pauses while pictures are looked at.
  await page.waitForSelector('form .sums li', { timeout: PATIENCE });
  await page
    .locator('::-p-xpath(//label[contains(., "Name of the camera")]//input)')
    .setTimeout(PATIENCE)
    .fill(name);
  await page
    .locator('::-p-xpath(//button[starts-with(normalize-space(), "Learn these")])')
    .setTimeout(PATIENCE)
    .click();
  await page.waitForFunction(
    (name) =>
      document.querySelector('select[aria-label="Camera"]:enabled option:checked')?.textContent === name,
    { timeout: PATIENCE },
    name,
  );
}

async function results(page) {
  return JSON.parse(await page.evaluate(() => globalThis.porthole.exportResults('json'))).jobs;
}

/** The chosen camera's results, once there are so many. */
async function someResults(page, count) {
  await page.waitForFunction(
    async (count) => (await globalThis.porthole.summary()).jobs === count,
    { timeout: PATIENCE, polling: 200 },
    count,
  );
  return results(page);
}

/** The text of a file that was downloaded, once it is there whole. */
async function downloaded(name) {
  const path = join(downloads, name);
  const end = Date.now() + PATIENCE;
  while (!existsSync(path) || existsSync(`${path}.part`) || readFileSync(path).length === 0) {
    if (Date.now() > end) throw new Error(`${name} was not downloaded`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return readFileSync(path, 'utf8');
}
