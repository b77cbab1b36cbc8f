import { expect, type Page } from '@playwright/test';
import { startStandIn, type StandIn } from '../stand-in/server';
import { editRows, exportedParts, openExport, packed, withDownloads, type Parts } from './exports';
import { anotherDevice, demo, open, openWithCamera, storedIn, test, violations } from './support';
import { openPlace } from '../open-place';

const FEW = demo.snapshots.slice(0, 6);
const EVIL = JSON.stringify({
  job_status: 'Completed',
  model: 'evil',
  drift_detected: false,
  tags: ['evil'],
  parameters: { distance: 0, image_name: 'evil.jpg' },
});

interface Listed {
  readonly id: string;
  readonly cameraId: string;
  readonly imageName: string;
  readonly capturedAt: number;
}

let standIn: StandIn;
test.beforeEach(async () => {
  standIn = await startStandIn({ cors: true, rateLimit: null });
});
test.afterEach(async () => {
  await standIn.close();
});

/** A connection with a token, as it stands once somebody has set it up; @returns an experiment it may write to */
async function connect(page: Page): Promise<string> {
  const owner = standIn.newMytoken({ isRegistered: true });
  const me = standIn.users().find(({ subject }) => subject === owner.subject);
  const { id } = standIn.seedExperiment({
    name: 'Reef',
    permissions: [{ entity: me?.id ?? '', level: 'Edit' }],
  });
  // Before there is a camera, only its address leads there.
  if (!page.url().endsWith('#driftwatch')) await openPlace(page, 'DriftWatch');
  await page.getByLabel('Address of DriftWatch').fill(standIn.driftwatch.origin);
  await page.getByText('More').click();
  await page.getByLabel('mytoken server').fill(standIn.mytoken.url);
  await page.getByRole('button', { name: 'Save and test' }).click();
  await page.getByLabel('mytoken', { exact: true }).fill(owner.mytoken);
  await page.getByRole('button', { name: 'Use it' }).click();
  await expect(page.getByTestId('connection-report')).toContainText('Registered');
  return id;
}

/** An export of a camera, made by the page on another device. */
async function exported(page: Page, path: string): Promise<Parts> {
  await withDownloads(page);
  await openWithCamera(page, FEW);
  return exportedParts(page, path);
}

/** Says that results of the camera go there, and that attacker's records of its jobs were sent there. */
function forge(parts: Parts, experimentId: string): readonly Listed[] {
  const baseUrl = standIn.driftwatch.url;
  let jobs: readonly Listed[] = [];
  editRows<Listed>(parts, 'jobs', (found) => (jobs = found));
  const destination = {
    cameraId: jobs[0]?.cameraId,
    target: 'driftwatch',
    baseUrl,
    experimentId,
    experimentName: 'Reef',
    tags: ['evil'],
    model: 'evil',
    since: 0,
  };
  editRows(parts, 'destinations', () => [destination]);
  editRows(parts, 'deliveries', () =>
    jobs.map(({ id, cameraId, imageName, capturedAt }) => ({
      lane: `${baseUrl}#${experimentId}`,
      jobId: id,
      cameraId,
      imageName,
      capturedAt,
      body: EVIL,
      state: 'sent',
      attempts: 0,
      notBefore: 0,
      sentAt: 1,
      remoteId: 'gone',
      failure: null,
    })),
  );
  return jobs;
}

/** Requests that carry results or look them up, whatever their path became. */
const touched = () =>
  standIn.requests.filter(({ path }) => /drift(\/search)?$|steal/.test(path)).map(({ path }) => path);

async function testsConnection(page: Page): Promise<void> {
  await openPlace(page, 'DriftWatch');
  await page.getByRole('button', { name: 'Save and test' }).click();
  await expect(page.getByTestId('connection-report')).toContainText('Registered');
}

for (const [is, escaping] of [
  ['of an experiment that the token may write to', null],
  ['that leads out of the API', '../../../steal'],
] as const) {
  test(`an export with forged records and a destination ${is} has nothing sent @long`, async ({
    page,
    browser,
  }, testInfo) => {
    const parts = await exported(page, testInfo.outputPath('export.zip'));
    const context = await anotherDevice(browser);
    const victim = await context.newPage();
    await open(victim, '#driftwatch');
    const experimentId = await connect(victim);
    forge(parts, escaping ?? experimentId);
    const plan = await openExport(victim, packed(parts));
    await plan.getByRole('button', { name: 'Add it' }).click();
    await expect(victim.getByText('1 camera and 6 pictures added.')).toBeVisible();
    await testsConnection(victim);
    expect(touched()).toEqual([]);
    expect(standIn.records(experimentId)).toEqual([]);
    expect(await storedIn(victim, 'destinations')).toEqual([]);
    expect(await storedIn(victim, 'deliveries')).toEqual([]);
    await context.close();
  });
}

test('what a person says yes to goes there once, as this device makes it @long', async ({
  page,
  browser,
}, testInfo) => {
  const parts = await exported(page, testInfo.outputPath('export.zip'));
  const context = await anotherDevice(browser);
  const other = await context.newPage();
  await open(other, '#driftwatch');
  const experimentId = await connect(other);
  const jobs = forge(parts, experimentId);
  editRows<Listed>(parts, 'jobs', ([first, ...more]) => [{ ...first, capturedAt: 1e300 }, ...more]);
  // A record of that id is there already, and it may be somebody else's: it stays as it is.
  standIn.seedRecord(experimentId, { parameters: { result_id: jobs[1]!.id } });
  const plan = await openExport(other, packed(parts));
  await expect(plan).toContainText('1 row of this export can’t be used and is left out: cameras/');
  await expect(plan).toContainText('jobs.jsonl, row 1 (capturedAt).');
  const yes = plan.getByRole('checkbox');
  await expect(yes).toHaveAccessibleName(
    `This export says that results of Reef go to ${standIn.driftwatch.url}, experiment Reef. Let them go there.`,
  );
  await expect(yes).not.toBeChecked();
  expect(await violations(other)).toEqual([]);
  await yes.check();
  await plan.getByRole('button', { name: 'Add it' }).click();
  await expect(other.getByText('1 camera and 5 pictures added.')).toBeVisible();
  await openPlace(other, 'DriftWatch');
  await expect(other.getByTestId('outbox-status')).toContainText('5 sent');
  const records = standIn.records(experimentId);
  expect(records.map(({ parameters }) => parameters['result_id']).sort()).toEqual(
    jobs
      .slice(1)
      .map(({ id }) => id)
      .sort(),
  );
  expect(records.map(({ parameters }) => parameters['image_name'])).not.toContain('evil.jpg');
  const [theirs, ...sent] = records;
  expect(theirs?.parameters).toEqual({ result_id: jobs[1]!.id });
  expect(new Set(sent.map(({ parameters }) => parameters['camera']))).toEqual(new Set(['Reef']));
  await expect(other.getByText('this device did not send it')).toBeVisible();
  await context.close();
});
