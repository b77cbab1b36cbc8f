import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Folder } from '../../../scripts/station/folder.mjs';

let path: string;
let folder: Folder;
/** seconds since 1970, long ago: what is written then is whole at once */
let at: number;
test.beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'porthole-overwritten-'));
  folder = new Folder(path);
  at = 1000;
});
test.afterEach(() => {
  rmSync(path, { recursive: true });
});

/** Writes a version of one name: into its file, or as another file that gets the name. */
function write(text: string, isRenamed = true) {
  const to = join(path, isRenamed ? '.part' : 'now.jpg');
  writeFileSync(to, text);
  utimesSync(to, (at += 1), at);
  if (isRenamed) renameSync(to, join(path, 'now.jpg'));
}

/** A look, after which what was found is read. */
async function read() {
  const { files } = await folder.look();
  await folder.beforeReading(files);
  folder.wereRead(files);
  return files.length;
}

test('a version that changed before it was read is counted, once, and one that was read is not', async () => {
  for (const isRenamed of [true, false]) {
    const before = folder.overwritten;
    write('one', isRenamed);
    expect(await read()).toBe(1);
    write('two, read', isRenamed);
    expect(await read()).toBe(1);
    expect(folder.overwritten).toBe(before);
    write('three, lost', isRenamed);
    await folder.look();
    write('four, lost while it waits', isRenamed);
    const { files } = await folder.look();
    expect(folder.overwritten).toBe(before + 1);
    write('five, read', isRenamed);
    await folder.beforeReading(files);
    expect(folder.overwritten).toBe(before + 2);
    folder.wereRead(files);
    await read();
    folder.take((await folder.look()).files);
    write('six', isRenamed);
    await read();
    expect(folder.overwritten).toBe(before + 2);
  }
});

test('a version that could not be handed over is not read', async () => {
  write('one');
  await folder.beforeReading((await folder.look()).files);
  write('two');
  await folder.look();
  expect(folder.overwritten).toBe(1);
});

test('a file that grows is no other version; one that begins anew while it is written is', async () => {
  const grow = (text: string) => {
    writeFileSync(join(path, 'now.jpg'), text);
  };
  grow('half');
  await folder.look();
  grow('half and half');
  await folder.look();
  expect(folder.overwritten).toBe(0);
  grow('ha');
  await folder.look();
  expect(folder.overwritten).toBe(1);
  // A file that stays half for a while is read, and tried again until it goes on.
  expect(await read()).toBe(1);
  await folder.look();
  grow('half and half');
  await folder.look();
  expect(folder.overwritten).toBe(1);
});
