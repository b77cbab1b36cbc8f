import { expect, test } from '@playwright/test';
import { batchSentences } from '../../../src/features/monitor/batch-sentences';

const NOTHING = { checked: 0, failed: 0, aside: 0, seenBefore: 0, notChecked: 0, inReference: [] };
const ON = 'To go on, give the same files again; those already checked are skipped.';

test('a batch that was cancelled says how many pictures were not checked, and how to go on', () => {
  expect(batchSentences({ ...NOTHING, notChecked: 12 }, false)).toBe(`12 pictures were not checked. ${ON}`);
  expect(batchSentences({ ...NOTHING, checked: 8, notChecked: 1 }, false)).toBe(
    `8 pictures checked. 1 picture was not checked. ${ON}`,
  );
  expect(batchSentences({ ...NOTHING, checked: 8 }, false)).toBe('8 pictures checked.');
});
