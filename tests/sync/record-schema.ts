import { boolean, Invalid, list, load, mapping, string, type Schema } from '../stand-in/marshmallow';
import type { Json } from '../stand-in/python-json';

/** Requirements on a record by the tutorial's Python client and DriftWatch's backend, written down apart from both. */

/** `CreateDrift` of the client drift-monitor, whose schemas refuse what they do not name. */
const CLIENT: Schema = {
  job_status: { required: true, read: string({ oneOf: ['Running', 'Completed', 'Failed'] }) },
  tags: { whenMissing: () => [], read: list(string({ length: [1, 20] })) },
  model: { required: true, read: string() },
  drift_detected: { whenMissing: () => false, read: boolean },
  parameters: { whenMissing: () => ({}), read: mapping },
};

const FIELDS = ['drift_detected', 'job_status', 'model', 'parameters', 'tags'];
const STATUSES = ['Running', 'Completed', 'Failed'];
const HALF_PAIR = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * Reads a record's text as Python would.
 *
 * @returns what is wrong with it, in words; empty for a record that is accepted, kept, found again and plotted
 */
export function problemsOf(text: string): string[] {
  const record = JSON.parse(text) as Record<string, unknown>;
  const fields = Object.keys(record).sort();
  const problems: string[] = [];
  const claim = (isTrue: boolean, problem: string) => {
    if (!isTrue) problems.push(problem);
  };
  claim(fields.join() === FIELDS.join(), `fields ${fields.join()}`);
  claim(STATUSES.includes(String(record['job_status'])), 'job_status');
  claim(typeof record['model'] === 'string', 'model');
  claim(typeof record['drift_detected'] === 'boolean', 'drift_detected');
  const tags = Array.isArray(record['tags']) ? (record['tags'] as unknown[]) : [null];
  for (const tag of tags) {
    // Python counts characters where JavaScript counts UTF-16 units.
    const length = typeof tag === 'string' ? Array.from(tag).length : 0;
    claim(length >= 1 && length <= 20, `tag of length ${length}`);
  }
  claim(!HALF_PAIR.test(text) && !/\\ud[89a-f]/i.test(text), 'half of a surrogate pair');
  claim(!/[[:,]-?\d{20,}[,}\]]/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '""')), 'integer beyond 64 bit');
  for (const [key, value] of Object.entries(record['parameters'] as Record<string, unknown>)) {
    claim(/^[a-z][a-z0-9_]*$/.test(key), `key ${key}`);
    claim(['string', 'number', 'boolean'].includes(typeof value), `${key} is no plain value`);
    if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 1e21) {
      claim(BigInt.asIntN(64, BigInt(value)) === BigInt(value), `${key} is beyond 64 bit`);
    }
  }
  if (problems.length === 0) claim(isTakenByClient(record as Json), 'refused by the client');
  return problems;
}

function isTakenByClient(record: Json): boolean {
  try {
    load(CLIENT, record, 'raise');
    return true;
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return false;
  }
}
