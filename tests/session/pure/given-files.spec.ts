import { expect, test } from '@playwright/test';
import { folderOf, givenFiles } from '../../../src/core/session/reference/given-files';

const note = { clean: ['a.jpg', 'b.jpg'], dirty: ['c.jpg'], other: ['d.jpg'] };
const files = (...names: string[]) => names.map((name) => ({ name }));
const namesOf = (found: { files: readonly { name: string }[] }) => found.files.map(({ name }) => name);

test('each kind gets its own snapshots, and what is new is never clean', () => {
  const now = files('d.jpg', 'b.jpg', 'new.jpg', 'a.jpg', 'c.jpg');
  expect(namesOf(givenFiles(now, note, 'clean'))).toEqual(['b.jpg', 'a.jpg']);
  expect(namesOf(givenFiles(now, note, 'dirty'))).toEqual(['c.jpg']);
  expect(givenFiles(now, note, 'clean')).toMatchObject({ missing: 0, fresh: 1 });
});

test('what is gone is counted for the kind that misses it', () => {
  const now = files('a.jpg', 'd.jpg');
  expect(givenFiles(now, note, 'clean')).toMatchObject({ missing: 1, fresh: 0 });
  expect(givenFiles(now, note, 'dirty')).toMatchObject({ files: [], missing: 1 });
});

test('of several files of one snapshot the one without Roboflow’s suffix is taken, and of one name as many as there were', () => {
  const twice = files('a_jpg.rf.0123abcd.jpg', 'a.jpg', 'b_jpg.rf.77aa.jpg');
  expect(namesOf(givenFiles(twice, note, 'clean'))).toEqual(['a.jpg', 'b_jpg.rf.77aa.jpg']);
  const numbered = { clean: ['IMG_1.jpg', 'IMG_1.jpg'], dirty: [], other: [] };
  const three = files('IMG_1.jpg', 'IMG_1.jpg', 'IMG_1.jpg');
  expect(givenFiles(three, numbered, 'clean').files).toHaveLength(2);
});

test('a folder has a name only where all files are from one', () => {
  const path = (webkitRelativePath: string) => ({ webkitRelativePath });
  expect(folderOf([path('obsea/a.jpg'), path('obsea/deep/b.jpg')], [])).toBe('obsea');
  expect(folderOf([path('obsea/a.jpg'), path('other/b.jpg')], [])).toBe('');
  expect(folderOf([path('')], [])).toBe('');
  const handle = { kind: 'directory', name: 'reef' } as FileSystemDirectoryHandle;
  expect(folderOf([path('')], [handle])).toBe('reef');
  expect(folderOf([path('')], [handle, handle])).toBe('');
});
