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
  turned,
  withBox,
  type MadeFile,
} from './support';

const card = (page: Page) => page.getByRole('region', { name: 'Verdict' });
const answers = (page: Page) => page.getByRole('group', { name: 'What happened?' });
const MOVED = 'Camera moved, or something in the scene';

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

test('what happened is asked once, before and after stand side by side, and each answer can be taken back @long', async ({
  page,
}) => {
  test.slow();
  const after = await withCamera(page, true);
  await check(page, after.slice(0, 12));
  await expect(answers(page)).toBeVisible();
  await expect(card(page)).toHaveAttribute('data-verdict', 'asking');
  await expect(card(page).getByRole('heading', { level: 1 })).toHaveText(
    /^What happened on 2 June( 2026)? about \d\d:\d0\?$/,
  );
  await expect(card(page)).toContainText('One place changed and stayed.');
  await expect(card(page)).toContainText('Until you answer, this is no alarm.');
  await expect(card(page).getByText(/^Before, \d\d:00$/)).toBeVisible();
  await expect(card(page).getByText(/^After, \d\d:00$/)).toBeVisible();
  await expect(card(page).getByRole('img', { name: /^The place that changed/ })).toHaveCount(2);
  await expect(answers(page).getByRole('button')).toHaveText([
    /^Lens cleaned/,
    /^Camera moved, or something in the scene ?The lens was clear/,
    /^Something is on the glass/,
    /^Nothing happened/,
  ]);
  for (const name of ['I cleaned it', 'It is clean', 'Diver booked, or remind me'])
    await expect(card(page).getByRole('button', { name })).toHaveCount(0);
  const before = await concluded(page);
  expect(before.at(-1)).toBe('changed');
  expect((await results(page)).map(({ verdict }) => verdict)).not.toContain('drift');
  expect((await results(page)).at(-1)).toMatchObject({ verdict: 'warning', qartod_flag: 3 });
  expect(await violations(page)).toEqual([]);

  await answers(page).getByRole('button', { name: MOVED }).focus();
  await page.keyboard.press('Enter');
  await expect(answers(page)).toHaveCount(0);
  await expect(page.getByText('A new clean view begins.').first()).toBeVisible();
  const undo = page.getByRole('button', { name: 'Undo', exact: true }).first();
  await expect(undo).toBeFocused();
  const [said] = await storedIn<CameraEvent>(page, 'events');
  expect(said).toMatchObject({ beginsCycle: true, scene: { answer: 'in-scene' } });
  await undo.press('Enter');
  await expect(card(page).getByRole('heading', { level: 1 })).toBeFocused();
  expect(await concluded(page)).toEqual(before);
  expect(await storedIn<CameraEvent>(page, 'events')).toEqual([]);

  await page.keyboard.press('d');
  const deck = page.getByRole('dialog', { name: 'Deck mode: Reef' });
  await expect(deck.getByRole('heading', { level: 1 })).toHaveText(/^What happened on 2 June/);
  await expect(deck.getByRole('button', { name: 'I cleaned it' })).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  // Headless Chromium draws nothing on a full screen, so the 300 ms without clicks do not end there.
  const cleaned = deck.getByRole('button', { name: /^Lens cleaned/ });
  await cleaned.focus();
  await expect(cleaned).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(deck.getByRole('group', { name: 'What happened?' })).toHaveCount(0);
  expect(await storedIn<CameraEvent>(page, 'events')).toMatchObject([{ kind: 'cleaned', at: said!.at }]);
  await deck.getByRole('button', { name: 'Undo' }).click();
  await deck.getByRole('button', { name: 'Leave' }).click();
  await expect(answers(page)).toBeVisible();

  // As a person says it at the door of a station, whose request comes twice.
  const told = await page.evaluate(async () => {
    const station = await globalThis.porthole.station();
    const [standing] = await station.standings();
    const wall = await station.wall({
      cameras: [{ name: 'Reef' }],
      data: null,
      nextIn: 0,
      hasPictures: true,
      unguarded: [],
      said: null,
    });
    const said = { kind: 'scene', answer: 'in-scene', id: 'a' };
    const heard = [await station.tell('Reef', said), await station.tell('Reef', said)];
    const { asks, told } = standing!;
    return { asks, told, answers: wall.match(/name="answer"/g)?.length, wall, heard };
  });
  expect(told.answers).toBe(4);
  expect(told.wall).not.toMatch(/value="(cleaned|clean|seen)" \/>/);
  expect(told.wall).toContain('One place changed and stayed.');
  expect(told).toMatchObject({
    asks: expect.stringMatching(/^What happened on 2 June 2026 about \d\d:\d0\?$/),
    told: 'One place changed and stayed.',
  });
  expect(told.heard).toMatchObject([{ isNew: true }, { isNew: false, lines: [] }]);
  expect(await storedIn<CameraEvent>(page, 'events')).toHaveLength(1);
  await expect(answers(page)).toHaveCount(0);

  // Its pictures become the new clean view by themselves.
  await page.reload();
  await check(page, after.slice(12, 42));
  await expect.poll(async () => (await storedIn<Reference>(page, 'references')).length).toBe(2);
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  await expect(answers(page)).toHaveCount(0);
  await check(page, after.slice(42));
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  await openLog(page);
  await expect(page.getByText('The camera was moved, or something in the scene.')).toBeVisible();
});

test('a camera that looks elsewhere is asked about, and learns its new view once it is said to have moved @long', async ({
  page,
}) => {
  test.slow();
  await open(page);
  const reference = await withBox(page, false, 36, 0);
  await setUpCamera(page, 'Reef', reference);
  await check(page, await withBox(page, false, 14, 36));
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  const elsewhere = await turned(page, 62, 60);
  await check(page, elsewhere.slice(0, 13));
  await expect(card(page).getByRole('heading', { level: 1 })).toHaveText(
    /^What happened on 3 June( 2026)? about 12:00\?$/,
  );
  await expect(card(page)).toContainText('The camera looks elsewhere, or something stands before it.');
  await answers(page).getByRole('button', { name: MOVED }).click();
  await expect(answers(page)).toHaveCount(0);
  expect(await storedIn<CameraEvent>(page, 'events')).toMatchObject([
    { at: Date.UTC(2026, 5, 3, 12), beginsCycle: true, scene: { growth: [], loss: [] } },
  ]);
  await check(page, elsewhere.slice(13, 30));
  await expect(answers(page)).toHaveCount(0);
  await check(page, elsewhere.slice(30, 40));
  await expect.poll(async () => (await storedIn<Reference>(page, 'references')).length).toBe(2);
  await check(page, elsewhere.slice(40));
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  await expect(answers(page)).toHaveCount(0);
  const [, second] = (await storedIn<Reference>(page, 'references')).sort(
    (a, b) => a.createdAt - b.createdAt,
  );
  const jobs = await storedIn<CompletedJob>(page, 'jobs');
  const newest = jobs.sort((a, b) => a.capturedAt - b.capturedAt).at(-1);
  expect(newest?.glass?.growth?.driftStatus).toBe('normal');
  expect((await storedIn<Reference>(page, 'references')).map(({ id }) => id)).toContain(newest?.referenceId);
  expect(second).toBeDefined();
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
  // The cycle that it begins fills a window of its own.
  expect(new Set(said.first.map(({ conclusion }) => conclusion))).toEqual(new Set(['clear', 'warming-up']));
  expect(said.first.filter(({ conclusion }) => conclusion === 'clear').length).toBeGreaterThan(18);
  expect(await storedIn<CameraEvent>(page, 'events')).toMatchObject([
    { kind: 'scene', note: 'the crate is gone', scene: { answer: 'in-scene' } },
  ]);
  await expect(answers(page)).toHaveCount(0);
});

test('something on the glass becomes dirt, and Nothing happened asks no more @long', async ({ page }) => {
  test.slow();
  const after = await withCamera(page, false);
  await check(page, after.slice(0, 12));
  await answers(page).getByRole('button', { name: 'Nothing happened' }).click();
  await expect(answers(page)).toHaveCount(0);
  await expect(card(page)).toHaveAttribute('data-verdict', 'warning');
  await page.reload();
  await check(page, after.slice(12, 14));
  await expect(answers(page)).toHaveCount(0);
  expect((await concluded(page)).at(-1)).toBe('changed');
  await openLog(page);
  await page.getByRole('button', { name: /^Remove: Change/ }).click();
  await expect(answers(page)).toBeVisible();
  await answers(page).getByRole('button', { name: 'Something is on the glass' }).click();
  await expect(answers(page)).toHaveCount(0);
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
  await answers(page).getByRole('button', { name: MOVED }).click();
  await check(page, after.slice(12, 20));
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  const scenes = async () =>
    (await storedIn<CameraEvent>(page, 'events')).flatMap(({ scene }) => scene ?? []);

  const turned = await withBox(page, true, 20, 100, 0.05);
  await check(page, turned);
  await expect.poll(async () => (await scenes())[0]?.liftedAt, { timeout: 30_000 }).toBeDefined();
  const [lifted] = await scenes();
  expect(lifted!.liftedAt).toBe(Date.UTC(2026, 5, 1, 100));
  await expect(answers(page)).toBeVisible();
  await openLog(page);
  await expect(page.getByText('stayed on the glass when the camera was turned')).toBeVisible();
});
