/** Drives the page in a headless Chromium: shared by the commands that open it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { browserLaunchOptions, hasChromium, NO_CHROMIUM, withoutViewer } from './browser.mjs';
import { stop } from './prepare.mjs';

/** @param {boolean} [endsBySignal] - true if SIGINT and SIGTERM end the browser at once */
async function chromiumOptions(endsBySignal = true) {
  if (!(await hasChromium())) stop(NO_CHROMIUM);
  return {
    ...browserLaunchOptions(),
    handleSIGINT: endsBySignal,
    handleSIGTERM: endsBySignal,
    handleSIGHUP: endsBySignal,
  };
}

/** A Chromium for several contexts, each with a storage of its own. Ends the program where there is none. */
export async function startChromium() {
  return chromium.launch(await chromiumOptions());
}

/**
 * Opens the page and waits until it can be scripted.
 *
 * @param {string} address
 * @param {{ profile?: string, endsBySignal?: boolean, isSeen?: boolean }} [options] - `profile`: a folder that keeps its
 *   storage, which is empty without; `endsBySignal`: whether SIGINT and SIGTERM end the browser at once (default true);
 *   `isSeen`: whether the page is drawn (default true)
 */
export async function openPage(address, { profile, endsBySignal = true, isSeen = true } = {}) {
  const options = await chromiumOptions(endsBySignal);
  // A context without a profile keeps its storage in memory.
  const kept = profile === undefined ? null : await chromium.launchPersistentContext(profile, options);
  const browser = kept ?? (await chromium.launch(options));
  const page = kept
    ? (kept.pages()[0] ?? (await kept.newPage()))
    : await (await browser.newContext()).newPage();
  // This browser is not used again: the page need not keep itself.
  await page.addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, 'serviceWorker');
    // And nobody chooses where an export goes: it is a download.
    Reflect.deleteProperty(globalThis, 'showSaveFilePicker');
  });
  if (!isSeen) await page.addInitScript(withoutViewer);
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(address);
  await page.waitForFunction(() => 'porthole' in globalThis);
  return { page, browser, close: () => browser.close() };
}

/**
 * Gives the page files by their paths, without copying them through the debugger.
 *
 * @param {import('@playwright/test').Page} page
 * @param {readonly string[]} paths
 * @returns a handle of an `<input type="file">` whose `files` they are
 */
export async function handFiles(page, paths) {
  const input = await fileInput(page);
  await input.asElement().setInputFiles([...paths]);
  return input;
}

/** by page */
const inputs = new WeakMap();

/**
 * Gives the page files for one question, many times. Playwright (1.65) never lets go of an element that it gave files: one
 * element takes all, and each batch is taken from it again, else every file would stay in memory.
 *
 * @template T
 * @param {import('@playwright/test').Page} page
 * @param {readonly string[]} paths
 * @param {(files: import('@playwright/test').JSHandle<HTMLInputElement>) => Promise<T>} question
 * @returns {Promise<T>}
 */
export async function withFiles(page, paths, question) {
  const input = inputs.get(page) ?? (await fileInput(page));
  inputs.set(page, input);
  await input.asElement().setInputFiles([...paths]);
  try {
    return await question(input);
  } finally {
    // A page that has ended holds nothing.
    await input.evaluate((element) => (element.value = '')).catch(() => undefined);
  }
}

/** A handle of an `<input type="file">` that holds no files yet. */
function fileInput(page) {
  return page.evaluateHandle(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    return input;
  });
}

/**
 * Processor seconds that all processes of a browser have used so far.
 *
 * @param {import('@playwright/test').Browser} browser
 */
export async function processorSeconds(browser) {
  const processes = await processesOf(browser);
  return processes.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/**
 * The same in seconds by part, where the system says it of each thread (Linux): the threads of pages that run their
 * JavaScript, their workers, their other threads (they draw, compile, and collect garbage), and all other processes.
 *
 * @param {import('@playwright/test').Browser} browser
 * @returns {Promise<{ page: number, workers: number, threads: number, others: number } | null>}
 */
export async function processorParts(browser) {
  const parts = { page: 0, workers: 0, threads: 0, others: 0 };
  for (const { id, type, cpuTime } of await processesOf(browser)) {
    if (type !== 'renderer') {
      parts.others += cpuTime;
      continue;
    }
    const folder = `/proc/${id}/task`;
    if (!existsSync(`${folder}/${id}/schedstat`)) return null;
    for (const thread of readdirSync(folder)) {
      const name = readFileSync(`${folder}/${thread}/comm`, 'utf8');
      const part =
        thread === String(id) ? 'page' : name.startsWith('DedicatedWorker') ? 'workers' : 'threads';
      parts[part] += Number(readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
    }
  }
  return parts;
}

async function processesOf(browser) {
  const client = await browser.newBrowserCDPSession();
  const { processInfo } = await client.send('SystemInfo.getProcessInfo');
  await client.detach();
  return processInfo;
}

/**
 * The model that a person names.
 *
 * @param {string | undefined} model - an id, or the path of an ONNX file; undefined for the shipped one
 * @returns {Promise<{ sha256: string | null, unknown?: string[] }>} null for the shipped one; `unknown`: the ids that
 *   there are, where there is no such model
 */
export async function modelGiven(page, model) {
  if (model === undefined) return { sha256: null };
  if (model.endsWith('.onnx')) {
    const file = await handFiles(page, [model]);
    return { sha256: await page.evaluate((given) => globalThis.porthole.addModel(given.files[0]), file) };
  }
  const ids = await page.evaluate(() => globalThis.porthole.modelIds());
  return ids[model] === undefined ? { sha256: null, unknown: Object.keys(ids) } : { sha256: ids[model] };
}

/**
 * Does a command's work in the page, and ends page and server after it.
 *
 * @param {{ address: string, close: () => Promise<void> }} server
 * @param {Parameters<typeof openPage>[1]} opening
 * @param {(page: import('@playwright/test').Page) => Promise<number>} work - gives the exit code; what it throws is
 *   printed, and the exit code 1
 */
export async function commandInPage(server, opening, work) {
  const { page, close } = await openPage(server.address, { ...opening, isSeen: false });
  try {
    process.exitCode = await work(page);
  } catch (error) {
    // Without what Chromium puts around the page's own words.
    console.error(
      String(error.message)
        .split('\n')[0]
        .replace(/page\.evaluate: (Error: )?/, ''),
    );
    process.exitCode = 1;
  } finally {
    await close();
    await server.close();
  }
}
