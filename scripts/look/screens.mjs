/** The screens of `npm run look`, in the order in which a person meets them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO, reference } from '../engines.mjs';

/** @typedef {import('playwright-core').Page} Page */

const button = (name) => (page) => page.getByRole('button', { name, exact: true }).click();
const fold = (title) => (page) => page.locator('summary', { hasText: title }).click();
const inTurn =
  (...steps) =>
  async (page) => {
    for (const step of steps) await step(page);
  };
const details = (page) => page.locator('details.details > summary').click();
const chip = (name) => inTurn(details, (page) => page.locator('.chip', { hasText: name }).click());

async function deck(page) {
  await page.getByRole('region', { name: 'Verdict' }).waitFor();
  await page.keyboard.press('d');
  await page.getByRole('dialog').waitFor();
}

async function givePictures(page) {
  const paths = reference.map((name) => join(DEMO, 'reference', name));
  await page.locator('input[type=file][aria-label="choose files"]').setInputFiles(paths);
  await page.locator('form .sums li').first().waitFor();
}

/** The saved file takes the page's place. */
async function savedReport(page) {
  await chip('Report')(page);
  const [download] = await Promise.all([page.waitForEvent('download'), button('Save the report')(page)]);
  const html = readFileSync(await download.path(), 'utf8');
  await page.goto('about:blank');
  await page.setContent(html);
}

/**
 * @typedef {object} Screen
 * @property {string} name
 * @property {keyof typeof import('./devices.mjs').DEVICES} device
 * @property {string} [place] - its address, after the #
 * @property {(page: Page) => Promise<unknown>} [open] - the way to it from there
 */

/** @type {readonly Screen[]} */
export const SCREENS = [
  { name: 'landing', device: 'empty' },
  { name: 'set-up', device: 'empty', open: button('Set up my camera') },
  { name: 'set-up-pictures', device: 'empty', open: inTurn(button('Set up my camera'), givePictures) },
  { name: 'monitor', device: 'demo', place: 'monitor' },
  { name: 'details', device: 'demo', place: 'monitor', open: details },
  { name: 'glass', device: 'demo', place: 'monitor', open: chip('On the glass') },
  { name: 'log', device: 'demo', place: 'monitor', open: fold('Cleanings and notes') },
  { name: 'alarm', device: 'alarm', place: 'monitor' },
  { name: 'why', device: 'alarm', place: 'monitor', open: button('Why?') },
  { name: 'cleaned', device: 'alarm', place: 'monitor', open: button('I cleaned it') },
  { name: 'seen', device: 'alarm', place: 'monitor', open: button('Diver booked, or remind me') },
  { name: 'called-clean', device: 'alarm', place: 'monitor', open: button('It is clean') },
  { name: 'question', device: 'question', place: 'monitor' },
  { name: 'deck', device: 'demo', place: 'monitor', open: deck },
  { name: 'deck-alarm', device: 'alarm', place: 'monitor', open: deck },
  { name: 'deck-question', device: 'question', place: 'monitor', open: deck },
  { name: 'history', device: 'demo', place: 'history' },
  { name: 'history-list', device: 'demo', place: 'history', open: button('List') },
  { name: 'history-plot', device: 'demo', place: 'history', open: fold('Plot') },
  {
    name: 'look',
    device: 'demo',
    place: 'history',
    open: inTurn(fold('More'), button('Look at these twelve')),
  },
  { name: 'report-form', device: 'demo', place: 'monitor', open: chip('Report') },
  { name: 'report', device: 'demo', place: 'monitor', open: savedReport },
  { name: 'science', device: 'demo', place: 'science' },
  { name: 'science-counts', device: 'demo', place: 'science/counts' },
  { name: 'science-say', device: 'demo', place: 'science', open: button('Say what a time was') },
  { name: 'camera', device: 'demo', place: 'reference' },
  { name: 'calibrate', device: 'demo', place: 'calibrate' },
  { name: 'driftwatch', device: 'demo', place: 'driftwatch' },
  { name: 'settings', device: 'demo', place: 'settings' },
  { name: 'settings-method', device: 'demo', place: 'settings', open: fold('Method') },
  { name: 'wall', device: 'several', place: 'wall' },
  {
    name: 'trip',
    device: 'several',
    place: 'wall',
    open: (page) => page.locator('main [aria-expanded]').first().click(),
  },
];
