import { expect } from '@playwright/test';
import type { Camera } from '../../src/core/domain/camera/camera';
import { check, choose, demo, learn, made, open, read, results, storedIn, test, unfold } from './support';

const fixtures = `${import.meta.dirname}/../fixtures/onnx`;

const fixture = (name: string) => made(name, read(`${fixtures}/${name}`), '');

test('a user’s own .onnx is checked, named, edited, kept over a reload, and judges a camera @long', async ({
  page,
}) => {
  await open(page, '#settings');
  await choose(page, 'Add an .onnx autoencoder', [
    made('my-reef.onnx', read(`${fixtures}/autoencoder.onnx`), ''),
  ]);
  await unfold(page, 'Method');
  const models = page.getByRole('region', { name: 'Models' });
  await expect(models).toContainText('my-reef');
  await expect(models).toContainText('6 numbers from 12 × 20 pixels');
  await models.getByRole('button', { name: 'Edit the manifest' }).click();
  await models.getByLabel('Name').fill('Random twin');
  await models.getByLabel('Suggested sigma').fill('2.5');
  await models.getByLabel('Suggested window').fill('4');
  await models.getByRole('button', { name: 'Save' }).click();
  await expect(models.getByRole('button', { name: 'Edit the manifest' })).toBeVisible();
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  await unfold(page, 'Method');
  await expect(models).toContainText('Random twin');

  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await page.getByLabel('Name of the camera').fill('Reef');
  await unfold(page, 'Method');
  await page.getByLabel('Model').selectOption({ label: 'Random twin' });
  await choose(page, 'choose files', demo.reference.slice(0, 24));
  await learn(page);
  await expect(page.getByText('Version 1: 24 clean embeddings of 6 numbers.')).toBeVisible();
  await check(page, demo.snapshots.slice(0, 5));
  const [camera] = await storedIn<Camera>(page, 'cameras');
  expect(camera?.detector).toMatchObject({ sigma: 2.5, windowSize: 4 });
  // The window is full at once, of the last of the reference.
  expect((await results(page)).map((job) => job.distance !== null)).toEqual(Array(5).fill(true));
});

test('a file that is no model, or one of another kind, is refused with the reason and changes nothing @long', async ({
  page,
}) => {
  await open(page, '#settings');
  await unfold(page, 'Method');
  const models = page.getByRole('region', { name: 'Models' });
  const before = await models.textContent();
  const whole = read(`${fixtures}/autoencoder.onnx`);
  const refused = {
    'is not an ONNX model we can read': [
      made('notes.onnx', 'not a model', ''),
      made('cut.onnx', whole.subarray(0, 5000), ''),
    ],
    'keeps its weights in a second file': [fixture('external-data.onnx')],
    'does not accept pictures': [
      fixture('channels-last.onnx'),
      fixture('two-inputs.onnx'),
      fixture('bytes-in.onnx'),
    ],
    'looks like an embedding': [fixture('no-embedding.onnx')],
    'ONNX Runtime can’t run that model': [fixture('unknown-operator.onnx'), fixture('newer-opset.onnx')],
  };
  for (const [sentence, files] of Object.entries(refused)) {
    for (const file of files) {
      await choose(page, 'Add an .onnx autoencoder', [file]);
      await expect(page.getByRole('alert'), file.name).toContainText(sentence);
      await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).click();
    }
  }
  expect(await models.textContent()).toBe(before);
});

test('a shipped model whose file was changed on the host is not used @long', async ({ page }) => {
  await page.route('**/autoencoder.onnx', async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    body[body.length - 100] = (body[body.length - 100] ?? 0) ^ 1;
    await route.fulfill({ response, body });
  });
  await open(page);
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await expect(page.getByRole('alert')).toContainText('is not the one its manifest describes');
});

test('a model whose self-test fails gives no verdict, and a plain warning @long', async ({ page }) => {
  await page.route('**/model.json', async (route) => {
    const response = await route.fetch();
    const manifest = (await response.json()) as { selfTest: { embedding: number[] } };
    manifest.selfTest.embedding[3] = (manifest.selfTest.embedding[3] ?? 0) + 0.5;
    await route.fulfill({ response, json: manifest });
  });
  await open(page);
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await expect(page.getByRole('alert')).toContainText('The self-test failed');
  expect(await page.evaluate(async () => (await globalThis.porthole.summary()).jobs)).toBe(0);
});

test('ONNX Runtime that was chosen computes in every tab and later visit; the settings say so, how fast, and its self-test @long', async ({
  page,
  context,
}) => {
  await open(page, '#settings');
  await unfold(page, 'Method');
  const encoder = page.getByRole('group', { name: 'Encoder' });
  await encoder.getByRole('button', { name: 'Start and test it' }).click();
  await expect(encoder).toContainText('In use: Porthole’s own WebAssembly', { timeout: 30_000 });
  await expect(encoder).toContainText('Self-test passed');
  await encoder.getByLabel('Encoder').selectOption('ONNX Runtime on WebAssembly');
  await expect(encoder).toContainText('In use: ONNX Runtime on WebAssembly', { timeout: 30_000 });
  await expect(encoder).toContainText('Self-test passed');
  await expect(encoder).toContainText(/\d pictures a second here/);

  const other = await context.newPage();
  await open(other, '#settings');
  await unfold(other, 'Method');
  const there = other.getByRole('group', { name: 'Encoder' });
  await expect(there.getByLabel('Encoder')).toHaveValue('onnx-wasm');
  await there.getByRole('button', { name: 'Start and test it' }).click();
  await expect(there).toContainText('In use: ONNX Runtime on WebAssembly', { timeout: 30_000 });
});
