import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Page } from '@playwright/test';
import { BLANK } from '../addresses';
import { isModest } from '../../src/core/domain/modest';
import { isRemoteId } from '../../src/core/domain/remote-id';
import { openLab, test, type Lab } from './outbox-lab';

declare const client: import('../../src/features/driftwatch/remote/driftwatch').DriftWatch;
declare const lab: Lab;

const ID = '7f0c1f9e-4c9a-4d1e-9c39-5a6f0f3d2b11';
const ESCAPING = ['../../../steal', `${ID}/../../..`, '..%2f..%2fsteal', `${ID}?x=`, `${ID}#`, '', 'a b'];

let server: Server;
let asked: string[];
let answer: string;

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
});
test.afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function openClient(page: Page): Promise<void> {
  const { port } = server.address() as AddressInfo;
  await page.goto(BLANK);
  await page.evaluate(async (baseUrl) => {
    const { DriftWatch } = await import('/src/features/driftwatch/remote/driftwatch.ts');
    const access = { token: async () => 'token', drop: () => undefined, ageOfToken: () => 0 };
    Object.assign(globalThis, { client: new DriftWatch({ baseUrl, access, timeout: 20_000 }) });
  }, `http://127.0.0.1:${port}/api/v1`);
}

test('an id that is none of DriftWatch leads nowhere, whatever is asked', async ({ page }) => {
  await openClient(page);
  const codes = await page.evaluate(
    async ({ ids, usual }) => {
      const codeOf = async (work: Promise<unknown>) =>
        work.then(
          () => 'asked',
          (error: unknown) => (error as { code: string }).code,
        );
      return Promise.all(
        ids.flatMap((id) => [
          codeOf(client.experiment(id)),
          codeOf(client.driftsOf(id, [usual])),
          codeOf(client.send(id, '{}')),
          codeOf(client.find(id, [usual])),
          codeOf(client.replace(id, usual, '{}')),
          codeOf(client.replace(usual, id, '{}')),
          codeOf(client.remove(id, usual)),
          codeOf(client.remove(usual, id)),
        ]),
      );
    },
    { ids: ESCAPING, usual: ID },
  );
  expect(new Set(codes)).toEqual(new Set(['remote-id']));
  expect(asked).toEqual([]);
  expect(ESCAPING.some(isRemoteId)).toBe(false);
  expect([ID, ID.toUpperCase()].every(isRemoteId)).toBe(true);
});

test('of a list, what has another id or can’t be read is left out; an answer alone is refused', async ({
  page,
}) => {
  await openClient(page);
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
  const found = await page.evaluate(async (id) => {
    const found = await client.find(id, ['job']);
    const items = await client.driftsOf(id, ['job']);
    return {
      found: [...found].map(([job, records]) => [job, records.map((one) => one.id)]),
      ids: items.map((one) => one.id),
      model: items[0]?.model,
      polluted: ({} as { polluted?: boolean }).polluted ?? false,
    };
  }, ID);
  expect(found).toEqual({
    found: [['job', [ID]]],
    ids: ['7', '9', 'a'].map((digit) => ID.replace('7', digit)),
    model: '',
    polluted: false,
  });

  for (const [text, reason] of [
    [others[0], 'an id'],
    [others[2], 'too large'],
    [`{"id":"${ID}","name":"${'x'.repeat(6 * 2 ** 20)}"}`, '> 5 MB'],
    ['['.repeat(1e6), 'HTTP 200'],
    ['', 'HTTP 200'],
  ] as const) {
    answer = text ?? '';
    const error = await page.evaluate(async (id) => {
      const { told } = await import('/tests/told.ts');
      return client.send(id, '{}').then(() => 'sent', told);
    }, ID);
    expect(error).toMatch(/^answer-unreadable: .{0,300}$/s);
    expect(error).toContain(reason);
  }
});

test('an experiment’s name is shown without line breaks and what can’t be seen', async ({ page }) => {
  await openClient(page);
  answer = JSON.stringify({ id: ID, name: 'Re\u202eef\n2' });
  const name = await page.evaluate(async (id) => (await client.experiment(id)).name, ID);
  expect(name).toBe('Re ef 2');
});

test('a list of 10 MB is refused within the time of one, and so are pages without an end', async ({
  page,
}) => {
  await openClient(page);
  answer = `[${Array.from({ length: 40_000 }, (_, i) => `{"id":"${i}","x":"${'x'.repeat(250)}"}`).join()}]`;
  const code = await page.evaluate(
    (id) =>
      client.driftsOf(id, ['job']).then(
        () => null,
        (error: unknown) => (error as { code: string }).code,
      ),
    ID,
  );
  expect(code).toBe('answer-unreadable');
  // The same page again and again has nothing new.
  answer = `[${Array.from({ length: 100 }, () => `{"id":"${ID}","name":"${'x'.repeat(5000)}"}`).join()}]`;
  const seen = await page.evaluate(async () => {
    const names: number[] = [];
    for await (const { items } of client.experiments()) names.push(items[0]?.name.length ?? 0);
    return names;
  });
  expect(seen).toEqual([1000, 1000]);
});

test('a lane that an earlier version took from a file waits for a person, and nothing is asked of it', async ({
  page,
  open,
}) => {
  const { standIn, options } = await open();
  await openLab(page, { ...options, experimentId: '../../../steal' });
  await page.evaluate(async () => {
    await lab.queue([0, 1, 2]);
    lab.work();
  });
  await expect
    .poll(() =>
      page.evaluate(() => {
        const step = lab.step();
        return step?.kind === 'held' ? [step.failure.code, step.until] : null;
      }),
    )
    .toEqual(['remote-id', null]);
  expect(standIn.requests.filter(({ server }) => server === 'driftwatch')).toEqual([]);
  expect(await page.evaluate(() => lab.counts())).toEqual({ queued: 3 });
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
