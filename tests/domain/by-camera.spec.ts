import { expect, test } from '@playwright/test';
import { cameraNameIn } from '../../src/core/domain/camera/capture-time';
import { sortByCamera } from '../../src/features/wall/pure/by-camera';

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
] as const;

test('the camera is what stands in a file name beside its time', () => {
  for (const [name, camera] of NAMES) expect(cameraNameIn(name), name).toBe(camera);
});

const cameras = [
  { id: 'north', names: new Set(['NORTH']) },
  { id: 'south', names: new Set(['SOUTH', 'SHARED']) },
  { id: 'east', names: new Set(['SHARED']) },
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
