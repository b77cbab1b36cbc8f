import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';

interface Watch {
  readonly cameraId: string;
  readonly status: string;
  readonly isWaiting: boolean;
  readonly isDenied: boolean;
  readonly isLost: boolean;
  readonly failed: { readonly count: number; readonly paths: readonly string[] } | null;
  readonly lastLook: number | null;
  readonly arrived: number;
  readonly suspects: readonly string[];
  begin(): Promise<void>;
  stop(): Promise<void>;
  find(of: { imageName: string; capturedAt: number; contentSha256: string }): Promise<File | null>;
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

type Distances = readonly (readonly [name: string, distance: number | null])[];

declare let watches: Watches;
/** the page as the watches see it, and the watches' calls to it */
declare const page: {
  isBusy: boolean;
  /** for this camera */
  failure: string | null;
  hangs: string | null;
  /** over the file of this name */
  hangsOver: string | null;
  givesWay: boolean;
  chosen: string;
  /** the folder that the picker gives */
  picks: string;
  batches: Batch[];
  most: number;
  reports: string[];
  now: number | null;
  /** dates of files by their names, where they are not as old as those of a card from the sea */
  dates: Record<string, number>;
  /** names of files that can't be opened, and of those that can't be read */
  unopened: string[];
  unreadable: string[];
  /** names of all files whose content was asked for */
  reads: string[];
};
/** scores files for a camera that were not found in its folder, in one batch, and forgets what was scored */
declare const distancesAtOnce: (cameraId: string, files: readonly File[]) => Promise<Distances>;
declare const distances: (cameraId: string) => Promise<Distances>;
declare const again: () => void;
/** the same, and what was open before is at its end */
declare const reopen: () => Promise<void>;
/** @param folder - below the page's own storage */
declare const write: (folder: string, name: string, content: string) => Promise<void>;
/** a camera's rows, as `content name` in capture order; a failed job as `code name` */
declare const stored: (cameraId?: string) => Promise<string[]>;
/** a look of the chosen camera's folder that begins after this and ends */
declare const nextLook: () => Promise<void>;
declare const setReference: (names: string[], contents: string[] | null) => Promise<void>;

/**
 * Folders in the page's own storage, one for each of two cameras. What is scored is judged and stored by the real batches;
 * only the encoder is one for texts: `half` begins a file that is damaged.
 */
test.beforeEach(async ({ page }) => {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const [
      { Watches },
      { shown, UNTOLD },
      { Turns },
      { openDatabase },
      cameraRows,
      jobRows,
      { saveJobs },
      rows,
      { sha256 },
    ] = await Promise.all([
      import('/src/features/intake/watches.svelte.ts'),
      import('/tests/storage/batches.ts'),
      import('/src/core/domain/turns.ts'),
      import('/src/core/storage/database.ts'),
      import('/src/core/storage/cameras.ts'),
      import('/src/core/storage/jobs.ts'),
      import('/src/core/storage/new-jobs.ts'),
      import('/tests/storage/whole-rows.ts'),
      import('/src/core/encoder/sha256.ts'),
    ]);
    const root = await navigator.storage.getDirectory();
    const folderAt = async (path: string) => {
      let inside = root;
      for (const name of path.split('/')) inside = await inside.getDirectoryHandle(name, { create: true });
      return inside;
    };
    const write = async (folder: string, name: string, content: string) => {
      const inside = await folderAt(folder);
      const file = await inside.getFileHandle(name, { create: true });
      const stream = await file.createWritable();
      await stream.write(content);
      await stream.close();
    };
    const state = {
      isBusy: false,
      failure: null as string | null,
      hangs: null as string | null,
      hangsOver: null as string | null,
      givesWay: false,
      chosen: 'a',
      picks: 'cam-a',
      batches: [] as { cameraId: string; names: string[] }[],
      most: 0,
      reports: [] as string[],
      now: null as number | null,
      dates: {} as Record<string, number>,
      unopened: [] as string[],
      unreadable: [] as string[],
      reads: [] as string[],
    };
    Object.defineProperty(File.prototype, 'lastModified', {
      get(this: File) {
        return state.dates[this.name] ?? Date.UTC(2024, 5, 1);
      },
    });
    const getFile = Reflect.get(FileSystemFileHandle.prototype, 'getFile');
    FileSystemFileHandle.prototype.getFile = async function () {
      if (state.unopened.includes(this.name)) throw new DOMException('', 'NotFoundError');
      return getFile.call(this);
    };
    const arrayBuffer = Reflect.get(Blob.prototype, 'arrayBuffer');
    Blob.prototype.arrayBuffer = async function () {
      if (this instanceof File) {
        if (state.unreadable.includes(this.name)) throw new DOMException('', 'NotReadableError');
        state.reads.push(this.name);
      }
      return arrayBuffer.call(this);
    };
    const hashOf = (text: string) => sha256(new TextEncoder().encode(text).buffer);
    const encoded = async (file: File) => {
      const bytes = await file.arrayBuffer().catch(() => null);
      if (!bytes) {
        const contentSha256 = await hashOf(`${file.name}/${file.size}/${file.lastModified}`);
        return { ok: false, contentSha256, code: 'file-unreadable', detail: '' };
      }
      const contentSha256 = await sha256(bytes);
      const text = new TextDecoder().decode(bytes);
      if (text.startsWith('half')) return { ok: false, contentSha256, code: 'image-damaged', detail: '' };
      texts.set(contentSha256, text);
      const { properties } = rows.wholeJob();
      const embedding = new Float32Array([text.length / 100, 1]);
      return { ok: true, contentSha256, embedding, properties, thumbnail: new ArrayBuffer(1), glass: null };
    };
    const texts = new Map([['known', 'known']]);
    const pool = {
      async *encode(files: readonly File[]) {
        for (const file of files) yield [await encoded(file)];
      },
      fingerprint: (files: readonly File[]) =>
        Promise.all(files.map(async (file) => (await encoded(file)).contentSha256)),
    };
    window.showDirectoryPicker = async () => folderAt(state.picks);
    await write('cam-a', '20250101-000100-NEW.jpg', 'new');
    await write('cam-b', '20250101-000100-NEW.jpg', 'new');
    const db = await openDatabase();
    const cameras = ['a', 'b'].map((id) => rows.wholeCamera(id, { referenceId: `clean ${id}` }));
    const setReference = async (names: string[], contents: string[] | null, cameraId = 'a') => {
      const contentSha256 =
        contents && (await Promise.all(contents.map(async (text) => (text === '' ? '' : hashOf(text)))));
      const embeddings = Array.from({ length: 60 }, (_, i) => new Float32Array([(i % 40) / 100, 1]));
      const more = { cameraId, names, embeddings, ...(contentSha256 && { contentSha256 }) };
      await db.put('references', rows.wholeReference(`clean ${cameraId}`, more));
    };
    for (const camera of cameras) {
      await cameraRows.saveCamera(db, camera);
      await setReference(['', ''], null, camera.id);
    }
    const known = {
      cameraId: 'a',
      imageName: '20250101-000000-KNOWN.jpg',
      createdAt: Date.UTC(2024, 6, 1),
      contentSha256: await hashOf('known'),
      referenceId: 'clean a',
    };
    texts.set(known.contentSha256, 'known');
    const embedding = new Float32Array([1, 2]);
    await saveJobs(db, [
      { job: rows.wholeJob('known', 10, known), embedding, thumbnail: new ArrayBuffer(1) },
    ]);
    const now = () => state.now ?? Date.now();
    const parts = {
      ...{ db, pool, turns: new Turns(), looker: null, now, followers: UNTOLD },
      models: { open: async () => undefined },
    };
    const batchesOf = async (cameraId: string) => {
      const camera = cameras.find(({ id }) => id === cameraId)!;
      const references = await cameraRows.loadReferences(db, cameraId);
      const jobs = await jobRows.loadJobs(db, cameraId);
      const watched = { camera, reference: references[0]!, references, events: [] };
      return (await shown(parts as never, watched, jobs)).batches;
    };
    let atWork = 0;
    const scoring = {
      scoreFor: async (cameraId: string, files: File[], _: unknown, isAnswered: () => boolean) => {
        state.batches.push({ cameraId, names: files.map(({ name }) => name) });
        if (state.givesWay) return { jobs: [], byFile: new Map(), seenBefore: 0, hasGivenWay: true };
        if (state.failure === cameraId) throw new Error('disk full');
        const isHanging = state.hangs === cameraId || files.some(({ name }) => name === state.hangsOver);
        if (isHanging) await new Promise(() => undefined);
        atWork += 1;
        state.most = Math.max(state.most, atWork);
        const batches = await batchesOf(cameraId);
        const scored = await batches.score(files, [], { isByHand: false, isAnswered });
        atWork -= 1;
        return { ...scored, hasGivenWay: false };
      },
    };
    const porthole = {
      ...{ db, scoring },
      cameras: {
        ...{ all: cameras, now },
        get chosen() {
          return cameras.find(({ id }) => id === state.chosen);
        },
      },
      work: {
        role: 'writer',
        get isBusy() {
          return state.isBusy;
        },
        attempt: (work: () => Promise<void>) => work(),
        report: (error: unknown) => state.reports.push(String(error)),
      },
    };
    const stored = async (cameraId = 'a') =>
      (await jobRows.loadJobs(db, cameraId)).map((job) =>
        job.jobStatus === 'Failed'
          ? `${job.code} ${job.imageName}`
          : `${String(texts.get(job.contentSha256))} ${job.imageName}`,
      );
    const distances = async (cameraId: string) =>
      (await jobRows.loadJobs(db, cameraId)).map((job) => [
        job.imageName,
        job.jobStatus === 'Completed' ? job.distance : null,
      ]);
    const distancesAtOnce = async (cameraId: string, files: File[]) => {
      await scoring.scoreFor(cameraId, files, [], () => false);
      const found = await distances(cameraId);
      for (const { id } of await jobRows.loadJobs(db, cameraId)) await db.delete('jobs', id);
      state.batches = [];
      return found;
    };
    let watches = new Watches(porthole as never);
    const nextLook = async () => {
      // The first may have begun before, and the second has ended when the third one has.
      for (let i = 0; i < 3; i += 1) {
        const before = watches.chosen?.lastLook;
        // It wakes who waits for the next look, where the browser tells of changes.
        await write(state.picks, 'wake.txt', String(Math.random()));
        while (watches.chosen?.lastLook === before) await new Promise((done) => setTimeout(done, 20));
      }
    };
    /** as after a reload */
    const again = () => {
      watches = new Watches(porthole as never);
      Object.assign(globalThis, { watches });
    };
    const reopen = async () => {
      await Promise.all(watches.list.map((watch) => watch.end()));
      Object.assign(state, { batches: [], reads: [] });
      again();
      while (!watches.chosen?.lastLook) await new Promise((done) => setTimeout(done, 20));
    };
    Object.assign(FileSystemHandle.prototype, { queryPermission: async () => 'granted' });
    Object.assign(globalThis, { again, reopen, page: state, write, stored, nextLook, setReference });
    Object.assign(globalThis, { watches, distances, distancesAtOnce });
  });
  // Its effect runs a moment later.
  await expect.poll(() => page.evaluate(() => watches.list.length)).toBe(2);
});

test('what was checked is not read again after a reload; a copy with an old date is taken once it no longer grows @long', async ({
  page: tab,
}) => {
  const batches = () => tab.evaluate(() => page.batches.map(({ names }) => names));
  await tab.evaluate(async () => {
    // It was judged in an earlier visit.
    await write('cam-a', '20250101-000000-KNOWN.jpg', 'known');
    await watches.chosen.begin();
  });
  await expect.poll(() => tab.evaluate(() => watches.chosen.arrived)).toBe(1);
  expect((await batches()).map((names) => [...names].sort())).toEqual([
    ['20250101-000000-KNOWN.jpg', '20250101-000100-NEW.jpg'],
  ]);
  const began = Date.now();
  await tab.evaluate(() => write('cam-a', '20250101-000200-COPY.jpg', 'copy'));
  await expect.poll(batches, { intervals: [50] }).toHaveLength(2);
  expect(Date.now() - began).toBeGreaterThan(1_900);
  expect((await batches())[1]).toEqual(['20250101-000200-COPY.jpg']);
  const all = [
    'known 20250101-000000-KNOWN.jpg',
    'new 20250101-000100-NEW.jpg',
    'copy 20250101-000200-COPY.jpg',
  ];
  await expect.poll(() => tab.evaluate(() => stored())).toEqual(all);
  const after = await tab.evaluate(async () => {
    await nextLook();
    await reopen();
    await nextLook();
    return { reads: page.reads, batches: page.batches };
  });
  expect(after).toEqual({ reads: [], batches: [] });
  expect(await tab.evaluate(() => stored())).toEqual(all);
});

test('files of one name in other folders, or written anew with an older date, are all judged, and each content once @long', async ({
  page: tab,
}) => {
  await tab.evaluate(async () => {
    await write('cam-a/11-20', '20250101-000000-KNOWN.jpg', 'another');
    await write('cam-a/11-20', '120000.jpg', 'noon');
    await write('cam-a/11-22', '120000.jpg', 'noon of another day');
    await write('cam-a/11-23', '120000.jpg', 'noon');
    await watches.chosen.begin();
  });
  const contents = () =>
    tab.evaluate(async () => (await stored()).map((each) => each.replace(/ \S+$/, '')).sort());
  const first = ['another', 'known', 'new', 'noon', 'noon of another day'];
  await expect.poll(contents).toEqual(first);
  // As `rsync -t` and ring buffers write.
  await tab.evaluate(async () => {
    page.dates['20250101-000100-NEW.jpg'] = Date.UTC(2024, 4, 1);
    await write('cam-a', '20250101-000100-NEW.jpg', 'newer');
  });
  await expect.poll(contents).toEqual([...first, 'newer'].sort());
  const found = await tab.evaluate(async () => {
    const day = { imageName: '120000.jpg', capturedAt: 0 };
    const { sha256 } = await import('/src/core/encoder/sha256.ts');
    const of = async (text: string) => {
      const contentSha256 = await sha256(new TextEncoder().encode(text).buffer);
      return (await watches.chosen.find({ ...day, contentSha256 }))?.text() ?? null;
    };
    return [await of('noon'), await of('noon of another day'), await of('gone')];
  });
  expect(found).toEqual(['noon', 'noon of another day', null]);
});

test('a file that can’t be opened or read now, or is half written, is told and tried again, and stored once it is whole @long', async ({
  page: tab,
}) => {
  await tab.evaluate(async () => {
    page.now = Date.now();
    page.unreadable = ['20250101-000200-LOCKED.jpg'];
    page.unopened = ['20250101-000300-GONE.jpg'];
    await write('cam-a', '20250101-000200-LOCKED.jpg', 'locked');
    await write('cam-a', '20250101-000300-GONE.jpg', 'gone');
    await write('cam-a', '20250101-000400-STALLED.jpg', 'half of it');
    await watches.chosen.begin();
  });
  await expect
    .poll(() => tab.evaluate(() => watches.chosen.failed))
    .toMatchObject({ count: 3, isLong: false });
  const read = ['known 20250101-000000-KNOWN.jpg', 'new 20250101-000100-NEW.jpg'];
  expect(await tab.evaluate(() => stored())).toEqual(read);
  // Nothing is tried again before its time has come.
  const tries = await tab.evaluate(async () => {
    const before = page.batches.length;
    await nextLook();
    const meanwhile = page.batches.length - before;
    page.now! += 61 * 60_000;
    await nextLook();
    return { meanwhile, later: page.batches.slice(before).map(({ names }) => [...names].sort()) };
  });
  expect(tries).toEqual({
    meanwhile: 0,
    later: [['20250101-000200-LOCKED.jpg', '20250101-000400-STALLED.jpg']],
  });
  expect(await tab.evaluate(() => watches.chosen.failed)).toMatchObject({ count: 3, isLong: true });
  expect(await tab.evaluate(() => stored())).toEqual(read);
  await tab.evaluate(async () => {
    page.unreadable = [];
    page.unopened = [];
    // The rest of it has the date of yesterday.
    page.dates['20250101-000400-STALLED.jpg'] = Date.UTC(2024, 4, 1);
    await write('cam-a', '20250101-000400-STALLED.jpg', 'all of it');
    page.now! += 5 * 60_000;
  });
  await expect
    .poll(() => tab.evaluate(() => stored()))
    .toEqual([
      ...read,
      'locked 20250101-000200-LOCKED.jpg',
      'gone 20250101-000300-GONE.jpg',
      'all of it 20250101-000400-STALLED.jpg',
    ]);
  await expect.poll(() => tab.evaluate(() => watches.chosen.failed?.count)).toBe(0);
});

test('a damaged file has one failed job after a day, and an unreadable one is judged even then @long', async ({
  page: tab,
}) => {
  await tab.evaluate(async () => {
    page.now = Date.now();
    page.unreadable = ['20250101-000200-LOCKED.jpg'];
    await write('cam-a', '20250101-000200-LOCKED.jpg', 'locked');
    await write('cam-a', '20250101-000400-DAMAGED.jpg', 'half of it');
    await watches.chosen.begin();
  });
  await expect.poll(() => tab.evaluate(() => watches.chosen.failed?.count)).toBe(2);
  const others = () => tab.evaluate(async () => (await stored()).slice(2));
  expect(await others()).toEqual([]);
  // A clock that has jumped ahead is no day: the third try after it gives the answer.
  for (const minutes of [24 * 60, 5, 5]) {
    expect(await others()).toEqual([]);
    await tab.evaluate(async (minutes) => {
      const before = page.batches.length;
      page.now! += minutes * 60_000;
      while (page.batches.length === before) await nextLook();
      await nextLook();
    }, minutes);
  }
  const damaged = 'image-damaged 20250101-000400-DAMAGED.jpg';
  await expect.poll(others).toEqual(['file-unreadable 20250101-000200-LOCKED.jpg', damaged]);
  await tab.evaluate(() => {
    page.unreadable = [];
    page.now! += 5 * 60_000;
    return nextLook();
  });
  await expect.poll(others).toEqual(['locked 20250101-000200-LOCKED.jpg', damaged]);
  await expect.poll(() => tab.evaluate(() => watches.chosen.failed?.count)).toBe(0);
});

test('snapshots are judged though the device’s clock is behind all of their camera @long', async ({
  page: tab,
}) => {
  await tab.evaluate(async () => {
    page.now = Date.UTC(2024, 0, 1);
    await write('cam-a', '20250102-000000-AHEAD.jpg', 'ahead');
    await watches.chosen.begin();
  });
  await expect
    .poll(() => tab.evaluate(() => stored()))
    .toEqual([
      'known 20250101-000000-KNOWN.jpg',
      'new 20250101-000100-NEW.jpg',
      'ahead 20250102-000000-AHEAD.jpg',
    ]);
});

test('a folder of many is judged part by part as in one batch, the oldest first, and a visit that ends keeps its parts @long', async ({
  page: tab,
}) => {
  test.setTimeout(120_000);
  const found = await tab.evaluate(async () => {
    const names = Array.from({ length: 1_100 }, (_, i) => {
      const at = Date.UTC(2025, 0, 1) + i * 60_000;
      const stamp = new Date(at).toISOString().replace(/[-:]|\..*/g, '');
      const name = i % 3 === 0 ? `${String(9_999 - i)}.jpg` : `${stamp.replace('T', '-')}-PIER.jpg`;
      page.dates[name] = i % 3 === 0 ? at : Date.UTC(2025, 5, 1) - at / 1_000;
      return name;
    });
    const files = names.map((name, i) => new File(['x'.repeat((i * 7) % 40) + name], name));
    const [first] = files.splice(0, 1);
    files.push(first!);
    Object.assign(FileSystemDirectoryHandle.prototype, {
      async *values() {
        for (const file of files) yield { kind: 'file', name: file.name, getFile: async () => file };
      },
    });
    const until = async (is: () => boolean) => {
      while (!is()) await new Promise((done) => setTimeout(done, 20));
    };
    const atOnce = await distancesAtOnce('b', files);
    page.hangsOver = names[700]!;
    page.picks = 'cam-b';
    await watches.list[1]!.begin();
    await until(() => page.batches.length === 2);
    const after = (await distances('b')).length;
    again();
    await until(() => page.batches.length === 3);
    again();
    await until(() => watches.list[1]?.status === 'stopped');
    const { suspects } = watches.list[1]!;
    page.hangsOver = null;
    await watches.goOn([watches.list[1]!]);
    await until(() => watches.list[1]!.arrived === 600);
    const order = page.batches.map((batch) => [batch.names[0], batch.names.at(-1), batch.names.length]);
    return { names, atOnce, after, suspects, order, inParts: await distances('b') };
  });
  const part = (from: number, to: number) => [found.names[from], found.names[to - 1], to - from];
  const second = part(500, 1000);
  expect(found.order).toEqual([part(0, 500), second, second, second, part(1000, 1100)]);
  expect(found.after).toBe(500);
  expect(found.suspects).toEqual(found.names.slice(500, 505));
  expect(found.inParts).toEqual(found.atOnce);
  expect(found.atOnce.filter(([, distance]) => distance !== null).length).toBeGreaterThan(1_000);
});

test('files that the reference was made from are left out by content, and another file of their name is judged @long', async ({
  page: tab,
}) => {
  await tab.evaluate(async () => {
    await setReference(['CLEAN.jpg', '20250101-000500-OLD.jpg'], ['clean', '']);
    await write('cam-a', 'CLEAN.jpg', 'clean');
    await write('cam-a/again', 'CLEAN.jpg', 'not clean');
    // Its content is not known: the name has to do.
    await write('cam-a', '20250101-000500-OLD.jpg', 'old');
    await watches.chosen.begin();
  });
  const contents = () =>
    tab.evaluate(async () => (await stored()).map((each) => each.replace(/ \S+$/, '')).sort());
  await expect.poll(contents).toEqual(['known', 'new', 'not clean']);
  const reads = await tab.evaluate(async () => {
    await nextLook();
    await reopen();
    return page.reads;
  });
  expect(reads).toEqual([]);
  // A second file of that name may be any picture.
  await tab.evaluate(() => write('cam-a/more', '20250101-000500-OLD.jpg', 'older'));
  await expect.poll(contents).toEqual(['known', 'new', 'not clean', 'older']);
});

test('in a folder of thousands a file that is written anew under its name is judged, and no other one is read @long', async ({
  page: tab,
}) => {
  const names = Array.from({ length: 5_000 }, (_, i) => `ring-${String(i)}.jpg`);
  const reads = await tab.evaluate(async (names) => {
    const [{ openDatabase }, { saveSeenFiles }] = await Promise.all([
      import('/src/core/storage/database.ts'),
      import('/src/core/storage/seen-files.ts'),
    ]);
    await watches.chosen.begin();
    await nextLook();
    const contents = { last: 'old' };
    const getFileOf = (name: string) => async () =>
      new File([name === names.at(-1) ? contents.last : 'old'], name);
    Object.assign(FileSystemDirectoryHandle.prototype, {
      async *values() {
        for (const name of names) yield { kind: 'file', name, getFile: getFileOf(name) };
      },
    });
    const stamp = `3 ${String(Date.UTC(2024, 5, 1))} model`;
    const rows = names.map((path) => ({ cameraId: 'a', path, stamp }));
    await saveSeenFiles(await openDatabase(), rows);
    await reopen();
    await nextLook();
    const before = [...page.reads];
    contents.last = 'newer';
    await nextLook();
    return before;
  }, names);
  expect(reads).toEqual([]);
  await expect.poll(() => tab.evaluate(() => stored())).toContain('newer ring-4999.jpg');
  expect([...new Set(await tab.evaluate(() => page.reads))]).toEqual(['ring-4999.jpg']);
});

test('another folder is read from the start, and the same one is not @long', async ({ page: tab }) => {
  const found = await tab.evaluate(async () => {
    const all = async () => {
      await watches.chosen.begin();
      await nextLook();
      const names = [...new Set(page.reads)].sort();
      page.reads = [];
      return names;
    };
    const first = await all();
    const same = await all();
    page.picks = 'cam-c';
    await write('cam-c', '20250101-000100-NEW.jpg', 'new');
    const other = await all();
    return { first, same, other };
  });
  const fresh = '20250101-000100-NEW.jpg';
  expect(found).toEqual({ first: [fresh], same: [], other: [fresh] });
  expect(await tab.evaluate(() => stored())).toHaveLength(2);
});

test('names of any length and alphabet are judged, found again and not read twice @long', async ({
  page: tab,
}) => {
  // 255 bytes, the most that file systems allow.
  const names = [
    `${'海'.repeat(83)}00.jpg`,
    'Ångström été 🐠.jpg',
    'a\u0301 tilde~1%20#?.jpg',
    '20250101-000300 الكاميرا.jpg',
  ];
  const found = await tab.evaluate(async (names) => {
    for (const name of names) await write('cam-a/海中', name, name);
    await watches.chosen.begin();
    while ((await stored()).length < 2 + names.length) await new Promise((done) => setTimeout(done, 20));
    const found = await Promise.all(
      names.map(async (imageName) => {
        const of = { imageName, capturedAt: 0, contentSha256: '' };
        return (await watches.chosen.find(of))?.text();
      }),
    );
    await nextLook();
    await reopen();
    return { found, reads: page.reads };
  }, names);
  expect(found).toEqual({ found: names, reads: [] });
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
    ['a', '20250101-000100-NEW.jpg'],
    ['b', '20250101-000100-NEW.jpg'],
  ]);
  await tab.evaluate(() =>
    Promise.all(['cam-a', 'cam-b'].map((folder) => write(folder, '20250101-000200-NEXT.jpg', 'next'))),
  );
  await expect.poll(told).toEqual([
    ['a', '20250101-000100-NEW.jpg'],
    ['a', '20250101-000200-NEXT.jpg'],
    ['b', '20250101-000100-NEW.jpg'],
    ['b', '20250101-000200-NEXT.jpg'],
  ]);
  expect(await tab.evaluate(() => page.most)).toBe(1);
  // To look at the other one halts neither.
  await tab.evaluate(async () => {
    page.chosen = 'b';
    await write('cam-a', '20250101-000300-LAST.jpg', 'last');
  });
  await expect.poll(told).toContainEqual(['a', '20250101-000300-LAST.jpg']);
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
  expect(await tab.evaluate(() => watches.list[0]?.suspects)).toEqual(['20250101-000100-NEW.jpg']);
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
