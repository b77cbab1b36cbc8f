import { expect, type Page } from '@playwright/test';
import type { CameraEvent } from '../../src/core/domain/camera/event';
import { exportedParts, openExport, packed, withDownloads } from './exports';
import {
  anotherDevice,
  check,
  demo,
  open,
  openLog,
  openWithCamera,
  passTime,
  results,
  storedIn,
  test,
} from './support';

/** The demo's lens is fouled at the end of these. */
const PARTED = demo.snapshots.slice(37, 53);
const LATER = demo.snapshots.slice(53, 58);

const log = (page: Page) => page.getByRole('region', { name: 'Cleanings and notes' });

async function logIt(page: Page, button: string, save: string, note: string) {
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await openLog(page);
  await log(page).getByRole('button', { name: button }).click();
  await log(page)
    .getByLabel(/right after the newest picture/)
    .check();
  await log(page).getByLabel('Note, if any').fill(note);
  await log(page).getByRole('button', { name: save }).click();
  await expect(log(page)).toContainText(note);
}

async function bookDiver(page: Page) {
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await verdict.getByRole('button', { name: 'Diver booked, or remind me' }).click();
  const form = verdict.getByRole('form', { name: 'Diver booked, or remind me' });
  await form.getByLabel(/^Who comes/).fill('Dive team');
  await form.getByLabel('When?').fill('2099-06-09');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(verdict).toContainText('Dive team');
}

/** The events of a device, as far as a person told them, by their ids. */
async function eventsOf(page: Page) {
  const events = await storedIn<CameraEvent>(page, 'events');
  return events.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** The snapshots of a device, as they are judged. */
async function judgedOn(page: Page) {
  const all = await results(page);
  return all.map(({ image_name, distance, verdict, conclusion }) => [
    image_name,
    distance,
    verdict,
    conclusion,
  ]);
}

test('laptop and station log on after they parted: each event is on both once, and both judge alike, trip after trip @long', async ({
  page: laptop,
  browser,
}, info) => {
  test.setTimeout(300_000);
  await withDownloads(laptop);
  await openWithCamera(laptop, PARTED);
  const context = await anotherDevice(browser);
  const station = await context.newPage();
  await withDownloads(station);
  await open(station);

  const zip = info.outputPath('export.zip');
  /** @param adds - a part of the sentence on what it adds */
  const bring = async (from: Page, to: Page, adds: string) => {
    const plan = await openExport(to, packed(await exportedParts(from, zip)));
    await expect(plan).toContainText(adds);
    const isNothing = adds === 'It adds nothing';
    const accept = plan.getByRole('button', { name: 'Add it' });
    await expect(accept).toHaveCount(isNothing ? 0 : 1);
    await (isNothing ? plan.getByRole('button', { name: 'Close' }) : accept).click();
    await expect(plan).toHaveCount(0);
    if (!isNothing)
      await expect(to.getByText(/ added\./)).toContainText(adds.slice('It adds '.length).split(';')[0]!);
    await to.getByRole('link', { name: 'Monitor', exact: true }).click();
  };
  const areAlike = async (notes: readonly string[], later: number) => {
    const events = await eventsOf(laptop);
    expect(await eventsOf(station)).toEqual(events);
    expect(events.map(({ kind, who, note }) => `${kind} ${who ?? note}`).sort()).toEqual(notes);
    // The cleaning emptied the window for all of these, whoever had them first.
    const filling = async (page: Page) =>
      (await judgedOn(page)).slice(PARTED.length).map(([, distance]) => distance);
    for (const page of [laptop, station])
      await expect
        .poll(() => filling(page), { timeout: 60_000 })
        .toEqual(LATER.slice(0, later).map(() => null));
    expect(await judgedOn(station)).toEqual(await judgedOn(laptop));
  };

  await passTime(station, PARTED);
  await bring(laptop, station, 'It adds 1 camera');
  await logIt(laptop, 'I cleaned it', 'Log the cleaning', 'by the boat');
  await check(laptop, LATER.slice(0, 3));
  await bookDiver(station);
  await logIt(station, 'Add a note', 'Save the note', 'a storm');
  // Three of these are the laptop's too, and nobody told the station of the cleaning.
  await check(station, LATER.slice(0, 4));
  const alone = await judgedOn(station);

  await bring(laptop, station, 'It adds 1 cleaning; 19 pictures are here already.');
  await bring(station, laptop, 'It adds 1 picture and 2 references, settings and events; 19 pictures');
  const first = ['cleaned by the boat', 'note a storm', 'seen Dive team'];
  await areAlike(first, 4);
  expect(await judgedOn(station)).not.toEqual(alone);

  await passTime(laptop, LATER);
  await logIt(laptop, 'Add a note', 'Save the note', 'calm again');
  await check(station, LATER.slice(4));
  await bring(station, laptop, 'It adds 1 picture; 20 pictures are here already.');
  await bring(laptop, station, 'It adds 1 reference, setting or event; 21 pictures are here already.');
  await areAlike([...first, 'note calm again'].sort(), 5);
  await bring(station, laptop, 'It adds nothing');
  await bring(laptop, station, 'It adds nothing');
  await areAlike([...first, 'note calm again'].sort(), 5);
  await context.close();
});
