/**
 * That the stand-in behaves as DriftWatch and a mytoken server do, over real HTTP. The other specs ask it all the time:
 * these are for changes of tests/stand-in (`npm test -- stand-in`), and for the long run.
 */
import { expect, test as base } from '@playwright/test';
import { ADMIN_ENTITLEMENT, USER_ENTITLEMENT } from '../../stand-in/access-tokens';
import { randomFaults, type FaultPlan } from '../../stand-in/faults';
import {
  startStandIn,
  type NewMytokenOptions,
  type StandIn,
  type StandInOptions,
} from '../../stand-in/server';

const test = base.extend<{ start: (options?: StandInOptions) => Promise<StandIn> }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures it needs from this pattern.
  start: async ({}, use) => {
    const started: StandIn[] = [];
    await use(async (options) => {
      const standIn = await startStandIn(options);
      started.push(standIn);
      return standIn;
    });
    await Promise.all(started.map((standIn) => standIn.close()));
  },
});

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

const RECORD = {
  job_status: 'Completed',
  tags: ['obsea'],
  model: 'ResNet-50',
  drift_detected: false,
  parameters: { distance: 0.25, result_id: 'a' },
};

const PRIVATE = { name: 'reef', description: 'a reef', public: false, permissions: [] };

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** unchecked: each spec knows the type */
  body: ReturnType<typeof JSON.parse>;
}

/** A caller of DriftWatch with a token, or without one. */
function caller(standIn: StandIn, token?: string) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(standIn.driftwatch.url + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return readAnswer(response);
  };
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Not everything is JSON here.
  }
  return { status: response.status, headers: response.headers, text, body };
}

function registered(standIn: StandIn, options: NewMytokenOptions = {}) {
  return caller(standIn, standIn.newMytoken({ isRegistered: true, ...options }).accessToken());
}

/** Somebody with an experiment that is open or not. */
async function owner(standIn: StandIn, experiment: object = PRIVATE) {
  const token = standIn.newMytoken({ isRegistered: true }).accessToken();
  const call = caller(standIn, token);
  const { body } = await call('POST', '/experiment', experiment);
  return { call, token, id: body.id as string, drift: `/experiment/${body.id}/drift` };
}

async function post(url: string, body: object, type = 'application/json'): Promise<Answer> {
  const text =
    type === 'application/json' ? JSON.stringify(body) : new URLSearchParams({ ...body }).toString();
  return readAnswer(await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: text }));
}

function exchange(standIn: StandIn, mytoken: string, more: object = {}, type?: string): Promise<Answer> {
  return post(
    `${standIn.mytoken.url}/api/v0/token/access`,
    { grant_type: 'mytoken', mytoken, ...more },
    type,
  );
}

test.describe('DriftWatch @long', () => {
  test('answers under /api/v1 and /api/latest, and a proxy answers elsewhere', async ({ start }) => {
    const standIn = await start();
    const { origin, url } = standIn.driftwatch;
    expect(url).toBe(`${origin}/api/v1`);
    for (const root of ['/api/v1', '/api/v1/', '/api/latest/']) {
      expect((await fetch(origin + root)).status).toBe(204);
    }
    const outside = await fetch(`${origin}/experiment/search`, { method: 'POST' });
    expect(outside.status).toBe(404);
    expect(outside.headers.get('content-type')).toContain('text/html');
  });

  test('a slash at the end, an id that is none and a wrong method are refused by the framework', async ({
    start,
  }) => {
    const call = caller(await start());
    for (const path of ['/experiment/search/', '/experiment/one', '/nothing']) {
      const { status, body } = await call('GET', path);
      expect([status, body.code, body.status]).toEqual([404, 404, 'Not Found']);
      expect(body.message).toContain('The requested URL was not found on the server.');
    }
    const wrong = await call('PATCH', '/experiment');
    expect([wrong.status, wrong.body]).toEqual([405, { code: 405, status: 'Method Not Allowed' }]);
  });

  test('a body of another content type counts as {}', async ({ start }) => {
    const standIn = await start();
    standIn.seedExperiment({ name: 'one' });
    const call = registered(standIn);
    const plain = { 'content-type': 'text/plain' };
    expect((await call('POST', '/experiment/search', { name: 'other' }, plain)).body).toHaveLength(1);
    const created = await call('POST', '/experiment', PRIVATE, plain);
    expect([created.status, created.body.errors]).toEqual([
      422,
      { json: { name: ['Missing data for required field.'] } },
    ]);
  });

  test('keys are in alphabetical order, and NaN is a bare literal in and out', async ({ start }) => {
    const { call, drift } = await owner(await start());
    const { status, text, body } = await call(
      'POST',
      drift,
      '{"model":"é","job_status":"Running","drift_detected":"yes","parameters":{"b":NaN,"a":[-Infinity]}}',
    );
    expect([status, body]).toEqual([201, null]);
    expect(text).toMatch(
      /^\{"created_at":"[^"]+","drift_detected":true,"id":"[^"]+","job_status":"Running",/,
    );
    expect(text).toContain(
      '"model":"\\u00e9","parameters":{"a":[-Infinity],"b":NaN},"schema_version":"1.0.0","tags":[]}',
    );
  });

  test('created_at has no zone, no fraction at microsecond 0, and always rises', async ({ start }) => {
    const standIn = await start({ now: () => Date.UTC(2026, 10, 24, 22, 41, 32) });
    const { id } = standIn.seedExperiment({ name: 'one', public: true });
    standIn.seedRecord(id, {});
    standIn.seedRecord(id, {});
    expect(standIn.experiments()[0]?.created_at).toBe('2026-11-24T22:41:32');
    const [first, second] = standIn.records(id).map((record) => record.created_at);
    expect([first, second]).toEqual(['2026-11-24T22:41:32.000001', '2026-11-24T22:41:32.000002']);
    const later = await caller(standIn)('POST', `/experiment/${id}/drift/search`, {
      created_at: { $gt: first },
    });
    expect(later.body.map((record: { created_at: string }) => record.created_at)).toEqual([second]);
    standIn.setClockOffset(86_400_000);
    expect(standIn.seedRecord(id, {}).created_at).toBe('2026-11-25T22:41:32');
  });

  test('checks the token, the body, the registration, the experiment, the permission, the record, the name', async ({
    start,
  }) => {
    const standIn = await start();
    const { call, id, drift } = await owner(standIn);
    const stranger = registered(standIn);
    const unregistered = caller(standIn, standIn.newMytoken().accessToken());
    const unknown = `/experiment/${UNKNOWN_ID}/drift`;
    const outcome = async (answer: Promise<Answer>) => {
      const { status, body } = await answer;
      return [status, body.message ?? body.errors];
    };
    const missing = { json: { name: ['Missing data for required field.'] } };
    expect(await outcome(caller(standIn)('POST', '/experiment', {}))).toEqual([
      401,
      'No authorization header',
    ]);
    expect(await outcome(unregistered('POST', '/experiment', {}))).toEqual([422, missing]);
    expect(await outcome(unregistered('POST', unknown, RECORD))).toEqual([403, 'User not registered.']);
    expect(await outcome(stranger('POST', unknown, RECORD))).toEqual([404, 'Experiment not found.']);
    expect(await outcome(stranger('PUT', `${drift}/${UNKNOWN_ID}`, RECORD))).toEqual([
      403,
      'Insufficient permissions.',
    ]);
    expect(await outcome(call('PUT', `${drift}/${UNKNOWN_ID}`, RECORD))).toEqual([404, 'Drift not found.']);
    expect(await outcome(stranger('POST', '/experiment', PRIVATE))).toEqual([409, 'Name conflict.']);
    await call('POST', '/experiment', { ...PRIVATE, name: 'other' });
    expect(await outcome(call('PUT', `/experiment/${id}`, { ...PRIVATE, name: 'other' }))).toEqual([
      409,
      'Name conflict.',
    ]);
    expect((await call('PUT', `/experiment/${id}`, PRIVATE)).status).toBe(200);
  });

  test('says what is wrong with a token in its own words', async ({ start }) => {
    const standIn = await start();
    const token = standIn.newMytoken({ isRegistered: true }).accessToken();
    const claims = (change: object) => {
      const [header, body, signature] = token.split('.') as [string, string, string];
      const changed = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), ...change };
      return [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
    };
    const other = await start();
    const foreign = other.newMytoken({ isRegistered: true }).accessToken();
    const self = async (authorization: string) => {
      const { status, body } = await caller(standIn)('GET', '/user/self', undefined, { authorization });
      return [status, body.message];
    };
    expect(await self(`bearer ${token}`)).toEqual([401, 'No bearer token in authorization header']);
    expect(await self('Bearer opaque')).toEqual([401, 'User identity could not be determined']);
    expect(await self(`Bearer ${claims({ iss: 'https://elsewhere.example' })}`)).toEqual([
      401,
      "Could not verify JWT: No 'iss' claim in body",
    ]);
    expect(await self(`Bearer ${claims({ sub: 'somebody' })}`)).toEqual([
      401,
      'Could not verify JWT: Signature verification failed',
    ]);
    // Another key: of the same issuer, but in no key set of its.
    expect(await self(`Bearer ${foreign}`)).toEqual([500, undefined]);
    expect((await caller(standIn, foreign)('POST', '/experiment/search', {})).status).toBe(500);
    expect(await self(`Bearer ${token}`)).toEqual([200, undefined]);
    standIn.expireAccessTokens();
    expect(await self(`Bearer ${token}`)).toEqual([401, 'Could not verify JWT: Signature has expired']);
  });

  test('a token that expired is anonymous where everyone may read', async ({ start }) => {
    const standIn = await start();
    const { call, id, drift } = await owner(standIn);
    expect((await call('POST', `${drift}/search`, {})).status).toBe(200);
    standIn.expireAccessTokens();
    const hidden = await call('POST', `${drift}/search`, {});
    expect([hidden.status, hidden.body.message]).toEqual([403, 'Resource is not public.']);
    expect((await call('GET', `/experiment/${id}`)).status).toBe(200);
    expect((await call('GET', '/user/self')).status).toBe(401);
  });

  test('an access token ends by itself after its lifetime', async ({ start }) => {
    const standIn = await start({ accessTokenLifetime: 0 });
    const { status, body } = await registered(standIn)('GET', '/user/self');
    expect([status, body.message]).toEqual([401, 'Could not verify JWT: Signature has expired']);
  });

  test('401 sticks to the token that got it, and a new one works', async ({ start }) => {
    const standIn = await start();
    const { accessToken } = standIn.newMytoken({ isRegistered: true });
    const [first, second] = [accessToken(), accessToken(), accessToken()];
    const self = (token: string) => caller(standIn, token)('GET', '/user/self');
    standIn.setProviderDown(true);
    expect((await self(first)).body.message).toBe('User identity could not be determined');
    standIn.setProviderDown(false);
    expect((await self(first)).status).toBe(401);
    standIn.setFaults(({ count }) => (count === 3 ? { kind: 'answer', status: 401 } : null));
    expect((await self(second)).status).toBe(401);
    standIn.setFaults(null);
    expect((await self(second)).status).toBe(401);
    expect((await self(accessToken())).status).toBe(200);
    standIn.revokeAllAccessTokens();
    expect((await self(accessToken())).status).toBe(200);
  });

  test('wants a verified e-mail, a role, and a registration even for public records', async ({ start }) => {
    const standIn = await start();
    const { id } = standIn.seedExperiment({ name: 'open', public: true });
    const unverified = standIn.newMytoken({ emailVerified: false });
    const refused = await caller(standIn, unverified.accessToken())('POST', '/user');
    expect([refused.status, refused.body.message]).toEqual([
      403,
      `User ${unverified.subject}@https://proxy.stand-in.example/realms/ai4eosc does not meet requirements`,
    ]);
    const guest = await caller(standIn, standIn.newMytoken({ entitlements: [] }).accessToken())(
      'POST',
      '/user',
    );
    expect([guest.status, guest.body.message]).toEqual([403, 'Insufficient permissions.']);

    const newcomer = caller(standIn, standIn.newMytoken().accessToken());
    expect((await caller(standIn)('POST', `/experiment/${id}/drift/search`, {})).status).toBe(200);
    const unregistered = await newcomer('POST', `/experiment/${id}/drift/search`, {});
    expect([unregistered.status, unregistered.body.message]).toEqual([403, 'User not registered.']);
    expect((await newcomer('POST', '/user')).status).toBe(201);
    expect((await newcomer('POST', '/user')).body.message).toBe('User already exists.');
    expect((await newcomer('POST', `/experiment/${id}/drift/search`, {})).status).toBe(200);
    expect((await newcomer('GET', '/entitlement')).body).toEqual({ items: [USER_ENTITLEMENT] });
  });

  test('an administrator may everything, and alone may search users', async ({ start }) => {
    const standIn = await start();
    const { call, drift } = await owner(standIn);
    const admin = registered(standIn, { entitlements: [USER_ENTITLEMENT, ADMIN_ENTITLEMENT] });
    expect((await admin('POST', drift, RECORD)).status).toBe(201);
    expect((await admin('POST', '/user/search', {})).body).toHaveLength(2);
    expect((await call('POST', '/user/search', {})).status).toBe(403);
  });

  test('permissions that are left out are one list for everybody', async ({ start }) => {
    const standIn = await start();
    const [first, second, third] = [registered(standIn), registered(standIn), registered(standIn)];
    const [one, two, three] = standIn.users().map(({ id }) => ({ entity: id, level: 'Manage' }));
    expect((await first('POST', '/experiment', { name: 'a' })).body.permissions).toEqual([one]);
    expect((await second('POST', '/experiment', { name: 'b' })).body.permissions).toEqual([one, two]);
    expect((await third('POST', '/experiment', { name: 'c', permissions: [] })).body.permissions).toEqual([
      three,
    ]);
    const given = [three];
    expect((await third('POST', '/experiment', { name: 'd', permissions: given })).body.permissions).toEqual(
      given,
    );
  });

  test('levels are given to ids and to roles', async ({ start }) => {
    const standIn = await start();
    const reader = registered(standIn, { entitlements: [USER_ENTITLEMENT, 'vo#readers'] });
    const editor = registered(standIn);
    const permissions = [
      { entity: 'vo#readers', level: 'Read' },
      { entity: standIn.users()[1]!.id, level: 'Edit' },
    ];
    const { id, drift } = await owner(standIn, { ...PRIVATE, permissions });
    expect((await reader('POST', `${drift}/search`, {})).status).toBe(200);
    expect((await reader('POST', drift, RECORD)).status).toBe(403);
    expect((await editor('POST', drift, RECORD)).status).toBe(201);
    expect((await editor('DELETE', `/experiment/${id}`)).status).toBe(403);
    const mine = { 'permissions.entity': { $in: ['vo#readers'] } };
    expect((await reader('POST', '/experiment/search', mine)).body).toHaveLength(1);
    expect((await caller(standIn)('POST', '/experiment/search', {})).body).toHaveLength(1);
  });

  test('PUT replaces: what is left out has its default', async ({ start }) => {
    const standIn = await start();
    const { call, id, drift } = await owner(standIn, { ...PRIVATE, public: true });
    const replaced = await call('PUT', `/experiment/${id}`, { name: 'new' });
    expect(replaced.body).toMatchObject({ name: 'new', description: 'a reef', public: false });
    expect(replaced.body.permissions).toHaveLength(1);
    const record = (await call('POST', drift, RECORD)).body;
    const { model, job_status, drift_detected } = RECORD;
    const put = await call('PUT', `${drift}/${record.id}`, { model, job_status, drift_detected });
    expect([put.status, put.body]).toEqual([200, { ...record, tags: [], parameters: {} }]);
  });

  test('records of a deleted experiment stay, out of reach', async ({ start }) => {
    const standIn = await start();
    const { call, id, drift } = await owner(standIn);
    const record = (await call('POST', drift, RECORD)).body;
    expect((await call('DELETE', `/experiment/${id}`)).status).toBe(204);
    expect((await call('GET', `${drift}/${record.id}`)).body.message).toBe('Experiment not found.');
    expect(standIn.records(id)).toHaveLength(1);
  });

  test('two equal POSTs make two records, and DELETE takes one away', async ({ start }) => {
    const standIn = await start();
    const { call, id, drift } = await owner(standIn);
    const [first, second] = [
      (await call('POST', drift, RECORD)).body,
      (await call('POST', drift, RECORD)).body,
    ];
    expect(first.id).not.toBe(second.id);
    const gone = await call('DELETE', `${drift}/${first.id}`);
    expect([gone.status, gone.text, gone.headers.get('content-type')]).toEqual([204, '', 'application/json']);
    expect(standIn.records(id)).toEqual([second]);
  });

  const bodies: [string, object | string, number, object][] = [
    ['unknown fields', { ...RECORD, note: 1 }, 422, { json: { note: ['Unknown field.'] } }],
    [
      'read-only fields',
      { ...RECORD, id: UNKNOWN_ID, created_at: '', schema_version: '1.0.0' },
      422,
      {
        json: { id: ['Unknown field.'], created_at: ['Unknown field.'], schema_version: ['Unknown field.'] },
      },
    ],
    [
      'missing fields',
      {},
      422,
      {
        json: {
          job_status: ['Missing data for required field.'],
          model: ['Missing data for required field.'],
          drift_detected: ['Missing data for required field.'],
        },
      },
    ],
    [
      'tags that are too short or too long',
      { ...RECORD, tags: ['', 'good', 'x'.repeat(21), 5, null] },
      422,
      {
        json: {
          tags: {
            0: ['Length must be between 1 and 20.'],
            2: ['Length must be between 1 and 20.'],
            3: ['Not a valid string.'],
            4: ['Field may not be null.'],
          },
        },
      },
    ],
    [
      'wrong types',
      { job_status: 'Done', tags: 'obsea', model: 1, drift_detected: 'perhaps', parameters: [] },
      422,
      {
        json: {
          job_status: ['Must be one of: Running, Completed, Failed.'],
          tags: ['Not a valid list.'],
          model: ['Not a valid string.'],
          drift_detected: ['Not a valid boolean.'],
          parameters: ['Not a valid mapping type.'],
        },
      },
    ],
    ['null', { ...RECORD, parameters: null }, 422, { json: { parameters: ['Field may not be null.'] } }],
    ['a list', [RECORD], 422, { json: { _schema: ['Invalid input type.'] } }],
    ['malformed JSON', '{"model":', 400, { json: ['Invalid JSON body.'] }],
  ];
  for (const [what, body, status, errors] of bodies) {
    test(`refuses ${what}`, async ({ start }) => {
      const { call, drift } = await owner(await start());
      const answer = await call('POST', drift, body);
      const name = status === 400 ? 'Bad Request' : 'Unprocessable Entity';
      expect([answer.status, answer.body]).toEqual([status, { code: status, status: name, errors }]);
    });
  }

  test('refuses what is wrong inside permissions by its place', async ({ start }) => {
    const standIn = await start();
    const permissions = [{ entity: 'a', level: 'Read' }, { entity: 'b', level: 'Own' }, 'c'];
    const { body } = await registered(standIn)('POST', '/experiment', { ...PRIVATE, permissions });
    expect(body.errors.json.permissions).toEqual({
      1: { level: ['Must be one of: Read, Edit, Manage.'] },
      2: { _schema: ['Invalid input type.'] },
    });
  });

  test('takes any tag of 20 characters and any parameters, and "yes" for true', async ({ start }) => {
    const { call, drift } = await owner(await start());
    const tags = ['🐟'.repeat(20), 'same', 'same'];
    const parameters = { a: { b: [1, null, 'é', { c: true }] }, large: 2 ** 60, tiny: 1e-9 };
    for (const yes of ['yes', 'true', 1, true]) {
      const { status, body } = await call('POST', drift, {
        ...RECORD,
        tags,
        parameters,
        drift_detected: yes,
      });
      expect([status, body.tags, body.parameters, body.drift_detected]).toEqual([
        201,
        tags,
        parameters,
        true,
      ]);
    }
  });

  test('fails on integers beyond 64 bit and on NUL in a key', async ({ start }) => {
    const standIn = await start();
    const { call, id, drift } = await owner(standIn);
    const failed = { code: 500, status: 'Internal Server Error' };
    for (const parameters of [{ a: 1e20 }, { a: [2 ** 63] }, { 'a\0': 1 }]) {
      const { status, body } = await call('POST', drift, { ...RECORD, parameters });
      expect([status, body]).toEqual([500, failed]);
    }
    expect(standIn.records(id)).toEqual([]);
    expect((await call('POST', drift, { ...RECORD, parameters: { a: 1e21, b: 2 ** 62 } })).status).toBe(201);
  });

  test('searches as MongoDB does', async ({ start }) => {
    const standIn = await start();
    const { id } = standIn.seedExperiment({ name: 'open', public: true });
    const kept = standIn.seedRecord(id, {
      tags: ['obsea', 'deep'],
      parameters: { distance: 0.5, result_id: 'one', scores: [{ inner: 1 }, { inner: 2 }], box: { x: 1 } },
    });
    standIn.seedRecord(id, { tags: ['other'], parameters: { distance: 0.1, result_id: 'two' } });
    const search = async (filter: object) =>
      (await caller(standIn)('POST', `/experiment/${id}/drift/search`, filter)).body.length as number;
    const hits = [
      { _id: kept.id },
      { 'parameters.result_id': { $in: ['one', 'three'] } },
      { 'parameters.distance': { $gt: 0.2, $lt: 0.6 } },
      { 'parameters.scores.inner': 2 },
      { 'parameters.box': { x: 1 } },
      { 'parameters.box': { $exists: true } },
      { tags: 'deep' },
      { tags: { $all: ['obsea', 'deep'] } },
      { 'parameters.result_id': { $regex: '^ON', $options: 'i' } },
      { $or: [{ tags: 'deep' }, { model: 'unknown' }] },
    ];
    for (const filter of hits) expect(await search(filter), JSON.stringify(filter)).toBe(1);
    expect(await search({ id: kept.id })).toBe(0);
    expect(await search({ nothing: 1 })).toBe(0);
    for (const filter of [{ model: { $unknown: 1 } }, { $where: 'true' }, { model: { $in: 'x' }, $foo: 1 }]) {
      const { status, body } = await caller(standIn)('POST', '/experiment/search', filter);
      expect([status, body]).toEqual([500, { code: 500, status: 'Internal Server Error' }]);
    }
  });

  test('pages by ten, newest first, and tells where it is in a header', async ({ start }) => {
    const standIn = await start();
    const { id } = standIn.seedExperiment({ name: 'open', public: true });
    for (let number = 0; number < 25; number += 1) standIn.seedRecord(id, { parameters: { number } });
    const search = async (query: string, filter: object = {}) => {
      const answer = await caller(standIn)('POST', `/experiment/${id}/drift/search${query}`, filter);
      const numbers = (answer.body as { parameters: { number: number } }[]).map(
        ({ parameters }) => parameters.number,
      );
      return { numbers, pagination: JSON.parse(answer.headers.get('x-pagination') ?? 'null') as object };
    };
    const always = { total: 25, total_pages: 3, first_page: 1, last_page: 3 };
    const first = await search('?ignored=yes');
    expect(first.numbers).toEqual([24, 23, 22, 21, 20, 19, 18, 17, 16, 15]);
    expect(first.pagination).toEqual({ ...always, page: 1, next_page: 2 });
    const last = await search('?page=3&order_by=asc');
    expect(last.numbers).toEqual([20, 21, 22, 23, 24]);
    expect(last.pagination).toEqual({ ...always, page: 3, previous_page: 2 });
    expect(await search('?page=4')).toEqual({ numbers: [], pagination: always });
    expect(await search('', { tags: 'none' })).toEqual({
      numbers: [],
      pagination: { total: 0, total_pages: 0 },
    });
  });

  test('of one moment, records stay in the order in which they came, whichever way they are sorted and paged', async ({
    start,
  }) => {
    const standIn = await start();
    const { id } = standIn.seedExperiment({ name: 'open', public: true });
    for (let number = 0; number < 15; number += 1) {
      standIn.seedRecord(id, { created_at: '2026-01-01T00:00:00', parameters: { number } });
    }
    standIn.seedRecord(id, { created_at: '2025-01-01T00:00:00', parameters: { number: 15 } });
    const search = async (query: string) => {
      const { body } = await caller(standIn)('POST', `/experiment/${id}/drift/search${query}`, {});
      return (body as { parameters: { number: number } }[]).map(({ parameters }) => parameters.number);
    };
    const all = [...(await search('?page=1')), ...(await search('?page=2'))];
    expect(all).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(await search('?order_by=asc')).toEqual([15, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('a role that the platform has taken away is missed at once, whatever the token says', async ({
    start,
  }) => {
    const standIn = await start();
    const { accessToken, subject } = standIn.newMytoken({ isRegistered: true });
    const call = caller(standIn, accessToken());
    const { body } = await call('POST', '/experiment', PRIVATE);
    const send = async () => {
      const answer = await call('POST', `/experiment/${body.id as string}/drift`, RECORD);
      return [answer.status, answer.body.message ?? null];
    };
    expect(await send()).toEqual([201, null]);
    standIn.setRoles(subject, []);
    expect(await send()).toEqual([403, 'Resource is not public.']);
    // Who it is, is known as before.
    expect((await call('GET', '/user/self')).status).toBe(200);
    standIn.setRoles(subject, ['platform-access']);
    expect(await send()).toEqual([201, null]);
  });

  test('refuses pages and orders that it does not have', async ({ start }) => {
    const call = caller(await start());
    const errors = async (query: string) => {
      const { status, body } = await call('POST', `/experiment/search?${query}`, {});
      return [status, body.errors.query];
    };
    const range = 'Must be greater than or equal to 1 and less than or equal to 100.';
    expect(await errors('page_size=101')).toEqual([422, { page_size: [range] }]);
    expect(await errors('page=0')).toEqual([422, { page: ['Must be greater than or equal to 1.'] }]);
    expect(await errors('page=x')).toEqual([422, { page: ['Not a valid integer.'] }]);
    expect(await errors('sort_by=parameters.distance')).toEqual([
      422,
      { sort_by: ['Must be one of: created_at, name, public.'] },
    ]);
    expect(await errors('order_by=up')).toEqual([422, { order_by: ['Must be one of: asc, desc.'] }]);
  });

  test('knows nothing of CORS unless its operators add it', async ({ start }) => {
    const ask = (standIn: StandIn, method: string) =>
      fetch(`${standIn.driftwatch.url}/experiment/search`, {
        method,
        headers: { origin: 'http://page.example', 'access-control-request-method': 'POST' },
      });
    const cors = ({ headers }: Response) =>
      [...headers.keys()].filter((name) => name.startsWith('access-control'));

    const bare = await ask(await start(), 'OPTIONS');
    expect([bare.status, bare.headers.get('allow'), cors(bare)]).toEqual([200, 'POST, OPTIONS', []]);

    const open = await start({ cors: true });
    expect((await ask(open, 'OPTIONS')).status).toBe(204);
    const answer = await ask(open, 'POST');
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://page.example');
    expect(cors(answer)).toEqual(['access-control-allow-origin']);
  });
});

test.describe('the mytoken server @long', () => {
  test('names its endpoints, and exchanges by JSON and by form', async ({ start }) => {
    const standIn = await start({ accessTokenLifetime: 120 });
    const configuration = await (
      await fetch(`${standIn.mytoken.url}/.well-known/mytoken-configuration`)
    ).json();
    expect(configuration.access_token_endpoint).toBe(`${standIn.mytoken.url}/api/v0/token/access`);
    const { mytoken, subject } = standIn.newMytoken({ isRegistered: true });
    for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
      const { status, body } = await exchange(standIn, mytoken, {}, type);
      expect([status, body.token_type, body.expires_in]).toEqual([200, 'Bearer', 120]);
      const claims = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString());
      expect(claims).toMatchObject({ sub: subject, realm_access: { roles: [USER_ENTITLEMENT] } });
      expect((await caller(standIn, body.access_token)('GET', '/user/self')).body.subject).toBe(subject);
    }
    const refresh = { grant_type: 'refresh_token', refresh_token: mytoken };
    expect((await exchange(standIn, '', refresh)).status).toBe(200);
  });

  test('says why it refuses', async ({ start }) => {
    const standIn = await start();
    const outcome = async (options: NewMytokenOptions | string, more: object = {}) => {
      const mytoken = typeof options === 'string' ? options : standIn.newMytoken(options).mytoken;
      const { status, body } = await exchange(standIn, mytoken, more);
      return [status, body.error];
    };
    const now = Date.now() / 1000;
    expect(await outcome({}, { grant_type: 'password' })).toEqual([400, 'invalid_grant']);
    expect(await outcome('x'.repeat(64))).toEqual([400, 'invalid_request']);
    expect(await outcome('a.b.c')).toEqual([401, 'invalid_token']);
    expect(await outcome({ capabilities: ['tokeninfo'] })).toEqual([403, 'insufficient_capabilities']);
    expect(await outcome({ expires: now - 1 })).toEqual([401, 'invalid_token']);
    expect(await outcome({ restrictions: [{ nbf: now + 60 }] })).toEqual([403, 'usage_restricted']);
    expect(await outcome({ restrictions: [{ exp: now - 1 }, { nbf: now + 60 }] })).toEqual([
      403,
      'usage_restricted',
    ]);
    expect(await outcome({}, { oidc_issuer: 'https://elsewhere.example' })).toEqual([400, 'invalid_request']);
    const bound = { restrictions: [{ audience: ['driftwatch'] }] };
    expect(await outcome(bound, { audience: 'other' })).toEqual([403, 'usage_restricted']);
    expect(await outcome(bound, { audience: 'driftwatch' })).toEqual([200, undefined]);
  });

  test('counts exchanges, and introspection tells the count', async ({ start }) => {
    const standIn = await start();
    const { mytoken } = standIn.newMytoken({ usages: 1, isShort: true });
    expect(mytoken).toHaveLength(64);
    expect((await exchange(standIn, mytoken)).status).toBe(200);
    expect((await exchange(standIn, mytoken)).body.error).toBe('usage_restricted');
    const about = (token: string) =>
      post(`${standIn.mytoken.url}/api/v0/tokeninfo`, { action: 'introspect', mytoken: token });
    expect((await about(mytoken)).body).toMatchObject({
      valid: true,
      token: {
        capabilities: ['AT', 'tokeninfo:introspect'],
        restrictions: [{ usages_AT: 1, usages_AT_done: 1 }],
      },
    });
    const silent = standIn.newMytoken({ capabilities: ['AT'] });
    expect((await about(silent.mytoken)).status).toBe(403);
  });

  test('rotation gives a new mytoken, and using the old one again ends both', async ({ start }) => {
    const standIn = await start();
    const { mytoken } = standIn.newMytoken({ rotation: true });
    const first = (await exchange(standIn, mytoken)).body.token_update;
    expect(first).toMatchObject({ mytoken_type: 'token', rotation: { on_AT: true, auto_revoke: true } });
    const second = (await exchange(standIn, first.mytoken)).body.token_update;
    expect((await exchange(standIn, first.mytoken)).body).toEqual({ error: 'invalid_token' });
    expect((await exchange(standIn, second.mytoken)).status).toBe(401);

    const mild = standIn.newMytoken({ rotation: { autoRevoke: false } }).mytoken;
    const next = (await exchange(standIn, mild)).body.token_update.mytoken;
    expect((await exchange(standIn, mild)).status).toBe(401);
    expect((await exchange(standIn, next)).status).toBe(200);
  });

  test('a revoked mytoken works no more', async ({ start }) => {
    const standIn = await start();
    const { mytoken } = standIn.newMytoken();
    const revoke = (token: string) =>
      post(`${standIn.mytoken.url}/api/v0/token/revoke`, { token, recursive: true });
    expect((await revoke(mytoken)).status).toBe(204);
    expect((await exchange(standIn, mytoken)).status).toBe(401);
    expect((await revoke('unknown')).status).toBe(204);
  });

  test('pages of any origin may use it, but cannot read that they ask too often', async ({ start }) => {
    const standIn = await start({ rateLimit: { requests: 2, seconds: 60 } });
    const preflight = await fetch(`${standIn.mytoken.url}/api/v0/token/access`, {
      method: 'OPTIONS',
      headers: { 'access-control-request-headers': 'content-type' },
    });
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type');
    const { mytoken } = standIn.newMytoken();
    expect((await exchange(standIn, mytoken)).headers.get('access-control-allow-origin')).toBe('*');
    const limited = await exchange(standIn, mytoken);
    expect([limited.status, limited.text]).toEqual([429, 'Too Many Requests']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(limited.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test.describe('what goes wrong @long', () => {
  const faults: [string, FaultPlan, number | 'rejected', number][] = [
    ['an answer', () => ({ kind: 'answer', status: 503 }), 503, 0],
    ["a proxy's page", () => ({ kind: 'html' }), 502, 0],
    ['a delay', () => ({ kind: 'delay', ms: 20 }), 201, 1],
    ['a connection cut before', () => ({ kind: 'cut-before' }), 'rejected', 0],
    ['a connection cut after', () => ({ kind: 'cut-after-write' }), 'rejected', 1],
    ['no answer', () => ({ kind: 'hang-after-write' }), 'rejected', 1],
  ];
  for (const [what, plan, outcome, written] of faults) {
    test(`${what} leaves ${written === 1 ? 'the record' : 'no record'}`, async ({ start }) => {
      const standIn = await start();
      const { id, drift, token } = await owner(standIn);
      standIn.setFaults(plan);
      const status = await fetch(standIn.driftwatch.url + drift, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(RECORD),
        signal: AbortSignal.timeout(1000),
      }).then(
        (response) => response.status,
        () => 'rejected',
      );
      expect(status).toBe(outcome);
      expect(standIn.records(id)).toHaveLength(written);
      expect(standIn.requests.at(-1)?.status).toBe(outcome === 'rejected' ? null : outcome);
    });
  }

  test('a plan sees the server, the method, the path and how often it was asked', async ({ start }) => {
    const standIn = await start();
    const seen: unknown[] = [];
    standIn.setFaults((request) => {
      seen.push(request);
      return request.server === 'mytoken'
        ? { kind: 'answer', status: 429, headers: { 'retry-after': '7' } }
        : null;
    });
    const call = caller(standIn);
    await call('POST', '/experiment/search?page=1', {});
    await call('POST', '/experiment/search?page=2', {});
    const limited = await exchange(standIn, 'x');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect(limited.headers.get('access-control-allow-origin')).toBeNull();
    const search = { server: 'driftwatch', method: 'POST', path: '/api/v1/experiment/search' };
    expect(seen).toEqual([
      { ...search, count: 1 },
      { ...search, count: 2 },
      { server: 'mytoken', method: 'POST', path: '/api/v0/token/access', count: 1 },
    ]);
    expect(standIn.requests.map(({ query, status }) => [query, status])).toEqual([
      ['?page=1', 200],
      ['?page=2', 200],
      ['', 429],
    ]);
  });

  test('random faults are the same for the same seed', () => {
    const options = { share: 0.3, kinds: [401, 503, 'cut-after-write', 'delay'] as const };
    const request = { server: 'driftwatch', method: 'POST', path: '/', count: 1 } as const;
    const run = (seed: number) => {
      const plan = randomFaults({ ...options, seed });
      return Array.from({ length: 1000 }, () => plan(request));
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    const failed = run(1).filter((fault) => fault !== null);
    expect(failed.length).toBeGreaterThan(250);
    expect(failed.length).toBeLessThan(350);
    expect(new Set(failed.map((fault) => (fault.kind === 'answer' ? fault.status : fault.kind)))).toEqual(
      new Set(options.kinds),
    );
  });

  test('offline, connections are refused, and the ports stay the same', async ({ start }) => {
    const standIn = await start();
    const { call, id, drift } = await owner(standIn);
    await standIn.setOnline(false);
    const refused = await call('POST', drift, RECORD).catch((error: unknown) => (error as Error).cause);
    expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
    await expect(fetch(standIn.mytoken.url)).rejects.toThrow();
    await standIn.setOnline(true);
    expect((await call('POST', drift, RECORD)).status).toBe(201);
    expect(standIn.records(id)).toHaveLength(1);
  });
});
