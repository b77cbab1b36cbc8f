import { expect, type Page } from '@playwright/test';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { choose, made, unfold } from './support';
import { openPlace } from '../open-place';

/** The files of an export by their paths. */
export type Parts = Record<string, Uint8Array>;

/** Exports everything through the page's own button, and unpacks it. */
export async function exportedParts(page: Page, path: string): Promise<Parts> {
  await toStorage(page);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export everything' }).click();
  await (await downloading).saveAs(path);
  return unzipSync(readFileSync(path));
}

/** The browser's own dialog can't be answered here: files go to the downloads, as in Firefox and Safari. */
export async function withDownloads(page: Page): Promise<void> {
  await page.addInitScript(() => {
    delete (globalThis as { showSaveFilePicker?: unknown }).showSaveFilePicker;
  });
}

export async function toStorage(page: Page): Promise<void> {
  await openPlace(page, 'Settings');
  await unfold(page, 'Storage');
}

/** Changes one JSON file of an export, in place. */
export function edit<T>(parts: Parts, path: RegExp, change: (value: T) => unknown): void {
  const name = nameOf(parts, path);
  parts[name] = strToU8(JSON.stringify(change(JSON.parse(strFromU8(parts[name]!)) as T)));
}

/** Changes the rows of one store of an export, in place. */
export function editRows<T>(parts: Parts, store: string, change: (rows: readonly T[]) => readonly object[]) {
  const name = nameOf(parts, new RegExp(`/${store}\\.jsonl$`));
  const lines = strFromU8(parts[name]!).split('\n').filter(Boolean);
  const rows = change(lines.map((line) => JSON.parse(line) as T));
  parts[name] = strToU8(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

function nameOf(parts: Parts, path: RegExp): string {
  const name = Object.keys(parts).find((key) => path.test(key));
  if (name === undefined) throw new Error(`the export has no ${String(path)}`);
  return name;
}

/** Packs an export again, with the sizes and the SHA-256 of its files as they are now. */
export function packed(parts: Parts): Buffer {
  edit<{ files: { path: string }[] }>(parts, /^porthole\.json$/, (index) => ({
    ...index,
    files: index.files.map(({ path }) => ({
      path,
      bytes: parts[path]!.length,
      sha256: createHash('sha256').update(parts[path]!).digest('hex'),
    })),
  }));
  return Buffer.from(zipSync(parts, { level: 0 }));
}

/** Opens an export in the settings; what it would add is shown then. */
export async function openExport(page: Page, zip: Buffer) {
  // Before there is a camera the landing has the picker.
  if (await page.getByRole('navigation').isVisible()) await toStorage(page);
  else await page.getByRole('link', { name: 'Porthole', exact: true }).click();
  await choose(page, 'Open an export', [made('export.zip', zip, 'application/zip')]);
  const plan = page.getByRole('group', { name: 'What this export would add' });
  await expect(plan).toBeVisible();
  return plan;
}
