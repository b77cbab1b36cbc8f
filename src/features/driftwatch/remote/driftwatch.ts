import * as v from 'valibot';
import { AppError } from '../../../core/domain/errors';
import { plainText } from '../../../core/domain/files/plain-name';
import { isModest } from '../../../core/domain/modest';
import { isRemoteId } from '../../../core/domain/remote-id';
import { instantOf } from '../pure/record-fields';
import {
  correctedText,
  isSamePicture,
  saysSame,
  saysSameVerdict,
  type CreateDrift,
} from './driftwatch-record';
import { ask, retryAfter, type Answer } from './http';
import { parseTolerantly } from './tolerant-json';

/** The largest page that DriftWatch gives. */
const PAGE_SIZE = 100;
/** A read refused to a token younger than this is refused for its rights, not for its age. */
const YOUNG = 60_000;
/** A token answered as missing is suspected at once, unless it was obtained for this very request. */
const NEW = 5000;
/** DriftWatch's refusal without a token, with one that expired, or without a role. */
const NOT_PUBLIC = /resource is not public/i;

/** A server that gives pages for ever is left after a hundred thousand items. */
const MOST_PAGES = 1000;
/** A failure's message is a sentence or two. */
const LONGEST_REASON = 300;
/** An answer's messages name a field, or an item of one. */
const MOST_FIELD_LEVELS = 8;
const MOST_TAGS = 200;
const MOST_PERMISSIONS = 10_000;

/** Texts of an answer up to a length. */
const text = (longest: number) =>
  v.pipe(
    v.fallback(v.string(), ''),
    v.transform((value) => value.slice(0, longest)),
  );
const name = text(1000);
const created = text(64);
/** Becomes part of an address. */
const id = v.custom<string>(isRemoteId, 'an id that is none of DriftWatch');

const userSchema = v.looseObject({
  // It is compared and shown, and never part of an address.
  id: v.pipe(v.string(), v.maxLength(200)),
  email: text(320),
  created_at: created,
});
export type User = v.InferOutput<typeof userSchema>;

const experimentSchema = v.looseObject({
  id,
  name: v.pipe(name, v.transform(plainText)),
  permissions: v.fallback(
    v.pipe(
      v.array(v.looseObject({ entity: name, level: v.picklist(['Read', 'Edit', 'Manage']) })),
      v.maxLength(MOST_PERMISSIONS),
    ),
    [],
  ),
});
export type Experiment = v.InferOutput<typeof experimentSchema>;

const driftSchema = v.looseObject({
  id,
  created_at: created,
  schema_version: text(64),
  job_status: text(64),
  model: name,
  drift_detected: v.fallback(v.boolean(), false),
  tags: v.fallback(v.pipe(v.array(name), v.maxLength(MOST_TAGS)), []),
  parameters: v.fallback(v.record(v.string(), v.unknown()), {}),
});
/** A record as DriftWatch gives it; who wrote it may have put anything into its parameters. */
export type Drift = v.InferOutput<typeof driftSchema>;

/** One page of a search. */
interface SearchPage<T> {
  readonly items: readonly T[];
  /** true if there may be more behind it */
  readonly isFull: boolean;
}

/** A source of access tokens: see Access. */
export interface TokenSource {
  token(): Promise<string>;
  /** a token that was refused must never be sent again: DriftWatch remembers refusals by token */
  drop(token: string): void;
  /** milliseconds since the present token was received, or null without one */
  ageOfToken(): number | null;
}

interface Options {
  readonly baseUrl: string;
  readonly access: TokenSource;
  /** milliseconds for one request */
  readonly timeout: number;
}

interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON text */
  readonly body?: string;
  /** `nobody` sends no token */
  readonly as: 'nobody' | 'user';
}

/** A record of a picture, by its id there. */
export interface PictureRecord {
  readonly id: string;
  /** its `result_id`, of whatever kind */
  readonly jobId: unknown;
  /** true if its verdict is that of this text */
  agrees(body: string): boolean;
  /** this text as it may stand in the record's place */
  corrected(body: string): string;
}

/** Number of records that one look-up can request. */
export const FIND_AT_ONCE = 100;

export interface CreatedRecord {
  readonly id: string;
  /** milliseconds since 1970 by the service's clock; null when it can't be read */
  readonly createdAt: number | null;
  /** true if its text is still the one sent */
  says(body: string): boolean;
}

/**
 * The DriftWatch service, as its backend's source and wire show it (schema version 1.0.0). Every method rejects with an
 * AppError whose code shows if the record may have been stored (see `consequenceOf`).
 */
export class DriftWatch {
  readonly #root: URL;
  readonly #access: TokenSource;
  readonly #timeout: number;
  /** true once any answer was read: then CORS is not in the way */
  #hasAnswered = false;
  /** the API root that a path of this page's host leads to, once the host has named it; null until then */
  upstream: string | null = null;

  constructor({ baseUrl, access, timeout }: Options) {
    this.#root = new URL(baseUrl, document.baseURI);
    this.#access = access;
    this.#timeout = timeout;
  }

  /**
   * Finds out whether a DriftWatch answers at this address, without a token.
   *
   * @throws AppError `offline`, `no-answer`, `cors-blocked`, `wrong-base-path`, `gateway-failed`, …
   */
  async reach(): Promise<void> {
    const answer = await this.#ask({
      method: 'POST',
      path: '/experiment/search',
      query: { page_size: '1' },
      body: '{}',
      as: 'nobody',
    });
    if (!Array.isArray(jsonOf(answer))) throw this.#wrongPath();
  }

  /** Who the token's owner is. @throws AppError `not-registered`, `email-unverified`, `token-refused`, … */
  async self(): Promise<User> {
    return this.#one(userSchema, { method: 'GET', path: '/user/self', as: 'user' });
  }

  /** Registers the token's owner, who has accepted the terms; one who is registered has the e-mail brought up to date. */
  async register(): Promise<User> {
    try {
      return await this.#one(userSchema, { method: 'POST', path: '/user', as: 'user' });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'not-permitted')
        throw new AppError('no-platform-access', error.detail, { cause: error });
      if (error.code !== 'name-taken') throw error;
      return this.#one(userSchema, { method: 'PUT', path: '/user/self', as: 'user' });
    }
  }

  /** The groups by which the token's owner may be named in permissions. */
  async entitlements(): Promise<readonly string[]> {
    const schema = v.looseObject({ items: v.array(v.string()) });
    return (await this.#one(schema, { method: 'GET', path: '/entitlement', as: 'user' })).items;
  }

  /** All experiments, page by page, oldest first. Names are readable by anyone, permitted or not. */
  async *experiments(): AsyncGenerator<SearchPage<Experiment>> {
    const seen = new Set<string>();
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const found = await this.#search(experimentSchema, '/experiment/search', {}, page);
      yield found;
      const known = seen.size;
      for (const { id } of found.items) seen.add(id);
      // A proxy that drops the query gives the first page for ever.
      if (!found.isFull || seen.size === known) return;
    }
  }

  async experiment(id: string): Promise<Experiment> {
    return this.#one(experimentSchema, { method: 'GET', path: pathOf(id), as: 'user' });
  }

  /** Creates an experiment; its creator gets Manage. @throws AppError `name-taken` when there is one of that name */
  async createExperiment(wanted: {
    name: string;
    description: string;
    public: boolean;
  }): Promise<Experiment> {
    // Without `permissions` the server takes a list that it shares among callers, with the last caller in it.
    const body = JSON.stringify({ ...wanted, permissions: [] });
    return this.#one(experimentSchema, { method: 'POST', path: '/experiment', body, as: 'user' });
  }

  /** One record. @throws AppError `record-missing`, … */
  async drift(experimentId: string, remoteId: string): Promise<Drift> {
    return this.#one(driftSchema, { method: 'GET', path: driftPath(experimentId, remoteId), as: 'user' });
  }

  async send(experimentId: string, body: string): Promise<CreatedRecord> {
    const path = driftPath(experimentId);
    return arrived(await this.#one(driftSchema, { method: 'POST', path, body, as: 'user' }));
  }

  async find(
    experimentId: string,
    jobIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly CreatedRecord[]>> {
    const found = new Map<string, CreatedRecord[]>();
    for (const drift of await this.driftsOf(experimentId, jobIds)) {
      const { result_id: id } = drift.parameters;
      if (typeof id === 'string') found.set(id, [...(found.get(id) ?? []), arrived(drift)]);
    }
    return found;
  }

  /** The records of these jobs, the oldest first. */
  async driftsOf(experimentId: string, jobIds: readonly string[]): Promise<readonly Drift[]> {
    return this.#matching(experimentId, { 'parameters.result_id': { $in: jobIds } });
  }

  /**
   * The records of the same pictures as these texts are of, whoever has sent them.
   *
   * @returns those of each text, the oldest first
   */
  async ofPictures(
    experimentId: string,
    bodies: readonly string[],
  ): Promise<readonly (readonly PictureRecord[])[]> {
    const pictures = bodies.map((body) => (JSON.parse(body) as CreateDrift).parameters);
    const oneOf = (key: string) => ({ $in: pictures.map((parameters) => parameters[key] ?? '') });
    const drifts = await this.#matching(experimentId, {
      $or: [
        { 'parameters.content_sha256': oneOf('content_sha256') },
        { 'parameters.image_name': oneOf('image_name'), 'parameters.captured_at': oneOf('captured_at') },
      ],
    });
    return pictures.map((picture) =>
      drifts
        .filter(({ parameters }) => isSamePicture(picture, parameters))
        .map((drift) => ({
          id: drift.id,
          jobId: drift.parameters['result_id'],
          agrees: (body) => saysSameVerdict(body, drift as CreateDrift),
          corrected: (body) => correctedText(body, drift as CreateDrift),
        })),
    );
  }

  /** All records that match, the oldest first. */
  async #matching(experimentId: string, filter: object): Promise<readonly Drift[]> {
    const drifts = new Map<string, Drift>();
    const path = `${driftPath(experimentId)}/search`;
    // Duplicates make more records than ids, so a full page is not always the last.
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const { items, isFull } = await this.#search(driftSchema, path, filter, page);
      const known = drifts.size;
      for (const drift of items) drifts.set(drift.id, drift);
      if (!isFull || drifts.size === known) break;
    }
    return [...drifts.values()].sort(oldestFirst);
  }

  async replace(experimentId: string, remoteId: string, body: string): Promise<CreatedRecord> {
    const path = driftPath(experimentId, remoteId);
    return arrived(await this.#one(driftSchema, { method: 'PUT', path, body, as: 'user' }));
  }

  async remove(experimentId: string, remoteId: string): Promise<void> {
    try {
      const path = driftPath(experimentId, remoteId);
      await this.#ask({ method: 'DELETE', path, as: 'user' });
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'record-missing')) throw error;
    }
  }

  async #one<S extends v.GenericSchema>(schema: S, request: Request): Promise<v.InferOutput<S>> {
    const answer = await this.#ask(request);
    const found = parsed(answer);
    if (!isModest(found)) throw new AppError('answer-unreadable', { code: 'answer-large' });
    const result = v.safeParse(schema, found);
    if (!result.success) throw new AppError('answer-unreadable', shortened(result.issues[0].message));
    return result.output;
  }

  async #search<S extends v.GenericSchema>(
    schema: S,
    path: string,
    filter: object,
    page: number,
  ): Promise<SearchPage<v.InferOutput<S>>> {
    const query = { page: String(page), page_size: String(PAGE_SIZE), order_by: 'asc' };
    const answer = await this.#ask({ method: 'POST', path, query, body: JSON.stringify(filter), as: 'user' });
    const rows = parsed(answer);
    if (!Array.isArray(rows)) throw new AppError('answer-unreadable', { code: 'answer-no-list' });
    // One unreadable record hides none of the others.
    const items = rows
      .slice(0, PAGE_SIZE)
      .filter((row) => isModest(row))
      .map((row) => v.safeParse(schema, row))
      .filter((row) => row.success);
    return {
      items: items.map((row) => row.output),
      isFull: rows.length >= PAGE_SIZE,
    };
  }

  /** Sends a request with a token, once more with a new one when that may help, and throws the failure. */
  async #ask(request: Request): Promise<Answer> {
    const token = request.as === 'user' ? await this.#access.token() : null;
    let answer = await this.#once(request, token);
    if (token !== null && isDoubtful(answer, request, this.#access.ageOfToken())) {
      // A new one: a refusal sticks to its token for as long as the server's worker lives.
      this.#access.drop(token);
      const renewed = await this.#access.token();
      answer = await this.#once(request, renewed);
      if (answer.status === 401) this.#access.drop(renewed);
    }
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw await this.#failure(request, answer);
  }

  /** The AppError for an answer without success. */
  async #failure(request: Request, answer: Answer): Promise<AppError> {
    const error = failureOf(answer);
    if (error.code === 'wrong-base-path') return this.#wrongPath();
    if (error.code !== 'role-lost' || !isRead(request)) return error;
    // With its login service down DriftWatch treats each user as unknown, and reports it only if a user is required.
    const token = await this.#access.token();
    const self = await this.#once({ method: 'GET', path: '/user/self', as: 'user' }, token);
    if (self.status === 401) this.#access.drop(token);
    return self.status >= 200 && self.status < 300 ? error : failureOf(self);
  }

  #wrongPath(): AppError {
    const isWhole = this.#root.origin === location.origin || /\/api\/[^/]+\/?$/.test(this.#root.pathname);
    return isWhole
      ? new AppError('wrong-base-path')
      : new AppError('api-path-missing', `${this.#root.origin}/api/v1`);
  }

  async #once({ method, path, query, body }: Request, token: string | null): Promise<Answer> {
    const url = new URL(this.#root);
    url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
    url.search = new URLSearchParams(query).toString();
    const headers: Record<string, string> = {
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      // With another content type DriftWatch ignores the body without an error.
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    };
    try {
      // Followed, a redirect would take the record elsewhere. It comes back with status 0.
      const init = { method, headers, body: body ?? null, redirect: 'manual' } as const;
      const answer = await ask(url, init, this.#timeout);
      this.#hasAnswered = true;
      if (this.#root.origin === location.origin)
        this.upstream = rootFrom(answer.headers.get('x-porthole-upstream'));
      return answer;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'no-answer') throw error;
      if (!navigator.onLine) throw new AppError('offline', error.detail, { cause: error });
      if (await this.#isBlockedByCors()) throw new AppError('cors-blocked', url.origin, { cause: error });
      throw error;
    }
  }

  /** A browser hides why a request failed; a server that answers only requests with unreadable answers shows it. */
  async #isBlockedByCors(): Promise<boolean> {
    if (this.#hasAnswered || this.#root.origin === location.origin) return false;
    const passes = (mode: RequestMode) =>
      ask(this.#root, { mode }, this.#timeout).then(
        () => true,
        () => false,
      );
    return !(await passes('cors')) && (await passes('no-cors'));
  }
}

/** True if a refusal may be the token's fault: for reads an old one is treated as none, like for a private record. */
function isDoubtful(answer: Answer, request: Request, tokenAge: number | null): boolean {
  if (answer.status === 401) return true;
  return (
    answer.status === 403 && isRead(request) && (tokenAge ?? 0) > (NOT_PUBLIC.test(answer.text) ? NEW : YOUNG)
  );
}

/** A full API root as the page's own host names it, or null. */
function rootFrom(text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null;
  const { protocol, username, href, search, hash } = new URL(text);
  const isRoot = /^https?:$/.test(protocol) && username === '' && search === '' && hash === '';
  return isRoot ? href.replace(/\/+$/, '') : null;
}

function isRead({ method, path }: Pick<Request, 'method' | 'path'>): boolean {
  return method === 'GET' || path.endsWith('/search');
}

/** @throws AppError `remote-id`; then nothing is sent */
function pathOf(experimentId: string, ...rest: readonly string[]): string {
  return ['', 'experiment', idIn(experimentId), ...rest].join('/');
}

/** Path of an experiment's records, or of one of them. @throws AppError `remote-id`; then nothing is sent */
function driftPath(experimentId: string, remoteId?: string): string {
  return pathOf(experimentId, 'drift', ...(remoteId === undefined ? [] : [idIn(remoteId)]));
}

function idIn(id: string): string {
  if (!isRemoteId(id)) throw new AppError('remote-id', shortened(id));
  return encodeURIComponent(id);
}

const shortened = (reason: string): string => reason.slice(0, LONGEST_REASON);

function failureOf(answer: Answer): AppError {
  const { status, headers } = answer;
  const body = errorBody(answer.text);
  const message = shortened(body?.message ?? '');
  switch (status) {
    case 400:
    case 422:
      return new AppError(
        'record-refused',
        body?.errors ? shortened(fieldMessages(body.errors)) : `HTTP ${status}`,
      );
    case 401:
      return new AppError(
        /signature has expired/i.test(message) ? 'token-expired' : 'token-refused',
        message,
      );
    case 403:
      if (/not registered/i.test(message)) return new AppError('not-registered');
      if (/does not meet requirements/i.test(message)) return new AppError('email-unverified');
      // A user with the role gets a message on permissions instead.
      if (NOT_PUBLIC.test(message)) return new AppError('role-lost');
      return new AppError('not-permitted', message || `HTTP ${status}`);
    case 404:
      if (/^experiment not found/i.test(message)) return new AppError('experiment-missing');
      if (/^drift not found/i.test(message)) return new AppError('record-missing');
      return new AppError('wrong-base-path');
    case 0:
    case 405:
      return new AppError('wrong-base-path');
    case 408:
    case 425:
    case 429:
    case 503:
      return new AppError('server-busy', String(Math.ceil(retryAfter(headers) ?? 0) || ''));
    case 409:
      return new AppError('name-taken', message);
    case 413:
      return new AppError('record-refused', { code: 'answer-large' });
    case 502:
    case 504:
      return new AppError('gateway-failed', String(status));
    default:
      return new AppError('server-failed', String(status));
  }
}

const errorSchema = v.looseObject({ message: v.optional(v.string()), errors: v.optional(v.unknown()) });

/** DriftWatch's error body, or null for the page of a proxy. */
function errorBody(text: string) {
  try {
    const found: unknown = JSON.parse(text);
    const result = v.safeParse(errorSchema, isModest(found) ? found : null);
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** `{ json: { tags: { 0: ["Length…"] } } }` as `tags.0: Length…` */
function fieldMessages(errors: unknown, path: readonly string[] = []): string {
  if (typeof errors === 'string') return [path.join('.'), errors].filter((part) => part !== '').join(': ');
  if (Array.isArray(errors)) return errors.map((error) => fieldMessages(error, path)).join('; ');
  if (typeof errors !== 'object' || errors === null || path.length > MOST_FIELD_LEVELS) return path.join('.');
  return Object.entries(errors)
    .map(([key, inner]) => {
      const isPlace = path.length === 0 && (key === 'json' || key === 'query');
      return fieldMessages(inner, isPlace || key === '_schema' ? path : [...path, key]);
    })
    .join('; ');
}

function parsed(answer: Answer): unknown {
  try {
    return parseTolerantly(answer.text);
  } catch (error) {
    throw new AppError('answer-unreadable', `HTTP ${answer.status}`, { cause: error });
  }
}

/** The answer's JSON value; null for anything else. */
function jsonOf({ text }: Answer): unknown {
  try {
    return parseTolerantly(text);
  } catch {
    return null;
  }
}

/** Compares the times of creation, as text, then ids: every device keeps the same one of several. */
function oldestFirst(a: Drift, b: Drift): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function arrived(drift: Drift): CreatedRecord {
  return {
    id: drift.id,
    createdAt: instantOf(drift.created_at),
    says: (body) => saysSame(body, drift as CreateDrift),
  };
}
