import { expect, type Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { npy, npyHeader, rawZip } from './hostile-files';
import { choose, made, open, test, type MadeFile } from './support';

/** Milliseconds. A busy machine stretches everything; one of these files took the page 2 s to 60 s. */
const LONGEST = 500;

function costlyFiles(): { readonly file: MadeFile; readonly says: string | RegExp }[] {
  const packed = (entries: Readonly<Record<string, Uint8Array>>) =>
    rawZip(Object.entries(entries).map(([name, data]) => ({ name, data, isDeflated: true, size: 1000 })));
  const array = (descr: string, shape: string, bytes: number) =>
    npy(npyHeader(descr, false, shape), Buffer.alloc(bytes));
  return [
    {
      file: made('rows.npz', packed({ 'embeddings.npy': array('<f4', '(200000, 64)', 51_200_000) }), ''),
      says: 'at most 10000 embeddings',
    },
    {
      file: made(
        'names.npz',
        packed({
          'embeddings.npy': array('<f4', '(100, 4)', 1600),
          'names.npy': array('<U125000', '(100,)', 50_000_000),
        }),
        '',
      ),
      says: 'names of 125000 letters',
    },
    {
      file: made('rows.npy', array('<f8', '(1250000, 1)', 10_000_000), ''),
      says: 'at most 10000 embeddings',
    },
    {
      file: made('large.npy', array('<f4', '(10000, 250)', 10_000_000), ''),
      says: 'large.npy: 10000 embeddings of 250 numbers.',
    },
    {
      file: made('keys.toml', Array.from({ length: 100_000 }, (_, i) => `k${String(i)}=1`).join('\n'), ''),
      says: 'at most 128 kB besides the names',
    },
    { file: made('open.toml', `x = "${'\\"'.repeat(2_000_000)}`, ''), says: 'at most 128 kB' },
    {
      file: made(
        'config.toml',
        `[camera_state]\nclean = [${Array.from({ length: 49_000 }, (_, i) => `"${String(i)}.jpg"`).join()}]`,
        '',
      ),
      says: 'The configuration lists pictures',
    },
  ];
}

/** The longest time that the page did not answer since the last call, milliseconds. */
async function longestFreeze(page: Page): Promise<number> {
  return page.evaluate(async () => {
    // The observer is told after the task.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const kept = globalThis as unknown as { freezes: number[] };
    return Math.max(0, ...kept.freezes.splice(0));
  });
}

test('no array and no configuration keeps the page from answering, however much is packed into it @long', async ({
  page,
}, testInfo) => {
  await page.addInitScript(() => {
    const freezes: number[] = [];
    Object.assign(globalThis, { freezes });
    new PerformanceObserver((list) => {
      freezes.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ entryTypes: ['longtask'] });
  });
  await open(page, '#reference');
  for (const { file, says } of costlyFiles()) {
    // A path, since a file that the test hands over keeps the page busy itself.
    const path = testInfo.outputPath(file.name);
    writeFileSync(path, file.buffer);
    await longestFreeze(page);
    await choose(page, 'choose files', [path]);
    await expect(page.getByText(says).first(), file.name).toBeVisible();
    expect(await longestFreeze(page), file.name).toBeLessThan(LONGEST);
    const dismiss = page.getByRole('button', { name: 'Dismiss' });
    if (await dismiss.isVisible()) await dismiss.click();
    const over = page.getByRole('button', { name: 'Start over' });
    if (await over.isVisible()) await over.click();
  }
});

test('reading that takes too long is given up by the person, and by the page', async ({ page }) => {
  await page.clock.install();
  // A worker that never begins takes as long as one that never ends.
  await page.route(/file-reader\.worker/, () => undefined);
  await open(page, '#reference');
  const file = made('slow.npy', npy(npyHeader('<f4', false, '(3, 4)'), Buffer.alloc(48)), '');
  await choose(page, 'choose files', [file]);
  const chosen = page.getByTestId('chosen');
  await expect(chosen).toHaveText('Reading slow.npy…');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(chosen).toHaveText('No pictures chosen yet.');
  await expect(page.getByRole('alert')).toHaveCount(0);

  await choose(page, 'choose files', [file]);
  await expect(chosen).toHaveText('Reading slow.npy…');
  await page.clock.runFor(61_000);
  await expect(page.getByRole('alert')).toContainText('Reading slow.npy takes too long');
  await expect(chosen).toHaveText('No pictures chosen yet.');
});
