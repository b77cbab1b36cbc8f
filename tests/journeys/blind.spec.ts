import { expect, type Page } from '@playwright/test';
import {
  check,
  demo,
  forgetGlass,
  openWithCamera,
  read,
  results,
  storedIn,
  test,
  writeStored,
  unfold,
} from './support';
import { openList, openPlace } from '../open-place';

/** The stretch of the demo in which the lens fouls. */
const drifting = demo.snapshots.slice(36, 50);

const BLIND = /sigma is so small that no two pictures look alike/;

test('a sigma that blinds the verdict is refused by the form, and by a configuration @long', async ({
  page,
}) => {
  await openWithCamera(page);
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  const save = page.getByRole('button', { name: 'Save', exact: true });
  const said = page.getByRole('alert');
  await page.getByLabel('Sigma', { exact: true }).fill('0.000000001');
  await expect(said).toContainText(
    'Sigma must be a number from 0.000001 to 1000000: outside it all pictures',
  );
  await expect(save).toBeDisabled();
  await page.getByLabel('Sigma', { exact: true }).fill('0.001');
  await expect(said).toContainText(BLIND);
  await expect(said).toContainText('under Settings, Method');
  await expect(save).toBeDisabled();
  await page.getByLabel('Sigma', { exact: true }).fill('0.02');
  await page.getByLabel('Clean the lens above').fill('1e307');
  await expect(said).toContainText('“Clean the lens above” must be a number from 0.000001 to 1.999');
  await page.getByLabel('Clean the lens above').fill('1.98');
  await expect(said).toContainText('no distance to this reference can exceed the drift limit');
  await expect(save).toBeDisabled();

  const refusal = async (toml: string) =>
    page.evaluate(
      async ([toml, files]) => {
        const snapshots = files.map(([name, bytes]) => new File([new Uint8Array(bytes)], name));
        const config = new File([toml], 'config.toml');
        const answer = await globalThis.porthole.tryTo(() =>
          globalThis.porthole.setUpCamera([config, ...snapshots]),
        );
        return 'problem' in answer ? answer.problem : '';
      },
      [
        toml,
        demo.reference
          .slice(0, 4)
          .map((path): [string, number[]] => [path.slice(path.lastIndexOf('/') + 1), [...read(path)]]),
      ] as const,
    );
  expect(await refusal('[detector]\nsigma = 1e-9')).toContain(
    'detector.sigma: expected a number from 0.000001 to 1000000',
  );
  expect(await refusal('[detector]\nsigma = 0.0001')).toMatch(BLIND);
  expect(await refusal('[thresholds]\nwarning = 0.5')).toContain(
    'thresholds.warning is 0.5 and the file has no drift: expected less than the model’s own drift limit (0.1)',
  );
});

test('settings that were made blind by hand never say that the lens is clear @long', async ({ page }) => {
  await openWithCamera(page, demo.snapshots.slice(0, 2));
  await forgetGlass(page);
  await editStored(page, 'cameras');
  await page.reload();
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await expect(verdict.getByRole('heading')).toHaveText('Can’t tell');
  await expect(verdict).toContainText(BLIND);
  await expect(page).toHaveTitle(/^Can’t tell – /);

  await check(page, drifting);
  await expect(verdict.getByRole('heading')).toHaveText('Can’t tell');
  await expect(page).toHaveTitle(/^Can’t tell – /);
  const stored = (await results(page)).slice(2);
  expect(stored).toHaveLength(drifting.length);
  for (const job of stored)
    expect(job).toMatchObject({ verdict: 'not-checked', distance: null, qartod_flag: 2 });
  await openList(page);
  await page.getByRole('row').nth(1).getByRole('button').first().click();
  await expect(page.getByRole('dialog')).toContainText(BLIND);
});

test('what an earlier page stored as normal by blind settings is not shown so any more @long', async ({
  page,
}) => {
  await openWithCamera(page, demo.snapshots.slice(0, 2));
  await forgetGlass(page);
  await editStored(page, 'cameras');
  await editStored(page, 'jobs');
  await page.reload();
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await expect(verdict.getByRole('heading')).toHaveText('Can’t tell');
  await expect(page.getByText('Lens is clear')).toHaveCount(0);
  expect((await results(page)).map(({ verdict }) => verdict)).toEqual(['not-checked', 'not-checked']);
});

/** Changes everything of a store as a person would with the browser's own tools. */
async function editStored(page: Page, store: string): Promise<void> {
  const all = await storedIn<{ detector: object }>(page, store);
  await writeStored(page, {
    [store]: all.map((item) => ({ ...item, detector: { ...item.detector, sigma: 1e-9 } })),
  });
}
