import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { INSTANT, isWithin } from '../../src/core/domain/ranges';
import { isExposed, normaliseBaseUrl, unreachableFrom } from '../../src/core/browser/base-url';
import {
  creationLink,
  discover,
  exchange,
  introspect,
  normaliseServer,
  revoke,
  serverOf,
} from '../../src/features/driftwatch/remote/mytoken';
import { damaged, damagedBytes, hostileNumbers, hostileStrings, jsonOf, longTexts } from './hostile';
import { accepted, holds } from './holds';
import { answerWith, replies } from './service';

// The page's own host, which it asks without a frame.
const SERVER = 'http://127.0.0.1:8080/mytoken';
const TOKEN = 'aaaaaaaa.bbbbbbbb.cccccccc';
const CONFIGURATION = {
  access_token_endpoint: `${SERVER}/api/v0/token/access`,
  tokeninfo_endpoint: `${SERVER}/api/v0/tokeninfo`,
  revocation_endpoint: `${SERVER}/api/v0/token/revoke`,
};
const INTROSPECTION = {
  valid: true,
  token: {
    exp: 1_800_000_000,
    name: 'porthole',
    restrictions: [{ usages_AT: 5, usages_AT_done: 2 }, { usages_AT: 1 }],
  },
};
const EXCHANGED = { access_token: 'abc', expires_in: 300, token_update: { mytoken: TOKEN } };
const REFUSAL = { error: 'invalid_token', error_description: `the token ${TOKEN} is revoked` };

const texts = fc.oneof(
  ...[CONFIGURATION, INTROSPECTION, EXCHANGED, REFUSAL].map((right) =>
    damaged(right).map((value) => jsonOf(value)),
  ),
  damagedBytes([Buffer.from(JSON.stringify(EXCHANGED))], ['<html>', '1e999', '"', '\\']).map((bytes) =>
    Buffer.from(bytes).toString(),
  ),
  hostileStrings,
);

test('whatever a mytoken server answers, each question ends with an answer or a sentence without the token', async () => {
  await holds(fc.array(replies(texts), { minLength: 1, maxLength: 3 }), async (given) => {
    using _service = answerWith(given);
    const found = await accepted(() => discover(SERVER, 1000));
    for (const endpoint of Object.values(found ?? {}) as (URL | null)[]) {
      if (endpoint === null) continue;
      assert.ok(
        endpoint.protocol === 'https:' ||
          endpoint.hostname === '127.0.0.1' ||
          endpoint.hostname === 'localhost',
        endpoint.href,
      );
      assert.equal(endpoint.username + endpoint.password, '');
    }
    const endpoints = {
      accessToken: new URL(CONFIGURATION.access_token_endpoint),
      tokeninfo: new URL(CONFIGURATION.tokeninfo_endpoint),
      revocation: new URL(CONFIGURATION.revocation_endpoint),
    };
    const exchanged = await accepted(() => withoutToken(() => exchange(endpoints, TOKEN, 1000)));
    if (exchanged) {
      const { expiresIn, accessToken } = exchanged;
      assert.ok(
        accessToken !== '' && (expiresIn === null || (expiresIn > 0 && expiresIn <= INSTANT.most / 1000)),
        String(expiresIn),
      );
      new Headers({ Authorization: `Bearer ${accessToken}` });
    }
    await accepted(() => withoutToken(() => revoke(endpoints, TOKEN, 1000)));
    const state = await accepted(() => withoutToken(() => introspect(endpoints, TOKEN, 1000)));
    if (!state) return;
    const { expiresAt, usesLeft, name } = state;
    assert.ok(expiresAt === null || isWithin(INSTANT, expiresAt), String(expiresAt));
    assert.ok(usesLeft === null || (Number.isInteger(usesLeft) && usesLeft >= 0), String(usesLeft));
    assert.ok(name === null || Array.from(name).length <= 500);
  });
});

async function withoutToken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    assert.doesNotMatch((error as Error).message, /aaaaaaaa\.bbbbbbbb/);
    throw error;
  }
}

test('an address that is taken is one that a page can ask, of its own host or named in full', async () => {
  const addresses = fc.oneof(
    hostileStrings,
    damagedBytes(
      ['https://host.invalid/api/v1', '/driftwatch', 'host.invalid:8443', 'http://127.0.0.1:8090/x'].map(
        (text) => Buffer.from(text),
      ),
      ['/', '//', '\\', '\t', '..', './/', '@', '?', '#', '[', ':', '%2f', '\u202e', '\u3002'],
    ).map((bytes) => Buffer.from(bytes).toString()),
  );
  const page = new URL('https://page.invalid/porthole/');
  await holds(
    addresses,
    async (text) => {
      const base = await accepted(() => normaliseBaseUrl(text));
      if (base !== null) {
        const url = new URL(base, page);
        assert.match(url.protocol, /^https?:$/);
        if (base.startsWith('/')) assert.equal(url.origin, page.origin);
        assert.equal(url.search + url.hash + url.username + url.password, '');
        assert.doesNotMatch(base, /\/$/);
        assert.equal(normaliseBaseUrl(base), base);
        isExposed(base, page);
        unreachableFrom(base, page);
      }
      const server = await accepted(() => normaliseServer(text));
      if (server !== null) {
        assert.match(server, /^https:\/\/|^http:\/\/(localhost|127\.|\[::1\]|.*\.localhost)/);
        assert.equal(normaliseServer(server), server);
      }
      await accepted(() => creationLink({ server: text, name: text, expiresInDays: 30, now: 0 }));
    },
    { first: longTexts },
  );
});

test('a token says which server it belongs to, or nothing', async () => {
  const payloads = fc.oneof(
    damaged({ iss: 'https://mytok.eu', token_type: 'mytoken', exp: 1 }).map((value) => jsonOf(value)),
    hostileStrings,
    hostileNumbers.map(String),
  );
  await holds(fc.tuple(payloads, hostileStrings), ([payload, text]) => {
    const token = `x.${Buffer.from(payload).toString('base64url')}.y`;
    for (const written of [token, text, `${text}.${payload}.${text}`]) {
      const server = serverOf(written);
      if (server !== null) assert.match(server, /^https?:\/\//);
    }
  });
});
