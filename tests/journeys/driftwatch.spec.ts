import { expect, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Delivery } from '../../src/core/domain/camera/records/delivery';
import type { CompletedJob } from '../../src/core/domain/camera/job';
import type { Reference } from '../../src/core/domain/camera/reference';
import { startStandIn, type StandIn } from '../stand-in/server';
import { PAGE } from '../addresses';
import {
  canHoldGlassBacklog,
  check,
  demo,
  holdGlassBacklog,
  inDatabase,
  open,
  openChip,
  openWithCamera,
  passTime,
  results,
  setUpCamera,
  storedIn,
  test,
  unfold,
  violations,
  writeStored,
} from './support';
import { openPlace } from '../open-place';

let standIn: StandIn;
test.beforeEach(async () => {
  standIn = await startStandIn({ cors: true, rateLimit: null });
});
test.afterEach(async () => {
  await standIn.close();
});

const FEW = demo.snapshots.slice(0, 6);
const ACCEPT = 'I have read and accept the terms of use and the privacy policy';
const status = (page: Page) => page.getByTestId('outbox-status');
const report = (page: Page) => page.getByTestId('connection-report');

/** Gives the addresses as a person types them: DriftWatch's host alone, and the mytoken server under "More". */
async function connect(page: Page, address = standIn.driftwatch.origin): Promise<void> {
  await openPlace(page, 'DriftWatch');
  await page.getByLabel('Address of DriftWatch').fill(address);
  const more = page.getByRole('group').filter({ hasText: 'mytoken server' });
  if (!(await page.getByLabel('mytoken server').isVisible())) await more.getByText('More').click();
  await page.getByLabel('mytoken server').fill(standIn.mytoken.url);
  await page.getByRole('button', { name: 'Save and test' }).click();
}

async function giveToken(page: Page, mytoken = standIn.newMytoken({ isRegistered: true }).mytoken) {
  await page.getByLabel('mytoken', { exact: true }).fill(mytoken);
  await page.getByRole('button', { name: 'Use it' }).click();
}

async function forgetToken(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Forget it here…' }).click();
  await page.getByRole('button', { name: 'Forget it', exact: true }).click();
}

async function createExperiment(page: Page, name: string): Promise<void> {
  await page.getByLabel('Experiment').selectOption('new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Send there' }).click();
  await expect(page.getByText(`Results go to the experiment ${name}.`)).toBeVisible();
}

/** A camera with six checked snapshots whose results go to the experiment "Reef". */
async function sendFew(page: Page): Promise<void> {
  await openWithCamera(page, FEW);
  await connect(page);
  await giveToken(page);
  await createExperiment(page, 'Reef');
  await expect(status(page)).toContainText('6 sent');
}

/** As if no request that replaced a record could be carried out any more. */
async function settled(page: Page): Promise<void> {
  const deliveries = () => storedIn<Delivery>(page, 'deliveries');
  await expect.poll(async () => (await deliveries()).filter(({ state }) => state === 'unknown')).toEqual([]);
  const all = await deliveries();
  await writeStored(page, { deliveries: all.map((delivery) => ({ ...delivery, notBefore: 0 })) });
  await page.getByRole('button', { name: 'Try now' }).click();
}

function recordsOf(name: string) {
  const experiment = standIn.experiments().find((one) => one.name === name);
  return experiment ? standIn.records(experiment.id) : [];
}

const namesOf = (name: string) => recordsOf(name).map(({ parameters }) => parameters['image_name']);

test('somebody new registers, creates an experiment, and every job goes there once with its numbers', async ({
  page,
}) => {
  await open(page);
  await setUpCamera(page);
  await expect(page.getByText('Nothing has left this device')).toBeVisible();
  await check(page, FEW);
  await connect(page);
  await expect(report(page)).toContainText('DriftWatch answers at this address.');
  await expect(report(page)).toContainText('Enter a mytoken to continue.');
  await giveToken(page, standIn.newMytoken({ email: 'ana@reef.example' }).mytoken);
  await expect(report(page)).toContainText('You are not registered with DriftWatch yet.');
  const register = page.getByRole('button', { name: 'Accept the terms and register' });
  await expect(register).toBeDisabled();
  for (const [name, address] of [
    ['Terms of use', 'https://ai4eosc.eu/platform/acceptable-use-policy/'],
    ['Privacy policy', 'https://ai4eosc.eu/privacy-policy/'],
  ] as const) {
    await expect(page.getByRole('link', { name })).toHaveAttribute('href', address);
  }
  await page.getByLabel(ACCEPT).check();
  expect(standIn.users()).toEqual([]);
  await register.click();
  await expect(report(page)).toContainText('Registered as ana@reef.example.');
  await expect(page.getByText('No result has left this device')).toBeVisible();
  await createExperiment(page, 'Reef');
  await expect(status(page)).toContainText('6 sent');
  await expect(page.getByText('6 results sent to DriftWatch, no picture')).toBeVisible();

  const local = await results(page);
  const records = recordsOf('Reef');
  expect(records.map(({ parameters }) => parameters['image_name'])).toEqual(
    FEW.map((path) => basename(path)),
  );
  expect(records.map(({ parameters }) => parameters['distance'])).toEqual(local.map((job) => job.distance));
  expect(records.map(({ parameters }) => parameters['captured_at'])).toEqual(
    local.map((job) => job.captured_at),
  );
  expect(new Set(records.map(({ parameters }) => parameters['result_id'])).size).toBe(6);
  for (const record of records) {
    expect(record).toMatchObject({
      job_status: 'Completed',
      tags: ['Reef', expect.any(String)],
      model: 'obsea-autoencoder-2',
    });
  }
  // The record is shown exactly as it was sent.
  await page.getByRole('button', { name: `View the record of ${basename(FEW[5] ?? '')}` }).click();
  const shown = JSON.parse(await page.getByRole('dialog').locator('pre').innerText()) as Record<
    string,
    unknown
  >;
  expect(records[5]).toMatchObject(shown);
});

test('while records are sent, the page tells about how long the rest takes @long', async ({ page }) => {
  let arrive = () => {};
  const until = new Promise<void>((resolve) => (arrive = resolve));
  let posts = 0;
  standIn.setFaults(({ method, path }) => {
    if (method !== 'POST' || !path.endsWith('/drift')) return null;
    posts += 1;
    return posts === FEW.length ? { kind: 'hold', until } : { kind: 'delay', ms: 300 };
  });
  await openWithCamera(page, FEW);
  await connect(page);
  await giveToken(page);
  await createExperiment(page, 'Reef');
  await expect(status(page)).toContainText(/1 record waiting, 5 sent.*Sending…\s+about \d+ s left/s);
  arrive();
  await expect(status(page)).toContainText('6 sent');
  await expect(status(page)).not.toContainText('left');
});

test('what is checked while there is no network goes there by itself when it is back @long', async ({
  page,
  context,
}) => {
  await sendFew(page);
  // Without a service worker the page fetches its model from the network, so one snapshot is checked before that is gone.
  await check(page, demo.snapshots.slice(6, 7));
  await openPlace(page, 'DriftWatch');
  await expect(status(page)).toContainText('Nothing waits, 7 sent.');
  await context.setOffline(true);
  await standIn.setOnline(false);
  await check(page, demo.snapshots.slice(7, 12));
  await openPlace(page, 'DriftWatch');
  await expect(status(page)).toContainText('5 records waiting, 7 sent.');
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await expect(await openChip(page, 'DriftWatch: 5 waiting')).toContainText('5 records waiting, 7 sent.');
  await page.getByRole('link', { name: 'Open DriftWatch' }).click();
  await expect(status(page)).toContainText('This device is offline.');
  await standIn.setOnline(true);
  await context.setOffline(false);
  await expect(status(page)).toContainText('Nothing waits, 12 sent.');
  // Those that waited are sent at once.
  expect([...namesOf('Reef')].sort()).toEqual(demo.snapshots.slice(0, 12).map((path) => basename(path)));
});

test('records that wait say what was changed, those that were sent only after consent, and the page says so @long', async ({
  page,
}) => {
  await sendFew(page);
  await page.getByRole('button', { name: 'Pause' }).click();
  await check(page, demo.snapshots.slice(6, 12));
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  await page.getByLabel('Clean the lens above').fill('0.06');
  await expect(page.getByTestId('sent')).toContainText('What was sent is not sent again');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText(/^Saved\. The stored pictures were judged again/)).toBeVisible();
  await openPlace(page, 'DriftWatch');
  await expect(status(page)).toContainText('6 records waiting, 6 sent.');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(status(page)).toContainText('Nothing waits, 12 sent.');
  const limits = recordsOf('Reef').map(({ parameters }) => parameters['drift_distance']);
  expect(limits.slice(6)).toEqual(Array(6).fill(0.06));
  expect(limits.slice(0, 6)).not.toContain(0.06);
  const judged = await storedIn<CompletedJob>(page, 'jobs');
  expect(judged.map(({ thresholds }) => thresholds.drift)).toEqual(Array(12).fill(0.06));

  // So late that nothing can be on its way any more, and all is looked up.
  await passTime(page, null);
  await page.getByRole('button', { name: 'Try now' }).click();
  const correction = page.getByTestId('correction');
  await expect(correction).toContainText(
    '6 records there no longer agree with their pictures: limits have changed, or late pictures came. Nothing there is changed before you agree.',
  );
  await correction.getByRole('button', { name: 'Correct all 6, and later ones' }).click();
  const limitsNow = () => recordsOf('Reef').map(({ parameters }) => parameters['drift_distance']);
  await expect.poll(limitsNow).toEqual(Array(12).fill(0.06));
  await settled(page);
  await expect(correction).toContainText('when new limits or late pictures change them: 6 so far.');
  await correction.getByRole('button', { name: 'Stop correcting' }).click();
  await expect(correction).toHaveCount(0);
});

test('what growth and loss have still to look at gets no record, and what waits says what they find @long', async ({
  page,
}) => {
  await canHoldGlassBacklog(page);
  await sendFew(page);
  await page.getByRole('button', { name: 'Pause' }).click();
  await check(page, demo.snapshots.slice(6, 10));
  const waiting = async () =>
    (await storedIn<Delivery>(page, 'deliveries'))
      .filter(({ state }) => state === 'queued' || state === 'unknown')
      .map(({ body }) => (JSON.parse(body) as { parameters: Record<string, unknown> }).parameters)
      .sort((a, b) => String(a['captured_at']).localeCompare(String(b['captured_at'])));
  await expect.poll(async () => (await waiting()).length).toBe(4);
  const said = await waiting();
  const jobs = await storedIn<CompletedJob>(page, 'jobs');
  const references = await storedIn<Reference>(page, 'references');
  const deliveries = await storedIn<Delivery>(page, 'deliveries');
  const outdated = (delivery: Delivery) => ({
    ...delivery,
    body: delivery.body.replace(/"conclusion":"[^"]+"/, '"conclusion":"before"'),
  });
  // One was queued by a page of before, the others have none yet.
  const [first] = deliveries.filter(({ state }) => state === 'queued');
  await holdGlassBacklog(page, true);
  await writeStored(page, { deliveries: null });
  await writeStored(page, {
    jobs: jobs.map(({ glass: _, ...job }) => job),
    references: references.map((reference) => ({ ...reference, isOwnModel: false })),
    sights: null,
    deliveries: [...deliveries.filter(({ state }) => state !== 'queued'), outdated(first!)],
  });
  await page.reload();
  await expect(page.getByRole('region', { name: 'Verdict' })).toHaveAttribute('data-verdict', 'not-checked');
  await openPlace(page, 'DriftWatch');
  await expect(status(page)).toContainText('1 record waiting, 6 sent.');
  expect((await waiting()).map((parameters) => parameters['conclusion'])).toEqual(['before']);

  await holdGlassBacklog(page, false);
  await page.reload();
  await expect.poll(async () => (await waiting()).length, { timeout: 60_000 }).toBe(4);
  const found = await waiting();
  expect(found.map((parameters) => parameters['image_name'])).toEqual(
    said.map((parameters) => parameters['image_name']),
  );
  expect(found.map((parameters) => parameters['conclusion'])).toEqual(
    said.map((parameters) => parameters['conclusion']),
  );
});

test('a snapshot that was stored right before the page died gets its record from the next page @long', async ({
  page,
}) => {
  await sendFew(page);
  // As if it died there: nothing is written of a record that is to be made.
  await page.evaluate(() => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on each store below.
    const { add } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.add = function (this: IDBObjectStore, ...given) {
      const isRecord = this.name === 'deliveries';
      return (isRecord ? this.count() : add.apply(this, given)) as IDBRequest<IDBValidKey>;
    };
  });
  await check(page, demo.snapshots.slice(6, 8));
  expect(await storedIn(page, 'jobs')).toHaveLength(8);
  expect(await storedIn(page, 'deliveries')).toHaveLength(6);
  await page.reload();
  await openPlace(page, 'DriftWatch');
  await expect(status(page)).toContainText('2 records waiting, 6 sent.');
  await giveToken(page, standIn.newMytoken({ subject: standIn.users()[0]?.subject ?? '' }).mytoken);
  await expect(status(page)).toContainText('Nothing waits, 8 sent.');
  expect(namesOf('Reef')).toEqual(demo.snapshots.slice(0, 8).map((path) => basename(path)));
});

test('a mytoken under a passphrase survives a reload, locked, and one in memory does not @long', async ({
  page,
}) => {
  await sendFew(page);
  await page.reload();
  await expect(page.getByText('6 results sent to DriftWatch, no picture')).toBeVisible();
  await check(page, demo.snapshots.slice(6, 8));
  await openPlace(page, 'DriftWatch');
  await expect(status(page)).toContainText('2 records waiting, 6 sent.');
  await expect(status(page)).toContainText('No token was entered since this page was opened.');
  await giveToken(page);
  // Somebody else's experiment: the token is fine, but may not write there.
  await expect(status(page)).toContainText('This account may not do that there');
  await forgetToken(page);
  const owner = standIn.users()[0];
  await giveToken(page, standIn.newMytoken({ subject: owner?.subject ?? '' }).mytoken);
  await expect(status(page)).toContainText('Nothing waits, 8 sent.');

  await page.getByLabel('Passphrase').fill('a reef of one’s own');
  await page.getByRole('button', { name: 'Keep it on this device' }).click();
  await expect(page.getByText('kept on this device under your passphrase')).toBeVisible();
  await page.reload();
  await check(page, demo.snapshots.slice(8, 9));
  await openPlace(page, 'DriftWatch');
  await expect(status(page)).toContainText('The stored mytoken is locked.');
  await page.getByLabel('Passphrase').fill('not this one');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('alert')).toContainText('That is not the passphrase.');
  await page.getByLabel('Passphrase').fill('a reef of one’s own');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(status(page)).toContainText('Nothing waits, 9 sent.');
  expect(new Set(namesOf('Reef')).size).toBe(9);
  expect(namesOf('Reef')).toHaveLength(9);
});

test('no token is in storage, in an address, in the console or in an export @long', async ({ page }) => {
  const written: string[] = [];
  page.on('console', (message) => written.push(message.text()));
  const secret = standIn.newMytoken({ isRegistered: true });
  await openWithCamera(page, FEW);
  await connect(page);
  await giveToken(page, secret.mytoken);
  await createExperiment(page, 'Reef');
  await expect(status(page)).toContainText('6 sent');
  await page.getByLabel('Passphrase').fill('a reef of one’s own');
  await page.getByRole('button', { name: 'Keep it on this device' }).click();
  await expect(page.getByText('kept on this device under your passphrase')).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  await check(page, demo.snapshots.slice(6, 8));
  await openPlace(page, 'DriftWatch');
  await expect(status(page)).toContainText('2 records waiting');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as JSON Lines' }).click();
  written.push(readFileSync(await (await download).path(), 'utf8'));
  written.push(...standIn.requests.map(({ path, query }) => path + query));
  written.push(page.url());
  written.push(
    await inDatabase(page, async (db) => {
      const kept: unknown[] = [Object.entries(localStorage), Object.entries(sessionStorage)];
      for (const name of db.objectStoreNames) {
        const all = db.transaction(name).objectStore(name).getAll();
        await new Promise((resolve) => (all.onsuccess = resolve));
        kept.push(all.result);
      }
      return JSON.stringify(kept);
    }),
  );
  const bearer = standIn.newMytoken().accessToken().split('.')[0] ?? '';
  for (const text of written) {
    expect(text).not.toContain(secret.mytoken);
    // All access tokens begin alike: with their header.
    expect(text).not.toContain(bearer);
  }
});

test('each way in which a connection can fail is told apart @long', async ({ page }) => {
  await openWithCamera(page);
  await connect(page, 'ftp://reef.example');
  await expect(page.getByRole('alert')).toContainText('it must begin with https:// or http://');
  await connect(page, `${standIn.driftwatch.origin}/elsewhere`);
  await expect(report(page)).toContainText('it is not DriftWatch’s API');
  // The page's own host answers, but has no DriftWatch.
  await connect(page, '/driftwatch');
  await expect(report(page)).toContainText('it is not DriftWatch’s API');
  await connect(page);
  await expect(report(page)).toContainText('DriftWatch answers');
  await giveToken(page, 'no-such-mytoken');
  await expect(report(page)).toContainText('The mytoken was refused');
  await forgetToken(page);
  await giveToken(page, standIn.newMytoken({ emailVerified: false }).mytoken);
  await expect(report(page)).toContainText('DriftWatch requires a verified e-mail address.');
  await forgetToken(page);
  await giveToken(page);
  await expect(report(page)).toContainText('Registered');
  standIn.setProviderDown(true);
  standIn.revokeAllAccessTokens();
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(report(page)).toContainText('DriftWatch refused the token');
  standIn.setProviderDown(false);
  await standIn.setOnline(false);
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(report(page)).toContainText('did not answer');
});

test('a DriftWatch that lets no other origin in is named, with three ways out @long', async ({ page }) => {
  await standIn.close();
  standIn = await startStandIn({ rateLimit: null });
  await openWithCamera(page);
  await connect(page);
  await expect(report(page)).toContainText('does not let pages of this address read its answers (CORS)');
  await expect(page.getByRole('heading', { name: 'Three solutions' })).toBeVisible();
  await expect(page.getByText(`Please allow the origin ${new URL(PAGE).origin}`)).toBeVisible();
});

test('what was exported and uploaded from elsewhere is not sent twice @long', async ({ page }) => {
  await openWithCamera(page, [...FEW]);
  await openPlace(page, 'DriftWatch');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as JSON Lines' }).click();
  const lines = readFileSync(await (await download).path(), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(6);

  const elsewhere = standIn.newMytoken({ isRegistered: true, subject: 'ana' });
  const headers = {
    Authorization: `Bearer ${elsewhere.accessToken()}`,
    'Content-Type': 'application/json',
  };
  const post = (path: string, body: string) =>
    fetch(`${standIn.driftwatch.url}${path}`, { method: 'POST', headers, body });
  const made = await post('/experiment', JSON.stringify({ name: 'Reef', permissions: [] }));
  const { id } = (await made.json()) as { id: string };
  for (const line of lines.slice(0, 4)) await post(`/experiment/${id}/drift`, line);

  await connect(page);
  await giveToken(page, elsewhere.mytoken);
  await page.getByLabel('Experiment').selectOption('new');
  await page.getByLabel('Name', { exact: true }).fill('Reef');
  await page.getByRole('button', { name: 'Send there' }).click();
  await expect(page.getByRole('alert')).toContainText('An experiment of that name exists already.');
  // Records that are there already are taken for sent.
  await page.getByLabel('Experiment').selectOption('Reef');
  await page.getByRole('button', { name: 'Send there' }).click();
  // Those from the export have no tag of this experiment.
  await expect(status(page)).toContainText('Nothing waits, 6 sent, 4 of them different there.');
  expect([...namesOf('Reef')].sort()).toEqual(FEW.map((path) => basename(path)));
});

test('of two tabs one sends, and the other takes over when it is closed @long', async ({ page, context }) => {
  await openWithCamera(page, FEW);
  // Opened before there was any connection: it has to hear of it.
  const second = await context.newPage();
  await open(second);
  await openPlace(second, 'DriftWatch');
  await expect(second.getByText('Nothing has left this device')).toBeVisible();
  await page.bringToFront();
  await connect(page);
  await giveToken(page);
  await createExperiment(page, 'Reef');
  await expect(status(page)).toContainText('6 sent');
  await second.bringToFront();
  await expect(status(second)).toContainText('Another tab sends.');
  await expect(status(second)).toContainText('6 sent');
  await expect(second.getByText('6 results sent to DriftWatch, no picture')).toBeVisible();
  await expect(second.getByText('Enter or delete the token in the tab that sends.')).toBeVisible();
  await page.close();
  await expect(status(second)).not.toContainText('Another tab sends.');
  const owner = standIn.users()[0];
  await giveToken(second, standIn.newMytoken({ subject: owner?.subject ?? '' }).mytoken);
  await check(second, demo.snapshots.slice(6, 9));
  await openPlace(second, 'DriftWatch');
  await expect(status(second)).toContainText('Nothing waits, 9 sent.');
  expect(namesOf('Reef')).toHaveLength(9);
});

test('what waits for an experiment that was deleted goes to the one that is chosen instead @long', async ({
  page,
}) => {
  await sendFew(page);
  const [first] = standIn.experiments();
  const owner = standIn.newMytoken({ subject: standIn.users()[0]?.subject ?? '' });
  await fetch(`${standIn.driftwatch.url}/experiment/${first?.id ?? ''}`, {
    method: 'DELETE',
    headers: { Authorization: `Bearer ${owner.accessToken()}` },
  });
  await check(page, demo.snapshots.slice(6, 8));
  await openPlace(page, 'DriftWatch');
  await expect(status(page)).toContainText('The experiment does not exist there any more.');
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('Experiment').selectOption('new');
  await page.getByLabel('Name', { exact: true }).fill('Reef');
  await page.getByLabel(/send the 8 pictures checked before, too/).check();
  await page.getByRole('button', { name: 'Send there' }).click();
  // All of it: the jobs that were sent to the old one are not in the new one.
  await expect(status(page)).toContainText('Nothing waits');
  await expect.poll(() => namesOf('Reef').length).toBe(8);
});

test('a refused record says why and goes through once the tags are right @long', async ({ page }) => {
  await openWithCamera(page, FEW.slice(0, 2));
  await connect(page);
  await giveToken(page);
  await page.getByLabel('Experiment').selectOption('new');
  await page.getByLabel('Tags').fill('much longer than twenty characters');
  await expect(page.getByRole('alert')).toContainText('is longer than 20 characters');
  await expect(page.getByRole('button', { name: 'Send there' })).toBeDisabled();
  await page.getByLabel('Tags').fill('reef, north');
  standIn.setFaults(({ method, path }) =>
    method === 'POST' && path.endsWith('/drift')
      ? {
          kind: 'answer',
          status: 422,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            code: 422,
            status: 'Unprocessable Entity',
            errors: { json: { tags: { 0: ['Length must be between 1 and 20.'] } } },
          }),
        }
      : null,
  );
  await createExperiment(page, 'Reef');
  await expect(status(page)).toContainText('2 set aside');
  await expect(page.getByRole('table')).toContainText('tags.0: Length must be between 1 and 20');
  standIn.setFaults(null);
  await page.getByRole('button', { name: 'Try those set aside again' }).click();
  await expect(status(page)).toContainText('Nothing waits, 2 sent.');
  expect(recordsOf('Reef')[0]?.tags).toEqual(['reef', 'north', 'checked']);
});

test('who only has to register is asked wherever records wait for it, and then they go @long', async ({
  page,
}) => {
  await sendFew(page);
  await forgetToken(page);
  await check(page, demo.snapshots.slice(6, 8));
  await expect(page.getByText('Nothing is sent to DriftWatch now: No token was entered')).toBeVisible();
  await page.getByRole('link', { name: 'Open DriftWatch' }).click();
  // Somebody else at the same device, who may write there but has not registered.
  const other = standIn.newMytoken({});
  await giveToken(page, other.mytoken);
  await expect(status(page)).toContainText('You are not registered with DriftWatch yet.');
  await page.getByLabel(ACCEPT).first().check();
  await page.getByRole('button', { name: 'Accept the terms and register' }).first().click();
  // Registered, but not permitted: the lane was woken, and says what comes next.
  await expect(status(page)).toContainText('This account may not do that there');
  await expect(report(page)).toContainText('Registered');
});

test('a question asked by a button is left with Escape, and the keyboard stays where it was @long', async ({
  page,
}) => {
  await sendFew(page);
  const stop = page.getByRole('button', { name: 'Stop sending…' });
  await stop.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Keep it', exact: true })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(stop).toBeFocused();
  await page.getByRole('button', { name: 'Change' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: /^Where results of/ })).toBeFocused();
});

test('a record that was deleted there is noticed, and not sent again before a person asks @long', async ({
  page,
}) => {
  await sendFew(page);
  await passTime(page, null);
  const [experiment] = standIn.experiments();
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect(page.getByRole('link', { name: 'Open it in DriftWatch' })).toHaveAttribute(
    'href',
    `${standIn.driftwatch.origin}/experiment/${experiment!.id}`,
  );
  const owner = standIn.newMytoken({ subject: standIn.users()[0]!.subject });
  const path = `${standIn.driftwatch.url}/experiment/${experiment!.id}/drift/${recordsOf('Reef')[0]!.id}`;
  await fetch(path, { method: 'DELETE', headers: { Authorization: `Bearer ${owner.accessToken()}` } });

  await page.getByRole('button', { name: 'Check what is there' }).click();
  await expect(status(page)).toContainText('5 sent, 1 set aside.');
  await expect(page.getByText('The record was deleted there.')).toBeVisible();
  expect(namesOf('Reef')).toHaveLength(5);
  await page.getByRole('button', { name: /^Send the record of .* again$/ }).click();
  await expect(status(page)).toContainText('Nothing waits, 6 sent.');
});

test('a record that somebody changed is shown beside ours, and becomes ours only when a person says so @long', async ({
  page,
}) => {
  await sendFew(page);
  const [experiment] = standIn.experiments();
  const owner = standIn.users()[0]!;
  const other = standIn.newMytoken({ subject: owner.subject });
  const changeThere = async (i: number) => {
    const { id, created_at: _created, schema_version: _version, ...fields } = recordsOf('Reef')[i]!;
    const body = JSON.stringify({ ...fields, parameters: { ...fields.parameters, note: 'a crab' } });
    await fetch(`${standIn.driftwatch.url}/experiment/${experiment!.id}/drift/${id}`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${other.accessToken()}`, 'Content-Type': 'application/json' },
      body,
    });
  };
  await changeThere(0);
  await changeThere(1);
  // So late that nothing can be on its way any more, and all is looked up.
  await passTime(page, null);
  await page.getByRole('button', { name: 'Try now' }).click();
  const notes = () => recordsOf('Reef').map(({ parameters }) => parameters['note'] ?? null);
  const compare = page.getByRole('button', { name: /^Compare the record of/ });
  await expect(compare).toHaveCount(2);
  // On a phone a name takes two lines at most.
  await page.setViewportSize({ width: 390, height: 844 });
  const lines = await page
    .locator('th[scope=row]')
    .first()
    .evaluate((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
    });
  expect(lines).toBeLessThanOrEqual(2);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.setViewportSize({ width: 1280, height: 800 });
  // Edited ones are counted, and can be found.
  await expect(status(page)).toContainText('6 sent, 2 of them different there.');
  await page.getByRole('combobox', { name: 'Show' }).selectOption('differs there (2)');
  await expect(page.getByRole('row')).toHaveCount(3);
  await expect(compare).toHaveCount(2);
  await page.getByRole('combobox', { name: 'Show' }).selectOption('all');
  // No record is called verified that says something else there.
  const row = page.getByRole('row').filter({ has: compare }).first();
  await expect(row).toContainText('differs there');
  await expect(row).not.toContainText('verified');
  expect(notes()).toEqual(['a crab', 'a crab', null, null, null, null]);
  await compare.first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('row').nth(1)).toContainText(/note.*–.*a crab/);
  await dialog.getByRole('button', { name: 'Replace it by the one here' }).click();
  await expect.poll(notes).toEqual(['a crab', null, null, null, null, null]);
  await expect(compare).toHaveCount(1);
  await compare.click();
  await dialog.getByRole('button', { name: 'Keep the one there' }).click();
  await expect(compare).toHaveCount(0);
  await settled(page);
  // A record that was kept as found is no news at the next check.
  await page.getByRole('button', { name: 'Check what is there' }).click();
  await expect(status(page)).toContainText('Everything arrived, without duplicates');
  await expect(compare).toHaveCount(0);
  expect(notes()).toEqual(['a crab', null, null, null, null, null]);
});

test('what another device’s records say otherwise is told, and is corrected after a yes @long', async ({
  page,
}) => {
  await sendFew(page);
  const token = standIn.newMytoken({ subject: standIn.users()[0]!.subject }).accessToken();
  const experiment = standIn.experiments()[0]!.id;
  // As if another device had sent them.
  for (const [i, { id, created_at: _at, schema_version: _version, ...fields }] of recordsOf(
    'Reef',
  ).entries()) {
    const parameters = { ...fields.parameters, result_id: `theirs-${i}` };
    await fetch(`${standIn.driftwatch.url}/experiment/${experiment}/drift/${id}`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...fields, drift_detected: i < 2, parameters }),
    });
  }
  const deliveries = await storedIn<Delivery>(page, 'deliveries');
  const left = { state: 'elsewhere', notBefore: 0, sentAt: null, remoteId: null } as const;
  await writeStored(page, { deliveries: deliveries.map((delivery) => ({ ...delivery, ...left })) });
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByRole('button', { name: 'Check what is there' }).click();
  const disagreement = page.getByTestId('disagreement');
  await expect(disagreement).toContainText('2 of 6 say something else there');
  await expect(status(page)).toContainText('0 sent, 6 also checked on another device');
  await page
    .getByRole('button', { name: /^Compare the record of/ })
    .nth(5)
    .click();
  await expect(page.getByRole('button', { name: 'Replace it by the one here' })).toBeVisible();
  await page.keyboard.press('Escape');
  await disagreement.getByRole('button', { name: 'Correct all 2 there' }).click();
  await expect(disagreement).toHaveCount(0);
  expect(recordsOf('Reef').map(({ drift_detected }) => drift_detected)).toEqual(Array(6).fill(false));
  const ids = recordsOf('Reef').map(({ parameters }) => parameters['result_id']);
  expect(ids).toEqual(FEW.map((_, i) => `theirs-${i}`));
});

test('another experiment gets no history unasked, a greyed button says why, and a token survives a look elsewhere @long', async ({
  page,
}) => {
  await sendFew(page);
  await page.getByRole('button', { name: 'Change' }).click();
  const earlier = page.getByLabel(/send the 6 pictures checked before, too/);
  await expect(earlier).toBeChecked();
  await page.getByLabel('Experiment').selectOption('new');
  await expect(earlier).not.toBeChecked();
  await page.getByLabel('Name', { exact: true }).fill('Other');
  await page.getByRole('button', { name: 'Send there' }).click();
  await expect(page.getByText('Results go to the experiment Other.')).toBeVisible();
  await expect(status(page)).toContainText('Nothing was sent yet, and nothing is waiting.');
  expect(namesOf('Other')).toEqual([]);

  await connect(page, '/driftwatch');
  await expect(report(page)).toContainText('it is not DriftWatch’s API');
  await expect(page.getByText('DriftWatch knows you by a mytoken')).toBeVisible();
  await connect(page);
  await expect(page.getByText('The mytoken is in memory only.')).toBeVisible();
  await expect(report(page)).toContainText('Registered');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Change' })).toBeDisabled();
  await expect(page.getByText('Connect with a token first.')).toBeVisible();
});

test('a lost role is called that wherever it shows, and nobody is registered and not registered at once @long', async ({
  page,
}) => {
  await sendFew(page);
  const [owner] = standIn.users();
  standIn.setRoles(owner!.subject, []);
  await check(page, demo.snapshots.slice(6, 8));
  await openPlace(page, 'DriftWatch');
  await expect(status(page)).toContainText('role on the AI4EOSC platform was lost');
  standIn.setRoles(owner!.subject, ['platform-access']);
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect(status(page)).toContainText('Nothing waits, 8 sent.');
  await expect(report(page)).toContainText('Registered');
  standIn.setFaults(({ server, method }) =>
    server === 'driftwatch' && method === 'POST'
      ? { kind: 'answer', status: 403, body: JSON.stringify({ message: 'User not registered.' }) }
      : null,
  );
  await check(page, demo.snapshots.slice(8, 9));
  await openPlace(page, 'DriftWatch');
  await expect(status(page)).toContainText('You are not registered');
  await expect(page.getByText(/^✓ Registered/)).toHaveCount(0);
});

test('a refused token takes along what was known of it, and another is given where the page asks for it @long', async ({
  page,
}) => {
  await openWithCamera(page, FEW);
  await connect(page);
  const { mytoken, subject } = standIn.newMytoken({ isRegistered: true });
  await giveToken(page, mytoken);
  await createExperiment(page, 'Reef');
  await expect(status(page)).toContainText('6 sent');
  const facts = page.getByText('It does not expire').or(page.getByText(/^✓ Registered/));
  await expect(facts).toHaveCount(2);
  await fetch(`${standIn.mytoken.url}/api/v0/token/revoke`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: mytoken, recursive: true }),
  });
  standIn.revokeAllAccessTokens();
  await check(page, demo.snapshots.slice(6, 7));
  await openPlace(page, 'DriftWatch');
  await expect(status(page)).toContainText('The mytoken was refused');
  await expect(facts).toHaveCount(0);
  await expect(page.getByText('Test the connection first')).toHaveCount(0);
  await expect(page.getByLabel('mytoken', { exact: true })).toHaveCount(2);
  await status(page).getByLabel('mytoken', { exact: true }).fill(standIn.newMytoken({ subject }).mytoken);
  await status(page).getByRole('button', { name: 'Use it' }).click();
  await expect(status(page)).toContainText('Nothing waits, 7 sent.');
  await expect(facts).toHaveCount(2);
  await expect(page.getByLabel('mytoken', { exact: true })).toHaveCount(0);

  // An owner has let them into another experiment meanwhile.
  await page.getByRole('button', { name: 'Change' }).click();
  const again = page.getByRole('button', { name: 'Look again' });
  await expect(again).toBeEnabled();
  const entity = standIn.users()[0]!.id;
  standIn.seedExperiment({ name: 'Bay', permissions: [{ entity, level: 'Edit' }] });
  await again.click();
  await page.getByLabel('Experiment').selectOption('Bay');
});

test('who leaves while a token is being unlocked has it unlocked, without an error @long', async ({
  page,
}) => {
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await openWithCamera(page);
  await connect(page);
  await giveToken(page);
  await page.getByLabel('Passphrase').fill('a reef of one’s own');
  await page.getByRole('button', { name: 'Keep it on this device' }).click();
  await expect(page.getByText('kept on this device under your passphrase')).toBeVisible();
  await page.reload();
  await openPlace(page, 'DriftWatch');
  await page.evaluate(() => {
    const decrypt = crypto.subtle.decrypt.bind(crypto.subtle);
    SubtleCrypto.prototype.decrypt = async (...given) => {
      await new Promise((resolve) => addEventListener('unlock', resolve, { once: true }));
      return decrypt(...given);
    };
  });
  await page.getByLabel('Passphrase').fill('a reef of one’s own');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await openPlace(page, 'Settings');
  await expect(page.getByRole('heading', { name: 'Token' })).toHaveCount(0);
  await page.evaluate(() => dispatchEvent(new Event('unlock')));
  await openPlace(page, 'DriftWatch');
  await expect(page.getByText('unlocked until this page is closed')).toBeVisible();
  expect(errors).toEqual([]);
});

test('the DriftWatch place passes axe in every theme and width @long', async ({ page }) => {
  test.setTimeout(120_000);
  await sendFew(page);
  await page.getByText('What is sent').click();
  await page.getByRole('button', { name: 'Change' }).click();
  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    expect(await violations(page), theme).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await expect.poll(overflow, 'scrolls sideways on a phone').toBeLessThanOrEqual(0);
});
