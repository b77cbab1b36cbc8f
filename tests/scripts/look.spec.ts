import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { ROOT } from '../../scripts/prepare.mjs';

const run = promisify(execFile);

const look = (...args: string[]) =>
  run(process.execPath, ['scripts/look.mjs', ...args], { cwd: ROOT }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );

/** Width and height in pixels, of a PNG's first chunk. */
function sizeOf(path: string): [number, number] {
  const bytes = readFileSync(path);
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

test('a screen is shown in each size and theme, side by side', async () => {
  const out = test.info().outputPath('look');
  const { code, stdout, stderr } = await look('set-up', '--out', out);
  expect([code, stdout], stderr).toEqual([0, `${join(out, 'index.html')}\n`]);

  const index = readFileSync(join(out, 'index.html'), 'utf8');
  const linked = [...index.matchAll(/<a href="([^"]+\.png)"><img [^>]*loading="lazy"/g)].map(
    ([, file]) => file!,
  );
  expect(readdirSync(out).sort()).toEqual(['index.html', ...linked].sort());
  expect(linked).toHaveLength(9);
  for (const [size, width, height] of [
    ['laptop', 1280, 800],
    ['tablet', 820, 1180],
    ['phone', 390, 844],
  ] as const) {
    const pictures = ['light', 'dark', 'night'].map((theme) => join(out, `set-up-${size}-${theme}.png`));
    for (const path of pictures) {
      const [wide, high] = sizeOf(path);
      expect(wide, path).toBe(width);
      expect(high, path).toBeGreaterThanOrEqual(height);
    }
    expect(new Set(pictures.map((path) => readFileSync(path, 'base64'))).size, size).toBe(3);
  }
});

test('a screen that there is not is refused before anything is made, and those that there are are named', async () => {
  const out = test.info().outputPath('look');
  const { code, stdout, stderr } = await look('landing', 'toString', '--out', out);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^There is no screen toString\. Screens: landing, set-up, .*, wall, trip\.\n$/);
  expect(existsSync(out)).toBe(false);
});
