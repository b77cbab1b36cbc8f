/**
 * `npm run look`: a screenshot of each screen in each size and theme, and look/index.html, which shows them beside each
 * other. One line for each screen that fails; exit code 1 when one does.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from './command-line.mjs';
import { placeOf } from './folder.mjs';
import { contentsOf } from './look/contents.mjs';
import { SCREENS } from './look/screens.mjs';
import { build, prepare, ROOT, stop } from './prepare.mjs';

const USAGE = `npm run look -- [SCREEN…] [--out FOLDER]

  SCREEN  those alone; all without: ${SCREENS.map(({ name }) => name).join(', ')}
  --out   the folder for the pictures; look/ without it`;

const SIZES = [
  { size: 'laptop', width: 1280, height: 800, hasTouch: false },
  { size: 'tablet', width: 820, height: 1180, hasTouch: true },
  { size: 'phone', width: 390, height: 844, hasTouch: true },
];
const THEMES = ['light', 'dark', 'night'];
/** How long a step may take on a busy machine, in milliseconds. */
const PATIENCE = 20_000;
/** Most of the time goes by until a page is at rest. */
const AT_ONCE = 3;

const { named, out } = commandLine({ out: { type: 'string' } }, USAGE, true);
const unknown = named.find((wanted) => !SCREENS.some(({ name }) => name === wanted));
if (unknown !== undefined)
  stop(`There is no screen ${unknown}. Screens: ${SCREENS.map(({ name }) => name).join(', ')}.`, 2);
const folder = out === undefined ? join(ROOT, 'look') : placeOf(out);

prepare();
build();
const { startChromium } = await import('./drive.mjs');
const { serveDist } = await import('./serve.mjs');
const { settled } = await import('./demo.mjs');
const { DEVICES } = await import('./look/devices.mjs');

mkdirSync(folder, { recursive: true });
const wanted = SCREENS.filter(({ name }) => named.length === 0 || named.includes(name));
const { address, close } = await serveDist();
const browser = await startChromium();
/** by device: what it has stored */
const stored = new Map();
/** by screen: how each of its pictures failed */
const failures = new Map();

/** in each of them screens of one device are looked at, one after the other */
const visits = Object.keys(DEVICES).flatMap((device) => {
  const screens = wanted.filter((screen) => screen.device === device);
  return screens.length === 0
    ? []
    : SIZES.flatMap((size) => THEMES.map((theme) => ({ device, screens, ...size, theme })));
});
try {
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = visits.shift(); next; next = visits.shift()) await visit(next);
    }),
  );
} finally {
  await browser.close();
  await close();
}

const rows = SCREENS.map(({ name }) => ({
  name,
  shots: SIZES.flatMap(({ size }) =>
    THEMES.map((theme) => ({ file: fileOf(name, size, theme), size, theme })),
  ),
})).filter(({ shots }) => shots.some(({ file }) => existsSync(join(folder, file))));
if (rows.length > 0) writeFileSync(join(folder, 'index.html'), contentsOf(rows));
for (const [name, reasons] of failures) console.log(`FAILED  ${name}: ${reasons.join('; ')}`);
console.log(join(folder, 'index.html'));
process.exitCode = failures.size > 0 ? 1 : 0;

function fileOf(name, size, theme) {
  return `${name}-${size}-${theme}.png`;
}

/** Makes the pictures of one size and theme. */
async function visit({ device, screens, size, width, height, hasTouch, theme }) {
  const fail = ({ name }, reason) =>
    failures.set(name, [...(failures.get(name) ?? []), `${size} ${theme}: ${reason}`]);
  const pathOf = ({ name }) => join(folder, fileOf(name, size, theme));
  // An earlier picture never stands for one that fails.
  for (const screen of screens) rmSync(pathOf(screen), { force: true });
  try {
    const options = { storageState: await storedOn(device), viewport: { width, height }, hasTouch };
    await inContext(options, theme, async (context) => {
      for (const screen of screens) {
        const errors = await take(context, screen, pathOf(screen)).catch((error) => [firstLine(error)]);
        for (const error of errors) fail(screen, error);
      }
    });
  } catch (error) {
    for (const screen of screens) fail(screen, firstLine(error));
  }
}

/** Makes one picture. @returns {Promise<string[]>} what the page complained of */
async function take(context, { place = '', open }, path) {
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  try {
    await page.goto(`${address}#${place}`);
    await page.waitForFunction(() => 'porthole' in globalThis);
    await open?.(page);
    await settled(page);
    const isCovered = (await page.locator('dialog[open]').count()) > 0;
    await page.screenshot({ path, animations: 'disabled', fullPage: !isCovered });
    return errors;
  } finally {
    await page.close();
  }
}

function firstLine(error) {
  return error.message.split('\n')[0];
}

/** Makes a device when it is first wanted. */
function storedOn(device) {
  if (!stored.has(device)) {
    const making = inContext({}, 'light', async (context) => {
      await DEVICES[device](await context.newPage(), address);
      return context.storageState({ indexedDB: true });
    });
    stored.set(device, making);
  }
  return stored.get(device);
}

/** Works in a context of its own, in a theme. */
async function inContext(options, theme, work) {
  const colorScheme = theme === 'light' ? 'light' : 'dark';
  const context = await browser.newContext({ ...options, colorScheme, serviceWorkers: 'block' });
  try {
    context.setDefaultTimeout(PATIENCE);
    // The others follow the device.
    if (theme === 'night') await context.addInitScript(chooseNight);
    return await work(context);
  } finally {
    await context.close();
  }
}

/** Runs in a page before its scripts: as a person chooses it under Settings. An empty page stores nothing. */
function chooseNight() {
  if (location.protocol !== 'about:') localStorage.setItem('porthole-theme', 'night');
}
