/** Browse shows records in capture order, whatever order they were sent and read in. */
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { capturedAtOf, instantOf, type FieldRecord } from '../../src/features/driftwatch/pure/record-fields';
import { RecordShelf } from '../../src/features/driftwatch/pure/record-shelf';
import { holds } from './holds';

const NOW = Date.UTC(2026, 10, 28);
const HOUR = 3_600_000;

/** Hours ago; few, so that some records are captured or sent at the same moment. */
const experiments = fc.record({
  records: fc.array(
    fc.record({
      captured: fc.option(fc.integer({ min: -30, max: 40 }), { nil: null, freq: 6 }),
      created: fc.integer({ min: 0, max: 40 }),
    }),
    { maxLength: 40 },
  ),
  page: fc.integer({ min: 1, max: 7 }),
});

interface Written {
  readonly captured: number | null;
  readonly created: number;
}

function recordOf({ captured, created }: Written, i: number): FieldRecord {
  const time = (hours: number) => new Date(NOW - hours * HOUR).toISOString();
  return {
    id: String(i).padStart(6, '0'),
    // As the backend writes it: without a zone.
    created_at: time(created).replace('Z', '000'),
    job_status: 'Completed',
    model: 'vae-2',
    drift_detected: false,
    tags: [],
    parameters: captured === null ? {} : { captured_at: time(captured) },
  };
}

/** DriftWatch's order: newest sent first. */
function newestSentFirst(records: readonly FieldRecord[]): FieldRecord[] {
  return [...records].sort((a, b) => instantOf(b.created_at)! - instantOf(a.created_at)!);
}

test('after each page the records read so far are in capture order, later sent first among equals', async () => {
  await holds(experiments, ({ records, page }) => {
    const whole = newestSentFirst(records.map(recordOf));
    const shelf = new RecordShelf<FieldRecord>();
    for (let from = 0; from < whole.length; from += page) {
      shelf.add(whole.slice(from, from + page));
      const expected = whole
        .slice(0, from + page)
        .map((record) => ({ record, at: capturedAtOf(record).at!, sent: instantOf(record.created_at)! }))
        .sort((a, b) => b.at - a.at || b.sent - a.sent || (a.record.id < b.record.id ? 1 : -1));
      assert.deepEqual(
        shelf.records().map(({ id }) => id),
        expected.map(({ record }) => record.id),
      );
    }
  });
});
