/**
 * `npm run webkit`: the built page in WebKitGTK, through its own WebDriver (Debian: `webkit2gtk-driver`). One line for each
 * claim; exit code 1 when one does not hold. Where a Chromium is there too, the results are compared with its own.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installedWebkit } from './browser.mjs';
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
/** How long a step may take on a busy machine, in milliseconds. */
const PATIENCE = 240_000;
const PLACES = ['Camera', 'DriftWatch', 'History', 'Settings', 'Monitor'];

const webkit = installedWebkit();
if (webkit === undefined) {
  stop('A WebKitGTK with its driver is needed: apt-get install webkit2gtk-driver xvfb.');
}
if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
  // It has no mode without a screen: once more, on one that nobody sees.
  if (!existsSync('/usr/bin/xvfb-run')) stop('There is no screen here: apt-get install xvfb.');
  process.exit(
    spawnSync('xvfb-run', ['-a', process.execPath, ...process.argv.slice(1)], { stdio: 'inherit' }).status,
  );
}

prepare();
build();
const { serveDist } = await import('./serve.mjs');
const { openBrowser } = await import('./webdriver.mjs');

const server = await serveDist({ under: UNDER });
const browser = await openBrowser(
  webkit.driver,
  {
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary: webkit.browser, args: ['--automation'] },
  },
  PATIENCE,
);
try {
  await compareWithChromium(await checkMainJob(), 'WebKitGTK', server.address);
} finally {
  await browser.close();
  await server.close();
}
conclude();

/** The demo, its export, an own camera by drop and by picker, the places, a reload. */
async function checkMainJob() {
  console.log(`${browser.name}, ${webkit.browser}`);
  await browser.resize(1280, 900);
  await browser.goTo(server.address);
  await opened();
  await browser.evaluate(collectErrors);
  const facts = await browser.evaluate(abilities);

  await check('the demo runs to its known verdict in one click', async () => {
    await browser.click(button('Try the demo camera'));
    await has(snapshots.length);
    assertDemo(await results());
    return browser.evaluate(() => globalThis.porthole.summaryLine());
  });

  await check('the self-test passes', async () => {
    const { selfTest, workers, backend } = await browser.evaluate(() => globalThis.porthole.encoderStatus());
    assert.ok(selfTest.difference <= selfTest.tolerance);
    return `${backend}, ${workers} workers, ${selfTest.difference.toExponential(1)} from the stored embedding`;
  });

  await check('CSV and JSON are saved whole', async () => {
    await visit('History');
    await browser.click('//summary[normalize-space()="More"]');
    for (const [format, label] of [
      ['csv', 'Export CSV'],
      ['json', 'Export JSON'],
    ]) {
      await browser.evaluate(keepNextDownload);
      await browser.click(button(label));
      await browser.until(() => globalThis.kept !== undefined, PATIENCE);
      const text = await browser.evaluate(() => globalThis.kept);
      assert.equal(
        text,
        await browser.evaluate((format) => globalThis.porthole.exportResults(format), format),
      );
    }
  });

  await check('nothing was thrown that nobody caught', async () => {
    assert.deepEqual(await browser.evaluate(() => globalThis.thrown), []);
  });

  await check('a reload keeps everything', async () => {
    const before = await browser.evaluate(() => globalThis.porthole.exportResults('json'));
    await browser.reload();
    await opened();
    await browser.evaluate(collectErrors);
    assert.equal(await browser.evaluate(() => globalThis.porthole.exportResults('json')), before);
    await visit('Monitor');
    await browser.find('//section[@data-verdict]', PATIENCE);
  });

  await check('an own camera is set up from files that are dropped, and scores', async () => {
    await browser.evaluate(chooseCamera, '');
    await browser.evaluate(drop, [
      'config.toml',
      ...reference.map((name) => `reference/${name}`),
      `snapshots/${snapshots[0]}`,
    ]);
    await buildReference('Dropped');
    await visit('Monitor');
    await browser.evaluate(drop, [`snapshots/${snapshots[1]}`]);
    assertChecked(await has(2), snapshots.slice(0, 2));
  });

  await check('another is set up from files that are picked, and scores all the rest', async () => {
    await browser.evaluate(chooseCamera, '');
    await pick(
      'choose files',
      reference.map((name) => join(DEMO, 'reference', name)),
    );
    await buildReference('Picked');
    await visit('Monitor');
    await pick(
      'Check pictures',
      snapshots.map((name) => join(DEMO, 'snapshots', name)),
    );
    assert.ok((await has(snapshots.length)).some(({ verdict }) => verdict === 'drift'));
  });

  await check('every place opens', async () => {
    for (const place of PLACES) await visit(place);
  });

  const measured = await browser.evaluate(scoreDemo, { reference, snapshots });
  await check('nothing was thrown after the reload either', async () => {
    assert.deepEqual(await browser.evaluate(() => globalThis.thrown), []);
  });
  return { facts, measured };
}

function button(label) {
  return `//button[normalize-space()="${label}"]`;
}

async function opened() {
  await browser.until(() => 'porthole' in globalThis, PATIENCE);
}

/** Follows a link of the navigation and waits until that place is there. */
async function visit(place) {
  // Some are behind the gear.
  await browser.evaluate(() => document.querySelector('header details.menu')?.setAttribute('open', ''));
  await browser.click(`//header//a[normalize-space()="${place}"]`);
  await browser.until(
    (place) =>
      document.querySelector('header a[aria-current]')?.textContent.trim() === place &&
      document.querySelector('main :is(section, h1)') !== null &&
      !document.querySelector('main').innerText.includes('Opening'),
    PATIENCE,
    place,
  );
}

/** Gives files to the picker that a person would use. */
async function pick(label, paths) {
  await browser.type(`//input[@type="file" and @aria-label="${label}"]`, paths.join('\n'));
}

async function buildReference(name) {
  await browser.type('//label[contains(., "Name of the camera")]//input', name);
  await browser.click('//button[starts-with(normalize-space(), "Learn these")]');
  await browser.until(
    (name) => document.querySelector('select[aria-label="Camera"] option:checked')?.textContent === name,
    PATIENCE,
    name,
  );
}

async function results() {
  return JSON.parse(await browser.evaluate(() => globalThis.porthole.exportResults('json'))).jobs;
}

/** The chosen camera's results, once there are so many. */
async function has(count) {
  await browser.until(
    // There is no camera yet where the demo is being set up.
    (count) =>
      globalThis.porthole.summary().then(
        ({ jobs }) => jobs >= count,
        () => false,
      ),
    PATIENCE,
    count,
  );
  return results();
}

/** Runs in the page. */
function collectErrors() {
  globalThis.thrown = [];
  addEventListener('error', ({ message }) => globalThis.thrown.push(message));
  addEventListener('unhandledrejection', ({ reason }) => globalThis.thrown.push(String(reason)));
}

/** Runs in the page: keeps the text of what is saved next, since the driver tells of no download. */
function keepNextDownload() {
  delete globalThis.kept;
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    URL.createObjectURL = make;
    blob.text().then((text) => (globalThis.kept = text));
    return make.call(URL, blob);
  };
}

/** Runs in the page. */
function chooseCamera(value) {
  const select = document.querySelector('select[aria-label="Camera"]');
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

/** Runs in the page: drops the demo's files on it, as objects that a page can make itself. */
async function drop(paths) {
  // WebKit gives such objects an entry in a file system, which never answers.
  DataTransferItem.prototype.webkitGetAsEntry = () => null;
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
}
