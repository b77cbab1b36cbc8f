import { expect, test } from '@playwright/test';
import { LivePreview } from '../../../src/core/session/scoring/live-preview.svelte';
import { Progress } from '../../../src/core/session/scoring/progress.svelte';
import { newPage } from '../../node-page';

test('picture and counter of a batch change at most once a second, and show its end', async () => {
  newPage();
  Object.assign(globalThis, { matchMedia: () => ({ matches: false }) });
  const [preview, progress] = [new LivePreview(), new Progress()];
  const [pictures, counts] = [new Set<string>(), new Set<number>()];
  progress.add(20);
  progress.start();
  for (let i = 0; i < 18; i++) {
    progress.advance(1);
    preview.offer(new ArrayBuffer(1), i);
    await new Promise((resolve) => setTimeout(resolve, 50));
    pictures.add(preview.frames.at(-1)!.address);
    counts.add(progress.done);
  }
  expect([pictures.size, [...counts]]).toEqual([1, [0]]);
  progress.advance(2);
  progress.finish(0);
  preview.end();
  expect([preview.frames, progress.done]).toEqual([[], 20]);
});
