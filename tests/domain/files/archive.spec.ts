import { expect, test } from '@playwright/test';
import { strToU8, zipSync, type Zippable } from 'fflate';
import { openArchives } from '../../../src/core/session/zip-files';
import { isArchiveLitter, nameInArchive, entryRefusalOf } from '../../../src/core/domain/files/archive';
import { bundleFolder } from '../../../src/core/domain/files/bundle';
import { AppError } from '../../../src/core/domain/errors';

const MB = 2 ** 20;

function zip(name: string, content: Zippable): File {
  return new File([zipSync(content)], name);
}

function entry(path: string, changes: object = {}) {
  return { path, size: 100_000, packedSize: 99_000, isEncrypted: false, isFolder: false, ...changes };
}

/** Sets a bit or a number in every header of a zip, local and central. */
function edited(file: Uint8Array<ArrayBuffer>, edit: (view: DataView, local: number | null) => void) {
  const view = new DataView(file.buffer.slice(0));
  for (let at = 0; at + 4 < view.byteLength; at += 1) {
    const signature = view.getUint32(at, true);
    if (signature === 0x04034b50) edit(new DataView(view.buffer, at), 6);
    if (signature === 0x02014b50) edit(new DataView(view.buffer, at), 8);
  }
  return view.buffer;
}

test('folders, odd names and litter: only the files are left, by their own names', async () => {
  const packed = zip('cam1.zip', {
    'cam1/2026/20260101-000000-A.jpg': strToU8('a'),
    'cam1\\2026\\b.jpg': strToU8('b'),
    '../../etc/c.jpg': strToU8('c'),
    'cam1/mañana ☀.jpg': strToU8('d'),
    'config.toml': strToU8('e'),
    '__MACOSX/cam1/._a.jpg': strToU8('x'),
    'cam1/.DS_Store': strToU8('x'),
    'cam1/empty/': new Uint8Array(),
  });
  const loose = new File(['z'], 'z.jpg');
  const { files, unused, bundles } = await openArchives([packed, loose]);
  expect(files.map(({ name }) => name)).toEqual([
    '20260101-000000-A.jpg',
    'b.jpg',
    'c.jpg',
    'mañana ☀.jpg',
    'config.toml',
    'z.jpg',
  ]);
  expect(await Promise.all(files.map((file) => file.text()))).toEqual(['a', 'b', 'c', 'd', 'e', 'z']);
  expect([unused, bundles]).toEqual([[], []]);
});

test('a zip inside a zip is opened, one inside that is skipped and said so', async () => {
  const deepest = zipSync({ 'c.jpg': strToU8('c') });
  const inner = zipSync({ 'b.jpg': strToU8('b'), 'deepest.zip': deepest });
  const { files, unused } = await openArchives([
    zip('outer.zip', { 'a.jpg': strToU8('a'), 'days/inner.zip': inner }),
  ]);
  expect(await Promise.all(files.map((file) => file.text()))).toEqual(['a', 'b']);
  expect(unused).toEqual([{ archive: 'inner.zip', refusal: 'nested', names: ['deepest.zip'] }]);
});

test('zips inside zips have a limit together, since all of them stay in memory', async () => {
  const inner = (name: string) => zipSync({ [name]: new Uint8Array(1000) }, { level: 0 });
  const packed = zip('outer.zip', {
    'a.zip': inner('a.jpg'),
    'b.zip': inner('b.jpg'),
    'c.jpg': strToU8('c'),
  });
  const { files, unused } = await openArchives([packed], undefined, 2000);
  expect(files.map(({ name }) => name)).toEqual(['c.jpg', 'a.jpg']);
  expect(unused).toEqual([{ archive: 'outer.zip', refusal: 'too-large', names: ['b.zip'] }]);
});

test('what needs a password is told by name, what is no zip by the archive; the rest goes on', async () => {
  const locked = edited(zipSync({ 'a.jpg': strToU8('a'), 'b.jpg': strToU8('b') }), (view, flags) => {
    view.setUint16(flags!, view.getUint16(flags!, true) | 1, true);
  });
  const cut = zipSync({ 'c.jpg': strToU8('c') }).slice(0, 20);
  const { files, unused } = await openArchives([
    new File([locked], 'locked.zip'),
    new File([cut], 'cut.zip'),
    new File([], 'empty.zip'),
    zip('nothing.zip', {}),
    zip('good.zip', { 'd.jpg': strToU8('d') }),
  ]);
  expect(files.map(({ name }) => name)).toEqual(['d.jpg']);
  expect(unused).toEqual([
    { archive: 'locked.zip', refusal: 'encrypted', names: ['a.jpg', 'b.jpg'] },
    { archive: 'cut.zip', refusal: 'not-a-zip', names: [] },
    { archive: 'empty.zip', refusal: 'not-a-zip', names: [] },
    { archive: 'nothing.zip', refusal: 'empty', names: [] },
  ]);
});

for (const level of [0, 6] as const) {
  test(`an entry that yields more than it declares, or other bytes, can’t be taken out; its neighbours can, at level ${level}`, async () => {
    const content = new Uint8Array(200_000).map((_, i) => (i * i) % 251);
    const packed = zipSync({ 'a.jpg': content, 'b.jpg': strToU8('b') }, { level });
    // The size when unpacked stands 16 bytes after the flags.
    let seen = 0;
    const lying = edited(packed, (view, flags) => {
      if (view.getUint32(flags! + 16, true) === content.length) view.setUint32(flags! + 16, 1000, true);
      seen += 1;
    });
    expect(seen).toBe(4);
    const flipped = packed.slice();
    flipped[60] = flipped[60]! ^ 0xff;
    for (const bytes of [lying, flipped]) {
      const { files } = await openArchives([new File([bytes], 'x.zip')]);
      const error = await files[0]!.arrayBuffer().catch((error: unknown) => error);
      expect(error).toBeInstanceOf(AppError);
      expect((error as AppError).code).toBe('entry-damaged');
      expect(await files[1]!.text()).toBe('b');
    }
  });
}

test('an entry that is not compressed comes whole, however long its header', async () => {
  const content = new Uint8Array(3000).map((_, i) => (i * i) % 251);
  const extra = (length: number) => ({ level: 0 as const, extra: { 0x5455: new Uint8Array(length) } });
  const archive = new File(
    [zipSync({ 'a.jpg': [content, extra(9)], 'b.jpg': [content, extra(500)] })],
    'x.zip',
  );
  const { files } = await openArchives([archive]);
  for (const file of files) expect(new Uint8Array(await file.arrayBuffer())).toEqual(content);
});

test('what declares more than any picture has, or was packed as none can be, is refused unopened', () => {
  expect(entryRefusalOf(entry('a.jpg'), 0)).toBeNull();
  expect(entryRefusalOf(entry('a.bmp', { size: 299 * MB, packedSize: 2 * MB }), 0)).toBeNull();
  expect(entryRefusalOf(entry('a.png', { size: 10 * MB, packedSize: 10_000 }), 0)).toBeNull();
  expect(entryRefusalOf(entry('a.png', { size: 100 * MB, packedSize: 100_000 }), 0)).toBe('too-large');
  expect(entryRefusalOf(entry('a.jpg', { size: 2 ** 40, packedSize: 2 ** 40 }), 0)).toBe('too-large');
  expect(entryRefusalOf(entry('a.ZIP', { size: 500 * MB, packedSize: 499 * MB }), 0)).toBeNull();
  expect(entryRefusalOf(entry('a.zip', { size: 2000 * MB, packedSize: 1999 * MB }), 0)).toBe('too-large');
  expect(entryRefusalOf(entry('a.zip'), 1)).toBe('nested');
  expect(entryRefusalOf(entry('a.jpg', { isEncrypted: true, size: 2 ** 40 }), 0)).toBe('encrypted');
});

test('names of entries lose their folders, however they are divided', () => {
  expect(nameInArchive('a/b\\c.jpg')).toBe('c.jpg');
  expect(nameInArchive('c.jpg')).toBe('c.jpg');
  expect(isArchiveLitter({ path: 'a/', isFolder: false })).toBe(true);
  expect(isArchiveLitter({ path: 'a/b.jpg', isFolder: false })).toBe(false);
});

test('an export is known by porthole.json at its root or in its only folder', async () => {
  expect(bundleFolder(['porthole.json', 'jobs.json'])).toBe('');
  expect(bundleFolder(['export/porthole.json', 'export/jobs/a.json'])).toBe('export/');
  expect(bundleFolder(['export/porthole.json', 'other/a.jpg'])).toBe(null);
  expect(bundleFolder(['a/b/porthole.json'])).toBe(null);
  expect(bundleFolder(['a.jpg'])).toBe(null);
  expect(bundleFolder([])).toBe(null);
  const bundle = zip('export.zip', { 'porthole.json': strToU8('{}'), 'a.jpg': strToU8('a') });
  const { files, bundles } = await openArchives([bundle]);
  expect([files, bundles]).toEqual([[], [bundle]]);
});
