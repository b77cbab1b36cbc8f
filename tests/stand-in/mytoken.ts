import { randomBytes, randomUUID } from 'node:crypto';
import { signJwt, USER_ENTITLEMENT, type Person, type Provider } from './access-tokens';
import { isObject, type JsonObject } from './python-json';
import { serviceNow, type WireAnswer, type WireRequest } from './wire';

/** One of the alternatives under which a mytoken may be used, as it is on the wire. */
type Restriction = {
  nbf?: number;
  exp?: number;
  scope?: string;
  audience?: string[];
  hosts?: string[];
  usages_AT?: number;
  usages_other?: number;
};

type Capability = 'AT' | 'tokeninfo' | 'tokeninfo:introspect' | 'create_mytoken';

export interface MytokenOptions {
  /** By default somebody new. */
  readonly subject?: string;
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly entitlements?: readonly string[];
  readonly capabilities?: readonly Capability[];
  /** Every exchange gives a new mytoken. With automatic revocation, using an old one again ends them all. */
  readonly rotation?: boolean | { readonly autoRevoke: boolean };
  /** How often it can be exchanged. */
  readonly usages?: number;
  /** Seconds since 1970. */
  readonly expires?: number;
  /** Instead of `usages` and `expires`: any alternatives. */
  readonly restrictions?: readonly Restriction[];
  /** 64 characters that don't say which server they are from. */
  readonly isShort?: boolean;
}

export interface MytokenServerOptions {
  /** Requests that one address may send, preflights included; by default 100 in 300 s as the original. */
  readonly rateLimit?: { readonly requests: number; readonly seconds: number } | null;
}

/** A mytoken through all its rotations. */
interface Chain {
  readonly id: string;
  readonly person: Person;
  readonly capabilities: readonly Capability[];
  readonly restrictions: readonly { readonly rule: Restriction; exchanges: number }[];
  readonly rotation: { readonly autoRevoke: boolean } | null;
  readonly expires: number | undefined;
  readonly isShort: boolean;
  sequence: number;
  isRevoked: boolean;
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly description?: string,
  ) {
    super(code);
  }
}

const PATHS = {
  access_token_endpoint: '/api/v0/token/access',
  tokeninfo_endpoint: '/api/v0/tokeninfo',
  revocation_endpoint: '/api/v0/token/revoke',
  jwks_uri: '/jwks',
} as const;

const DISCOVERY = ['/.well-known/mytoken-configuration', '/.well-known/openid-configuration'];

const SCOPES = ['openid', 'profile', 'email', 'offline_access'];

const USAGE_RESTRICTED = [
  403,
  'usage_restricted',
  'The restrictions of this token does not allow this usage',
] as const;
const INSUFFICIENT_CAPABILITIES = [
  403,
  'insufficient_capabilities',
  'The provided token does not have the required capability for this operation',
] as const;

/** A mytoken server, in memory. */
export class MytokenServer {
  /** Its own address, known once it listens. */
  url = '';
  readonly #provider: Provider;
  readonly #rateLimit: { readonly requests: number; readonly seconds: number } | null;
  readonly #secret = randomBytes(32);
  readonly #tokens = new Map<string, { chain: Chain; sequence: number }>();
  #window = { since: 0, requests: 0 };
  readonly #handlers: Readonly<Record<string, (request: WireRequest) => WireAnswer>> = {
    [PATHS.access_token_endpoint]: (request) => this.#exchange(request),
    [PATHS.tokeninfo_endpoint]: (request) => this.#introspect(request),
    [PATHS.revocation_endpoint]: (request) => this.#revoke(request),
  };

  constructor(provider: Provider, options: MytokenServerOptions = {}) {
    this.#provider = provider;
    this.#rateLimit = options.rateLimit === undefined ? { requests: 100, seconds: 300 } : options.rateLimit;
  }

  answer(request: WireRequest): WireAnswer {
    const wait = this.#secondsToWait();
    // The limiter stands in front of CORS, so that a page can't read this.
    if (wait !== null) return tooManyRequests(wait);
    const cors = corsHeaders(request);
    if (request.method === 'OPTIONS' && cors['access-control-allow-origin']) {
      return { status: 204, headers: cors, body: '' };
    }
    const answer = this.#route(request);
    return { ...answer, headers: { ...answer.headers, ...cors } };
  }

  create(options: MytokenOptions = {}): string {
    const subject = options.subject ?? randomUUID();
    const restrictions = options.restrictions ?? fromShortcuts(options);
    const ends = restrictions.map(({ exp }) => exp);
    const rotation = options.rotation === true ? { autoRevoke: true } : options.rotation;
    return this.#issue({
      id: randomUUID(),
      person: {
        subject,
        email: options.email ?? `${subject}@stand-in.example`,
        emailVerified: options.emailVerified ?? true,
        entitlements: options.entitlements ?? [USER_ENTITLEMENT],
      },
      capabilities: options.capabilities ?? ['AT', 'tokeninfo:introspect'],
      restrictions: restrictions.map((rule) => ({ rule, exchanges: 0 })),
      rotation: rotation || null,
      expires: ends.length > 0 && ends.every((end) => end !== undefined) ? Math.max(...ends) : undefined,
      isShort: options.isShort ?? false,
      sequence: 0,
      isRevoked: false,
    });
  }

  /** Whose mytoken it is, whether it still works or not. */
  personOf(mytoken: string): Person {
    return this.#tokens.get(mytoken)!.chain.person;
  }

  #route(request: WireRequest): WireAnswer {
    const { method, path } = request;
    if (method === 'GET' && DISCOVERY.includes(path)) return json(200, this.#configuration());
    if (method === 'GET' && path === PATHS.jwks_uri) return json(200, { keys: [] });
    if (method === 'GET' && (path === '/' || path === '/home')) return this.#page();
    const handler = this.#handlers[path];
    if (!handler) return text(404, `Cannot ${method} ${path}`);
    if (method !== 'POST') return text(405, 'Method Not Allowed');
    try {
      return handler(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code, description } = error;
      return json(status, {
        error: code,
        ...(description !== undefined && { error_description: description }),
      });
    }
  }

  #configuration(): JsonObject {
    const endpoints = Object.entries(PATHS).map(([name, path]) => [name, this.url + path]);
    return {
      issuer: this.url,
      ...(Object.fromEntries(endpoints) as Record<string, string>),
      providers_supported: [
        { issuer: this.#provider.issuer, name: 'AI4EOSC (stand-in)', scopes_supported: SCOPES },
      ],
      token_signing_alg_value: 'HS256',
      access_token_endpoint_grant_types_supported: ['mytoken'],
      response_types_supported: ['token', 'short_token'],
      restriction_claims_supported: ['nbf', 'exp', 'scope', 'audience', 'hosts', 'usages_AT', 'usages_other'],
      version: 'stand-in',
    };
  }

  /** The page of the original's web form: here each visitor gets a mytoken of a new user. */
  #page(): WireAnswer {
    const mytoken = this.create();
    return {
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: `<!doctype html><title>mytoken stand-in</title><h1>A stand-in of a mytoken server</h1><p>A new mytoken of somebody new:</p><p><code style="overflow-wrap:anywhere">${mytoken}</code></p>\n`,
    };
  }

  #exchange(request: WireRequest): WireAnswer {
    const fields = readFields(request, true);
    const grant = fields['grant_type'];
    if (grant !== 'mytoken' && grant !== 'refresh_token') {
      throw new Refusal(400, 'invalid_grant', 'Unsupported grant_type');
    }
    const mytoken = asString(fields[grant === 'mytoken' ? 'mytoken' : 'refresh_token']);
    const chain = this.#parse(mytoken);
    const usable = chain.restrictions.filter(
      ({ rule, exchanges }) => isNow(rule) && exchanges < (rule.usages_AT ?? Infinity),
    );
    if (chain.restrictions.length > 0 && usable.length === 0) throw new Refusal(...USAGE_RESTRICTED);
    if (!chain.capabilities.includes('AT')) throw new Refusal(...INSUFFICIENT_CAPABILITIES);
    const issuer = asString(fields['oidc_issuer'] ?? fields['issuer']);
    if (issuer !== '' && issuer !== this.#provider.issuer) {
      throw new Refusal(400, 'invalid_request', 'token not for specified issuer');
    }
    const scopes = words(fields['scope']);
    const audience = words(fields['audience']);
    const used = usable.find(
      ({ rule }) => covers(rule.scope?.split(' '), scopes) && covers(rule.audience, audience),
    );
    if (usable.length > 0 && !used) throw new Refusal(...USAGE_RESTRICTED);
    if (used) used.exchanges += 1;
    const scope = scopes.length > 0 ? scopes.join(' ') : (used?.rule.scope ?? SCOPES.join(' '));
    return json(200, {
      access_token: this.#provider.issue(chain.person, scope, audience),
      token_type: 'Bearer',
      expires_in: this.#provider.lifetime,
      scope,
      // A restriction's own audiences are not filled in, a slip of the original.
      ...(audience.length > 0 && { audience }),
      ...(chain.rotation && { token_update: this.#rotate(chain) }),
    });
  }

  #rotate(chain: Chain): JsonObject {
    chain.sequence += 1;
    return this.#describe(chain, this.#issue(chain));
  }

  #introspect(request: WireRequest): WireAnswer {
    const fields = readFields(request);
    if (fields['action'] !== 'introspect') throw new Refusal(400, 'invalid_request', 'Unsupported action');
    const chain = this.#parse(asString(fields['mytoken']));
    const isAllowed = chain.capabilities.some((one) => one === 'tokeninfo' || one === 'tokeninfo:introspect');
    if (!isAllowed) throw new Refusal(...INSUFFICIENT_CAPABILITIES);
    const restrictions = chain.restrictions.map(({ rule, exchanges }) => ({
      ...rule,
      ...(rule.usages_AT !== undefined && { usages_AT_done: exchanges }),
      ...(rule.usages_other !== undefined && { usages_other_done: 0 }),
    }));
    return json(200, {
      valid: true,
      token_type: chain.isShort ? 'short_token' : 'token',
      token: { ...this.#claims(chain), ...(restrictions.length > 0 && { restrictions }) },
    });
  }

  /** A token that nobody knows counts as revoked. */
  #revoke(request: WireRequest): WireAnswer {
    const token = asString(readFields(request)['token']);
    const known = this.#tokens.get(token);
    if (known) known.chain.isRevoked = true;
    return { status: 204, headers: {}, body: '' };
  }

  #parse(mytoken: string): Chain {
    const known = this.#tokens.get(mytoken);
    if (!known) {
      if (mytoken.split('.').length === 3) throw new Refusal(401, 'invalid_token', 'token is not valid');
      throw new Refusal(400, 'invalid_request', 'token is not a known short token');
    }
    const { chain, sequence } = known;
    if (sequence !== chain.sequence && chain.rotation?.autoRevoke) chain.isRevoked = true;
    if (chain.isRevoked || sequence !== chain.sequence) throw new Refusal(401, 'invalid_token');
    if (chain.expires !== undefined && chain.expires <= serviceNow() / 1000) {
      throw new Refusal(401, 'invalid_token', 'token is expired');
    }
    return chain;
  }

  #issue(chain: Chain): string {
    const mytoken = chain.isShort
      ? randomCharacters(64)
      : signJwt(this.#claims(chain), this.#secret, 'mytoken');
    this.#tokens.set(mytoken, { chain, sequence: chain.sequence });
    return mytoken;
  }

  #claims(chain: Chain): JsonObject {
    const now = Math.floor(serviceNow() / 1000);
    return {
      ver: '0.7',
      token_type: 'mytoken',
      iss: this.url,
      sub: chain.id,
      aud: this.url,
      iat: now,
      nbf: now,
      ...(chain.expires !== undefined && { exp: chain.expires }),
      jti: chain.id,
      seq_no: chain.sequence + 1,
      oidc_iss: this.#provider.issuer,
      oidc_sub: chain.person.subject,
      capabilities: [...chain.capabilities],
      ...(chain.restrictions.length > 0 && { restrictions: chain.restrictions.map(({ rule }) => rule) }),
      ...(chain.rotation && { rotation: rotationOnWire(chain.rotation) }),
    };
  }

  #describe(chain: Chain, mytoken: string): JsonObject {
    return {
      mytoken,
      mytoken_type: chain.isShort ? 'short_token' : 'token',
      ...(chain.expires !== undefined && { expires_in: Math.floor(chain.expires - serviceNow() / 1000) }),
      ...(chain.restrictions.length > 0 && { restrictions: chain.restrictions.map(({ rule }) => rule) }),
      capabilities: [...chain.capabilities],
      ...(chain.rotation && { rotation: rotationOnWire(chain.rotation) }),
      mom_id: chain.id,
    };
  }

  #secondsToWait(): number | null {
    if (!this.#rateLimit) return null;
    const { requests, seconds } = this.#rateLimit;
    const now = performance.now() / 1000;
    if (this.#window.requests === 0 || now - this.#window.since >= seconds) {
      this.#window = { since: now, requests: 0 };
    }
    this.#window.requests += 1;
    return this.#window.requests > requests ? Math.ceil(seconds - (now - this.#window.since)) : null;
  }
}

/** The rate limiter's answer, without a CORS header. */
export function tooManyRequests(seconds: number): WireAnswer {
  return {
    status: 429,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'retry-after': String(seconds) },
    body: 'Too Many Requests',
  };
}

/** Any origin, requested headers echoed, nothing exposed, and only where programs ask. */
export function corsHeaders({ method, path, headers }: WireRequest): Record<string, string> {
  const isOpen = DISCOVERY.includes(path) || path === PATHS.jwks_uri || /^\/(api|static)\//.test(path);
  if (!isOpen) return {};
  const origin = { 'access-control-allow-origin': '*' };
  if (method !== 'OPTIONS') return origin;
  const asked = headers['access-control-request-headers'];
  return {
    ...origin,
    vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
    'access-control-allow-methods': 'GET,POST,HEAD,PUT,DELETE,PATCH',
    ...(asked !== undefined && { 'access-control-allow-headers': asked }),
  };
}

function fromShortcuts({ usages, expires }: MytokenOptions): Restriction[] {
  if (usages === undefined && expires === undefined) return [];
  return [
    { ...(expires !== undefined && { exp: expires }), ...(usages !== undefined && { usages_AT: usages }) },
  ];
}

function rotationOnWire({ autoRevoke }: { readonly autoRevoke: boolean }): JsonObject {
  return { on_AT: true, ...(autoRevoke && { auto_revoke: true }) };
}

function isNow({ nbf = 0, exp = Infinity, hosts }: Restriction): boolean {
  const now = serviceNow() / 1000;
  return nbf <= now && now < exp && (hosts === undefined || hosts.includes('127.0.0.1'));
}

function covers(allowed: readonly string[] | undefined, asked: readonly string[]): boolean {
  return allowed === undefined || asked.every((one) => allowed.includes(one));
}

function readFields({ headers, body }: WireRequest, acceptsForm = false): Record<string, unknown> {
  if (acceptsForm && headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  try {
    const fields = JSON.parse(body) as JsonObject;
    if (isObject(fields)) return fields;
  } catch {
    // Answered below, like everything else that is no object.
  }
  throw new Refusal(400, 'invalid_request', 'request body could not be parsed');
}

function asString(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function words(value: unknown): string[] {
  return asString(value).split(' ').filter(Boolean);
}

function randomCharacters(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  // Slightly uneven, which nobody guesses codes of a stand-in to profit from.
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
}

function json(status: number, body: JsonObject): WireAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function text(status: number, body: string): WireAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
