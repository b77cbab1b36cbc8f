import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Guard, Provider } from './access-tokens';
import {
  DriftWatch,
  type DriftRecord,
  type DriftWatchOptions,
  type Experiment,
  type User,
} from './driftwatch';
import { answerInstead, type FaultPlan } from './faults';
import { corsHeaders, MytokenServer, type MytokenOptions, type MytokenServerOptions } from './mytoken';
import type { Server, WireAnswer, WireRequest } from './wire';

export interface StandInOptions extends DriftWatchOptions, MytokenServerOptions {
  /** 0, as by default, takes a free one. */
  readonly port?: number;
  readonly mytokenPort?: number;
  /** Headers that DriftWatch's operators would have to add; by default none, as today. */
  readonly cors?: boolean;
  /** How long an access token lasts, in seconds; by default an hour. */
  readonly accessTokenLifetime?: number;
}

export interface LoggedRequest {
  readonly server: Server;
  readonly method: string;
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
  /** null as long as there is no answer. */
  status: number | null;
}

export interface NewMytokenOptions extends MytokenOptions {
  /** True if its owner is known to DriftWatch already; by default not. */
  readonly isRegistered?: boolean;
}

export interface NewMytoken {
  readonly mytoken: string;
  readonly subject: string;
  /** A code that gives this mytoken once. */
  /** An access token that no exchange was needed for, nor counted. */
  readonly accessToken: () => string;
}

export interface StandIn {
  /** `url` is the API's root. */
  readonly driftwatch: { readonly url: string; readonly origin: string };
  readonly mytoken: { readonly url: string };
  users(): User[];
  experiments(): Experiment[];
  /** Oldest first, also those that a deleted experiment left behind. */
  records(experimentId: string): DriftRecord[];
  /** Puts an experiment there without a request. */
  seedExperiment(experiment: Partial<Experiment> & { name: string }): Experiment;
  /** Puts a record there that the API might refuse, such as one with NaN. */
  seedRecord(experimentId: string, record: Partial<DriftRecord>): DriftRecord;
  newMytoken(options?: NewMytokenOptions): NewMytoken;
  /** The provider no longer knows the tokens issued so far: 401 for ever. */
  revokeAllAccessTokens(): void;
  /** The tokens issued so far are past their end. */
  expireAccessTokens(): void;
  /** While it is down, a token that is used gets 401, and keeps it. */
  setProviderDown(isDown: boolean): void;
  /** The platform has given somebody other roles, or has taken them all. */
  setRoles(subject: string, roles: readonly string[]): void;
  setClockOffset(milliseconds: number): void;
  setFaults(plan: FaultPlan | null): void;
  /** Offline, connections to both servers are refused; online again, they have the ports they had. */
  setOnline(isOnline: boolean): Promise<void>;
  /** Every request in the order of arrival; never bodies or headers, which hold tokens. */
  readonly requests: LoggedRequest[];
  close(): Promise<void>;
}

/** Starts stand-ins of DriftWatch and of a mytoken server on loopback, with everything in memory. */
export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const provider = new Provider(options.accessTokenLifetime ?? 3600);
  const guard = new Guard(provider);
  const backend = new DriftWatch(guard, options);
  const mytokens = new MytokenServer(provider, options);
  const requests: LoggedRequest[] = [];
  const counts = new Map<string, number>();
  let plan: FaultPlan | null = null;

  async function handle(server: Server, message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(message);
    const { method, path } = request;
    const search = request.query.toString();
    const logged: LoggedRequest = { server, method, path, query: search && `?${search}`, status: null };
    requests.push(logged);
    const key = `${server} ${method} ${path}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    const fault = plan?.({ server, method, path, count }) ?? null;
    if (fault?.kind === 'cut-before') {
      message.socket.destroy();
      return;
    }
    if (fault?.kind === 'delay') await wait(fault.ms, undefined, { ref: false });
    if (fault?.kind === 'hold') await fault.until;
    const answer = (fault && injected(fault, server, request)) ?? work(server, request);
    if (fault?.kind === 'hang-after-write') return;
    if (fault?.kind === 'cut-after-write') {
      message.socket.destroy();
      return;
    }
    logged.status = answer.status;
    response.writeHead(answer.status, answer.headers).end(method === 'HEAD' ? undefined : answer.body);
  }

  function work(server: Server, request: WireRequest): WireAnswer {
    if (server === 'mytoken') return mytokens.answer(request);
    return withOperatorsCors(request, options.cors, () => backend.answer(request));
  }

  function injected(
    fault: Parameters<typeof answerInstead>[0],
    server: Server,
    request: WireRequest,
  ): WireAnswer | null {
    const answer = answerInstead(fault, server);
    if (answer === null) return null;
    if (server === 'driftwatch') {
      // DriftWatch's own 401 sticks to the token, whatever the reason was.
      if (answer.status === 401) guard.distrust(request.headers.authorization);
      return withOperatorsCors(request, options.cors, () => answer);
    }
    // Neither the rate limiter nor a proxy's page has CORS headers.
    const isOurs = answer.status !== 429 && answer.headers['content-type'] !== 'text/html';
    return isOurs ? { ...answer, headers: { ...answer.headers, ...corsHeaders(request) } } : answer;
  }

  function create(server: Server): HttpServer {
    const http = createServer((message, response) => {
      handle(server, message, response).catch((error: unknown) => {
        // The client left in the middle of its request; anything else is a mistake in the stand-in.
        if (!message.destroyed || message.complete) throw error;
      });
    });
    // No idle connection is closed at the moment when a client takes it again.
    http.keepAliveTimeout = 0;
    return http;
  }

  const servers = { driftwatch: create('driftwatch'), mytoken: create('mytoken') };
  const ports = {
    driftwatch: await listen(servers.driftwatch, options.port ?? 0),
    mytoken: await listen(servers.mytoken, options.mytokenPort ?? 0).catch(async (error: unknown) => {
      await stopListening(servers.driftwatch);
      throw error;
    }),
  };
  const origin = `http://127.0.0.1:${ports.driftwatch}`;
  mytokens.url = `http://127.0.0.1:${ports.mytoken}`;

  async function setOnline(isOnline: boolean): Promise<void> {
    for (const name of ['driftwatch', 'mytoken'] as const) {
      if (servers[name].listening === isOnline) continue;
      if (isOnline) await listen(servers[name], ports[name]);
      else await stopListening(servers[name]);
    }
  }

  return {
    driftwatch: { url: `${origin}${options.basePaths?.[0] ?? '/api/v1'}`, origin },
    mytoken: { url: mytokens.url },
    users: () => backend.users(),
    experiments: () => backend.experiments(),
    records: (experimentId) => backend.records(experimentId),
    seedExperiment: (experiment) => backend.seedExperiment(experiment),
    seedRecord: (experimentId, record) => backend.seedRecord(experimentId, record),
    newMytoken: ({ isRegistered = false, ...wanted } = {}) => {
      const mytoken = mytokens.create(wanted);
      const person = mytokens.personOf(mytoken);
      if (isRegistered) backend.seedUser(person, provider.issuer);
      return {
        mytoken,
        subject: person.subject,
        accessToken: () => provider.issue(person, 'openid email', []),
      };
    },
    revokeAllAccessTokens: () => provider.revokeAll(),
    expireAccessTokens: () => provider.expireAll(),
    setProviderDown: (isDown) => {
      provider.isDown = isDown;
    },
    setRoles: (subject, roles) => provider.setRoles(subject, roles),
    setClockOffset: (milliseconds) => backend.setClockOffset(milliseconds),
    setFaults: (next) => {
      plan = next;
    },
    setOnline,
    requests,
    close: () => setOnline(false),
  };
}

async function read(message: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(message.url ?? '/', 'http://127.0.0.1');
  return {
    method: message.method ?? 'GET',
    path: pathname,
    query: searchParams,
    headers: message.headers,
    body: Buffer.concat(chunks).toString(),
  };
}

function withOperatorsCors(
  { method, headers: { origin, ...headers } }: WireRequest,
  cors: boolean | undefined,
  answer: () => WireAnswer,
): WireAnswer {
  if (!cors || origin === undefined) return answer();
  const allowed = { 'access-control-allow-origin': origin, vary: 'Origin' };
  if (method === 'OPTIONS' && headers['access-control-request-method'] !== undefined) {
    const preflight = {
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
    };
    return { status: 204, headers: { ...allowed, ...preflight }, body: '' };
  }
  const given = answer();
  return { ...given, headers: { ...given.headers, ...allowed } };
}

function listen(server: HttpServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function stopListening(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
