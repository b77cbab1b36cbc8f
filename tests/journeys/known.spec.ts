import { expect, type Page } from '@playwright/test';
import { basename } from 'node:path';
import { openPlace } from '../open-place';
import { toStorage } from './exports';
import {
  check,
  countFileDates,
  demo,
  made,
  open,
  read,
  results,
  setUpCamera,
  storedIn,
  test,
} from './support';

/** Names and sizes of the pictures that are kept. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const found: string[] = [];
    for await (const camera of (await root.getDirectoryHandle('originals', { create: true })).values()) {
      for await (const file of (camera as FileSystemDirectoryHandle).values()) {
        const { name, size } = await (file as FileSystemFileHandle).getFile();
        found.push(`${name} ${String(size)}`);
      }
    }
    return found.sort();
  });

test('a copy whose name tells the time corrects the job that a file’s date had made, and its kept picture @long', async ({
  page,
}) => {
  const four = demo.snapshots.slice(0, 4);
  const late = four[1]!;
  await open(page);
  await setUpCamera(page);
  await toStorage(page);
  await page.getByLabel('Keep the pictures of Reef on this device').check();
  await countFileDates(page);
  await openPlace(page, 'Monitor');
  await check(page, [made('000001.jpg', read(late))]);
  const [guess] = await storedIn<{ id: string; capturedAtSource: string }>(page, 'jobs');
  expect(guess?.capturedAtSource).toBe('file-date');
  await expect.poll(() => kept(page)).toHaveLength(1);

  await check(page, four);
  await expect(page.getByText('1 file had been seen before')).toBeVisible();
  const isInPlace = async () => {
    const jobs = await results(page);
    expect(jobs.map(({ image_name }) => image_name)).toEqual(four.map((path) => basename(path)));
    const stored = await storedIn<{ id: string; imageName: string; capturedAtSource: string }>(page, 'jobs');
    expect(stored.find(({ id }) => id === guess!.id)).toMatchObject({
      ...{ imageName: basename(late), capturedAtSource: 'file-name' },
    });
  };
  await isInPlace();
  await expect
    .poll(() => kept(page))
    .toEqual(four.map((path) => `${basename(path)} ${String(read(path).length)}`).sort());
  await page.reload();
  await isInPlace();
});
