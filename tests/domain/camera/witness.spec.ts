import { expect, test } from '@playwright/test';
import { ArchiveJudge, type ArchivedSnapshot } from '../../../src/scripting/archive-judge';
import { byBestWitness, isBetterWitness, type Witness } from '../../../src/core/domain/camera/time/witness';
import type { CaptureTimeSource } from '../../../src/core/domain/camera/time/capture-time';
import { wholeCamera, wholeReference } from '../../storage/whole-rows';
import { HOUR, NOON } from './jobs';

const said = (capturedAtSource: CaptureTimeSource, hour = 0, more: Partial<Witness> = {}): Witness => ({
  capturedAt: NOON + hour * HOUR,
  capturedAtSource,
  ...more,
});

test('a name knows better than EXIF when a snapshot was taken, EXIF better than the date of a file, and the earlier of two alike', () => {
  const worstFirst = [
    said('file-name', 1e6),
    said('file-date', 1),
    said('file-date', 0),
    said('exif', 1),
    said('exif', 0),
    said('file-name', 2),
    said('file-name', 1),
    // The stated time counts, not the corrected one.
    said('file-name', 5, { statedAt: NOON }),
  ];
  for (const [i, one] of worstFirst.entries()) {
    for (const [j, other] of worstFirst.entries()) {
      expect(isBetterWitness(one, other, NOON), `${String(i)} against ${String(j)}`).toBe(i > j);
    }
  }
});

test('a date that a zip file or FAT has cut down is not earlier', () => {
  const dated = (milliseconds: number): Witness => ({
    capturedAt: NOON + milliseconds,
    capturedAtSource: 'file-date',
  });
  expect(isBetterWitness(dated(3000), dated(3734), NOON)).toBe(false);
  expect(isBetterWitness(dated(1750), dated(3734), NOON)).toBe(false);
  expect(isBetterWitness(dated(1700), dated(3734), NOON)).toBe(true);
});

test('copies of one content go by its best witness, each as a file of its own', () => {
  const file = (imageName: string, content: string, witness: Witness) => ({
    ...{ imageName, content, path: `a/${imageName}` },
    ...witness,
  });
  const run = [
    file('120000.jpg', 'x', said('file-date', -30)),
    file('between.jpg', 'y', said('exif', -20)),
    file('unknown.jpg', '', said('file-date', -10)),
    file('also.jpg', '', said('file-date', -9)),
    file('named.jpg', 'x', said('file-name', 0)),
  ];
  const ordered = byBestWitness(run, ({ content }) => content, NOON + HOUR);
  expect(ordered.map(({ path, imageName, capturedAt }) => [path, imageName, capturedAt])).toEqual([
    ['a/between.jpg', 'between.jpg', NOON - 20 * HOUR],
    ['a/unknown.jpg', 'unknown.jpg', NOON - 10 * HOUR],
    ['a/also.jpg', 'also.jpg', NOON - 9 * HOUR],
    ['a/120000.jpg', 'named.jpg', NOON],
    ['a/named.jpg', 'named.jpg', NOON],
  ]);
  expect(ordered[3]).toMatchObject({ capturedAtSource: 'file-name', content: 'x' });
});

test('an archive gives the same jobs in any order of its shards, one for each content and at its best time', () => {
  const properties = {
    ...{ width: 640, height: 480, brightness: 0.5, contrast: 0.2 },
    ...{ sharpness: 0.1, blueMinusRed: 0, greenCast: 0 },
  };
  type Row = ArchivedSnapshot & { readonly embedding: Float32Array };
  const row = (
    imageName: string,
    contentSha256: string,
    witness: Witness,
    error: Row['error'] = null,
  ): Row => {
    const value = contentSha256.charCodeAt(0) / 100;
    const embedding = new Float32Array([value, value ** 2, 1]);
    return { imageName, contentSha256, error, embedding, ...witness };
  };
  const lost = { code: 'worker-lost', detail: '' } as const;
  const shards = [
    [row('120000.jpg', 'a', said('file-date', -50)), row('b.jpg', 'b', said('exif', -40))],
    [row('a 1.jpg', 'a', said('file-name', -10)), row('120000.jpg', 'c', said('file-date', -50))],
    [row('a 2.jpg', 'a', said('file-name', -20)), row('d.jpg', 'd', said('file-name', -30), lost)],
    [row('2099.jpg', 'b', said('file-name', 1e6)), row('d copy.jpg', 'd', said('exif', -60))],
  ];
  const reference = wholeReference('reference', {
    embeddings: [0, 1, 2].map((i) => new Float32Array([i / 10, 0.9, 1])),
  });
  const camera = wholeCamera('camera', {
    referenceId: reference.id,
    detector: { name: 'mmd-streaming', windowSize: 2, sigma: 0.5 },
  });
  const judged = (rows: readonly Row[]) => {
    const judge = new ArchiveJudge<Row>(
      { camera, reference, fit: null, events: [] },
      () => null as never,
      () => '',
    );
    const jobs = judge
      .inOrder(rows, NOON)
      .map((each) => judge.take(each, each.error ? null : { ...each, properties, glass: null as never }));
    return [...new Set(jobs)]
      .filter((job) => !judge.isReplaced(job))
      .map((job) => ({ ...job, createdAt: 0 }));
  };
  const once = judged(shards.flat());
  expect(
    once.map(({ contentSha256, imageName, capturedAt }) => [
      contentSha256,
      imageName,
      (capturedAt - NOON) / HOUR,
    ]),
  ).toEqual([
    ['c', '120000.jpg', -50],
    ['b', 'b.jpg', -40],
    ['d', 'd.jpg', -30],
    ['a', 'a 2.jpg', -20],
  ]);
  expect(once).toMatchObject([{}, {}, { jobStatus: 'Completed', windowFill: 2 }, {}]);
  expect(judged(shards.toReversed().flat())).toEqual(once);
  expect(judged([2, 0, 3, 1].flatMap((i) => shards[i]!.toReversed()))).toEqual(once);
});

test('a copy takes no wall clock of its own beside a better witness', () => {
  const local = {
    capturedAtSource: 'exif',
    capturedAt: NOON - 2 * HOUR,
    wallClock: NOON,
    statedOffset: null,
  } as const;
  const run = [
    { imageName: 'copy.jpg', content: 'x', ...local },
    { imageName: '20230730-120000Z.jpg', content: 'x', ...said('file-name') },
    { imageName: 'plain.jpg', content: 'y', ...local },
  ];
  expect(byBestWitness(run, ({ content }) => content, NOON + HOUR)).toEqual([
    { content: 'y', imageName: 'plain.jpg', ...local },
    { content: 'x', imageName: '20230730-120000Z.jpg', ...said('file-name') },
    { content: 'x', imageName: '20230730-120000Z.jpg', ...said('file-name') },
  ]);
});
