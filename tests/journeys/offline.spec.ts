import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sirv from 'sirv';
import { PAGE } from '../addresses';
import { batchIsDone, check, demo, foldedHints, open, passTime, results, test } from './support';
import { openPlace } from '../open-place';

const DIST = join(import.meta.dirname, '../../dist');

test.use({ isKept: true });

const started: { cut: () => Promise<void> }[] = [];
test.afterEach(async () => {
  await Promise.all(started.splice(0).map((host) => host.cut()));
});

/** The built page on a host of its own, which can be cut off and can publish another version. */
async function startHost() {
  const files = sirv(DIST, { dev: true });
  const worker = readFileSync(join(DIST, 'service-worker.js'), 'utf8');
  let version = 1;
  const server = createServer((request, response) => {
    request.url = (request.url ?? '/').replace(/^\/under\/here/, '');
    if (request.url === '/service-worker.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(`${worker}// ${String(version)}`);
    } else {
      files(request, response, () => {
        response.writeHead(404).end();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const host = {
    address: `http://127.0.0.1:${String(port)}/under/here/`,
    publish: () => (version += 1),
    cut: async () => {
      if (!server.listening) return;
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
  started.push(host);
  return host;
}

/** Waits until the service worker has everything. */
async function isKept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

test('after one visit everything works with the network cut, in every later visit', async ({ page }) => {
  const host = await startHost();
  await open(page, '', host.address);
  await isKept(page);
  const ofThePage = ['social.jpg', 'screenshots/wide.jpg', 'screenshots/narrow.jpg'];
  const isAnyKept = (paths: string[]) =>
    Promise.all(paths.map((path) => caches.match(path, { ignoreSearch: true }))).then((all) =>
      all.some(Boolean),
    );
  expect(await page.evaluate(isAnyKept, ofThePage), 'pictures for others').toBe(false);
  await host.cut();
  expect(
    await page.evaluate(() => fetch('demo/index.json?uncached', { method: 'HEAD' }).catch(() => null)),
  ).toBeNull();
  await page.reload();
  await passTime(page, demo.snapshots);
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  await batchIsDone(page);
  await expect.poll(async () => (await results(page)).length).toBe(demo.snapshots.length);
  await check(page, demo.reference.slice(0, 1));
  await expect.poll(async () => (await results(page)).length).toBe(demo.snapshots.length + 1);
  for (const place of ['Camera', 'History', 'DriftWatch', 'Settings']) {
    await openPlace(page, place);
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
    await expect(page.getByText('could not be fetched')).toHaveCount(0);
  }
  await expect(page.getByText('Nothing has left this device').first()).toBeVisible();
  const licences = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Licences of Porthole and of the software in it' }).click();
  await expect((await licences).locator('body')).toContainText(/^porthole .*MIT License.*onnxruntime-web /s);
  await (await licences).close();
  const before = await results(page);
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  expect(await results(page)).toEqual(before);
});

test('the page says once that it is ready for offline use, when it is @long', async ({ page }) => {
  const host = await startHost();
  await open(page, '', host.address);
  await page.removeLocatorHandler(foldedHints(page));
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  const ready = page.getByText('Ready for offline use.');
  await isKept(page);
  await expect(ready).toBeHidden();
  await foldedHints(page).click();
  await page.getByRole('button', { name: '1 hint', exact: true }).click();
  await expect(ready).toBeVisible();
  await expect(foldedHints(page)).toHaveCount(0);
  await batchIsDone(page);
  await page.reload();
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  await isKept(page);
  await expect(ready).toHaveCount(0);
  await host.cut();
});

test('where the kept script is cut off the page says so, keeps all without a network, and has it whole with one @long', async ({
  browser,
}) => {
  // Its own errors are no faults here.
  const context = await browser.newContext();
  const page = await context.newPage();
  const host = await startHost();
  await open(page, '', host.address);
  await isKept(page);
  /** @returns the length of the page's script as it is kept */
  const keptScript = (change: 'cut' | null) =>
    page.evaluate(async (change) => {
      const { src } = document.querySelector<HTMLScriptElement>('script[type=module]')!;
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        const [key] = await cache.keys(src, { ignoreSearch: true });
        const kept = key && (await cache.match(key));
        if (!kept) continue;
        const text = await kept.text();
        const { headers } = kept;
        if (change) await cache.put(key, new Response(text.slice(0, text.length / 2), { headers }));
        return text.length;
      }
      return null;
    }, change);
  const whole = await keptScript('cut');
  await page.reload();
  await expect(page.getByText('its files in this browser are damaged or missing')).toHaveCount(1);
  const again = page.getByRole('button', { name: 'Fetch the files again' });
  await context.setOffline(true);
  await again.click();
  await expect(again).toBeEnabled();
  expect(await keptScript(null)).toBe(Math.floor(whole! / 2));
  await context.setOffline(false);
  await again.click();
  await page.waitForFunction(() => 'porthole' in globalThis);
  await isKept(page);
  expect(await keptScript(null)).toBe(whole);
  await context.close();
});

test('an earlier model is kept once it was used, and when the version before has kept it @long', async ({
  page,
}) => {
  const host = await startHost();
  await open(page, '', host.address);
  await isKept(page);
  const model = 'models/obsea-autoencoder-1/autoencoder.onnx';
  const keptIn = () =>
    page.evaluate(async (model) => {
      const names: string[] = [];
      for (const name of await caches.keys()) {
        const addresses = (await (await caches.open(name)).keys()).map(({ url }) => url.replace(/\?.*/, ''));
        if (addresses.includes(new URL(model, document.baseURI).href)) names.push(name);
      }
      return names;
    }, model);
  expect(await keptIn(), 'nobody has used it').toEqual([]);

  // As the version kept it that shipped nothing else.
  await page.evaluate(async (model) => {
    const before = await caches.open('of-before');
    await before.put(`${model}?__WB_REVISION__=1`, new Response('as it was'));
  }, model);
  host.publish();
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await expect.poll(keptIn).toContainEqual(expect.stringMatching(/^porthole-models-/));

  await page.evaluate(async () => {
    for (const name of await caches.keys()) {
      if (name === 'of-before' || name.startsWith('porthole-models-')) await caches.delete(name);
    }
  });
  const size = () => page.evaluate(async (model) => (await (await fetch(model)).blob()).size, model);
  expect(await size()).toBe(1_305_088);
  await host.cut();
  expect(await size()).toBe(1_305_088);
});

test('a new version waits for the work in every tab and for a person’s word @long', async ({
  page,
  context,
}) => {
  const host = await startHost();
  await open(page, '', host.address);
  await isKept(page);
  const onlooker = await context.newPage();
  await open(onlooker, '', host.address);
  const button = (page: Page) => page.getByRole('button', { name: 'Update now' });
  // Held until both tabs were looked at, from the first frame on: the demo takes a second.
  const paused = page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const look = () => {
          const buttons = Array.from(document.querySelectorAll('button'));
          const pause = buttons.find(({ textContent }) => textContent.trim() === 'Pause');
          if (!pause) return requestAnimationFrame(look);
          pause.click();
          resolve();
        };
        look();
      }),
  );
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await paused;
  const progress = page.getByRole('region', { name: 'Progress' });
  host.publish();
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await expect(button(page)).toBeDisabled();
  await expect(button(onlooker)).toBeDisabled();
  await progress.getByRole('button', { name: 'Resume' }).click();
  await batchIsDone(page);
  await expect(button(page)).toBeEnabled();
  await expect(button(onlooker)).toBeEnabled();
  await Promise.all([page.waitForEvent('load'), button(page).click()]);
  await page.waitForFunction(() => 'porthole' in globalThis);
  await expect(button(page)).toHaveCount(0);
  await expect(onlooker.getByText('Porthole was updated')).toBeVisible();
});

test('a page older than its database says what to do, and gets the version that can read it @long', async ({
  page,
}) => {
  const host = await startHost();
  await open(page, '', host.address);
  await isKept(page);
  // As a version to come leaves it, while the page is away.
  await page.goto(`${host.address}licences.txt`);
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('porthole', 1_000);
        opening.onsuccess = () => {
          opening.result.close();
          resolve();
        };
        opening.onerror = () => {
          reject(new Error(opening.error?.message));
        };
      }),
  );
  await page.goto(host.address);
  await expect(page.getByRole('alert')).toContainText(
    'Everything stored is safe, and nothing was changed. Get the newest version',
  );
  host.publish();
  await page.evaluate(() => {
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      sessionStorage.setItem('newest', 'has taken over');
    });
  });
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Get the newest version' }).click();
  await loaded;
  expect(await page.evaluate(() => sessionStorage.getItem('newest'))).toBe('has taken over');
});

test('the page asks no host that nobody named, and runs no script but its own', async ({ page }) => {
  await open(page);
  const refused = await page.evaluate(
    async (elsewhere) => {
      const directives: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) =>
        directives.push(event.effectiveDirective),
      );
      // To a browser this computer under its other name is another host.
      const answer = await fetch(elsewhere, { mode: 'no-cors' }).then(
        () => 'answered',
        () => 'refused',
      );
      const script = document.createElement('script');
      script.textContent = 'globalThis.hasRun = true';
      document.body.append(script);
      const button = document.createElement('button');
      button.setAttribute('onclick', 'globalThis.hasRun = true');
      button.click();
      await new Promise((resolve) => setTimeout(resolve));
      return { answer, hasRun: 'hasRun' in globalThis, directives: [...new Set(directives)].sort() };
    },
    PAGE.replace('127.0.0.1', 'localhost'),
  );
  expect(refused).toEqual({
    answer: 'refused',
    hasRun: false,
    directives: ['connect-src', 'script-src-attr', 'script-src-elem'],
  });
});
