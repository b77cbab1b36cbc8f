import { expect, test } from '@playwright/test';
import type { FieldRecord } from '../../../src/features/driftwatch/pure/record-fields';
import { RecordShelf } from '../../../src/features/driftwatch/pure/record-shelf';

let made = 0;
function record(parameters: Record<string, unknown>, more: Partial<FieldRecord> = {}): FieldRecord {
  made += 1;
  return {
    id: String(made),
    created_at: '2026-11-24T22:41:32.659954',
    job_status: 'Completed',
    model: 'vae',
    drift_detected: false,
    tags: [],
    parameters,
    ...more,
  };
}

function shelfOf(...pages: readonly (readonly FieldRecord[])[]): RecordShelf<FieldRecord> {
  const shelf = new RecordShelf<FieldRecord>();
  for (const page of pages) shelf.add(page);
  return shelf;
}

test('newest first goes by capture time, whatever order they were sent or read in', () => {
  const records = [
    record({ captured_at_ms: 1 }),
    record({}, { created_at: '?' }),
    record({ captured_at_ms: 2 }),
    record({ captured_at_ms: 3 }),
  ];
  const [one, none, two, three] = records;
  expect(shelfOf(records).records()).toEqual([three, two, one, none]);
  expect(shelfOf([one!], [none!, three!], [two!]).records()).toEqual([three, two, one, none]);
});

test('a failed job that does not say when its picture was taken comes last, whenever it was sent', () => {
  const failed = { job_status: 'Failed' };
  const [guessed, sent, dated] = [
    record({ captured_at: '2027-01-01T00:00:00Z', captured_at_source: 'file-date' }, failed),
    record({}, failed),
    record({ captured_at: '2024-01-01T00:00:00Z' }, failed),
  ];
  const [old, module] = [record({ captured_at: '2023-01-01T00:00:00Z' }), record({})];
  const shown = shelfOf([guessed, sent, old, module, dated]).records();
  expect(shown).toEqual([module, dated, old, sent, guessed]);
});
