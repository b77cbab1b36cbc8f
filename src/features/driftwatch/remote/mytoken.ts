/**
 * A mytoken server, spoken to over HTTP. It keeps a person's long-lived "mytoken" and gives short-lived access
 * tokens for it, from any origin (CORS is open on all it serves here). Nothing is remembered in this file.
 *
 * Read in oidc-mytoken/server 3d3f590 and oidc-mytoken/api v0; drift-monitor 1.1.1 uses the same server.
 */
import * as v from 'valibot';
import type { Detail } from '../../../core/domain/detail';
import { AppError } from '../../../core/domain/errors';
import { INSTANT } from '../../../core/domain/ranges';
import { plainName } from '../../../core/domain/files/plain-name';
import { isLoopback, urlFrom } from '../../../core/browser/base-url';
import { ask, retryAfter, type Answer } from './http';

/** The default server of drift-monitor 1.1.1 (its `config.py`), and the tutorial's. */
export const DEFAULT_MYTOKEN_SERVER = 'https://mytok.eu';

/**
 * The issuer that DriftWatch accepts: `APP_TRUSTED_OP_LIST` and `UI_AUTHORITY` in `.env.sample` of
 * m-team-kit/drift-watch (0e004d9). The backend's own sample still names EGI Check-in, which older deployments used;
 * AI4OS moved to this Keycloak (ai4os/ai4-docs, getting-started/register).
 */
const AI4EOSC_ISSUER = 'https://login.cloud.ai4eosc.eu/realms/ai4eosc';

/** As typed in the tutorial, with its slash (ai4os/ai4-docs, howtos/develop/drift-watch, "Audiences"). */
const DRIFTWATCH_AUDIENCE = 'https://drift-watch.cloud.ai4eosc.eu/';

/** Addresses of a mytoken server by purpose; null for those that its operator switched off. */
export interface MytokenEndpoints {
  readonly accessToken: URL;
  readonly tokeninfo: URL | null;
  readonly revocation: URL | null;
}

export interface TokenExchange {
  readonly accessToken: string;
  /** Seconds that the access token lives, or null when the server did not say. */
  readonly expiresIn: number | null;
  /** The mytoken that replaces the one just sent, which is dead from now on; null when it did not rotate. */
  readonly rotated: string | null;
}

export interface MytokenState {
  readonly isValid: boolean;
  /** Milliseconds since 1970 by the server's clock, or null when it never expires. */
  readonly expiresAt: number | null;
  readonly name: string | null;
  /** Exchanges that are still allowed, or null when they are not counted. */
  readonly usesLeft: number | null;
}

/** Larger is no token; a JWT with all groups of its owner may have some kilobytes. */
const LONGEST_TOKEN = 65_536;
const LONGEST_TEXT = 2000;
/** Nothing that is granted for longer is a grant, and later moments are no dates. */
const MOST_SECONDS = INSTANT.most / 1000;

const text = v.pipe(v.string(), v.nonEmpty(), v.maxLength(LONGEST_TEXT));
const optionalText = v.nullish(
  v.pipe(
    v.string(),
    v.transform((value) => value.slice(0, LONGEST_TEXT)),
  ),
  '',
);
/** It becomes part of a header: letters, digits and signs, no blanks. */
const token = v.pipe(v.string(), v.maxLength(LONGEST_TOKEN), v.regex(/^[\x21-\x7e]+$/));
const seconds = v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(MOST_SECONDS)), 0);
const uses = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const configuration = v.looseObject({
  access_token_endpoint: text,
  tokeninfo_endpoint: optionalText,
  revocation_endpoint: optionalText,
});

const exchangeAnswer = v.looseObject({
  access_token: token,
  expires_in: seconds,
  token_update: v.nullish(v.looseObject({ mytoken: token })),
});

const introspection = v.looseObject({
  valid: v.boolean(),
  token: v.looseObject({
    exp: seconds,
    name: optionalText,
    restrictions: v.nullish(
      v.array(v.looseObject({ usages_AT: v.nullish(uses), usages_AT_done: v.nullish(uses, 0) })),
      [],
    ),
  }),
});

const refusal = v.looseObject({ error: text, error_description: optionalText });

// A provider's access token is a JWT with an `iss` too, and that is no mytoken server.
const claims = v.looseObject({ iss: text, token_type: v.literal('mytoken') });

/**
 * A mytoken server's address as a person writes it.
 *
 * @returns `https://…`, or `http://…` on this computer, without a trailing slash
 * @throws AppError `address` with what is wrong with it
 */
export function normaliseServer(written: string): string {
  const url = safeUrl(urlFrom(written.trim()).href);
  if (url === null) throw new AppError('address', { code: 'address-https' });
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/**
 * @param server - `https://…`, or `http://…` on this computer; a path is kept
 * @param timeout - milliseconds
 * @throws AppError `address` with what is wrong with it, `mytoken-no-answer`, `mytoken-failed` with the endpoint that is
 * missing or unsafe
 */
export async function discover(server: string, timeout: number): Promise<MytokenEndpoints> {
  const base = safeUrl(server);
  if (base === null) throw new AppError('address', { code: 'address-https' });
  const answer = await reach(below(base, '.well-known/mytoken-configuration'), {}, timeout);
  if (!isOk(answer)) throw refused(answer, '');
  const found = read(configuration, answer);

  // Tokens are sent to the addresses found here: no detour over another scheme.
  const endpoint = (name: keyof typeof found & string, value: string): URL => {
    const url = safeUrl(value);
    if (url === null || (base.protocol === 'https:' && url.protocol !== 'https:')) {
      throw new AppError('mytoken-failed', name);
    }
    return url;
  };
  const optional = (name: 'tokeninfo_endpoint' | 'revocation_endpoint') =>
    found[name] === '' ? null : endpoint(name, found[name]);
  return {
    accessToken: endpoint('access_token_endpoint', found.access_token_endpoint),
    tokeninfo: optional('tokeninfo_endpoint'),
    revocation: optional('revocation_endpoint'),
  };
}

/**
 * Exchanges a mytoken for an access token. It requests no audience and no scope: one outside a mytoken's restrictions
 * is refused, and DriftWatch checks neither.
 *
 * @param timeout - milliseconds; after a timeout a rotating mytoken may have been replaced all the same
 * @throws AppError `mytoken-refused`, `mytoken-restricted`, `mytoken-no-answer`, `server-busy`, `mytoken-failed`
 */
export async function exchange(
  endpoints: MytokenEndpoints,
  mytoken: string,
  timeout: number,
): Promise<TokenExchange> {
  // As a form: JSON would need a preflight, which counts against the limit of 100 requests per 300 s and address.
  const form = new URLSearchParams({ grant_type: 'mytoken', mytoken });
  const answer = await post(endpoints.accessToken, form, mytoken, timeout);
  const found = read(exchangeAnswer, answer);
  return {
    accessToken: found.access_token,
    expiresIn: found.expires_in > 0 ? found.expires_in : null,
    rotated: found.token_update?.mytoken ?? null,
  };
}

/**
 * Asks for the remaining uses of a mytoken. It needs the capability `tokeninfo:introspect` and does not count as a use.
 *
 * @param timeout - milliseconds
 * @throws AppError as {@link exchange}; `mytoken-refused` is how a server says that the mytoken is revoked or expired,
 * `mytoken-failed` with `tokeninfo_endpoint` that the server tells nobody
 */
export async function introspect(
  endpoints: MytokenEndpoints,
  mytoken: string,
  timeout: number,
): Promise<MytokenState> {
  if (endpoints.tokeninfo === null) throw new AppError('mytoken-failed', 'tokeninfo_endpoint');
  const answer = await post(endpoints.tokeninfo, { action: 'introspect', mytoken }, mytoken, timeout);
  const { valid, token } = read(introspection, answer);
  return {
    isValid: valid,
    expiresAt: token.exp > 0 ? token.exp * 1000 : null,
    name: token.name === '' ? null : plainName(token.name),
    usesLeft: usesLeft(token.restrictions),
  };
}

/**
 * Makes a mytoken, and all that were made from it, useless at once.
 *
 * @param timeout - milliseconds
 * @throws AppError as {@link exchange}; `mytoken-failed` with `revocation_endpoint` when the server has none
 */
export async function revoke(endpoints: MytokenEndpoints, mytoken: string, timeout: number): Promise<void> {
  if (endpoints.revocation === null) throw new AppError('mytoken-failed', 'revocation_endpoint');
  await post(endpoints.revocation, { token: mytoken, recursive: true }, mytoken, timeout);
}

/**
 * A link to the server's own form, filled in for DriftWatch: a person only has to log in and agree.
 *
 * @param wanted.name - what the person will find it under in their list of mytokens
 * @param wanted.expiresInDays - whole days, > 0
 * @param wanted.now - milliseconds since 1970
 * @throws AppError `address` with what is wrong with the server's
 */
export function creationLink(wanted: {
  readonly server: string;
  readonly name: string;
  readonly expiresInDays: number;
  readonly now: number;
}): string {
  const base = safeUrl(wanted.server);
  if (base === null) throw new AppError('address', { code: 'address-https' });
  const request = {
    name: wanted.name,
    oidc_issuer: AI4EOSC_ISSUER,
    // No `scope`: left out, all that the server is registered for is granted, and DriftWatch needs openid, e-mail
    // and the realm's roles. A scope that the provider does not know would make every exchange fail.
    restrictions: [
      {
        exp: Math.floor(wanted.now / 1000) + wanted.expiresInDays * 86_400,
        audience: [DRIFTWATCH_AUDIENCE],
      },
    ],
    // Never `create_mytoken`: a stolen mytoken must not outlive its own end through its children.
    capabilities: ['AT', 'tokeninfo:introspect'],
    // A JWT names its server in `iss`, so that it is sent nowhere else; it is pasted, never typed, so its length does
    // not matter.
    response_type: 'token',
    // No `rotation`: each exchange would replace the mytoken, and an answer lost on a poor connection at the shore
    // would end the chain until the next login. A rotating mytoken still works, see access.ts.
  };
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `${below(base, 'home').href}?r=${encodeURIComponent(base64)}#mt`;
}

/**
 * The server in a mytoken's `iss` claim; unverified, so good only for choosing the server to ask.
 *
 * @returns null for a short token, which says nothing, and for what is no mytoken
 */
export function serverOf(mytoken: string): string | null {
  const [, payload, signature] = mytoken.trim().split('.');
  if (payload === undefined || signature === undefined) return null;
  try {
    const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const json = new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
    const { iss } = v.parse(claims, JSON.parse(json));
    return normaliseServer(iss);
  } catch {
    return null;
  }
}

/** An AppError that keeps its status, because one status means different things at different endpoints. */
export class MytokenRefusal extends AppError {
  constructor(
    code: 'mytoken-refused' | 'mytoken-restricted' | 'mytoken-failed' | 'server-busy',
    detail: Detail,
    readonly status: number,
  ) {
    super(code, detail);
  }
}

/** https, or http to this computer: a token crosses no network in the clear. */
function safeUrl(address: string): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  return isSafe && url.username === '' && url.password === '' ? url : null;
}

function below(base: URL, path: string): URL {
  return new URL(`${base.origin}${base.pathname.replace(/\/+$/, '')}/${path}`);
}

function isOk({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** {@link ask}, with mytoken's name for no answer. Its 429 looks like that too: the limiter runs before CORS. */
async function reach(url: URL, init: RequestInit, timeout: number): Promise<Answer> {
  try {
    return await ask(url, init, timeout);
  } catch (error) {
    if (error instanceof AppError && error.code === 'answer-unreadable') {
      throw new AppError('mytoken-failed', error.detail, { cause: error });
    }
    const isTheirs = error instanceof AppError && error.code !== 'fetch-failed';
    if (isTheirs) throw new AppError('mytoken-no-answer', url.host, { cause: error });
    throw error;
  }
}

/** @param secret - what the request carries and no error may repeat */
async function post(
  url: URL,
  body: URLSearchParams | Readonly<Record<string, unknown>>,
  secret: string,
  timeout: number,
): Promise<Answer> {
  const isForm = body instanceof URLSearchParams;
  const answer = await reach(
    url,
    {
      method: 'POST',
      ...(isForm ? {} : { headers: { 'Content-Type': 'application/json' } }),
      body: isForm ? body : JSON.stringify(body),
      // A 307 would send the token on to wherever it points.
      redirect: 'error',
    },
    timeout,
  );
  if (!isOk(answer)) throw refused(answer, secret);
  return answer;
}

/** @throws AppError `mytoken-failed`, without the parser's message: it quotes the answer, which has tokens in it */
function read<const Schema extends v.GenericSchema>(schema: Schema, answer: Answer): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, parseJson(answer.text));
  if (!parsed.success) {
    throw new AppError('mytoken-failed', v.getDotPath(parsed.issues[0]) ?? `HTTP ${answer.status}`);
  }
  return parsed.output;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The failure of an answer; `{"error", "error_description"?}` is read if it is there. */
function refused(answer: Answer, secret: string): MytokenRefusal {
  const { status } = answer;
  if (status === 429) {
    const seconds = retryAfter(answer.headers);
    return new MytokenRefusal('server-busy', seconds === null ? '' : String(Math.ceil(seconds)), status);
  }
  const parsed = v.safeParse(refusal, parseJson(answer.text));
  if (!parsed.success) return new MytokenRefusal('mytoken-failed', `HTTP ${status}`, status);

  const { error, error_description: description } = parsed.output;
  const said = (description === '' ? error : description).slice(0, 300);
  const reason = secret === '' ? said : said.replaceAll(secret, '…');
  // 408 and 425 ask for another try, as a 5xx does.
  if (status >= 500 || status === 408 || status === 425)
    return new MytokenRefusal('mytoken-failed', reason, status);
  const isRestricted = error === 'usage_restricted' || error === 'insufficient_capabilities';
  return new MytokenRefusal(isRestricted ? 'mytoken-restricted' : 'mytoken-refused', reason, status);
}

/** Restrictions are alternatives: one without a count makes the uses unlimited, otherwise they add up. */
function usesLeft(
  restrictions: readonly {
    readonly usages_AT?: number | null | undefined;
    readonly usages_AT_done: number;
  }[],
): number | null {
  if (restrictions.length === 0) return null;
  let left = 0;
  for (const { usages_AT: allowed, usages_AT_done: done } of restrictions) {
    if (allowed === null || allowed === undefined) return null;
    left += Math.max(0, allowed - done);
  }
  return left;
}
