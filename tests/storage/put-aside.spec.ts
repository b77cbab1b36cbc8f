import { expect, test, type Page } from '@playwright/test';
import { BLANK } from '../addresses';

test.beforeEach(({ page }) => load(page));

declare const aside: typeof import('../../src/features/intake/put-aside');
declare const target: typeof import('../../src/features/intake/share-target');

async function load(page: Page): Promise<void> {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const [aside, target] = await Promise.all([
      import('/src/features/intake/put-aside.ts'),
      import('/src/features/intake/share-target.ts'),
    ]);
    Object.assign(globalThis, { aside, target });
  });
}

/** Names, contents and dates of what waits, by batch. */
const left = (page: Page) =>
  page.evaluate(async () => {
    const batches = await aside.listAside();
    return Promise.all(
      batches.map(({ files }) =>
        Promise.all(
          files.map(async (file) => {
            const opened = await file.open();
            return `${file.name} ${String(file.size)} ${await opened.text()} ${String(opened.lastModified)}`;
          }),
        ),
      ),
    );
  });

test('what was put aside waits over reloads until it was used or discarded', async ({ page }) => {
  await page.evaluate(async () => {
    await aside.putAside(
      [new File(['aa'], 'mañana.jpg', { lastModified: 5 }), new File(['b'], 'b.jpg', { lastModified: 6 })],
      'share',
    );
    await aside.putAside([new File(['c'], 'c.jpg', { lastModified: 7 })], 'system', ['model.onnx']);
  });
  await load(page);
  const both = await left(page);
  expect(both.flat().sort()).toEqual(['b.jpg 1 b 6', 'c.jpg 1 c 7', 'mañana.jpg 2 aa 5']);
  const notes = await page.evaluate(async () =>
    (await aside.listAside()).map(({ by, attempts, refused }) => ({ by, attempts, refused })),
  );
  expect(notes).toContainEqual({ by: 'system', attempts: 0, refused: ['model.onnx'] });
  await page.evaluate(async () => {
    for (const { id, by } of await aside.listAside()) {
      if (by === 'share') await aside.discardAside(id);
      // More may come while a page is at work with what it took.
      else
        await aside.useAside(id, async () => {
          await aside.putAside([new File(['d'], 'd.jpg', { lastModified: 8 })], 'share');
          return true;
        });
    }
  });
  expect(await left(page)).toEqual([['d.jpg 1 d 8']]);
});

test('a use that never ends is counted, one that can’t begin yet is not', async ({ page }) => {
  const attempts = () => page.evaluate(async () => (await aside.listAside()).map(({ attempts }) => attempts));
  await page.evaluate(() => aside.putAside([new File(['a'], 'a.jpg')], 'share'));
  await page.evaluate(async () => {
    const [batch] = await aside.listAside();
    await aside.useAside(batch!.id, async () => false);
  });
  expect(await attempts()).toEqual([0]);
  for (const count of [1, 2]) {
    await page.evaluate(async () => {
      const [batch] = await aside.listAside();
      await new Promise<void>((resolve) => {
        void aside.useAside(batch!.id, () => {
          resolve();
          return new Promise(() => undefined);
        });
      });
    });
    await load(page);
    expect(await attempts()).toEqual([count]);
  }
});

test('no more waits than may, and what waited before an earlier version’s notes is told', async ({
  page,
}) => {
  const outcomes = await page.evaluate(async () => {
    const tried = async (files: readonly File[]) =>
      aside.putAside(files, 'share').then(
        () => 'kept',
        (error: unknown) => (error instanceof aside.TooMuchAside ? 'too much' : String(error)),
      );
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => new File(['x'], `${String(i)}.jpg`));
    // It says to be so large, and takes no room.
    const large = new File(['x'], 'large.jpg');
    Object.defineProperty(large, 'size', { value: aside.MOST_BYTES });
    const found = [
      await tried(many(201)),
      await tried(many(150)),
      await tried(many(51)),
      await tried([large]),
    ];
    for (const { id } of await aside.listAside()) await aside.discardAside(id);
    for (let i = 0; i < 21; i += 1) found.push(await tried(many(1)));
    for (const { id } of await aside.listAside()) await aside.discardAside(id);
    const cache = await caches.open('porthole-put-aside');
    const headers = { 'x-name': 'old.jpg', 'x-last-modified': '5' };
    await cache.put('put-aside/earlier/0', new Response('old', { headers }));
    return found;
  });
  expect(outcomes).toEqual([
    'too much',
    'kept',
    'too much',
    'too much',
    ...Array<string>(20).fill('kept'),
    'too much',
  ]);
  expect(await left(page)).toEqual([['old.jpg 3 old 5']]);
});

test('only what is not known to come from a website is put aside, and of that only pictures and archives', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const own = location.origin;
    const form = (files: readonly File[], fields = 0) => {
      const form = new FormData();
      for (let i = 0; i < fields; i += 1) form.append(`field ${String(i)}`, 'x');
      for (const file of files) form.append('files', file);
      return form;
    };
    const post = (body: BodyInit) => new Request('share-target', { method: 'POST', body });
    const picture = new File(['x'], '20260101-000000-CAM.jpg', { type: 'image/jpeg' });
    const isForeign = (headers: Record<string, string>, referrer = '', destination = 'document') =>
      target.isForeign({ headers: new Headers(headers), referrer, destination } as Request, own);
    const others = ['model.onnx', 'config.toml', 'a.npy', 'b.npz', 'x.html'].map(
      (name) => new File(['x'], name),
    );
    return {
      foreign: [
        isForeign({ 'sec-fetch-site': 'cross-site' }),
        isForeign({ 'sec-fetch-site': 'same-site' }),
        isForeign({ origin: 'https://example.org' }),
        isForeign({ origin: 'null' }, 'https://example.org/'),
        isForeign({ origin: 'null' }, '', 'iframe'),
      ],
      perhaps: [
        isForeign({ 'sec-fetch-site': 'none', origin: 'null' }),
        isForeign({ origin: 'null' }, 'android-app://org.example/'),
        isForeign({ origin: own }, `${own}/`),
        isForeign({}),
      ],
      outcomes: [
        await target.takeShared(post(form([picture], 10_000)), own),
        await target.takeShared(post(form([], 10_000)), own),
        await target.takeShared(post('files=text'), own),
        await target.takeShared(post(form([new File([], '')])), own),
        await target.takeShared(post(form(others)), own),
        await target.takeShared(post(form(Array<File>(500).fill(picture))), own),
      ],
      waiting: (await aside.listAside()).map(({ files, refused }) => [
        files.map(({ name }) => name),
        refused,
      ]),
    };
  });
  expect(found.foreign).toEqual(Array(5).fill(true));
  expect(found.perhaps).toEqual(Array(4).fill(false));
  expect(found.outcomes).toEqual(['kept', 'nothing', 'nothing', 'nothing', 'kept', 'too-much']);
  expect(found.waiting).toContainEqual([['20260101-000000-CAM.jpg'], []]);
  expect(found.waiting).toContainEqual([[], ['model.onnx', 'config.toml', 'a.npy', 'b.npz', 'x.html']]);
});
