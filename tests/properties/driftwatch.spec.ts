import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { INSTANT, isWithin } from '../../src/core/domain/ranges';
import { instantOf, leavesOf, parameterText } from '../../src/features/driftwatch/pure/record-fields';
import { DriftWatch } from '../../src/features/driftwatch/remote/driftwatch';
import { parseTolerantly } from '../../src/features/driftwatch/remote/tolerant-json';
import { damaged, damagedBytes, hostileStrings, hostileValues, jsonOf, longTexts } from './hostile';
import { accepted, holds } from './holds';
import { answerWith, replies } from './service';

const ID = '0b9c1f1e-7a53-4d2b-9a55-1f2f3c4d5e6f';
const RECORD = {
  id: ID,
  created_at: '2026-11-24T22:41:32.659954',
  schema_version: '1.0.0',
  job_status: 'Completed',
  model: 'model',
  drift_detected: false,
  tags: ['reef'],
  parameters: {
    ...{ distance: 0.0123, drift_distance: 0.1, warning_distance: 0.05, warning: false, window_fill: 12 },
    ...{ captured_at: '2026-11-24T22:00:00Z', captured_at_ms: 1_795_557_600_000, result_id: 'job-1' },
    nested: { distance: 0.5, drift_distance: 0.7, at: '2026-01-01' },
    list: [1, 2],
  },
};
const EXPERIMENT = {
  ...{
    id: ID,
    name: 'Reef',
    description: '',
    public: true,
    created_at: RECORD.created_at,
  },
  permissions: [{ entity: 'group', level: 'Edit' }],
};
const USER = { id: 'user', email: 'a@example.org', created_at: RECORD.created_at };
const REFUSAL = {
  code: 422,
  status: 'Unprocessable',
  message: 'no',
  errors: { json: { tags: { 0: ['Length'] } } },
};

/** Deeper than a stack of calls is. */
const DEEP = ['{"a":', '[', '{"errors":{"a":'].map((open, kind) => {
  const inner = open.repeat(20_000);
  return `${inner}1${(kind === 1 ? ']' : '}').repeat(inner.split(/[[{]/).length - 1)}`;
});
const answers = fc.oneof(
  damaged([RECORD, RECORD]).map((value) => jsonOf(value, 'NaN')),
  damaged([EXPERIMENT]).map((value) => jsonOf(value, 'NaN')),
  damaged(RECORD).map((value) => jsonOf(value, 'NaN')),
  damaged(EXPERIMENT).map((value) => jsonOf(value)),
  damaged(USER).map((value) => jsonOf(value)),
  damaged({ items: ['group'] }).map((value) => jsonOf(value)),
  damaged(REFUSAL).map((value) => jsonOf(value)),
  damagedBytes(
    [Buffer.from(JSON.stringify([RECORD]))],
    ['NaN', '-Infinity', '"', '\\', '\0number:', '<!doctype html>'],
  ).map((bytes) => Buffer.from(bytes).toString()),
  hostileStrings,
);

test('JSON with bare NaN is read as JSON without it is, and nothing else is made of it', async () => {
  await holds(hostileValues, (value) => {
    const text = jsonOf(value, 'NaN');
    assert.deepEqual(parseTolerantly(text), withoutLostParts(value));
  });
  await holds(answers, refusesOnlyAsSyntax, {
    first: [...longTexts, ...DEEP, ...DEEP.map((text) => text.replace('1', 'NaN'))],
  });
});

/** A value as JSON can say it. */
function withoutLostParts(value: unknown): unknown {
  return value === undefined ? null : value;
}

function refusesOnlyAsSyntax(text: string): void {
  try {
    parseTolerantly(text);
  } catch (error) {
    assert.ok(error instanceof SyntaxError, String(error));
  }
}

test('whatever DriftWatch answers, each question ends with an answer or a sentence', async () => {
  const conversation = fc.record({
    given: fc.array(replies(answers), { minLength: 1, maxLength: 4 }),
    baseUrl: fc.constantFrom('/driftwatch', 'http://127.0.0.1:8080/api/v1'),
    age: fc.constantFrom(null, 0, 100_000),
  });
  await holds(conversation, async ({ given, baseUrl, age }) => {
    using service = answerWith(given);
    const access = { token: async () => 'secret-token', drop: () => undefined, ageOfToken: () => age };
    const client = new DriftWatch({ baseUrl, access, timeout: 1000 });
    await accepted(() => client.reach());
    await accepted(() => client.self());
    await accepted(() => client.register());
    await accepted(() => client.entitlements());
    await accepted(() => client.experiment(ID));
    await accepted(() => client.createExperiment({ name: 'x', description: '', public: false }));
    await accepted(() => client.remove(ID, ID));
    for (const work of [() => client.send(ID, '{}'), () => client.replace(ID, ID, '{}')]) {
      const arrived = await accepted(work);
      assert.equal(typeof (arrived?.says('{"tags":[],"parameters":{}}') ?? false), 'boolean');
      assert.ok(
        arrived?.createdAt == null || isWithin(INSTANT, arrived.createdAt),
        String(arrived?.createdAt),
      );
    }
    await accepted(() => client.find(ID, ['job-1']));
    const found = await accepted(() => client.driftsOf(ID, ['job-1']));
    for (const record of found ?? []) readAll(record.parameters);
    await accepted(async () => {
      for await (const page of client.experiments()) assert.ok(Array.isArray(page.items));
    });
    const host = new URL(baseUrl, 'http://127.0.0.1:8080/').host;
    assert.ok(service.asked.every(({ url }) => new URL(url).host === host));
    assert.ok(service.asked.length < 100, `${service.asked.length} requests`);
  });
});

test('records that anybody may have written can be compared', async () => {
  const records = damaged(RECORD.parameters).filter(
    (record) => typeof record === 'object' && record !== null,
  );
  await holds(
    fc.tuple(records, hostileStrings),
    ([parameters, text]) => {
      readAll(parameters as Record<string, unknown>);
      assert.ok(instantOf(text) === null || isWithin(INSTANT, instantOf(text)), String(instantOf(text)));
    },
    { first: longTexts.map((text): [object, string] => [{ [text]: 1, captured_at: text }, text]) },
  );
});

function readAll(parameters: Readonly<Record<string, unknown>>): void {
  for (const [, value] of leavesOf(parameters)) assert.equal(typeof parameterText(value), 'string');
}
