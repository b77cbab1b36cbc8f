import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { expect, test } from '@playwright/test';
import { canBeRead, Folder } from '../../scripts/station/folder.mjs';
import { BLANK } from '../addresses';

/** Files below a folder that are old enough to be whole. */
function bring(folder: string, names: readonly (string | Buffer)[]): void {
  for (const name of names) {
    const path = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)]);
    writeFileSync(path, 'x');
    utimesSync(path, 1000, 1000);
  }
}

const pathsOf = (folder: string, { files }: Awaited<ReturnType<Folder['look']>>) =>
  files.map(({ path }) => relative(folder, path)).sort();

/** Root may read everything, so it becomes somebody else for a moment. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid!('nobody');
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}

test('a file is whole once two looks found it alike, and one that was not taken is found again with what came after', async () => {
  const path = mkdtempSync(join(tmpdir(), 'porthole-folder-'));
  try {
    const folder = new Folder(path);
    const write = (name: string, text: string) => {
      writeFileSync(join(path, name), text);
    };
    const look = async () => {
      const { files } = await folder.look();
      return { files, names: files.map((file) => basename(file.path)).sort() };
    };
    write('20260501-100000.jpg', 'half');
    write('.hidden.jpg', 'x');
    write('notes.txt', 'x');
    expect((await look()).names).toEqual([]);
    write('20260501-100000.jpg', 'all of it');
    expect((await look()).names).toEqual([]);
    expect((await look()).names).toEqual(['20260501-100000.jpg']);
    // It was handed over, and the page ended before it was scored.
    write('20260501-110000.jpg', 'the next');
    expect((await look()).names).toEqual(['20260501-100000.jpg']);
    const both = await look();
    expect(both.names).toEqual(['20260501-100000.jpg', '20260501-110000.jpg']);
    folder.take(both.files);
    expect((await look()).names).toEqual([]);
    write('20260501-110000.jpg', 'written anew, and longer');
    await look();
    expect((await look()).names).toEqual(['20260501-110000.jpg']);
  } finally {
    rmSync(path, { recursive: true });
  }
});

test('files of one time are found in one look, also where they grow old while it lasts', async () => {
  const path = mkdtempSync(join(tmpdir(), 'porthole-folder-'));
  try {
    const names = Array.from({ length: 500 }, (_, i) => `${String(i).padStart(3, '0')}.jpg`);
    for (const name of names) writeFileSync(join(path, name), 'x');
    // Ten seconds after it they count as whole.
    const written = (Date.now() - 9_000) / 1000;
    for (const name of names) utimesSync(join(path, name), written, written);
    const counts = new Set<number>();
    while (!counts.has(names.length)) counts.add((await new Folder(path).look()).files.length);
    expect([...counts]).toEqual([0, names.length]);
  } finally {
    rmSync(path, { recursive: true });
  }
});

test('links that lead out of a folder are skipped and counted, and what they lead to inside is found once', async () => {
  const place = mkdtempSync(join(tmpdir(), 'porthole-folder-'));
  try {
    const path = join(place, 'camera');
    for (const folder of ['camera/day', 'camera/.kept', 'camera-2'])
      mkdirSync(join(place, folder), { recursive: true });
    bring(place, [
      'secret.jpg',
      'camera-2/other.jpg',
      'camera/day/a.jpg',
      'camera/.kept/b.jpg',
      'camera/c.raw',
    ]);
    const link = (target: string, name: string) => {
      symlinkSync(target, join(path, name));
    };
    link(join(place, 'secret.jpg'), 'secret.jpg');
    link('../camera-2', 'sibling');
    link('/', 'root');
    link('day/a.jpg', 'same.jpg');
    link('day', 'again');
    link('..', 'day/up');
    link('.', 'day/loop');
    link('itself.jpg', 'itself.jpg');
    link('nowhere.jpg', 'dangling.jpg');
    link('.kept/b.jpg', 'latest.jpg');
    link('c.raw', 'converted.jpg');
    const looked = await new Folder(path).look();
    expect(pathsOf(path, looked)).toEqual(['converted.jpg', 'day/a.jpg', 'latest.jpg']);
    expect(looked.links).toBe(3);
    // The folder itself may be given by a link.
    symlinkSync(path, join(place, 'current'));
    expect(pathsOf(join(place, 'current'), await new Folder(join(place, 'current')).look())).toHaveLength(3);
  } finally {
    rmSync(place, { recursive: true });
  }
});

test('names of any length and alphabet are found; one that is not UTF-8 is counted, and the others are found', async () => {
  test.skip(process.platform !== 'linux', 'other systems refuse such names');
  const path = mkdtempSync(join(tmpdir(), 'porthole-folder-'));
  try {
    const names = [
      `${'\u6df1'.repeat(83)}.jpg`,
      '"quoted\'.jpg',
      'two\nlines\tand a tab.jpg',
      'צלול 🐟.jpg',
      '20260501 \\.jpg',
    ];
    const broken = [
      Buffer.from('c\xe1mara.jpg', 'latin1'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('no picture \xff', 'latin1'),
    ];
    bring(path, names);
    bring(path, [broken[0]!, broken[2]!]);
    mkdirSync(Buffer.concat([Buffer.from(`${path}/`), broken[1]!]));
    const looked = await new Folder(path).look();
    expect(pathsOf(path, looked)).toEqual([...names].sort());
    expect(looked.names).toBe(2);
    expect(await Promise.all(looked.files.map(canBeRead))).toEqual(names.map(() => true));
  } finally {
    rmSync(path, { recursive: true });
  }
});

test('a file or a folder that may not be read now keeps nothing else from being found', async () => {
  const path = mkdtempSync(join(tmpdir(), 'porthole-folder-'));
  try {
    chmodSync(path, 0o755);
    for (const day of ['20', '21', '22']) mkdirSync(join(path, day));
    bring(path, ['20/120000.jpg', '21/120000.jpg', '22/120000.jpg', 'a.jpg', 'b.jpg']);
    chmodSync(join(path, 'a.jpg'), 0);
    chmodSync(join(path, '21'), 0);
    // Its names can be listed, its files can't be reached.
    chmodSync(join(path, '22'), 0o644);
    const folder = new Folder(path);
    const { looked, can } = await asNobody(async () => {
      const looked = await folder.look();
      return { looked, can: await Promise.all(looked.files.map(canBeRead)) };
    });
    const readable = looked.files.filter((_, i) => can[i]).map((file) => relative(path, file.path));
    expect(readable.sort()).toEqual(['20/120000.jpg', 'b.jpg']);
    expect(pathsOf(path, looked)).toEqual(['20/120000.jpg', '22/120000.jpg', 'a.jpg', 'b.jpg']);
    expect(looked.lost).toEqual({ path: join(path, '21'), code: 'EACCES' });
    for (const each of ['a.jpg', '21', '22']) chmodSync(join(path, each), 0o755);
    const all = await folder.look();
    expect(pathsOf(path, all)).toHaveLength(5);
    expect(all.lost).toBeNull();
    rmSync(join(path, 'a.jpg'));
    expect(await canBeRead(all.files.find((file) => file.path.endsWith('a.jpg'))!)).toBe(false);
  } finally {
    for (const day of ['21', '22']) chmodSync(join(path, day), 0o755);
    rmSync(path, { recursive: true });
  }
});

test('a file that can’t be read is waited for since the same time while its subfolder is lost', async ({
  page,
}) => {
  await page.goto(BLANK);
  const counts = await page.evaluate(async () => {
    const [{ Station }, { openDatabase }] = await Promise.all([
      import('/src/scripting/station.ts'),
      import('/src/core/storage/database.ts'),
    ]);
    const cameras = [{ id: 'pier', name: 'Pier', modelSha256: 'model' }];
    const now = () => 1_000_000_000;
    const session = { db: await openDatabase(), cameras: { all: cameras, now } };
    const station = new Station(session as never, null as never);
    const watched = await station.watchedFiles('Pier');
    await watched.missed([{ path: 'day/120000.jpg', size: 1, modifiedAt: 1 }]);
    await station.look('Pier', [], false);
    const lost = watched.failed.count;
    await station.look('Pier', [], true);
    return { lost, gone: watched.failed.count };
  });
  expect(counts).toEqual({ lost: 1, gone: 0 });
});
