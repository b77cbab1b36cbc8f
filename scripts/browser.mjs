/**
 * Finds a browser to drive: a Chromium of Debian's package, another installed or Playwright's own one; a Firefox.
 * Plain Node, so that scripts can use it before anything is built.
 */
import { existsSync } from 'node:fs';

const INSTALLED = [
  process.env.PORTHOLE_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** @returns {string | undefined} path of an installed Chromium, or undefined when Playwright's own should be used */
export function installedChromium() {
  return INSTALLED.find((path) => path !== undefined && path !== '' && existsSync(path));
}

const INSTALLED_FIREFOX = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/snap/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
];

/** @returns {string | undefined} path of an installed Firefox; PORTHOLE_FIREFOX names one that must be there */
export function installedFirefox() {
  const named = process.env.PORTHOLE_FIREFOX;
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  return INSTALLED_FIREFOX.find((path) => existsSync(path));
}

const WEBKIT_DRIVERS = ['/usr/bin/WebKitWebDriver', '/usr/libexec/WebKitWebDriver'];
const MINI_BROWSERS = [
  ...['x86_64-linux-gnu/', 'aarch64-linux-gnu/', ''].flatMap((folder) =>
    ['4.1', '6.0'].map((version) => `/usr/lib/${folder}webkit2gtk-${version}/MiniBrowser`),
  ),
  '/usr/libexec/webkit2gtk-4.1/MiniBrowser',
];

/** @returns {{ driver: string, browser: string } | undefined} an installed WebKitGTK and what drives it */
export function installedWebkit() {
  const [driver, browser] = [WEBKIT_DRIVERS, MINI_BROWSERS].map((paths) =>
    paths.find((path) => existsSync(path)),
  );
  return driver && browser ? { driver, browser } : undefined;
}

/** @returns {Promise<string | undefined>} path of the Chromium that Playwright downloaded, when it did */
export async function playwrightChromium() {
  const { chromium } = await import('playwright-core');
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

export const NO_CHROMIUM =
  'A Chromium is needed: npx playwright install chromium, or your system’s package. PORTHOLE_CHROMIUM names one.';

/** Runs in a page before its scripts: drawing costs time, and each picture memory, where only a program looks. */
export function withoutViewer() {
  Object.defineProperty(Document.prototype, 'hidden', { get: () => true });
}

/** True if there is a Chromium to drive. */
export async function hasChromium() {
  return installedChromium() !== undefined || (await playwrightChromium()) !== undefined;
}

/** @returns {import('@playwright/test').LaunchOptions} */
export function browserLaunchOptions() {
  const executablePath = installedChromium();
  const isRoot = process.getuid?.() === 0;
  return {
    ...(executablePath ? { executablePath } : {}),
    args: [
      // Chromium refuses to sandbox as root, which is what CI is.
      ...(isRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      // Chromium makes its own menus and the address bar's list ready for each page that is opened, in about a second
      // of processor time (156, 2026-11). This switch replaces Playwright's, of which the others here matter too.
      // Nor is the next site's page started before it is asked for: 22 MB.
      '--disable-features=SpareRendererForSitePerProcess,PreloadTopChromeWebUI,WebUIOmniboxPopup,WebUIOmniboxAimPopup,HttpsUpgrades,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
    ],
  };
}
