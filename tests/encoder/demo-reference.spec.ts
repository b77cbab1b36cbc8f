import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { BEST_CLEAN } from '../../src/core/domain/camera/reference-size';
import { BLANK } from '../addresses';

const read = (name: string) => readFileSync(new URL(`../../public/demo/${name}`, import.meta.url));

test('what ships of the demo’s clean pictures is what the shipped model makes of them', async ({ page }) => {
  await page.goto(BLANK);
  const learned = await page.evaluate(async () => {
    const { learnDemo } = await import('/tests/encoder/demo-page.ts');
    return learnDemo(6);
  });
  const index = JSON.parse(read('reference.json').toString('utf8')) as {
    modelSha256: string;
    snapshots: { name: string; capturedAt: number; properties: object; thumbnailBytes: number }[];
  };
  const again = 'node scripts/demo-reference.mjs writes it anew';
  expect(index.modelSha256, again).toBe(learned.modelSha256);
  const { reference } = JSON.parse(read('index.json').toString('utf8')) as { reference: string[] };
  expect(index.snapshots.length).toBeGreaterThanOrEqual(BEST_CLEAN);
  expect(index.snapshots.map(({ name }) => name)).toEqual(reference.slice(0, index.snapshots.length));

  const bytes = read('reference.bin');
  const pictures = index.snapshots.reduce((sum, { thumbnailBytes }) => sum + thumbnailBytes, 0);
  const length = (bytes.length - pictures) / index.snapshots.length;
  const floats = (part: Buffer) => Array.from({ length: part.length / 4 }, (_, i) => part.readFloatLE(4 * i));
  for (const [i, { name, capturedAt, embedding }] of learned.snapshots.entries()) {
    const shipped = floats(bytes.subarray(i * length, (i + 1) * length));
    const own = floats(Buffer.from(embedding, 'base64'));
    expect(own).toHaveLength(shipped.length);
    const largest = Math.max(...own.map((value, k) => Math.abs(value - shipped[k]!)));
    expect(largest, `${name}: ${again}`).toBeLessThan(1e-5);
    expect(index.snapshots[i]).toMatchObject({ name, capturedAt });
  }
  expect(index.snapshots.every(({ thumbnailBytes }) => thumbnailBytes > 0)).toBe(true);
  const first = bytes.subarray(length * index.snapshots.length).subarray(0, 3);
  expect(first.toString('hex')).toBe('ffd8ff');
});
