import { expect, test } from '@playwright/test';
import { sortByContent } from '../../../src/core/session/scoring/sort-by-content';
import { KnownJobs } from '../../../src/core/session/scoring/known-jobs';
import { NOON } from '../../domain/camera/jobs';
import { wholeCamera } from '../../storage/whole-rows';

/** Milliseconds that the first question for a size takes. */
const WAIT = 2;

/** A chosen file: the page waits while the browser asks the disk for its size, once. */
class ChosenFile extends File {
  static asked = 0;
  /** questions since other work had its turn, and the most of them */
  static inOneGo = 0;
  static most = 0;
  #isAsked = false;

  override get size(): number {
    if (!this.#isAsked) {
      ChosenFile.asked += 1;
      ChosenFile.inOneGo += 1;
      ChosenFile.most = Math.max(ChosenFile.most, ChosenFile.inOneGo);
      for (const began = performance.now(); performance.now() - began < WAIT;);
    }
    this.#isAsked = true;
    return super.size;
  }
}

const hour = (i: number) => new Date(NOON + i * 3_600_000).toISOString().replaceAll(/[-:]|\..*/g, '');
const named = (i: number, content: string) =>
  new ChosenFile([content], `${hour(i).replace('T', '-')}-CAM.jpg`, { lastModified: NOON });
const unnamed = (i: number, content: string) =>
  new ChosenFile([content], `IMG_${i}.jpg`, { lastModified: NOON });

async function sorted(files: readonly File[]) {
  ChosenFile.asked = 0;
  const hashed: string[] = [];
  const fingerprint = (some: readonly File[]) => {
    hashed.push(...some.map(({ name }) => name));
    return Promise.all(some.map((file) => file.text()));
  };
  const jobs = new KnownJobs(null, [], () => ({ now: NOON, corrections: [], clean: [] }));
  const { fresh } = await sortByContent(files, jobs, {
    camera: wholeCamera('camera'),
    pool: { fingerprint } as never,
    now: () => NOON * 2,
    signal: new AbortController().signal,
  });
  return { fresh, hashed, asked: ChosenFile.asked };
}

test('no size is asked for where all files state their times in the same way', async () => {
  for (const make of [named, unnamed]) {
    const { fresh, hashed, asked } = await sorted(Array.from({ length: 50 }, (_, i) => make(i, 'same')));
    expect(fresh).toHaveLength(50);
    expect({ hashed, asked }).toEqual({ hashed: [], asked: 0 });
  }
});

test('sizes tell which files may be copies with another witness, and the page goes on while they are asked for', async () => {
  const files = Array.from({ length: 100 }, (_, i) => named(i, 'x'.repeat(i + 2)));
  const copy = unnamed(7, 'x'.repeat(9));
  let turn = setImmediate(function other() {
    ChosenFile.inOneGo = 0;
    turn = setImmediate(other);
  });
  const { fresh, hashed } = await sorted([...files, copy, unnamed(8, 'x')]);
  clearImmediate(turn);
  expect(hashed.toSorted()).toEqual([files[7]!.name, copy.name].toSorted());
  expect(fresh).toHaveLength(102);
  expect(fresh.find(({ file }) => file === copy)!.capturedAtSource).toBe('file-name');
  // For 20 ms in one go, not 204.
  expect(ChosenFile.most).toBeLessThan(40);
});
