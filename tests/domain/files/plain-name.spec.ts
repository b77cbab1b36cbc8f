import { expect, test } from '@playwright/test';
import { imageNameOf } from '../../../src/core/domain/camera/time/capture-time';
import { plainName, plainText } from '../../../src/core/domain/files/plain-name';

test('names as cameras and people give them stay as they are', () => {
  for (const name of ['20230730-083036-A.jpg', 'mañana ☀ 👩‍🔬.jpg', 'صورة.jpg', '=1+1.jpg', '__proto__', '']) {
    expect(plainName(name)).toBe(name);
  }
});

test('what can’t be seen, or turns the text around it, is replaced', () => {
  expect(plainName('photo\u202egpj.exe')).toBe('photo_gpj.exe');
  expect(plainName('two\nlines\r\0.jpg')).toBe('two_lines__.jpg');
  expect(plainName('a\u2066b\u2069\u200b.jpg')).toBe('a_b__.jpg');
  expect(plainName('half \ud800 and \udfff, whole \u{1f41f}.jpg')).toBe('half _ and _, whole \u{1f41f}.jpg');
  expect(imageNameOf('days/photo\u202e_jpg.rf.0a1b.jpg')).toBe('photo_.jpg');
});

test('a name longer than file systems allow keeps its beginning and its end', () => {
  const name = plainName(`20230730-083036-${'n'.repeat(1000)}.jpg`);
  expect(Array.from(name)).toHaveLength(255);
  expect(name).toMatch(/^20230730-083036-n+…n+\.jpg$/);
  // No character is cut in two.
  expect(plainName('🐟'.repeat(1000))).toBe(`${'🐟'.repeat(230)}…${'🐟'.repeat(24)}`);
});

test('a text loses its tricks and what is too long of it', () => {
  expect(plainText('two\nlines \u202eand \ud800', 40)).toBe('two lines  and  ');
  expect(plainText('🐟'.repeat(1000), 10)).toBe(`${'🐟'.repeat(9)}…`);
});
