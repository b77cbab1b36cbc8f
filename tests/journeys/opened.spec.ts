/** Files that the system opens with the installed page. */
import { expect, type Page } from '@playwright/test';
import { PAGE } from '../addresses';
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { exportedParts, packed, withDownloads } from './exports';
import {
  anotherDevice,
  batchIsDone,
  demo,
  open,
  openWithCamera,
  passTime,
  read,
  results,
  test,
  writeToFolder,
} from './support';
import { openPlace } from '../open-place';

const checked = demo.snapshots.slice(0, 12);

/** The page can be handed files by `launch`, as Chromium's launch queue does. */
async function fakeLaunchQueue(page: Page): Promise<void> {
  await page.context().addInitScript(() => {
    const setConsumer = (launch: unknown) => Object.assign(globalThis, { launch });
    Object.defineProperty(globalThis, 'launchQueue', { value: { setConsumer } });
  });
}

/** Opens one of the demo's snapshots with the page. */
async function launch(page: Page, path: string): Promise<void> {
  await writeToFolder(page, 'computer', [path]);
  await page.waitForFunction(() => 'launch' in globalThis);
  await page.evaluate(async (name) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('computer');
    const { launch } = globalThis as unknown as { launch: (launch: object) => void };
    launch({ files: [await folder.getFileHandle(name)] });
  }, basename(path));
}

/** Waits for a button. @returns whether it can be pressed at once, by a click in its place or by the keyboard */
async function pressedAtFirstSight(page: Page, label: string): Promise<boolean> {
  return page.evaluate(
    (label) =>
      new Promise<boolean>((resolve) => {
        const observer = new MutationObserver(() => {
          const button = [...document.querySelectorAll('button')].find((one) => one.textContent === label);
          if (!button) return;
          observer.disconnect();
          const { left, top, width, height } = button.getBoundingClientRect();
          const hit = document.elementFromPoint(left + width / 2, top + height / 2);
          resolve(hit === button || document.activeElement === button);
        });
        observer.observe(document.body, { childList: true, subtree: true });
      }),
    label,
  );
}

test('a file that the system opens is checked at once, by the window that writes whichever it lands in @long', async ({
  page,
  context,
}) => {
  await fakeLaunchQueue(page);
  await openWithCamera(page, checked);
  await passTime(page, demo.snapshots.slice(0, 14));
  await openPlace(page, 'Camera');
  await launch(page, demo.snapshots[12]!);
  await expect.poll(async () => (await results(page)).length).toBe(13);
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  await batchIsDone(page);

  const onlooker = await context.newPage();
  await open(onlooker, '#monitor');
  const isPressed = pressedAtFirstSight(onlooker, 'Dismiss');
  await launch(onlooker, demo.snapshots[13]!);
  expect(await isPressed).toBe(false);
  const notice = onlooker.getByText('The file that you opened was passed to the other tab');
  await expect(notice).toBeVisible();
  await expect.poll(async () => (await results(page)).length).toBe(14);
  await expect.poll(async () => (await results(onlooker)).length).toBe(14);
  await expect(page.getByText('was passed to the other tab')).toHaveCount(0);
  await onlooker.getByRole('button', { name: 'Dismiss' }).click();
  await expect(notice).toHaveCount(0);
});

test('the second click of a double click says no yes to an export that the system opens @long', async ({
  page,
  browser,
}, testInfo) => {
  await withDownloads(page);
  await openWithCamera(page, checked);
  const parts = await exportedParts(page, testInfo.outputPath('parts.zip'));
  const path = testInfo.outputPath('export.zip');
  writeFileSync(path, packed(parts));

  const other = await (await anotherDevice(browser)).newPage();
  await fakeLaunchQueue(other);
  await open(other);
  const isPressed = pressedAtFirstSight(other, 'Add it');
  await launch(other, path);
  expect(await isPressed).toBe(false);
  const question = other.getByRole('group', { name: 'What this export would add' });
  await expect(question).toBeFocused();
  await question.getByRole('button', { name: 'Add it' }).click();
  await expect(other.getByText('1 camera and 12 pictures added.')).toBeVisible();
  await other.context().close();
});

test('files that an earlier version had put aside are taken once, at the address of a share too @long', async ({
  page,
  context,
}) => {
  await openWithCamera(page, checked);
  await passTime(page, demo.snapshots.slice(0, 13));
  const before = await results(page);
  await page.close();
  // A page that is reloaded before the lock of the one before it is gone looks on at first.
  const holder = await context.newPage();
  await holder.goto(`${PAGE}licences.txt`);
  await holder.evaluate(() => {
    const held = new Promise((release) => Object.assign(globalThis, { release }));
    void navigator.locks.request('porthole-writer', () => held);
  });
  const aside = demo.snapshots[12]!;
  await holder.evaluate(
    async ({ name, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const headers = { 'content-type': 'image/jpeg', 'x-name': name, 'x-last-modified': '5' };
      const files = await caches.open('porthole-put-aside');
      await files.put('put-aside/a/0', new Response(bytes, { headers }));
      const notes = await caches.open('porthole-put-aside-notes');
      await notes.put('put-aside/a', Response.json({ by: 'share', attempts: 0, refused: [] }));
    },
    { name: encodeURIComponent(basename(aside)), base64: read(aside).toString('base64') },
  );
  const next = await context.newPage();
  await open(next, '?shared=kept');
  await expect.poll(async () => (await results(next)).length).toBe(12);
  expect(await next.evaluate(() => caches.keys())).toEqual(
    expect.arrayContaining(['porthole-put-aside', 'porthole-put-aside-notes']),
  );
  await holder.evaluate(() => (globalThis as unknown as { release(): void }).release());
  await expect.poll(async () => (await results(next)).length).toBe(13);
  expect((await results(next)).slice(0, 12)).toEqual(before);
  expect(await next.evaluate(() => caches.keys())).toEqual([]);
  await batchIsDone(next);
  await next.reload();
  await expect.poll(async () => (await results(next)).length).toBe(13);
});
