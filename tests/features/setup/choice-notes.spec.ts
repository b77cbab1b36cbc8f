import { expect, test } from '@playwright/test';
import { chooseReference, sortClean } from '../../../src/features/setup/choose-reference';
import type { EncodedSnapshot } from '../../../src/core/session/reference/reference-builder';
import { UTC } from '../../../src/core/domain/camera/time/zone';
import { leftOutOf } from '../../../src/features/setup/setup-sentences';
import en from '../../../src/words/setup.en.js';

const HOUR = 3_600_000;

/** Eight a day, all of one view and clean. */
const chosenOf = async (count: number, isGuessed: boolean) => {
  const given = Array.from({ length: count }, (_, i): EncodedSnapshot => {
    const capturedAt = (24 * Math.floor(i / 8) + 8 + (i % 8)) * HOUR;
    const thumbnail = new ArrayBuffer(0);
    return {
      name: `${i}`,
      embedding: new Float32Array(),
      capturedAt,
      isGuessed,
      properties: null,
      thumbnail,
    };
  });
  const sort = async (sources: readonly unknown[]) => ({
    clean: [...sources.keys()],
    traced: [],
    views: [],
    foreign: [],
  });
  const sorted = await sortClean({ sort }, given, { timeZone: UTC });
  return chooseReference(sorted, { takesTraced: false });
};

test('notes say how many snapshots are kept out, and do not call clean, nor early, what nobody knows', async () => {
  const notesOf = async (count: number, isGuessed: boolean) =>
    leftOutOf(en, await chosenOf(count, isGuessed)).map(({ sentence }) => sentence);
  const kept = (count: number) => `${count} other clean pictures are kept out`;
  expect(await notesOf(160, false)).toEqual([
    `The earliest days make the reference. ${kept(120)}, because more would hide early dirt.`,
  ]);
  const [unseen, undated] = await notesOf(410, true);
  expect(undated).toContain(`The earliest days are not certain`);
  expect(undated).toContain(kept(360));
  expect(unseen).toContain('10 more pictures were not looked at');
});
