/** A detector of objects beside the verdict: a file dropped, boxes and counts, what is kept and what goes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';
import type { Job } from '../../src/core/domain/camera/job';
import type { Box, Detections } from '../../src/core/domain/detection/detection';
import {
  batchIsDone,
  check,
  choose,
  demo,
  dropOnPage,
  made,
  open,
  openWithCamera,
  storedIn,
  test,
  violations,
} from './support';
import { openListed } from '../open-place';

const FOLDER = new URL('../fixtures/detection/', import.meta.url);
const pathOf = (name: string, folder = '') => fileURLToPath(new URL(`${folder}${name}`, FOLDER));
const first = demo.snapshots.slice(0, 3);

// by numpy: tests/fixtures/detection/make-detectors.py
const golden = JSON.parse(readFileSync(new URL('golden.json', FOLDER)).toString()) as {
  readonly found: readonly {
    readonly picture: string;
    readonly detector: string;
    readonly boxes: readonly Box[];
  }[];
};
const PICTURES = ['wide', 'tall', 'exact', 'small', 'empty'];
const drawn = PICTURES.map((name, i) =>
  made(`2026-05-20-1${String(i)}0000-${name}.png`, readFileSync(new URL(`${name}.png`, FOLDER)), 'image/png'),
);
const boxesOf = (picture: string, detector = 'v5') =>
  golden.found.find((found) => found.picture === picture && found.detector === detector)!.boxes;
const confident = (boxes: readonly Box[], least: number) => boxes.filter(({ score }) => score >= least);

async function toDetections(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Science' }).click();
  await page.getByRole('tab', { name: 'Detections' }).click();
  // A drop during a change of places is lost, so wait for the new one.
  await expect(page.getByRole('button', { name: /Choose an(other)? ONNX file/ })).toBeVisible();
}

/** Boxes of all classes, in usable time and set aside, as the table has them. */
async function all(page: Page): Promise<number> {
  const cells = page.getByRole('table', { name: 'Boxes by class' }).getByRole('cell');
  return (await cells.allInnerTexts()).map(Number).reduce((sum, count) => sum + count, 0);
}

test('a detector that is dropped finds what numpy finds, counts anew as the slider moves, and is kept', async ({
  page,
}) => {
  test.slow();
  await openWithCamera(page, first);
  await check(page, drawn);
  const verdict = await page.getByRole('region', { name: 'Verdict' }).innerText();
  await toDetections(page);
  await expect(page.getByText('It stays on this device.')).toBeVisible();
  await dropOnPage(page, [pathOf('v5.onnx')]);
  const facts = page.locator('dl').filter({ hasText: 'v5.onnx' });
  await expect(facts).toContainText('red fish, diver\'s "blue" fin');
  expect(await violations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Look at 8 pictures' }).click();
  await expect(page.getByTestId('looked')).toContainText('8 of 8 pictures looked at.');
  await expect(page.getByRole('heading', { name: 'Counts over time' })).toBeVisible();
  const [jobs, found] = await Promise.all([
    storedIn<Job>(page, 'jobs'),
    storedIn<Detections>(page, 'detections'),
  ]);
  const foundIn = (part: string) => {
    const job = jobs.find(({ imageName }) => imageName.includes(part));
    return found.find(({ jobId }) => jobId === job?.id)!.boxes;
  };
  for (const name of PICTURES) {
    for (const least of [0.25, 0.6])
      expect(confident(foundIn(name), least), name).toHaveLength(confident(boxesOf(name), least).length);
  }
  const sumAt = (least: number) => found.reduce((sum, { boxes }) => sum + confident(boxes, least).length, 0);
  expect(sumAt(0.25)).toBeGreaterThan(50);
  await expect.poll(() => all(page)).toBe(sumAt(0.25));
  await expect(page.getByText('What a detector counts is not the number of animals')).toBeVisible();

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save counts (CSV)' }).click();
  const saved = readFileSync(await (await downloading).path(), 'utf8');
  expect(saved).toMatch(/^captured_at,image_name,usability,reason,red fish,/);
  expect(saved.trim().split('\n')).toHaveLength(9);

  // No new run: what is kept is counted anew.
  await page.getByLabel('Confidence from').fill('0.6');
  await expect.poll(() => all(page)).toBe(sumAt(0.6));
  await page.getByLabel('Confidence from').fill('0.25');
  expect(await violations(page)).toEqual([]);

  // Its pictures, one after the other.
  const pictures = page.getByRole('region', { name: 'Pictures with their boxes' });
  await expect(pictures).toContainText('-small');
  for (const name of ['exact', 'tall', 'wide']) {
    await pictures.getByRole('button', { name: 'Previous' }).click();
    await expect(pictures).toContainText(`-${name}`);
    await expect(pictures.locator('rect.box')).toHaveCount(confident(boxesOf(name), 0.25).length);
  }
  await expect(pictures.getByRole('img')).toHaveJSProperty('naturalWidth', 320);
  expect(await violations(page)).toEqual([]);

  // The verdict needs nothing of it, and a reload keeps it.
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  expect(await page.getByRole('region', { name: 'Verdict' }).innerText()).toBe(verdict);
  await page.reload();
  await toDetections(page);
  await expect(page.getByTestId('looked')).toContainText('8 of 8 pictures looked at.');
  await expect.poll(() => all(page)).toBe(sumAt(0.25));
  await expect(pictures.getByText('This is the small picture; the file is not at hand.')).toBeVisible();

  // Another detector replaces it once a person agrees.
  await dropOnPage(page, [pathOf('v8.onnx')]);
  await expect(page.getByText('Replace v5.onnx with v8.onnx?')).toBeVisible();
  await page.getByRole('button', { name: 'Keep v5.onnx' }).click();
  expect(await storedIn(page, 'detections')).toHaveLength(8);
  await dropOnPage(page, [pathOf('v8.onnx')]);
  await page.getByRole('button', { name: 'Replace it' }).click();
  await expect(page.getByRole('button', { name: 'Look at 8 pictures' })).toBeVisible();
  await expect(page.locator('dl').filter({ hasText: 'v8.onnx' })).toBeVisible();
  expect(await storedIn(page, 'detections')).toEqual([]);
  expect(await storedIn(page, 'detectors')).toHaveLength(1);
});

test('a deleted snapshot takes its boxes with it, an undone deletion brings them back, a forgotten detector all @long', async ({
  page,
}) => {
  await openWithCamera(page, first);
  await check(page, drawn.slice(0, 2));
  await toDetections(page);
  await dropOnPage(page, [pathOf('suppressed.onnx')]);
  await page.getByRole('button', { name: 'Look at 5 pictures' }).click();
  await expect(page.getByRole('row', { name: /red fish/ }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Cancel', exact: true })).toHaveCount(0);
  const before = await storedIn<Detections>(page, 'detections');
  const jobs = await storedIn<Job>(page, 'jobs');
  const wide = jobs.find(({ imageName }) => imageName.includes('wide'))!;
  expect(before.some(({ jobId }) => jobId === wide.id)).toBe(true);

  await openListed(page, wide.imageName);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Delete…' }).click();
  await dialog.getByRole('button', { name: 'Delete it' }).click();
  await expect(dialog).toHaveCount(0);
  const without = before.filter(({ jobId }) => jobId !== wide.id);
  expect(await storedIn(page, 'detections')).toEqual(without);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('1 picture put back as it was.')).toBeVisible();
  const idsOf = (rows: readonly Detections[]) => rows.map(({ jobId }) => jobId).sort();
  expect(idsOf(await storedIn<Detections>(page, 'detections'))).toEqual(idsOf(before));

  await toDetections(page);
  await page.getByRole('button', { name: 'Forget this detector' }).click();
  await page.getByRole('button', { name: 'Forget it' }).click();
  await expect(page.getByText('It stays on this device.')).toBeVisible();
  for (const store of ['detectors', 'detectorFiles', 'detections'])
    expect(await storedIn(page, store)).toEqual([]);
});

test('snapshots without their files are not looked at, and are found by name once they are given again @long', async ({
  page,
}) => {
  await openWithCamera(page, first);
  await open(page, '#science/detections');
  // A device that was made by hand just now has them at hand.
  await page.reload();
  await expect(page.getByRole('button', { name: /Choose an(other)? ONNX file/ })).toBeVisible();
  await dropOnPage(page, [pathOf('end2end.onnx')]);
  await page.getByRole('button', { name: 'Look at 3 pictures' }).click();
  await expect(page.getByText('3 pictures were not looked at: their files are not at hand.')).toBeVisible();
  expect(await storedIn(page, 'detections')).toEqual([]);

  // One of them is another picture under the same name.
  const [one, two, three] = first.map((path) => ({
    name: path.split('/').at(-1)!,
    mimeType: 'image/jpeg',
    buffer: readFileSync(path),
  }));
  const other = { ...three!, buffer: two!.buffer };
  await page.locator('input[type=file][aria-label="Give files"]').setInputFiles([one!, two!, other]);
  await expect(page.getByTestId('looked')).toContainText('2 of 3 pictures looked at.');
  await expect(page.getByText('1 picture was not looked at: its file is not at hand.')).toBeVisible();
  expect(await storedIn(page, 'detections')).toHaveLength(2);
});

test('a file that is no detector is refused with why, and elsewhere a model is still a model @long', async ({
  page,
}) => {
  await openWithCamera(page, first);
  await toDetections(page);
  const refusals = [
    ['segment.onnx', 'it was made for the task “segment”'],
    ['float16.onnx', 'images float16 [1, 3, 96, 128]'],
    ['classes-only.onnx', 'its output output0 [1, 3] has none of the shapes'],
  ] as const;
  for (const [name, why] of refusals) {
    await dropOnPage(page, [pathOf(name)]);
    await expect(page.getByRole('alert').filter({ hasText: why })).toBeVisible();
  }
  for (const store of ['detectors', 'detectorFiles']) expect(await storedIn(page, store)).toEqual([]);
  await expect(page.getByText('It stays on this device.')).toBeVisible();
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await expect(page.getByRole('region', { name: 'The lens' })).toBeVisible();
  await dropOnPage(page, [pathOf('two-inputs.onnx', '../onnx/')]);
  await expect(page.getByRole('alert').filter({ hasText: '2 inputs' })).toBeVisible();
  await expect(page).toHaveURL(/#settings/);
});

test('a run gives way to snapshots that are scored, can be cancelled, and goes on where it was @long', async ({
  page,
}) => {
  test.slow();
  await openWithCamera(page, first);
  await page.reload();
  await toDetections(page);
  await dropOnPage(page, [pathOf('v5.onnx')]);
  await expect(page.getByRole('button', { name: 'Look at 3 pictures' })).toBeVisible();
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await choose(page, 'Check pictures', demo.snapshots.slice(3, 70));
  // The batch must not end before the run has waited for it.
  const progress = page.getByRole('region', { name: 'Progress' });
  await progress.getByRole('button', { name: 'Pause' }).click();
  await toDetections(page);
  await page.getByRole('button', { name: /^Look at \d+ pictures?$/ }).click();
  await expect(page.getByText('Waiting: something else is at work.')).toBeVisible();
  expect(await storedIn(page, 'detections')).toEqual([]);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Waiting: something else is at work.')).toHaveCount(0);
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await progress.getByRole('button', { name: 'Resume' }).click();
  await batchIsDone(page);
  await toDetections(page);
  const look = page.getByRole('button', { name: /^Look at \d+ pictures$/ });
  await look.click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await look.click();
  // Those of the visit before are not at hand.
  await expect(page.getByText('3 pictures were not looked at')).toBeVisible();
  const found = await storedIn<Detections>(page, 'detections');
  expect(found.length).toBeGreaterThan(60);
  await expect(page.getByTestId('looked')).toContainText(
    `${String(found.length)} of ${String(found.length + 3)} pictures looked at.`,
  );
});
