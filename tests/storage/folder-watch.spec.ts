import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';

interface Watch {
  readonly cameraId: string;
  readonly status: string;
  readonly isWaiting: boolean;
  readonly isDenied: boolean;
  readonly isLost: boolean;
  readonly arrived: number;
  readonly suspects: readonly string[];
  begin(): Promise<void>;
  stop(): Promise<void>;
  lookAgain(): void;
}

interface Watches {
  readonly list: readonly Watch[];
  readonly chosen: Watch;
  readonly asking: readonly Watch[];
  readonly troubled: readonly Watch[];
  readonly hasNews: boolean;
  goOn(watches?: readonly Watch[]): Promise<void>;
}

interface Batch {
  readonly cameraId: string;
  readonly names: string[];
}

declare let watches: Watches;
/** what the watches know of the page, and what it did to them */
declare const page: {
  isBusy: boolean;
  /** for this camera */
  failure: string | null;
  hangs: string | null;
  givesWay: boolean;
  chosen: string;
  /** the folder that the picker gives */
  picks: string;
  batches: Batch[];
  most: number;
  reports: string[];
};
declare const again: () => void;
declare const write: (folder: string, name: string, content: string) => Promise<void>;

/** Folders in the page's own storage, one for each of two cameras, and a page that only notes what is handed over. */
test.beforeEach(async ({ page }) => {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const [{ Watches }, { openDatabase }, { saveCamera }, { saveJobs }, rows] = await Promise.all([
      import('/src/features/intake/watches.svelte.ts'),
      import('/src/core/storage/database.ts'),
      import('/src/core/storage/cameras.ts'),
      import('/src/core/storage/jobs.ts'),
      import('/tests/storage/whole-rows.ts'),
    ]);
    const root = await navigator.storage.getDirectory();
    const write = async (folder: string, name: string, content: string) => {
      const inside = await root.getDirectoryHandle(folder, { create: true });
      const file = await inside.getFileHandle(name, { create: true });
      const stream = await file.createWritable();
      await stream.write(content);
      await stream.close();
    };
    const state = {
      isBusy: false,
      failure: null as string | null,
      hangs: null as string | null,
      givesWay: false,
      chosen: 'a',
      picks: 'cam-a',
      batches: [] as { cameraId: string; names: string[] }[],
      most: 0,
      reports: [] as string[],
    };
    // All files are as old as those of a card from the sea.
    Object.defineProperty(File.prototype, 'lastModified', { get: () => 1_000 });
    window.showDirectoryPicker = async () => root.getDirectoryHandle(state.picks, { create: true });
    await write('cam-a', '20270101-000000-KNOWN.jpg', 'known');
    await write('cam-a', '20270101-000100-NEW.jpg', 'new');
    await write('cam-b', '20270101-000100-NEW.jpg', 'new');
    const db = await openDatabase();
    const cameras = [rows.wholeCamera('a'), rows.wholeCamera('b')];
    for (const camera of cameras) await saveCamera(db, camera);
    const known = { cameraId: 'a', imageName: '20270101-000000-KNOWN.jpg', createdAt: 2_000 };
    const embedding = new Float32Array([1, 2]);
    await saveJobs(db, [
      { job: rows.wholeJob('known', 10, known), embedding, thumbnail: new ArrayBuffer(1) },
    ]);
    let atWork = 0;
    const porthole = {
      ...{ role: 'writer', cameras, db, monitor: { seenBefore: 0 } },
      get camera() {
        return cameras.find(({ id }) => id === state.chosen);
      },
      get isBusy() {
        return state.isBusy;
      },
      attempt: (work: () => Promise<void>) => work(),
      report: (error: unknown) => state.reports.push(String(error)),
      scoreFor: async (cameraId: string, files: File[]) => {
        state.batches.push({ cameraId, names: files.map(({ name }) => name) });
        if (state.givesWay) return { jobs: [], seenBefore: 0, hasGivenWay: true };
        if (state.failure === cameraId) throw new Error('disk full');
        if (state.hangs === cameraId) await new Promise(() => undefined);
        atWork += 1;
        state.most = Math.max(state.most, atWork);
        await new Promise((done) => setTimeout(done, 50));
        atWork -= 1;
        return { jobs: files, seenBefore: 0, hasGivenWay: false };
      },
    };
    /** as after a reload */
    const again = () => {
      Object.assign(globalThis, { watches: new Watches(porthole as never) });
    };
    Object.assign(globalThis, { again, page: state, write });
    again();
  });
  // Its effect runs a moment later.
  await expect.poll(() => page.evaluate(() => watches.list.length)).toBe(2);
});

test('what was checked before is not read again; a copy with an old date is taken once it no longer grows @long', async ({
  page: tab,
}) => {
  const batches = () => tab.evaluate(() => page.batches.map(({ names }) => names));
  await tab.evaluate(() => watches.chosen.begin());
  await expect.poll(batches).toEqual([['20270101-000100-NEW.jpg']]);
  const began = Date.now();
  await tab.evaluate(() => write('cam-a', '20270101-000200-COPY.jpg', 'half'));
  await expect.poll(batches, { intervals: [50] }).toHaveLength(2);
  expect(Date.now() - began).toBeGreaterThan(1_900);
  expect((await batches())[1]).toEqual(['20270101-000200-COPY.jpg']);
  // After a clock was set right, all that is not known is given again.
  await tab.evaluate(() => {
    watches.chosen.lookAgain();
  });
  await expect.poll(batches).toHaveLength(3);
  expect([...(await batches())[2]!].sort()).toEqual(['20270101-000100-NEW.jpg', '20270101-000200-COPY.jpg']);
});

/** Watches both folders, each for its camera. */
async function beginBoth(): Promise<void> {
  for (const watch of watches.list) {
    page.picks = `cam-${watch.cameraId}`;
    await watch.begin();
  }
}

test('folders of two cameras are watched while one is looked at, and never score at the same time @long', async ({
  page: tab,
}) => {
  const told = () =>
    tab.evaluate(() => page.batches.map(({ cameraId, names }) => [cameraId, ...names]).sort());
  await tab.evaluate(beginBoth);
  await expect.poll(told).toEqual([
    ['a', '20270101-000100-NEW.jpg'],
    ['b', '20270101-000100-NEW.jpg'],
  ]);
  await tab.evaluate(() =>
    Promise.all(['cam-a', 'cam-b'].map((folder) => write(folder, '20270101-000200-NEXT.jpg', 'next'))),
  );
  await expect.poll(told).toEqual([
    ['a', '20270101-000100-NEW.jpg'],
    ['a', '20270101-000200-NEXT.jpg'],
    ['b', '20270101-000100-NEW.jpg'],
    ['b', '20270101-000200-NEXT.jpg'],
  ]);
  expect(await tab.evaluate(() => page.most)).toBe(1);
  // To look at the other one halts neither.
  await tab.evaluate(async () => {
    page.chosen = 'b';
    await write('cam-a', '20270101-000300-LAST.jpg', 'last');
  });
  await expect.poll(told).toContainEqual(['a', '20270101-000300-LAST.jpg']);
  await expect.poll(() => tab.evaluate(() => watches.list.map(({ arrived }) => arrived))).toEqual([3, 2]);
});

test('what had to give way is handed over again @long', async ({ page: tab }) => {
  await tab.evaluate(async () => {
    page.givesWay = true;
    page.picks = 'cam-b';
    await watches.list[1]!.begin();
  });
  await expect.poll(() => tab.evaluate(() => page.batches.length)).toBe(2);
  expect(await tab.evaluate(() => watches.list[1]!.isWaiting)).toBe(true);
  await tab.evaluate(() => (page.givesWay = false));
  await expect.poll(() => tab.evaluate(() => watches.list[1]!.arrived)).toBe(1);
  expect(await tab.evaluate(() => watches.list[1]!.isWaiting)).toBe(false);
});

test('it waits for other work, and says that it stopped and why when nothing can be checked @long', async ({
  page: tab,
}) => {
  await tab.evaluate(async () => {
    page.isBusy = true;
    page.failure = 'a';
    await watches.chosen.begin();
    page.picks = 'cam-b';
    await watches.list[1]!.begin();
  });
  await expect.poll(() => tab.evaluate(() => watches.chosen.isWaiting)).toBe(true);
  expect(await tab.evaluate(() => page.batches)).toEqual([]);
  await tab.evaluate(() => (page.isBusy = false));
  await expect.poll(() => tab.evaluate(() => watches.chosen.status)).toBe('stopped');
  expect(await tab.evaluate(() => page.reports)).toEqual(['Error: disk full']);
  // The other camera's goes on.
  await expect.poll(() => tab.evaluate(() => watches.list[1]!.arrived)).toBe(1);
  await tab.evaluate(() => watches.chosen.stop());
  expect(await tab.evaluate(() => watches.chosen.status)).toBe('none');
  await tab.evaluate(() => watches.list[1]!.stop());

  // Who takes the permission back in the browser's settings is asked again, not told of a lost disk.
  await tab.evaluate(async () => {
    FileSystemDirectoryHandle.prototype.values = () => {
      throw new DOMException('', 'NotAllowedError');
    };
    Object.assign(FileSystemHandle.prototype, { queryPermission: async () => 'prompt' });
    await watches.chosen.begin();
  });
  await expect.poll(() => tab.evaluate(() => watches.chosen.status)).toBe('asks');
});

test('new files whose checking began twice and never ended are named, and not begun again by themselves', async ({
  page: tab,
}) => {
  const batches = (of: string) =>
    tab.evaluate((of) => page.batches.filter(({ cameraId }) => cameraId === of).length, of);
  const statusOf = (i: number) => tab.evaluate((i) => watches.list[i]?.status, i);
  await tab.evaluate(async () => {
    page.hangs = 'a';
    await watches.chosen.begin();
  });
  await expect.poll(() => batches('a')).toBe(1);
  // The other camera's new files, which are checked between, don't take back what is held against these.
  await tab.evaluate(async () => {
    Object.assign(FileSystemHandle.prototype, { queryPermission: async () => 'granted' });
    page.picks = 'cam-b';
    page.chosen = 'b';
    again();
  });
  await expect.poll(() => batches('a')).toBe(2);
  await tab.evaluate(() => {
    again();
  });
  await expect.poll(() => statusOf(0)).toBe('stopped');
  await tab.evaluate(() => watches.chosen.begin());
  await expect.poll(() => batches('b')).toBe(1);
  await expect.poll(() => tab.evaluate(() => watches.chosen.arrived)).toBe(1);
  await tab.evaluate(() => {
    again();
  });
  await expect.poll(() => statusOf(0)).toBe('stopped');
  await expect.poll(() => statusOf(1)).toBe('watching');
  expect(await tab.evaluate(() => watches.list[0]?.suspects)).toEqual(['20270101-000100-NEW.jpg']);
  // It is not looked at, so it is told wherever the person is.
  expect(await tab.evaluate(() => watches.troubled.map(({ cameraId }) => cameraId))).toEqual(['a']);
  expect(await batches('a')).toBe(2);
  // The person may go on all the same, and what ends is no longer suspected.
  await tab.evaluate(async () => {
    page.hangs = null;
    await watches.goOn([watches.list[0]!]);
  });
  await expect.poll(() => batches('a')).toBe(3);
  await expect.poll(() => tab.evaluate(() => watches.list[0]?.arrived)).toBe(1);
  await tab.evaluate(() => {
    again();
  });
  await expect.poll(() => statusOf(0)).toBe('watching');
});

test('one click asks for all folders before anything is waited for; what is refused stays, and is known', async ({
  page: tab,
}) => {
  await tab.evaluate(beginBoth);
  await expect.poll(() => tab.evaluate(() => page.batches.length)).toBe(2);
  const asked = await tab.evaluate(async () => {
    const granted = new Set<string>();
    const asked: string[] = [];
    Object.assign(FileSystemHandle.prototype, {
      async queryPermission(this: FileSystemHandle) {
        return granted.has(this.name) ? 'granted' : 'prompt';
      },
      requestPermission(this: FileSystemHandle) {
        asked.push(this.name);
        if (this.name === 'cam-b') return Promise.resolve('denied');
        granted.add(this.name);
        return Promise.resolve('granted');
      },
    });
    again();
    while (watches.asking.length < 2) await new Promise((done) => setTimeout(done, 20));
    const going = watches.goOn();
    const inTheClick = [...asked].sort();
    await going;
    return inTheClick;
  });
  expect(asked).toEqual(['cam-a', 'cam-b']);
  const found = () => tab.evaluate(() => watches.list.map(({ status, isDenied }) => ({ status, isDenied })));
  expect(await found()).toEqual([
    { status: 'watching', isDenied: false },
    { status: 'asks', isDenied: true },
  ]);
  expect(await tab.evaluate(() => watches.hasNews)).toBe(true);
});
