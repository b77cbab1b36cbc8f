/** The log of a camera, from the file of `--events`. */
import { readFileSync } from 'node:fs';
import { placeOf } from '../folder.mjs';
import { printable } from '../line.mjs';

const EXPECTED = {
  columns: 'expected the cells at, kind and note; one with commas stands in quotes',
  at: 'expected a time with its zone, such as 2026-05-04T09:30Z',
  kind: 'expected cleaned, clean, in-scene, on-glass or unknown',
  note: 'it is too long',
  future: 'this has not been yet',
};

/**
 * Gives the page the log.
 *
 * @param {import('@playwright/test').Page} page
 * @param {string} file - as it was typed
 * @returns {Promise<string | null>} which line can't be used, and why
 */
export async function giveEvents(page, file) {
  // Spreadsheets begin a file with a mark, which a decoder drops.
  const csv = new TextDecoder().decode(readFileSync(placeOf(file)));
  const fault = await page.evaluate((csv) => globalThis.porthole.takeEvents(csv), csv);
  if (!fault) return null;
  const { line, field, written } = fault;
  return `${file}, line ${line}: ${printable(written.slice(0, 100))}: ${EXPECTED[field]}.`;
}

/** A sentence on answers without a question; null where there are none. */
export async function unaskedSentence(page, file) {
  const lines = await page.evaluate(() => globalThis.porthole.unasked());
  if (lines.length === 0) return null;
  return `${file}, line ${lines.join(', ')}: no question stood then, and nothing was answered.`;
}
