import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import type { AppError } from '../../../src/core/domain/errors';
import { isModest } from '../../../src/core/domain/modest';
import { isRemoteId } from '../../../src/core/domain/remote-id';
import { DriftWatch } from '../../../src/features/driftwatch/remote/driftwatch';
import { newPage } from '../../node-page';
import { told } from '../../told';
import { openLab, test } from '../outbox-lab';
import { poll } from '../outbox-steps';

const ID = '7f0c1f9e-4c9a-4d1e-9c39-5a6f0f3d2b11';
const ESCAPING = ['../../../steal', `${ID}/../../..`, '..%2f..%2fsteal', `${ID}?x=`, `${ID}#`, '', 'a b'];

let server: Server;
let asked: string[];
let answer: string;
let client: DriftWatch;

/** A DriftWatch that answers everything with the same text. */
test.beforeEach(async () => {
  asked = [];
  answer = '[]';
  server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    response.setHeader('access-control-allow-methods', '*');
    if (request.method === 'OPTIONS') return response.writeHead(204).end();
    asked.push(request.url ?? '');
    return response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  newPage();
  const { port } = server.address() as AddressInfo;
  const access = { token: async () => 'token', drop: () => undefined, ageOfToken: () => 0 };
  client = new DriftWatch({ baseUrl: `http://127.0.0.1:${port}/api/v1`, access, timeout: 20_000 });
});
test.afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('an id that is none of DriftWatch leads nowhere, whatever is asked', async () => {
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'asked',
      (error: unknown) => (error as AppError).code,
    );
  const codes = await Promise.all(
    ESCAPING.flatMap((id) => [
      codeOf(client.experiment(id)),
      codeOf(client.driftsOf(id, [ID])),
      codeOf(client.send(id, '{}')),
      codeOf(client.find(id, [ID])),
      codeOf(client.replace(id, ID, '{}')),
      codeOf(client.replace(ID, id, '{}')),
      codeOf(client.remove(id, ID)),
      codeOf(client.remove(ID, id)),
    ]),
  );
  expect(new Set(codes)).toEqual(new Set(['remote-id']));
  expect(asked).toEqual([]);
  expect(ESCAPING.some(isRemoteId)).toBe(false);
  expect([ID, ID.toUpperCase()].every(isRemoteId)).toBe(true);
});

test('of a list, what has another id or can’t be read is left out; an answer alone is refused', async () => {
  const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
  const record = (id: string, parameters: string, more = '') =>
    `{"id":${JSON.stringify(id)},"created_at":"2026-01-01T00:00:00","parameters":${parameters}${more}}`;
  const good = record(ID, '{"result_id":"job"}', ',"tags":[1,{}],"model":{"toString":1}');
  const others = [
    record('../../../steal', '{"result_id":"job"}'),
    record('0'.repeat(1e6), '{}'),
    record(ID.replace('7', '8'), deep),
    record(ID.replace('7', '9'), '{"result_id":{"toString":1,"valueOf":1}}'),
    record(
      ID.replace('7', 'a'),
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    ),
    'null',
    '"text"',
    '[[[]]]',
    '{"id":{}}',
  ];
  answer = `[${[...others, good].join(',')}]`;
  const found = await client.find(ID, ['job']);
  expect([...found].map(([job, records]) => [job, records.map(({ id }) => id)])).toEqual([['job', [ID]]]);
  const items = await client.driftsOf(ID, ['job']);
  expect(items.map(({ id }) => id)).toEqual(['7', '9', 'a'].map((digit) => ID.replace('7', digit)));
  expect(items[0]?.model).toBe('');
  expect({}).not.toHaveProperty('polluted');

  for (const [text, reason] of [
    [others[0], 'an id'],
    [others[2], 'too large'],
    [`{"id":"${ID}","name":"${'x'.repeat(6 * 2 ** 20)}"}`, '> 5 MB'],
    ['['.repeat(1e6), 'HTTP 200'],
    ['', 'HTTP 200'],
  ] as const) {
    answer = text ?? '';
    const error = await client.send(ID, '{}').then(() => 'sent', told);
    expect(error).toMatch(/^answer-unreadable: .{0,300}$/s);
    expect(error).toContain(reason);
  }
});

test('an experiment’s name is shown without line breaks and what can’t be seen', async () => {
  answer = JSON.stringify({ id: ID, name: 'Re\u202eef\n2' });
  const { name } = await client.experiment(ID);
  expect(name).toBe('Re ef 2');
});

test('a list of 10 MB is refused within the time of one, and so are pages without an end', async () => {
  answer = `[${Array.from({ length: 40_000 }, (_, i) => `{"id":"${i}","x":"${'x'.repeat(250)}"}`).join()}]`;
  await expect(client.driftsOf(ID, ['job'])).rejects.toMatchObject({ code: 'answer-unreadable' });
  // The same page again and again has nothing new.
  answer = `[${Array.from({ length: 100 }, () => `{"id":"${ID}","name":"${'x'.repeat(5000)}"}`).join()}]`;
  const names: number[] = [];
  for await (const { items } of client.experiments()) names.push(items[0]?.name.length ?? 0);
  expect(names).toEqual([1000, 1000]);
});

test('a lane that an earlier version took from a file waits for a person, and nothing is asked of it', async ({
  open,
}) => {
  const { standIn, options } = await open();
  const lab = await openLab({ ...options, experimentId: '../../../steal' });
  await lab.queue([0, 1, 2]);
  await lab.work();
  await poll(() => lab.step()).toMatchObject({
    kind: 'held',
    until: null,
    failure: { code: 'remote-id' },
  });
  expect(standIn.requests.filter(({ server }) => server === 'driftwatch')).toEqual([]);
  expect(await lab.counts()).toEqual({ queued: 3 });
});

test('what is nested or long beyond reason is known without a fall', () => {
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown;
  expect(isModest(deep)).toBe(false);
  expect(isModest({ a: Array.from({ length: 20_000 }, () => 0) })).toBe(false);
  expect(
    isModest(
      Array.from({ length: 20_000 }, () => 0),
      Infinity,
    ),
  ).toBe(true);
  expect(isModest({ a: [1, { b: null }], c: 'text' })).toBe(true);
});
