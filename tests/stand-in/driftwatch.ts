import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import sift, { type Query } from 'sift';
import {
  ADMIN_ENTITLEMENT,
  USER_ENTITLEMENT,
  type Caller,
  type Guard,
  type Person,
  type Unknown,
} from './access-tokens';
import {
  boolean,
  integer,
  Invalid,
  list,
  load,
  mapping,
  nested,
  string,
  type Messages,
  type Schema,
} from './marshmallow';
import { dumps, isObject, loads, type Json, type JsonObject } from './python-json';
import { proxyPage, serviceNow, type WireAnswer, type WireRequest } from './wire';

const LEVELS = ['Read', 'Edit', 'Manage'] as const;
type Level = (typeof LEVELS)[number];

// Types and not interfaces: only they are JSON objects to the compiler.
export type Permission = { entity: string; level: Level };

export type User = { id: string; created_at: string; subject: string; issuer: string; email: string };

export type Experiment = {
  id: string;
  created_at: string;
  name: string;
  description?: string;
  public: boolean;
  permissions: Permission[];
};

export type DriftRecord = {
  id: string;
  created_at: string;
  schema_version: string;
  job_status: 'Running' | 'Completed' | 'Failed';
  tags: string[];
  model: string;
  drift_detected: boolean;
  parameters: JsonObject;
};

/** As MongoDB keeps it. */
type Stored<T extends { id: string }> = Omit<T, 'id'> & { _id: string };

const DRIFT: Schema = {
  job_status: { required: true, read: string({ oneOf: ['Running', 'Completed', 'Failed'] }) },
  tags: { whenMissing: () => [], read: list(string({ length: [1, 20] })) },
  model: { required: true, read: string() },
  drift_detected: { required: true, read: boolean },
  parameters: { whenMissing: () => ({}), read: mapping },
};

const PERMISSION: Schema = {
  entity: { required: true, read: string() },
  level: { required: true, read: string({ oneOf: LEVELS }) },
};

const PAGING: Schema = {
  page: { whenMissing: () => 1, read: integer(1) },
  page_size: { whenMissing: () => 10, read: integer(1, 100) },
};

const SORTABLE = {
  users: ['created_at', 'email', 'subject', 'issuer'],
  experiments: ['created_at', 'name', 'public'],
  drifts: ['created_at', 'job_status', 'model', 'drift_detected', 'schema_version'],
} as const;

/** MongoDB's limit for one document. */
const MOST_BYTES = 16 * 1024 * 1024;

const UUID = '([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})';

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly reason: string | { errors: JsonObject } | null = null,
  ) {
    super(`Answer ${status}`);
  }
}

/** One request on its way through the application. */
interface Call {
  readonly request: WireRequest;
  /** The ids in its path. */
  readonly ids: readonly string[];
}

type Handler = (call: Call) => WireAnswer;

export interface DriftWatchOptions {
  /** Paths at which the proxy in front of the backend serves it. */
  readonly basePaths?: readonly string[];
  /** How far the server's clock is ahead of this machine's, in milliseconds; it only stamps `created_at`. */
  readonly clockOffset?: number;
  /** Milliseconds since 1970 with microseconds as a fraction. */
  readonly now?: () => number;
}

/** DriftWatch's backend and the proxy in front of it, in memory. */
export class DriftWatch {
  readonly #guard: Guard;
  readonly #basePaths: readonly string[];
  readonly #now: () => number;
  #clockOffset: number;
  #latestStamp = 0;
  readonly #users: Stored<User>[] = [];
  readonly #experiments: Stored<Experiment>[] = [];
  /** Stays when the experiment goes, as in the original. */
  readonly #drifts = new Map<string, Stored<DriftRecord>[]>();
  /** One list for every request that leaves its permissions out, and the caller is appended to it. */
  readonly #defaultPermissions: Permission[] = [];
  readonly #experimentSchema: Schema = {
    name: { required: true, read: string() },
    description: { read: string() },
    public: { whenMissing: () => false, read: boolean },
    permissions: { whenMissing: () => this.#defaultPermissions, read: list(nested(PERMISSION)) },
  };
  readonly #routes: readonly (readonly [RegExp, Readonly<Record<string, Handler>>])[] = [
    route('/', { GET: () => empty() }),
    route('/user', { POST: (call) => this.#register(call) }),
    route('/user/self', {
      GET: (call) => json(200, dumpId(this.#registered(this.#user(call)))),
      PUT: (call) => this.#updateSelf(call),
    }),
    route('/user/search', { POST: (call) => this.#searchUsers(call) }),
    route('/entitlement', { GET: (call) => this.#entitlements(call) }),
    route('/experiment', { POST: (call) => this.#createExperiment(call) }),
    route('/experiment/search', { POST: (call) => this.#searchExperiments(call) }),
    route(`/experiment/${UUID}`, {
      GET: (call) => this.#getExperiment(call),
      PUT: (call) => this.#replaceExperiment(call),
      DELETE: (call) => this.#deleteExperiment(call),
    }),
    route(`/experiment/${UUID}/drift`, { POST: (call) => this.#createDrift(call) }),
    route(`/experiment/${UUID}/drift/search`, { POST: (call) => this.#searchDrifts(call) }),
    route(`/experiment/${UUID}/drift/${UUID}`, {
      GET: (call) => this.#getDrift(call),
      PUT: (call) => this.#replaceDrift(call),
      DELETE: (call) => this.#deleteDrift(call),
    }),
  ];

  constructor(guard: Guard, options: DriftWatchOptions = {}) {
    this.#guard = guard;
    this.#basePaths = options.basePaths ?? ['/api/v1', '/api/latest'];
    this.#clockOffset = options.clockOffset ?? 0;
    this.#now = options.now ?? serviceNow;
  }

  answer(request: WireRequest): WireAnswer {
    const base = this.#basePaths.find((path) => request.path === path || request.path.startsWith(`${path}/`));
    if (base === undefined) return proxyPage(404, 'Not Found');
    try {
      return this.#dispatch({ ...request, path: request.path.slice(base.length) || '/' });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refusal(error);
    }
  }

  users(): User[] {
    return this.#users.map((user) => structuredClone(dumpId(user)));
  }

  experiments(): Experiment[] {
    return this.#experiments.map((experiment) => structuredClone(dumpId(experiment)));
  }

  /** In the order they were created; also those of an experiment that was deleted. */
  records(experimentId: string): DriftRecord[] {
    return this.#collection(experimentId).map((record) => structuredClone(dumpId(record)));
  }

  seedUser(person: Person, issuer: string): User {
    const user = {
      _id: randomUUID(),
      created_at: this.#stamp(),
      subject: person.subject,
      issuer,
      email: person.email,
    };
    this.#users.push(user);
    return dumpId(user);
  }

  seedExperiment(experiment: Partial<Experiment> & { name: string }): Experiment {
    const { id, ...given } = experiment;
    const stored = {
      _id: id ?? randomUUID(),
      created_at: this.#stamp(),
      public: false,
      permissions: [],
      ...structuredClone(given),
    };
    this.#experiments.push(stored);
    return structuredClone(dumpId(stored));
  }

  seedRecord(experimentId: string, record: Partial<DriftRecord>): DriftRecord {
    const { id, ...given } = record;
    const stored: Stored<DriftRecord> = {
      _id: id ?? randomUUID(),
      created_at: this.#stamp(),
      schema_version: '1.0.0',
      job_status: 'Completed',
      tags: [],
      model: 'model',
      drift_detected: false,
      parameters: {},
      ...structuredClone(given),
    };
    this.#collection(experimentId).push(stored);
    return structuredClone(dumpId(stored));
  }

  setClockOffset(milliseconds: number): void {
    this.#clockOffset = milliseconds;
    this.#latestStamp = 0;
  }

  #dispatch(request: WireRequest): WireAnswer {
    for (const [pattern, handlers] of this.#routes) {
      const ids = pattern.exec(request.path)?.slice(1);
      if (!ids) continue;
      const allowed = Object.keys(handlers);
      const allow = [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
      // Flask answers OPTIONS by itself, and knows nothing of CORS.
      if (request.method === 'OPTIONS')
        return { status: 200, headers: { allow, 'content-type': 'text/html; charset=utf-8' }, body: '' };
      const handler = handlers[request.method === 'HEAD' ? 'GET' : request.method];
      if (!handler) return { ...refusal(new Refusal(405)), headers: { ...JSON_TYPE, allow } };
      return handler({ request, ids: ids.map((id) => id.toLowerCase()) });
    }
    throw new Refusal(
      404,
      'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
    );
  }

  #register(call: Call): WireAnswer {
    const caller = this.#user(call);
    if (!caller.entitlements.includes(USER_ENTITLEMENT)) throw new Refusal(403, 'Insufficient permissions.');
    if (this.#find(caller)) throw new Refusal(409, 'User already exists.');
    return json(201, this.seedUser(caller, caller.issuer));
  }

  #updateSelf(call: Call): WireAnswer {
    const caller = this.#user(call);
    const user = this.#registered(caller);
    user.email = caller.email;
    return json(200, dumpId(user));
  }

  #searchUsers(call: Call): WireAnswer {
    const caller = this.#user(call);
    if (!caller.entitlements.includes(ADMIN_ENTITLEMENT)) throw unmet(caller);
    return search(call, this.#users, SORTABLE.users);
  }

  #entitlements(call: Call): WireAnswer {
    const caller = this.#user(call);
    this.#registered(caller);
    return json(200, { items: [...caller.entitlements] });
  }

  #createExperiment(call: Call): WireAnswer {
    const caller = this.#user(call);
    const body = readFields(call, this.#experimentSchema);
    const user = this.#registered(caller);
    this.#addManager(body, user, caller);
    const name = body['name'] as string;
    if (this.#experiments.some((other) => other.name === name)) throw new Refusal(409, 'Name conflict.');
    const stored = { ...body, created_at: this.#stamp(), _id: randomUUID() } as Stored<Experiment>;
    this.#experiments.push(encoded(stored));
    return json(201, dumpId(stored));
  }

  #searchExperiments(call: Call): WireAnswer {
    this.#anybody(call);
    return search(call, this.#experiments, SORTABLE.experiments);
  }

  #getExperiment(call: Call): WireAnswer {
    this.#anybody(call);
    return json(200, dumpId(this.#experiment(call)));
  }

  #replaceExperiment(call: Call): WireAnswer {
    const caller = this.#user(call);
    const body = readFields(call, this.#experimentSchema);
    const user = this.#registered(caller);
    const experiment = this.#experiment(call);
    checkAccess(experiment, 'Manage', caller, user);
    const isTaken = this.#experiments.some((other) => other !== experiment && other.name === body['name']);
    if (isTaken) throw new Refusal(409, 'Name conflict.');
    this.#addManager(body, user, caller);
    Object.assign(experiment, encoded(body));
    return json(200, dumpId(experiment));
  }

  #deleteExperiment(call: Call): WireAnswer {
    const caller = this.#user(call);
    const user = this.#registered(caller);
    const experiment = this.#experiment(call);
    checkAccess(experiment, 'Manage', caller, user);
    this.#experiments.splice(this.#experiments.indexOf(experiment), 1);
    return empty();
  }

  #createDrift(call: Call): WireAnswer {
    const caller = this.#user(call);
    const body = readFields(call, DRIFT);
    const user = this.#registered(caller);
    const experiment = this.#experiment(call);
    checkAccess(experiment, 'Edit', caller, user);
    const stored = {
      ...body,
      schema_version: '1.0.0',
      created_at: this.#stamp(),
      _id: randomUUID(),
    } as unknown as Stored<DriftRecord>;
    this.#collection(experiment._id).push(encoded(stored));
    return json(201, dumpId(stored));
  }

  #searchDrifts(call: Call): WireAnswer {
    const caller = this.#anybody(call);
    // Checked before the experiment is looked up, as everywhere.
    const filter = readFilter(call);
    const order = readOrder(call, SORTABLE.drifts);
    const experiment = this.#readable(call, caller);
    return page(this.#collection(experiment._id), filter, order);
  }

  #getDrift(call: Call): WireAnswer {
    const experiment = this.#readable(call, this.#anybody(call));
    return json(200, dumpId(this.#drift(call, experiment)));
  }

  #replaceDrift(call: Call): WireAnswer {
    const caller = this.#user(call);
    const body = readFields(call, DRIFT);
    const user = this.#registered(caller);
    const experiment = this.#experiment(call);
    checkAccess(experiment, 'Edit', caller, user);
    const record = this.#drift(call, experiment);
    Object.assign(record, encoded(body));
    return json(200, dumpId(record));
  }

  #deleteDrift(call: Call): WireAnswer {
    const caller = this.#user(call);
    const user = this.#registered(caller);
    const experiment = this.#experiment(call);
    checkAccess(experiment, 'Edit', caller, user);
    const records = this.#collection(experiment._id);
    records.splice(records.indexOf(this.#drift(call, experiment)), 1);
    return empty();
  }

  /** The caller of an endpoint for users. */
  #user(call: Call): Caller {
    const caller = this.#guard.identify(call.request.headers.authorization);
    if (isUnknown(caller)) throw new Refusal(caller.status, caller.message);
    if (!caller.emailVerified) throw unmet(caller);
    return caller;
  }

  /** The caller of an endpoint for everyone: a token that can't be verified counts as none. */
  #anybody(call: Call): Caller | null {
    const caller = this.#guard.identify(call.request.headers.authorization);
    if (!isUnknown(caller)) return caller;
    if (caller.status === 500) throw new Refusal(500);
    return null;
  }

  #find(caller: Caller): Stored<User> | undefined {
    return this.#users.find(({ subject, issuer }) => subject === caller.subject && issuer === caller.issuer);
  }

  #registered(caller: Caller): Stored<User> {
    const user = this.#find(caller);
    if (!user) throw new Refusal(403, 'User not registered.');
    return user;
  }

  #experiment({ ids }: Call): Stored<Experiment> {
    const experiment = this.#experiments.find(({ _id }) => _id === ids[0]);
    if (!experiment) throw new Refusal(404, 'Experiment not found.');
    return experiment;
  }

  /** The experiment whose records somebody may read; an unregistered caller may less than an anonymous one. */
  #readable(call: Call, caller: Caller | null): Stored<Experiment> {
    const user = caller && this.#registered(caller);
    const experiment = this.#experiment(call);
    checkAccess(experiment, 'Read', caller, user);
    return experiment;
  }

  #drift({ ids }: Call, experiment: Stored<Experiment>): Stored<DriftRecord> {
    const record = this.#collection(experiment._id).find(({ _id }) => _id === ids[1]);
    if (!record) throw new Refusal(404, 'Drift not found.');
    return record;
  }

  #collection(experimentId: string): Stored<DriftRecord>[] {
    const records = this.#drifts.get(experimentId) ?? [];
    this.#drifts.set(experimentId, records);
    return records;
  }

  #addManager(body: JsonObject, user: Stored<User>, caller: Caller): void {
    const permissions = body['permissions'] as Permission[];
    if (levelOf(permissions, user, caller) !== 'Manage')
      permissions.push({ level: 'Manage', entity: user._id });
    // MongoDB keeps a copy; what was appended stays in the list.
    body['permissions'] = structuredClone(permissions);
  }

  /** Python's isoformat: no zone, and no fraction when the microsecond is 0. */
  #stamp(): string {
    const now = Math.floor((this.#now() + this.#clockOffset) * 1000);
    this.#latestStamp = Math.max(now, this.#latestStamp + 1);
    const seconds = new Date(Math.floor(this.#latestStamp / 1000)).toISOString().slice(0, 19);
    const microsecond = this.#latestStamp % 1_000_000;
    return microsecond === 0 ? seconds : `${seconds}.${String(microsecond).padStart(6, '0')}`;
  }
}

function route(path: string, handlers: Record<string, Handler>): readonly [RegExp, Record<string, Handler>] {
  return [new RegExp(`^${path}$`), handlers];
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** The body of an error as DriftWatch's framework writes it. */
export function errorBody(status: number, reason: string | { errors: JsonObject } | null): string {
  const details = typeof reason === 'string' ? { message: reason } : reason;
  return `${dumps({ code: status, status: STATUS_CODES[status] ?? 'Unknown', ...details })}\n`;
}

function refusal({ status, reason }: Refusal): WireAnswer {
  return { status, headers: JSON_TYPE, body: errorBody(status, reason) };
}

function json(status: number, body: Json, headers: Record<string, string> = {}): WireAnswer {
  return { status, headers: { ...JSON_TYPE, ...headers }, body: `${dumps(body)}\n` };
}

function empty(): WireAnswer {
  return { status: 204, headers: JSON_TYPE, body: '' };
}

function unmet({ subject, issuer }: Caller): Refusal {
  return new Refusal(403, `User ${subject}@${issuer} does not meet requirements`);
}

function isUnknown(caller: Caller | Unknown): caller is Unknown {
  return 'status' in caller;
}

function dumpId<T extends { _id: string }>({ _id, ...rest }: T): Omit<T, '_id'> & { id: string } {
  return { id: _id, ...rest };
}

function levelOf(permissions: readonly Permission[], user: Stored<User>, caller: Caller): Level | undefined {
  const own = permissions.filter(({ entity }) => entity === user._id || caller.entitlements.includes(entity));
  return LEVELS.findLast((level) => own.some((permission) => permission.level === level));
}

function checkAccess(
  experiment: Stored<Experiment>,
  wanted: Level,
  caller: Caller | null,
  user: Stored<User> | null,
): void {
  if (experiment.public && wanted === 'Read') return;
  if (!caller || !user || !caller.entitlements.includes(USER_ENTITLEMENT)) {
    throw new Refusal(403, 'Resource is not public.');
  }
  if (caller.entitlements.includes(ADMIN_ENTITLEMENT)) return;
  const level = levelOf(experiment.permissions, user, caller);
  if (!level || LEVELS.indexOf(level) < LEVELS.indexOf(wanted))
    throw new Refusal(403, 'Insufficient permissions.');
}

function readBody({ request }: Call): Json {
  const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const isJson = /^application\/([^/]+\+)?json$/.test(type.trim());
  if (!isJson || request.body === '') return {};
  try {
    return loads(request.body);
  } catch {
    throw new Refusal(400, { errors: { json: ['Invalid JSON body.'] } });
  }
}

function readFields(call: Call, schema: Schema): JsonObject {
  return checked('json', () => load(schema, readBody(call), 'raise'));
}

function readFilter(call: Call): JsonObject {
  return checked('json', () => load({}, readBody(call), 'include'));
}

interface Order {
  readonly sortBy: string;
  readonly isAscending: boolean;
  readonly page: number;
  readonly pageSize: number;
}

function readOrder({ request }: Call, sortable: readonly string[]): Order {
  const query = Object.fromEntries(request.query);
  const sorting: Schema = {
    sort_by: { whenMissing: () => 'created_at', read: string({ oneOf: sortable }) },
    order_by: { whenMissing: () => 'desc', read: string({ oneOf: ['asc', 'desc'] }) },
  };
  const sort = checked('query', () => load(sorting, query, 'exclude'));
  const paging = checked('query', () => load(PAGING, query, 'exclude'));
  return {
    sortBy: sort['sort_by'] as string,
    isAscending: sort['order_by'] === 'asc',
    page: paging['page'] as number,
    pageSize: paging['page_size'] as number,
  };
}

function search<T extends { id: string }>(
  call: Call,
  documents: readonly Stored<T>[],
  sortable: readonly string[],
): WireAnswer {
  const filter = readFilter(call);
  return page(documents, filter, readOrder(call, sortable));
}

/** One page of a search with its `X-Pagination` header. */
function page<T extends { id: string }>(
  documents: readonly Stored<T>[],
  filter: JsonObject,
  order: Order,
): WireAnswer {
  const found = matching(documents, filter);
  const { sortBy, isAscending } = order;
  found.sort((a, b) => compare(a[sortBy]!, b[sortBy]!) * (isAscending ? 1 : -1));
  const from = (order.page - 1) * order.pageSize;
  const items = found.slice(from, from + order.pageSize).map((document) => {
    const { _id, ...rest } = document;
    return { id: _id!, ...rest };
  });
  const pagination = JSON.stringify(paginationOf(found.length, order));
  return json(200, items, { 'x-pagination': pagination });
}

function paginationOf(total: number, { page, pageSize }: Order): Record<string, number> {
  const pages = Math.ceil(total / pageSize);
  if (pages === 0) return { total, total_pages: 0 };
  const always = { total, total_pages: pages, first_page: 1, last_page: pages };
  if (page > pages) return always;
  return {
    ...always,
    page,
    ...(page > 1 && { previous_page: page - 1 }),
    ...(page < pages && { next_page: page + 1 }),
  };
}

function matching(documents: readonly JsonObject[], filter: JsonObject): JsonObject[] {
  const query = encoded(filter);
  try {
    const operations = {
      // The original's database runs no JavaScript, and neither do we.
      $where: (): never => {
        throw new Error('$where is not allowed');
      },
    };
    return documents.filter(sift(query as Query<JsonObject>, { operations }));
  } catch {
    // The driver's complaint about a query is caught nowhere.
    throw new Refusal(500);
  }
}

function compare(a: Json, b: Json): number {
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}

/**
 * Encodes a document as the database's driver does: it fails on integers beyond 64 bit, NUL in a key, and size.
 *
 * @throws Refusal 500
 */
function encoded<T extends object>(document: T): T {
  checkEncodable(document as unknown as Json);
  if (Buffer.byteLength(dumps(document as unknown as Json)) > MOST_BYTES) throw new Refusal(500);
  return document;
}

function checkEncodable(value: Json): void {
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) throw new Refusal(500);
  if (Array.isArray(value)) value.forEach(checkEncodable);
  else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      if (key.includes('\0')) throw new Refusal(500);
      checkEncodable(member);
    }
  }
}

function checked<T>(location: 'json' | 'query', read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw new Refusal(422, { errors: { [location]: error.messages satisfies Messages } });
  }
}
