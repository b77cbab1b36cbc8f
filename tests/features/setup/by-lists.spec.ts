import { expect, test } from '@playwright/test';
import { byLists } from '../../../src/features/setup/pure/by-lists';

const config = (clean: string[], dirty: string[]) => ({ clean, dirty });
const files = (...paths: string[]) => paths.map((path) => ({ name: path.split('/').at(-1) ?? '', path }));
const sorted = (paths: string[], lists: ReturnType<typeof config> | null = null) => {
  const { clean, dirty, other, ...rest } = byLists(files(...paths), lists, ({ path }) => path);
  const names = (all: readonly { readonly path: string }[]) => all.map(({ path }) => path);
  return { clean: names(clean), dirty: names(dirty), other: names(other), ...rest };
};

test('folders called clean or dirty say which snapshots are, in three languages and any case', () => {
  expect(sorted(['reef/Clean/a.jpg', 'reef/DIRTY/b.jpg', 'reef/c.jpg'])).toMatchObject({
    clean: ['reef/Clean/a.jpg'],
    dirty: ['reef/DIRTY/b.jpg'],
    other: ['reef/c.jpg'],
    folders: { clean: ['Clean/'], dirty: ['DIRTY/'] },
    isCleanSaid: true,
  });
  expect(sorted(['limpias/a.jpg', 'sucias/b.jpg'])).toMatchObject({
    clean: ['limpias/a.jpg'],
    dirty: ['sucias/b.jpg'],
  });
  expect(sorted(['netes/a.jpg', 'brutes/b.jpg'])).toMatchObject({
    clean: ['netes/a.jpg'],
    dirty: ['brutes/b.jpg'],
  });
});

test('the innermost folder counts, and a word inside a longer name does not', () => {
  expect(sorted(['clean/2026/dirty/a.jpg', 'clean/2026/b.jpg', 'cleanings/c.jpg'])).toMatchObject({
    clean: ['clean/2026/b.jpg'],
    dirty: ['clean/2026/dirty/a.jpg'],
    other: ['cleanings/c.jpg'],
  });
});

test('with a dirty folder alone all others are clean, and without any folder all are', () => {
  expect(sorted(['dirty/a.jpg', 'b.jpg'])).toMatchObject({
    clean: ['b.jpg'],
    dirty: ['dirty/a.jpg'],
    other: [],
    isCleanSaid: false,
  });
  expect(sorted(['a.jpg', 'x/b.jpg'])).toMatchObject({ clean: ['a.jpg', 'x/b.jpg'], dirty: [], other: [] });
});

test('lists of a configuration win over folders, also where it lists dirty ones alone', () => {
  const paths = ['dirty/a.jpg', 'clean/b.jpg', 'clean/c.jpg'];
  expect(sorted(paths, config(['a.jpg'], ['b.jpg']))).toMatchObject({
    by: 'config',
    clean: ['dirty/a.jpg'],
    dirty: ['clean/b.jpg'],
    other: ['clean/c.jpg'],
  });
  expect(sorted(paths, config([], ['b.jpg']))).toMatchObject({
    by: 'config',
    clean: ['dirty/a.jpg', 'clean/c.jpg'],
    dirty: ['clean/b.jpg'],
    other: [],
  });
  expect(sorted(paths, config([], []))).toMatchObject({ by: 'folders', dirty: ['dirty/a.jpg'] });
});

test('one picture in both folders is used as neither, while names that are no time may be in both', () => {
  const at = '20260501-120000-A.jpg';
  expect(sorted([`clean/${at}`, `dirty/${at}`, 'clean/1.jpg', 'dirty/1.jpg'])).toMatchObject({
    clean: ['clean/1.jpg'],
    dirty: ['dirty/1.jpg'],
    other: [`clean/${at}`, `dirty/${at}`],
    problems: [{ kind: 'in-both', name: at }],
  });
});

test('a copy of a dirty picture is not clean unless it is called so; without a time in its name it is another one', () => {
  const [c, copy] = [
    '20230101-100000-C.jpg',
    '20230101-100000-C_jpg.rf.0123456789abcdef0123456789abcdef.jpg',
  ];
  expect(sorted([`a/${c}`, `b/${c}`, copy, 'd.jpg'], config([], [c]))).toMatchObject({
    clean: ['d.jpg'],
    dirty: [`a/${c}`],
    other: [`b/${c}`, copy],
  });
  expect(sorted([`all/${c}`, 'all/1.jpg', `dirty/${c}`, 'dirty/1.jpg'])).toMatchObject({
    clean: ['all/1.jpg'],
    dirty: [`dirty/${c}`, 'dirty/1.jpg'],
    other: [`all/${c}`],
  });
});
