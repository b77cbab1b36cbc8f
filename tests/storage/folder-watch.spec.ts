import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';

interface Watch {
  readonly status: string;
  readonly isWaiting: boolean;
  readonly suspects: readonly string[];
  goOn(): Promise<void>;
  begin(): Promise<void>;
  stop(): Promise<void>;
  lookAgain(): void;
}

declare const watch: Watch;
/** what the watch knows of the page, and what it did to it */
declare const page: {
  isBusy: boolean;
  failure: Error | null;
  hangs: boolean;
  batches: string[][];
  reports: string[];
};
declare const again: () => Watch;
declare const write: (name: string, content: string) => Promise<void>;

/** A watched folder in the page's own storage, and a page that only notes what is handed over. */
test.beforeEach(async ({ page }) => {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const [{ FolderWatch }, { openDatabase }] = await Promise.all([
      import('/src/features/intake/folder-watch.svelte.ts'),
      import('/src/core/storage/database.ts'),
    ]);
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('cam1', { create: true });
    const write = async (name: string, content: string) => {
      const file = await folder.getFileHandle(name, { create: true });
      const stream = await file.createWritable();
      await stream.write(content);
      await stream.close();
    };
    // All files are as old as those of a card from the sea.
    Object.defineProperty(File.prototype, 'lastModified', { get: () => 1_000 });
    window.showDirectoryPicker = async () => folder;
    await write('20270101-000000-KNOWN.jpg', 'known');
    await write('20270101-000100-NEW.jpg', 'new');
    const known = {
      jobStatus: 'Completed',
      capturedAtSource: 'file-name',
      imageName: '20270101-000000-KNOWN.jpg',
      createdAt: 2_000,
    };
    const state = {
      isBusy: false,
      failure: null as Error | null,
      hangs: false,
      batches: [] as string[][],
      reports: [] as string[],
    };
    const porthole = {
      ...{ role: 'writer', camera: { id: 'camera' }, db: await openDatabase() },
      monitor: { whole: Promise.resolve(), present: [known], seenBefore: 0 },
      get isBusy() {
        return state.isBusy;
      },
      attempt: (work: () => Promise<void>) => work(),
      report: (error: unknown) => state.reports.push(String(error)),
      score: async (files: File[]) => {
        state.batches.push(files.map(({ name }) => name));
        if (state.failure) throw state.failure;
        if (state.hangs) await new Promise(() => undefined);
        return { jobs: files, seenBefore: 0 };
      },
    };
    const again = () => new FolderWatch(porthole as never);
    Object.assign(globalThis, { watch: again(), again, page: state, write });
  });
});

test('what was checked before is not read again; a copy with an old date is taken once it no longer grows', async ({
  page: tab,
}) => {
  const batches = () => tab.evaluate(() => page.batches);
  await tab.evaluate(() => watch.begin());
  await expect.poll(batches).toEqual([['20270101-000100-NEW.jpg']]);
  const began = Date.now();
  await tab.evaluate(() => write('20270101-000200-COPY.jpg', 'half'));
  await expect.poll(batches, { intervals: [50] }).toHaveLength(2);
  expect(Date.now() - began).toBeGreaterThan(1_900);
  expect((await batches())[1]).toEqual(['20270101-000200-COPY.jpg']);
  // After a clock was set right, all that is not known is given again.
  await tab.evaluate(() => {
    watch.lookAgain();
  });
  await expect.poll(batches).toHaveLength(3);
  expect([...(await batches())[2]!].sort()).toEqual(['20270101-000100-NEW.jpg', '20270101-000200-COPY.jpg']);
});

test('it waits for other work, and says that it stopped and why when nothing can be checked', async ({
  page: tab,
}) => {
  await tab.evaluate(async () => {
    page.isBusy = true;
    page.failure = new Error('disk full');
    await watch.begin();
  });
  await expect.poll(() => tab.evaluate(() => watch.isWaiting)).toBe(true);
  expect(await tab.evaluate(() => page.batches)).toEqual([]);
  await tab.evaluate(() => (page.isBusy = false));
  await expect.poll(() => tab.evaluate(() => watch.status)).toBe('stopped');
  expect(await tab.evaluate(() => page.reports)).toEqual(['Error: disk full']);
  await tab.evaluate(() => watch.stop());
  expect(await tab.evaluate(() => watch.status)).toBe('none');

  // Who takes the permission back in the browser's settings is asked again, not told of a lost disk.
  await tab.evaluate(async () => {
    FileSystemDirectoryHandle.prototype.values = () => {
      throw new DOMException('', 'NotAllowedError');
    };
    Object.assign(FileSystemHandle.prototype, { queryPermission: async () => 'prompt' });
    await watch.begin();
  });
  await expect.poll(() => tab.evaluate(() => watch.status)).toBe('asks');
});

test('new files whose checking began twice and never ended are named, and not begun again by themselves', async ({
  page: tab,
}) => {
  const batches = () => tab.evaluate(() => page.batches.length);
  await tab.evaluate(async () => {
    page.hangs = true;
    await watch.begin();
  });
  await expect.poll(batches).toBe(1);
  // As after a reload: the folder may be read without asking.
  await tab.evaluate(() => {
    Object.assign(FileSystemHandle.prototype, { queryPermission: async () => 'granted' });
    again();
  });
  await expect.poll(batches).toBe(2);
  await tab.evaluate(() => Object.assign(globalThis, { watch: again() }));
  await expect.poll(() => tab.evaluate(() => watch.status)).toBe('stopped');
  expect(await tab.evaluate(() => watch.suspects)).toEqual(['20270101-000100-NEW.jpg']);
  expect(await batches()).toBe(2);
  // The person may go on all the same, and what ends is no longer suspected.
  await tab.evaluate(async () => {
    page.hangs = false;
    await watch.goOn();
  });
  await expect.poll(batches).toBe(3);
  await tab.evaluate(() => Object.assign(globalThis, { watch: again() }));
  await expect.poll(() => tab.evaluate(() => watch.status)).toBe('watching');
});
