/** A database whose log ends in half a record, as a full disk and a power cut leave it: nothing that was stored is lost. */
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test, type Page } from '@playwright/test';
import { browserLaunchOptions } from '../../scripts/browser.mjs';
import { cutHalfRecords, wholeLength } from '../../scripts/station/leveldb-log.mjs';
import { BLANK } from '../addresses';

const BLOCK = 32_768;

/** A log of records of these lengths, as LevelDB writes it, and where each ends; checksums are left out. */
function logOf(lengths: readonly number[]): { log: Buffer; ends: number[] } {
  const parts: Buffer[] = [];
  const ends: number[] = [];
  let size = 0;
  const push = (part: Buffer) => {
    parts.push(part);
    size += part.length;
  };
  for (const length of lengths) {
    let left = length;
    for (let isFirst = true; isFirst || left > 0; isFirst = false) {
      if (BLOCK - (size % BLOCK) < 7) push(Buffer.alloc(BLOCK - (size % BLOCK)));
      const taken = Math.min(left, BLOCK - (size % BLOCK) - 7);
      const isLast = taken === left;
      const head = Buffer.alloc(7);
      head.writeUInt16LE(taken, 4);
      head[6] = isFirst ? (isLast ? 1 : 2) : isLast ? 4 : 3;
      push(Buffer.concat([head, Buffer.alloc(taken, 7)]));
      left -= taken;
    }
    ends.push(size);
  }
  return { log: Buffer.concat(parts), ends };
}

test('of a log that is cut off anywhere the whole records stay, and nothing of the others', () => {
  const { log, ends } = logOf([10, 0, 3000, BLOCK - 7, 40_000, 80_000, 5, 29_490, 1]);
  expect(wholeLength(log)).toBe(log.length);
  const wrong: number[] = [];
  for (let length = 0; length <= log.length; length += length % 1000 > 980 ? 1 : 7) {
    const whole = Math.max(0, ...ends.filter((end) => end <= length));
    const isFilled = length % BLOCK === 0 && length - whole < 7;
    if (wholeLength(log.subarray(0, length)) !== (isFilled ? length : whole)) wrong.push(length);
  }
  expect(wrong).toEqual([]);
  // Room that was taken for what was never written.
  expect(wholeLength(Buffer.concat([log, Buffer.alloc(5000)]))).toBe(log.length);
});

const put = (page: Page, from: number, count: number) =>
  page.evaluate(
    async ({ from, count }) => {
      const address: string = '/node_modules/idb/build/index.js';
      const { openDB } = (await import(address)) as typeof import('idb');
      const db = await openDB('kept', 1, {
        upgrade: (made) => {
          made.createObjectStore('rows');
        },
      });
      for (let i = from; i < from + count; i += 1) await db.put('rows', 'x'.repeat(2000), i);
      const all = await db.count('rows');
      db.close();
      return all;
    },
    { from, count },
  );

/** Leaves half a record behind, as a full disk does. */
function leaveHalf(profile: string): void {
  const databases = join(profile, 'Default', 'IndexedDB');
  const logs = readdirSync(databases, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.leveldb[\\/]\d+\.log$/.test(path),
  );
  expect(logs).toHaveLength(1);
  const { log } = logOf([2000]);
  appendFileSync(join(databases, logs[0]!), log.subarray(0, 900));
}

for (const [what, mend] of [
  ['the station cuts it off before the browser is opened', 'cut'],
  ['the page renews the log when it is opened after a write that failed', 'renew'],
] as const) {
  test(`half a record at the end of Chromium’s database costs nothing: ${what}`, async () => {
    const profile = mkdtempSync(join(tmpdir(), 'porthole-profile-'));
    const open = async () => {
      const context = await chromium.launchPersistentContext(profile, browserLaunchOptions());
      const page = context.pages()[0]!;
      await page.goto(BLANK);
      return { context, page };
    };
    try {
      let { context, page } = await open();
      expect(await put(page, 0, 40)).toBe(40);
      if (mend === 'renew') {
        await page.evaluate(async () => {
          (await import('/src/core/storage/renewal.ts')).noteFailedWrite();
        });
      }
      await context.close();
      leaveHalf(profile);

      if (mend === 'cut') expect(cutHalfRecords(profile)).toHaveLength(1);
      ({ context, page } = await open());
      if (mend === 'renew') {
        const renewed = await page.evaluate(async () => {
          const { renewLog } = await import('/src/core/storage/renewal.ts');
          return [await renewLog(), await renewLog(), (await indexedDB.databases()).map(({ name }) => name)];
        });
        expect(renewed).toEqual([true, false, ['kept']]);
      }
      expect(await put(page, 40, 20)).toBe(60);
      await context.close();

      // Without either, Chromium finds the half record in the middle of the log here, and deletes the database.
      ({ context, page } = await open());
      expect(await put(page, 60, 1)).toBe(61);
      await context.close();
      expect(cutHalfRecords(profile)).toEqual([]);
    } finally {
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    }
  });
}
