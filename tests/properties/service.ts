import fc from 'fast-check';

/** The answer of a service that is broken, or means harm. */
export interface Reply {
  /** 0 for a request that fails, -1 for a redirect that is not followed */
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Replies with one of these texts. */
export function replies(texts: fc.Arbitrary<string>): fc.Arbitrary<Reply> {
  return fc.record({
    status: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(200, 201) },
      {
        weight: 4,
        arbitrary: fc.constantFrom(400, 401, 403, 404, 405, 408, 409, 413, 422, 425, 429, 500, 502, 503, 504),
      },
      { weight: 1, arbitrary: fc.constantFrom(0, -1, 226, 299, 300, 418, 599) },
    ),
    text: texts,
    headers: fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: fc.record({
          'retry-after': fc.constantFrom(
            '1',
            '-1',
            '1e9',
            '9'.repeat(300),
            'Fri, 31 Dec 9999 23:59:59 GMT',
            'soon',
            'NaN',
          ),
        }),
      },
    ),
  });
}

/**
 * Puts a service in the network's place, which gives these replies one after another, over and over.
 *
 * @returns what was asked, and what puts the network back
 */
export function answerWith(given: readonly Reply[]): { asked: Request[]; [Symbol.dispose](): void } {
  const [page, asked] = ['http://127.0.0.1:8080/', [] as Request[]];
  const before = new Map(
    ['fetch', 'document', 'location', 'navigator'].map((name) => [
      name,
      Object.getOwnPropertyDescriptor(globalThis, name),
    ]),
  );
  const put = (name: string, value: unknown) =>
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  put('document', { baseURI: page });
  put('location', new URL(page));
  put('navigator', { onLine: true });
  put('fetch', async (url: URL, init: RequestInit) => {
    const { status, text, headers } = given[asked.length % given.length]!;
    asked.push(new Request(url, { ...init, signal: null }));
    if (status === 0) throw new TypeError('fetch failed');
    return status < 0 ? Response.error() : new Response(text, { status, headers });
  });
  return {
    asked,
    [Symbol.dispose]: () => {
      for (const [name, descriptor] of before) {
        if (descriptor) Object.defineProperty(globalThis, name, descriptor);
        else Reflect.deleteProperty(globalThis, name);
      }
    },
  };
}
