import { expect, test } from '@playwright/test';
import {
  captureTime,
  captureTimeFromName,
  exifTime,
  imageNameOf,
} from '../../../src/core/domain/camera/time/capture-time';

const OBSEA = Date.UTC(2023, 6, 30, 8, 30, 36);

test('the names of OBSEA and of other observatories give the same UTC moment', () => {
  for (const name of [
    '20230730-083036-IPC608_8B64_165.jpg',
    '20230730-083036-IPC608_8B64_165_jpg.rf.0a1b2c3d4e5f60718293a4b5c6d7e8f9.jpg',
    'clean/2023/20230730-083036-IPC608_8B64_165.JPG',
    'C:\\snapshots\\20230730-083036-IPC608.jpg',
    '20230730_083036.jpg',
    'IPC608_20230730_083036_low.png',
    '2023-07-30T08-30-36.jpg',
    '2023-07-30T08:30:36Z.jpg',
    'CAM_20230730T083036Z.jpg',
    'CAM_20230730T083036.000Z-small.jpg',
    'cam.20230730T103036+0200.jpg',
    '99999999-999999_20230730-083036.jpg',
  ]) {
    expect(captureTimeFromName(name), name).toBe(OBSEA);
  }
});

test('milliseconds in a name count', () => {
  expect(captureTimeFromName('CAM_20230730T083036.5Z.jpg')).toBe(OBSEA + 500);
});

test('impossible dates and mere digits are not times', () => {
  for (const name of [
    '20231330-083036-A.jpg',
    '20230230-083036-A.jpg',
    '20230729-253036-A.jpg',
    '20230730-086036-A.jpg',
    '20230730-083060-A.jpg',
    '20230229_000000.jpg',
    '00000000-000000.jpg',
    '120230730-083036.jpg',
    '20230730-0830367.jpg',
    'IMG20230730-083036.jpg',
    '2023-0730-083036.jpg',
    '20230730.jpg',
    'fish.jpg',
    '',
  ]) {
    expect(captureTimeFromName(name), name).toBeNull();
  }
  expect(captureTimeFromName('20240229_000000.jpg')).toBe(Date.UTC(2024, 1, 29));
});

test('a long hostile name is read once, which a pattern that goes back would not end in the time of a test', () => {
  expect(captureTimeFromName(`${'20230730-'.repeat(100_000)}.jpg`)).toBeNull();
  expect(captureTimeFromName(`${'_jpg.rf.'.repeat(100_000)}.jpg`)).toBeNull();
});

test("an image name loses its folders and Roboflow's suffix, and nothing else", () => {
  expect(imageNameOf('a/b\\c_jpg.rf.0A1b.jpg')).toBe('c.jpg');
  expect(imageNameOf('c_PNG.rf.f00.jpg')).toBe('c.PNG');
  expect(imageNameOf('c_jpg.rf.jpg')).toBe('c_jpg.rf.jpg');
  expect(imageNameOf('c.rf.0a1b.jpg')).toBe('c.rf.0a1b.jpg');
});

test('EXIF time is UTC unless it names an offset', () => {
  expect(exifTime('2023:07:30 08:30:36', null)?.at).toBe(OBSEA);
  expect(exifTime('2023:07:30 08:30:36\0', '   :  ')?.at).toBe(OBSEA);
  expect(exifTime('2023:07:30 10:30:36', '+02:00')?.at).toBe(OBSEA);
  expect(exifTime('2023:07:30 03:00:36.25', '-05:30')?.at).toBe(OBSEA + 250);
});

test('a time that its zone takes out of the kept range is none', () => {
  expect(captureTimeFromName('19700101-000000+23:59')).toBeNull();
  expect(exifTime('1970:01:01 00:00:00', '+00:01')).toBeNull();
  expect(exifTime('2199:12:31 23:59:59', '-01:00')).toBeNull();
});

test('an unset or impossible EXIF clock is no time', () => {
  for (const time of [
    '0000:00:00 00:00:00',
    '    :  :     :  :  ',
    '2023:02:30 00:00:00',
    '2023-07-30',
    '',
  ]) {
    expect(exifTime(time, null), time).toBeNull();
  }
});

test('the name is believed before EXIF, and EXIF before the file date', () => {
  expect(captureTime('20230730-083036-A.jpg', { at: 1, offset: null }, 2)).toEqual({
    at: OBSEA,
    source: 'file-name',
  });
  expect(captureTime('fish.jpg', { at: 1, offset: 120 }, 2)).toEqual({ at: 1, source: 'exif', offset: 120 });
  expect(captureTime('fish.jpg', null, 2)).toEqual({ at: 2, source: 'file-date' });
});

test('a file date that can’t be stored becomes the nearest one that can', () => {
  const most = Date.UTC(2200, 0, 1);
  expect(captureTime('a.jpg', null, -5)).toEqual({ at: 0, source: 'file-date' });
  expect(captureTime('a.jpg', null, 8.64e15)).toEqual({ at: most, source: 'file-date' });
  expect(captureTime('19700101T000000+0200.jpg', null, 5)).toEqual({ at: 5, source: 'file-date' });
});
