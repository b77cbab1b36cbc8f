import { expect, type Page } from '@playwright/test';
import { choose, open, setUpCamera, test } from './support';
import { openPlace } from '../open-place';

declare global {
  /** names of workers of which the next one dies over its first work */
  var deadly: string[];
}

/** A worker that the browser ends when memory is short says nothing: no event, no answer. */
async function withDyingWorkers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    globalThis.deadly = [];
    const real = globalThis.Worker;
    globalThis.Worker = class extends real {
      readonly #name: string;
      #messages = 0;
      /** it holds the lock that its first message asks for */
      readonly #isHeld: Promise<unknown>;

      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.#name = options?.name ?? '';
        this.#isHeld = new Promise((resolve) => {
          this.addEventListener('message', resolve, { once: true });
        });
      }

      override postMessage(...args: unknown[]): void {
        this.#messages += 1;
        const at = globalThis.deadly.indexOf(this.#name);
        if (at >= 0 && this.#messages === 2) {
          globalThis.deadly.splice(at, 1);
          // A moment later, so that the page too has heard of the lock.
          void this.#isHeld.then(() => {
            setTimeout(() => {
              this.terminate();
            }, 50);
          });
          return;
        }
        super.postMessage(...(args as [unknown, Transferable[]]));
      }
    };
  });
}

const kill = (page: Page, name: string) =>
  page.evaluate((name) => {
    globalThis.deadly.push(name);
  }, name);

test('a worker that dies over an export without a word is told, and nothing waits for ever @long', async ({
  page,
}, testInfo) => {
  test.slow();
  await withDyingWorkers(page);
  await page.addInitScript(() => {
    delete (globalThis as { showSaveFilePicker?: unknown }).showSaveFilePicker;
  });
  await open(page);
  await setUpCamera(page);
  const alert = page
    .getByRole('main')
    .getByRole('alert')
    .filter({ hasText: 'The browser stopped a part of Porthole' });
  const isTold = async (what: string) => {
    await expect(alert.first(), what).toBeVisible();
    const dismiss = alert.getByRole('button', { name: 'Dismiss' });
    if (await dismiss.isVisible()) await dismiss.click();
  };

  // A batch goes on with another worker: tests/encoder/pool.spec.ts.
  await openPlace(page, 'Settings');
  await kill(page, 'bundle');
  await page.getByRole('button', { name: 'Export everything' }).click();
  await isTold('exporting');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export everything' }).click();
  const zip = testInfo.outputPath('porthole.zip');
  await (await downloading).saveAs(zip);
  await kill(page, 'bundle');
  await choose(page, 'Open an export', [zip]);
  await isTold('opening an export');
});
