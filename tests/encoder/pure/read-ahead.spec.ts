import { expect, test } from '@playwright/test';
import { readAhead } from '../../../src/core/encoder/read-ahead';

const MB = 2 ** 20;

/** Takes files one by one from a disk that gives the last one asked for first. @returns the most that was held at once */
async function taken(sizes: readonly number[], limit?: number) {
  const asked: (() => void)[] = [];
  const held = new Set<{ readonly size: number }>();
  const most = { files: 0, bytes: 0 };
  const read = async (file: { readonly size: number }) => {
    held.add(file);
    most.files = Math.max(most.files, held.size);
    most.bytes = Math.max(
      most.bytes,
      [...held].reduce((sum, { size }) => sum + size, 0),
    );
    await new Promise<void>((resolve) => asked.push(resolve));
    return file;
  };
  const disk = setInterval(() => asked.pop()?.(), 1);
  const files = sizes.map((size) => ({ size }));
  const order = [];
  for await (const [file, content] of readAhead(files, read, limit)) {
    expect(content).toBe(file);
    expect(held.size > 1 || order.length === files.length - 1, 'the next is being read').toBe(true);
    order.push(file);
    held.delete(file);
  }
  clearInterval(disk);
  expect(order).toEqual(files);
  return most;
}

test('eight usual pictures are read at once, and come in their order', async () => {
  expect(await taken(Array<number>(8).fill(2 * MB))).toEqual({ files: 8, bytes: 16 * MB });
});

test('no more than the limit is held, and beside a larger file only the one at hand', async () => {
  expect(await taken([2, 2, 2, 2, 2, 1, 2, 3, 2, 2], 8)).toEqual({ files: 4, bytes: 8 });
  expect(await taken([3, 3, 3, 3, 9, 3, 2, 2, 2, 1], 8)).toEqual({ files: 4, bytes: 12 });
  expect(await taken(Array<number>(4).fill(64 * MB))).toEqual({ files: 2, bytes: 128 * MB });
  expect(await taken([])).toEqual({ files: 0, bytes: 0 });
});
