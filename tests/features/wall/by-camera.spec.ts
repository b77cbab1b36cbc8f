import { expect, test } from '@playwright/test';
import { cameraNameIn } from '../../../src/core/domain/camera/time/capture-time';
import { namesAmong, sortByCamera, withMore, without } from '../../../src/features/wall/pure/by-camera';

const NAMES = [
  ['20230730-083036-IPC608_8B64_165.jpg', 'IPC608_8B64_165'],
  ['20230730-083036-IPC608_8B64_165_jpg.rf.1f2e.jpg', 'IPC608_8B64_165'],
  ['some/folder/20140402-110025-OBSEA2014.JPG', 'OBSEA2014'],
  ['reef-north_20230730_083036.png', 'REEF-NORTH'],
  ['2023-07-30T08-30-36 Reef north.jpg', 'REEF NORTH'],
  ['20230730T083036.000Z.jpg', ''],
  ['20230730-083036.jpg', ''],
  ['IMG_0001.jpg', ''],
  ['20231330-083036-REEF.jpg', ''],
  ['20230730-083036-0001.jpg', ''],
  ['20230730-083036-NORTH_0001.jpg', 'NORTH'],
  ['20230730-083036-NORTH-20001.jpg', 'NORTH'],
  ['20230730-083036-NORTH (1).jpg', 'NORTH'],
  ['20230730-083036-NORTH(12).jpg', 'NORTH'],
  ['20230730-083036-NORTH_0001 (1).jpg', 'NORTH'],
  ['20230730-083036 (1).jpg', ''],
  ['NORTH_0001_20230730-083036.jpg', 'NORTH'],
  ['0001_20230730-083036-NORTH.jpg', 'NORTH'],
  ['20230730-083036-PEN2.jpg', 'PEN2'],
  ['20230730-083036-REEF-2.jpg', 'REEF-2'],
] as const;

test('the camera is what stands in a file name beside its time', () => {
  for (const [name, camera] of NAMES) expect(cameraNameIn(name), name).toBe(camera);
});

const cameras = [
  { id: 'north', names: new Set(['NORTH']), stems: new Set<string>() },
  { id: 'south', names: new Set(['SOUTH', 'SHARED']), stems: new Set<string>() },
  { id: 'east', names: new Set(['SHARED']), stems: new Set<string>() },
];
const file = (name: string) => ({ name });

test('each file goes to the camera of its name, and what none answers to is set apart by its name', () => {
  const [n1, n2, s1, unnamed, other] = [
    file('20260501-101500-NORTH.jpg'),
    file('20260502-101500-north.jpg'),
    file('20260501-101500-SOUTH.jpg'),
    file('IMG_1.jpg'),
    file('20260501-101500-WEST.jpg'),
  ];
  const sorted = sortByCamera([n1, s1, unnamed, other, n2], cameras, 'north');
  expect([...sorted.byCamera]).toEqual([
    ['north', [n1, n2]],
    ['south', [s1]],
  ]);
  expect([...sorted.unknown]).toEqual([
    ['', [unnamed]],
    ['WEST', [other]],
  ]);
});

test('what two cameras answer to goes to the chosen one, or to none', () => {
  const shared = file('20260501-101500-SHARED.jpg');
  expect([...sortByCamera([shared], cameras, 'east').byCamera.keys()]).toEqual(['east']);
  expect([...sortByCamera([shared], cameras, 'north').byCamera.keys()]).toEqual([]);
  expect([...sortByCamera([shared], cameras, null).unknown.keys()]).toEqual(['SHARED']);
});

const times = (count: number, nameOf: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `20260501-${String(100000 + i)}-${nameOf(i)}.jpg`);

test('a stray file names no camera, and two names that both are borne often do', () => {
  const stray = [...times(24, () => 'NORTH'), ...times(1, () => 'SOUTH')];
  expect([...namesAmong(stray).names]).toEqual(['NORTH']);
  const renamed = [...times(26, () => 'OLD'), ...times(24, () => 'NEW')];
  expect([...namesAmong(renamed).names]).toEqual(['OLD', 'NEW']);
  expect([...namesAmong(times(9, (i) => (i < 3 ? 'A' : 'B'))).names]).toEqual(['A', 'B']);
  expect([...namesAmong(times(10, (i) => (i < 3 ? 'A' : 'B'))).names]).toEqual(['B']);
  expect(namesAmong(['IMG_1.jpg', 'IMG_2.jpg'])).toEqual({ names: new Set(), stems: new Set() });
});

test('a number at the end is the camera’s own where it stays, and a counter where it runs', () => {
  const ipc = namesAmong(times(40, () => 'IPC608_8B64_165'));
  expect(ipc).toEqual({ names: new Set(['IPC608_8B64_165']), stems: new Set() });
  const counted = namesAmong(times(40, (i) => `NORTH_${String(i)}`));
  expect(counted).toEqual({ names: new Set(), stems: new Set(['NORTH']) });
  // Counters alone name nobody.
  expect(namesAmong(times(40, String))).toEqual({ names: new Set(), stems: new Set() });

  const [own, next, plain, other] = [
    file('20260501-101500-IPC608_8B64_165.jpg'),
    file('20260501-101500-NORTH_77.jpg'),
    file('20260501-101500-NORTH.jpg'),
    file('20260501-101500-IPC608_8B64_166.jpg'),
  ];
  const named = [
    { id: 'ipc', ...ipc },
    { id: 'north', ...counted },
  ];
  const sorted = sortByCamera([own, next, plain, other], named, 'north');
  expect([...sorted.byCamera]).toEqual([
    ['ipc', [own]],
    ['north', [next, plain]],
  ]);
  expect([...sorted.unknown]).toEqual([['IPC608_8B64_166', [other]]]);
});

test('what a counter alone tells apart is asked about together', () => {
  const west = times(4, (i) => `WEST_${String(i)}`).map(file);
  const numbered = times(5, String).map(file);
  const [pen1, pen2] = [file('20260501-101500-PEN-1.jpg'), file('20260501-101500-PEN-2.jpg')];
  const { unknown } = sortByCamera([...west, ...numbered, pen1, pen2], cameras, 'north');
  expect([...unknown]).toEqual([
    ['WEST', west],
    ['', numbered],
    ['PEN-1', [pen1]],
    ['PEN-2', [pen2]],
  ]);
});

test('files that wait are added to, and only those that were checked wait no longer', () => {
  const group = (name: string, cameraId: string | null, files: readonly string[]) => ({
    name,
    cameraId,
    files,
  });
  const first = [group('WEST', null, ['w1', 'w2'])];
  const both = withMore(first, [
    group('WEST', null, ['w3']),
    group('WEST', 'west', ['w4']),
    group('EAST', null, []),
  ]);
  expect(both).toEqual([group('WEST', null, ['w1', 'w2', 'w3']), group('WEST', 'west', ['w4'])]);
  expect(without(both, ['w1', 'w2'])).toEqual([group('WEST', null, ['w3']), group('WEST', 'west', ['w4'])]);
  expect(without(both, ['w4', 'w1', 'w3', 'w2'])).toEqual([]);
  expect(first).toEqual([group('WEST', null, ['w1', 'w2'])]);
});
