import { expect, type Page } from '@playwright/test';
import { captureTimeFromName } from '../../src/core/domain/camera/time/capture-time';
import type { CameraEvent } from '../../src/core/domain/camera/event';
import type { CompletedJob } from '../../src/core/domain/camera/job';
import type { Reference } from '../../src/core/domain/camera/reference';
import {
  check,
  openLog,
  open,
  passTime,
  results,
  setUpCamera,
  storedIn,
  test,
  violations,
  withBox,
  type MadeFile,
} from './support';

const card = (page: Page) => page.getByRole('region', { name: 'Verdict' });
const question = (page: Page) => page.getByRole('region', { name: 'Is it on the glass?' });

/** The conclusion on each snapshot, in capture order. */
async function concluded(page: Page): Promise<readonly string[]> {
  return (await results(page)).map(({ conclusion }) => conclusion);
}

/** A camera that sees a box in its scene, or none. */
async function withCamera(page: Page, hasBox: boolean): Promise<MadeFile[]> {
  await open(page);
  const [reference, stream] = [await withBox(page, hasBox, 36, 0), await withBox(page, hasBox, 14, 30)];
  await setUpCamera(page, 'Reef', reference);
  await check(page, stream);
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  return withBox(page, !hasBox, 52, 44);
}

test('a box that is taken away is asked about once, its place is left out after a No, and Undo brings the question back @long', async ({
  page,
}) => {
  test.slow();
  const after = await withCamera(page, true);
  await check(page, after.slice(0, 12));
  await expect(question(page)).toBeVisible();
  await expect(card(page)).toHaveAttribute('data-verdict', 'warning');
  await expect(card(page)).toContainText('Something in a part of the picture has changed.');
  const before = await concluded(page);
  expect(before.at(-1)).toBe('changed');
  expect((await results(page)).map(({ verdict }) => verdict)).not.toContain('drift');
  expect(await violations(page)).toEqual([]);

  await card(page).getByRole('button', { name: 'Answer the question' }).click();
  await expect(question(page).getByRole('heading')).toBeFocused();
  await question(page).getByRole('button', { name: 'No, it was removed or added' }).focus();
  await page.keyboard.press('Enter');
  await expect(question(page)).toHaveCount(0);
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  expect(new Set(await concluded(page))).toEqual(new Set(['clear']));
  const undo = page.getByRole('button', { name: 'Undo', exact: true }).first();
  await expect(undo).toBeFocused();
  await undo.press('Enter');
  await expect(question(page).getByRole('heading')).toBeFocused();
  expect(await concluded(page)).toEqual(before);
  expect(await storedIn<CameraEvent>(page, 'events')).toEqual([]);

  // As a person says it at the door of a station, whose request comes twice.
  const told = await page.evaluate(async () => {
    const station = await globalThis.porthole.station();
    const wall = await station.wall({
      cameras: [{ name: 'Reef' }],
      data: null,
      nextIn: 0,
      hasPictures: true,
      said: null,
    });
    const said = { kind: 'scene', answer: 'in-scene', id: 'a' };
    const heard = [await station.tell('Reef', said), await station.tell('Reef', said)];
    return { answers: wall.match(/name="answer"/g)?.length, heard };
  });
  expect(told.answers).toBe(3);
  expect(told.heard).toMatchObject([{ isNew: true }, { isNew: false, lines: [] }]);
  expect(await storedIn<CameraEvent>(page, 'events')).toHaveLength(1);
  await expect(question(page)).toHaveCount(0);
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  await page.reload();
  await check(page, after.slice(12, 42));
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  await expect(question(page)).toHaveCount(0);
  expect(new Set(await concluded(page))).toEqual(new Set(['clear']));

  await page.getByRole('button', { name: /^Make a reference of these \d\d pictures$/ }).click();
  await expect.poll(async () => (await storedIn<Reference>(page, 'references')).length).toBe(2);
  await check(page, after.slice(42));
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  await openLog(page);
  await expect(page.getByText('Something was removed or added in the scene.')).toBeVisible();
});

test('an answer of a log is to the question that stood at its time, though all came at once @long', async ({
  page,
}) => {
  test.slow();
  const after = await withCamera(page, true);
  const timeOf = ({ name }: MadeFile) => new Date(captureTimeFromName(name)!).toISOString();
  const log = [
    `${timeOf(after[11]!)},in-scene,the crate is gone`,
    `${timeOf(after[0]!)},on-glass,nothing was asked`,
  ];
  const scored = await page.evaluateHandle(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    return input;
  });
  await scored.asElement().setInputFiles(after.slice(0, 30));
  await passTime(
    page,
    after.map(({ name }) => name),
  );
  const said = await page.evaluate(
    async ([input, csv]) => {
      const { porthole } = globalThis;
      const fault = await porthole.takeEvents(csv);
      const first = await porthole.score([...input.files!]);
      const again = await porthole.score([]);
      return { fault, first, again, unasked: porthole.unasked() };
    },
    [scored, ['at,kind,note', ...log].join('\n')] as const,
  );
  expect(said).toMatchObject({ fault: null, again: [], unasked: [3] });
  expect(new Set(said.first.map(({ conclusion }) => conclusion))).toEqual(new Set(['clear']));
  expect(await storedIn<CameraEvent>(page, 'events')).toMatchObject([
    { kind: 'scene', note: 'the crate is gone', scene: { answer: 'in-scene' } },
  ]);
  await expect(question(page)).toHaveCount(0);
});

test('what is on the glass becomes dirt after a Yes, and I can’t tell asks no more @long', async ({
  page,
}) => {
  test.slow();
  const after = await withCamera(page, false);
  await check(page, after.slice(0, 12));
  await question(page).getByRole('button', { name: 'I can’t tell' }).click();
  await expect(question(page)).toHaveCount(0);
  await expect(card(page)).toHaveAttribute('data-verdict', 'warning');
  await page.reload();
  await check(page, after.slice(12, 14));
  await expect(question(page)).toHaveCount(0);
  expect((await concluded(page)).at(-1)).toBe('changed');
  await openLog(page);
  await page.getByRole('button', { name: /^Remove: Change/ }).click();
  await expect(question(page)).toBeVisible();
  await question(page).getByRole('button', { name: 'Yes' }).click();
  await expect(question(page)).toHaveCount(0);
  await expect(card(page)).toHaveAttribute('data-verdict', /warning|drift/);
  expect(await concluded(page)).not.toContain('changed');
  expect((await storedIn<CompletedJob>(page, 'jobs')).every(({ glass }) => !glass?.changed)).toBe(true);
});

test('a thing that was called removed or added and stays on the glass when the camera is turned is asked about again @long', async ({
  page,
}) => {
  test.slow();
  const after = await withCamera(page, false);
  await check(page, after.slice(0, 12));
  await question(page).getByRole('button', { name: 'No, it was removed or added' }).click();
  await check(page, after.slice(12, 20));
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  const scenes = async () =>
    (await storedIn<CameraEvent>(page, 'events')).flatMap(({ scene }) => scene ?? []);

  const turned = await withBox(page, true, 20, 100, 0.05);
  await check(page, turned);
  await expect.poll(async () => (await scenes())[0]?.liftedAt, { timeout: 30_000 }).toBeDefined();
  const [lifted] = await scenes();
  expect(lifted!.liftedAt).toBe(Date.UTC(2026, 5, 1, 100));
  await expect(question(page)).toBeVisible();
  await openLog(page);
  await expect(page.getByText('stayed on the glass when the camera was turned')).toBeVisible();
});
