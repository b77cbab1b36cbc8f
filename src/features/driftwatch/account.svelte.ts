import type { StoredFailure } from '../../core/domain/camera/records/delivery';
import { failureFrom } from '../../core/domain/camera/records/retry';
import { AppError } from '../../core/domain/errors';
import type { Database } from '../../core/storage/database';
import type { Connection } from '../../core/storage/schema';
import { loadSetting, saveSetting } from '../../core/storage/settings';
import { Access } from './remote/access';
import { isExposed, normaliseBaseUrl, unreachableFrom } from '../../core/browser/base-url';
import { DriftWatch } from './remote/driftwatch';
import {
  creationLink,
  DEFAULT_MYTOKEN_SERVER,
  discover,
  introspect,
  MytokenRefusal,
  normaliseServer,
  revoke,
  serverOf,
  type MytokenState,
} from './remote/mytoken';
import { TokenKeeper } from './token-keeper.svelte';

const NO_CONNECTION: Connection = {
  baseUrl: '',
  mytokenServer: DEFAULT_MYTOKEN_SERVER,
  timeout: 15,
  isPaused: false,
};

/** A mytoken that is expired or revoked. */
const REFUSED: MytokenState = { isValid: false, expiresAt: null, name: null, usesLeft: null };

export interface ConnectionTest {
  /** true if a DriftWatch answers at the address */
  readonly isReachable: boolean;
  readonly failure: StoredFailure | null;
}

/** The token's owner, as permissions name them. */
export interface Owner {
  readonly id: string;
  readonly entitlements: readonly string[];
  readonly email: string;
}

interface Collaborators {
  readonly db: Database;
  /** called when the client changes or must stop: its users have to start again */
  readonly onChange: () => void;
  /** called before that when it uses another service, or another user's token */
  readonly onOther: () => void;
  /** called when a test has found nothing in the way of sending */
  readonly onGood: () => void;
}

/** This device's connection to DriftWatch: the address, the token, and the results of their test. */
export class Account {
  connection = $state.raw<Connection>(NO_CONNECTION);
  checked = $state.raw<ConnectionTest | null>(null);
  isChecking = $state(false);
  me = $state.raw<Owner | null>(null);
  /** the terms, for the present token: its question stands in several places, which come and go */
  acceptsTerms = $state(false);
  /** the API root behind a path of this page's host, once the host has named it; null otherwise */
  upstream = $state.raw<string | null>(null);
  /** the mytoken server's answer about the mytoken, if it answers such questions */
  mytoken = $state.raw<MytokenState | null>(null);
  readonly isConnected = $derived(this.connection.baseUrl !== '');
  readonly hasToken = $derived.by(() => this.keeper.place === 'memory' || this.keeper.place === 'open');
  /** true if others on the network can read a token on its way to DriftWatch */
  readonly isExposed = $derived(
    this.isConnected && isExposed(this.connection.baseUrl, new URL(document.baseURI)),
  );

  readonly keeper: TokenKeeper;
  readonly #parts: Collaborators;
  #client: DriftWatch | null = null;

  constructor(parts: Collaborators) {
    this.#parts = parts;
    this.keeper = new TokenKeeper(parts.db);
  }

  async load(): Promise<void> {
    await this.#use((await loadSetting(this.#parts.db, 'connection')) ?? NO_CONNECTION);
  }

  /** DriftWatch at the present address. @throws AppError `address` when none was given */
  client(): DriftWatch {
    if (!this.#client) throw new AppError('address', { code: 'address-missing' });
    return this.#client;
  }

  /**
   * Sets DriftWatch's address. Another address has another token, or none: each is for one address alone.
   *
   * @param wanted.timeout - seconds for one request
   * @throws AppError `address`; then nothing is changed
   */
  async connect(wanted: Pick<Connection, 'baseUrl' | 'mytokenServer' | 'timeout'>): Promise<void> {
    const baseUrl = normaliseBaseUrl(wanted.baseUrl);
    const problem = unreachableFrom(baseUrl, new URL(document.baseURI));
    if (problem !== null) throw new AppError('address', problem);
    const mytokenServer = normaliseServer(wanted.mytokenServer.trim() || DEFAULT_MYTOKEN_SERVER);
    await this.#save({ ...this.connection, baseUrl, mytokenServer, timeout: wanted.timeout });
  }

  async setPaused(isPaused: boolean): Promise<void> {
    await this.#save({ ...this.connection, isPaused });
  }

  /** Forgets the address and all tokens; jobs and records stay as they are. */
  async disconnect(): Promise<void> {
    await this.keeper.forgetAll();
    await this.#save(NO_CONNECTION);
  }

  /** Holds a mytoken for this visit. One that names its server goes to no other. */
  async giveToken(mytoken: string): Promise<void> {
    const mytokenServer = serverOf(mytoken.trim()) ?? this.connection.mytokenServer;
    if (mytokenServer !== this.connection.mytokenServer) {
      await this.#save({ ...this.connection, mytokenServer });
    }
    await this.keeper.give(mytoken);
    this.#beginAnew();
  }

  /** @throws AppError `passphrase` */
  async unlock(passphrase: string): Promise<void> {
    await this.keeper.unlock(passphrase);
    this.#beginAnew();
  }

  async forgetToken(): Promise<void> {
    await this.keeper.forget();
    this.#beginAnew();
  }

  /** Revokes the mytoken at its server, with all that was made from it, then forgets it here. */
  async revokeToken(): Promise<void> {
    await revoke(await this.#mytokenServer(), await this.keeper.load(), this.#timeout);
    await this.forgetToken();
  }

  /** An address at the mytoken server whose form is filled in for DriftWatch. @param expiresInDays - whole, > 0 */
  creationLink(expiresInDays: number): string {
    const server = this.connection.mytokenServer;
    return creationLink({ server, name: 'Porthole', expiresInDays, now: Date.now() });
  }

  /** Tests address and token, and holds the result; expected failures do not reject. */
  async test(): Promise<void> {
    const client = this.#client;
    this.isChecking = true;
    this.checked = null;
    const found = await this.#findOut().finally(() => (this.isChecking = false));
    // An address or a token that was given up meanwhile is of no interest.
    if (client !== this.#client) return;
    this.me = found.me;
    this.checked = found;
    if (found.failure !== null) return;
    this.#parts.onGood();
    await this.#askAboutToken();
  }

  /** The service answered that the client's owner is not registered, in spite of an earlier test. */
  noteUnregistered(): void {
    if (this.isChecking || this.checked?.failure?.code === 'not-registered') return;
    this.me = null;
    this.checked = { isReachable: true, failure: { code: 'not-registered', detail: '' } };
  }

  /** Asks for the target of a path of this page's host; without an answer nothing changes. */
  async learnUpstream(): Promise<void> {
    const client = this.#client;
    if (!client || this.upstream !== null || this.connection.baseUrl.startsWith('http')) return;
    try {
      await client.reach();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
    if (client === this.#client) this.upstream = client.upstream;
  }

  async register(): Promise<void> {
    await this.client().register();
    await this.test();
  }

  async #findOut(): Promise<ConnectionTest & { readonly me: Owner | null }> {
    let isReachable = false;
    try {
      const client = this.client();
      await client.reach();
      this.upstream = client.upstream;
      isReachable = true;
      const { id, email } = await client.self();
      const me = { id, email, entitlements: await client.entitlements() };
      return { isReachable, failure: null, me };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { isReachable, failure: failureFrom(error), me: null };
    }
  }

  /** Asks when the token ends and how often it can be used; not every server answers. */
  async #askAboutToken(): Promise<void> {
    const client = this.#client;
    let mytoken: MytokenState | null = null;
    try {
      const endpoints = await this.#mytokenServer();
      mytoken = await introspect(endpoints, await this.keeper.load(), this.#timeout);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // An access token that was made of it before may still be good.
      if (error instanceof MytokenRefusal && error.status === 401) mytoken = REFUSED;
    }
    if (client !== this.#client) return;
    if (mytoken?.isValid === false) this.#noteRefused({ code: 'mytoken-refused', detail: '' });
    else this.mytoken = mytoken;
  }

  /** The mytoken is no longer valid: nothing that was known of it and its owner holds any more. */
  #noteRefused(failure: StoredFailure): void {
    this.me = null;
    this.mytoken = REFUSED;
    this.checked = { isReachable: true, failure };
  }

  #mytokenServer() {
    return discover(this.connection.mytokenServer, this.#timeout);
  }

  get #timeout(): number {
    return this.connection.timeout * 1000;
  }

  async #save(connection: Connection): Promise<void> {
    await saveSetting(this.#parts.db, 'connection', connection);
    await this.#use(connection);
  }

  async #use(connection: Connection): Promise<void> {
    const before = this.connection;
    this.connection = connection;
    const { baseUrl, mytokenServer } = connection;
    await this.keeper.turnTo(`${baseUrl} ${mytokenServer}`);
    const isElsewhere = baseUrl !== before.baseUrl || mytokenServer !== before.mytokenServer;
    if (isElsewhere || connection.timeout !== before.timeout) this.#beginAnew();
    else this.#parts.onChange();
  }

  /** Another address or another token: nothing that was found out holds any more. */
  #beginAnew(): void {
    this.checked = null;
    this.me = null;
    this.acceptsTerms = false;
    this.mytoken = null;
    this.upstream = null;
    this.#parts.onOther();
    const { baseUrl, mytokenServer } = this.connection;
    const store = this.keeper.store();
    const access = new Access({
      server: mytokenServer,
      timeout: this.#timeout,
      store,
      onRefused: (error) => {
        if (client === this.#client) this.#noteRefused(failureFrom(error));
      },
    });
    const client = baseUrl === '' ? null : new DriftWatch({ baseUrl, access, timeout: this.#timeout });
    this.#client = client;
    this.#parts.onChange();
  }
}
