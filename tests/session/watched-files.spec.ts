import { expect } from '@playwright/test';
import { test } from '../shared-page';

declare const MINUTE: number;
declare const at: { now: number };
declare const open: (modelSha256?: string) => Promise<Watched>;
declare const fileOf: (path: string, modifiedAt?: number, size?: number) => Facts;
declare const settle: (watched: Watched, file: Facts, job: object | null) => Promise<void>;
declare const failed: (code: string) => object;

type Watched = import('../../src/core/session/watched-files').WatchedFiles;
type Facts = import('../../src/core/session/watched-files').FileFacts;

/** Real IndexedDB in a page served by Vite; `at.now` is the time. */
test.beforeEach(async ({ page }) => {
  await page.evaluate(async () => {
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const { WatchedFiles } = await import('/src/core/session/watched-files.ts');
    const { wholeFailed } = await import('/tests/storage/whole-rows.ts');
    const db = await openDatabase();
    const at = { now: 1_000_000_000 };
    Object.assign(globalThis, {
      at,
      MINUTE: 60_000,
      open: (modelSha256 = 'model') => WatchedFiles.open(db, { id: 'camera', modelSha256 }, () => at.now),
      fileOf: (path: string, modifiedAt = 1, size = 1) => ({ path, size, modifiedAt }),
      settle: (watched: Watched, facts: Facts, job: object | null) => {
        const file = new File([], facts.path);
        return watched.settle(new Map([[file, facts]]), new Map([[file, job as never]]));
      },
      failed: (code: string) => wholeFailed('failed', at.now, { code: code as never }),
    });
  });
});

test('a file with its final job is not due again, after a reload too, until its size, date, folder or model is another', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const watched = await open();
    const file = fileOf('11-20/120000.jpg');
    const before = watched.isDue(file);
    await settle(watched, file, failed('not-an-image'));
    const again = await open();
    const others = [
      fileOf('11-20/120000.jpg', 1, 2),
      fileOf('11-20/120000.jpg', 0),
      fileOf('11-22/120000.jpg'),
    ];
    return {
      before,
      seen: [watched, again].map((each) => [each.isSeen(file), each.isDue(file)]),
      others: others.map((other) => again.isDue(other)),
      model: (await open('another')).isDue(file),
    };
  });
  expect(found).toEqual({
    before: true,
    seen: [
      [true, false],
      [true, false],
    ],
    others: [true, true, true],
    model: true,
  });
});

test('a file that can’t be read is due again soon, then every few minutes, and gets its failed job after a day', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const watched = await open();
    const file = fileOf('20260101-000000.jpg');
    /** minutes from now on until it is given again */
    const waits: number[] = [];
    const began = at.now;
    while (!watched.isAnswered(file)) {
      await settle(watched, file, null);
      const tried = at.now;
      while (!watched.isDue(file)) at.now += MINUTE / 4;
      waits.push((at.now - tried) / MINUTE);
    }
    const hours = (at.now - began) / (60 * MINUTE);
    const { failed: waiting } = await open();
    await settle(watched, file, failed('image-damaged'));
    return { waits, hours, waiting, began, after: [watched.isDue(file), watched.failed.count] };
  });
  expect(found.waits.slice(0, 4)).toEqual([0.5, 0.5, 0.5, 0.5]);
  expect(new Set(found.waits.slice(4))).toEqual(new Set([5]));
  expect(found.hours).toBeGreaterThanOrEqual(24);
  expect(found.hours).toBeLessThan(24.3);
  const waiting = { count: 1, since: found.began, paths: ['20260101-000000.jpg'], isLong: true };
  expect(found.waiting).toEqual(waiting);
  expect(found.after).toEqual([false, 0]);
});

test('a failed job of a file that was never read does not end the wait for its content', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const watched = await open();
    const file = fileOf('a.jpg');
    await settle(watched, file, null);
    at.now += 25 * 60 * MINUTE;
    await settle(watched, file, null);
    await settle(watched, file, null);
    const isAnswered = watched.isAnswered(file);
    await settle(watched, file, failed('file-unreadable'));
    at.now += 5 * MINUTE;
    return [isAnswered, watched.isDue(file), watched.isAnswered(file), watched.failed.count];
  });
  expect(found).toEqual([true, true, false, 1]);
});

test('another version under the same name has a day of its own', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const watched = await open();
    await settle(watched, fileOf('a.jpg', 1), null);
    at.now += 25 * 60 * MINUTE;
    const next = fileOf('a.jpg', 2);
    const before = [watched.isDue(next), watched.isAnswered(next)];
    await settle(watched, next, null);
    return { before, isItsOwn: watched.failed.since === at.now };
  });
  expect(found).toEqual({ before: [true, false], isItsOwn: true });
});

test('a file that was seen and can’t be opened is read again once it can, and is waited for no more when it is gone', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const watched = await open();
    const [seen, other] = [fileOf('seen.jpg'), fileOf('other.jpg')];
    await watched.leaveOut([seen, other]);
    await watched.missed([fileOf('seen.jpg', 0, 0)]);
    const during = [watched.isDue(seen), watched.failed.count];
    watched.keepOnly((path) => path === 'other.jpg');
    return { during, after: watched.failed, other: watched.isDue(other) };
  });
  const none = { count: 0, since: null, paths: [], isLong: false };
  expect(found).toEqual({ during: [true, 1], after: none, other: false });
});

test('a snapshot that is set aside for its time was read, and is not given again', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const watched = await open();
    const ahead = fileOf('ahead.jpg');
    const { wholeFailed } = await import('/tests/storage/whole-rows.ts');
    await settle(watched, ahead, wholeFailed('ahead', at.now + 1e9, { code: 'clock-ahead' }));
    return [watched.isDue(ahead), watched.isSeen(ahead)];
  });
  expect(found).toEqual([false, true]);
});

test('a clock that is set back keeps no failed file waiting, and one that jumps ahead gives none its failed job', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const watched = await open();
    const file = fileOf('a.jpg');
    await settle(watched, file, null);
    at.now -= 24 * 60 * MINUTE;
    const back = watched.isDue(file);
    await settle(watched, file, null);
    const isOfNow = watched.failed.since === at.now;
    const again = watched.isDue(file);
    // For more tries than a file gets after its day.
    for (let i = 0; i < 5; i += 1) await settle(watched, file, null);
    at.now += 365 * 24 * 60 * MINUTE;
    const ahead = [watched.isDue(file), watched.isAnswered(file)];
    const reopened = (await open()).isAnswered(file);
    return { back, isOfNow, again, ahead, reopened };
  });
  expect(found).toEqual({ back: true, isOfNow: true, again: false, ahead: [true, false], reopened: false });
});
