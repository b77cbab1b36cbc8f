import { AppError } from '../../../core/domain/errors';
import { discover, exchange, type MytokenEndpoints } from './mytoken';

/**
 * Keeps the mytoken. Tabs may share one in IndexedDB, but not in localStorage: another tab may not yet read a value
 * written a moment ago (seen in Chromium), and would then send a dead mytoken.
 */
export interface MytokenStore {
  /** @throws AppError `token-missing` or `token-locked` */
  load(): Promise<string>;
  /** Resolves when the mytoken is as safe as the one that it replaces. */
  replace(mytoken: string): Promise<void>;
}

/** Seconds that must remain, so that a token is not refused on its way to a slow server. */
const MARGIN = 60;
/** Share of its life that must remain, for a token that lives no longer than that. */
const MARGIN_SHARE = 0.5;

/** Seconds assumed when the server does not say: Keycloak's default lifespan of an access token. */
const ASSUMED_LIFETIME = 300;

interface AccessToken {
  readonly value: string;
  /** On the monotonic clock, in milliseconds. */
  readonly sentAt: number;
  /** On the device's clock, which runs while it sleeps. */
  readonly sentOn: number;
  /** Seconds, counted from `sentAt`. */
  readonly lifetime: number;
}

/** A mytoken that the server has put in another's place and that the store has not taken yet. */
interface RotatedMytoken {
  readonly sent: string;
  readonly rotated: string;
  readonly token: AccessToken;
}

/**
 * Gives access tokens for one DriftWatch address, exchanging the mytoken when it must and no more often: exchanges
 * may be counted (`usages_AT`) and are limited by address.
 *
 * One exchange at a time, in this tab by a shared promise and across tabs by a Web Lock: of two that send the same
 * rotating mytoken, the second sends a dead one, and with auto-revocation that ends the chain.
 */
export class Access {
  readonly #server: string;
  readonly #timeout: number;
  readonly #store: MytokenStore;
  readonly #onRefused: (error: AppError) => void;
  readonly #now: () => number;
  readonly #wall: () => number;
  #endpoints: MytokenEndpoints | null = null;
  #current: AccessToken | null = null;
  #unstored: RotatedMytoken | null = null;
  #renewal: Promise<string> | null = null;

  /**
   * @param parts.server - address of the mytoken server; it is asked for its endpoints at the first exchange
   * @param parts.timeout - milliseconds for each request
   * @param parts.onRefused - called when its server refuses the mytoken
   * @param parts.now - milliseconds on a clock that nobody sets. The device's own clock may be days wrong. A clock that
   * stops while the device sleeps, as this one does in some browsers, makes a token look younger than it is: then
   * DriftWatch answers 401, and the caller drops the token.
   */
  constructor(parts: {
    readonly server: string;
    readonly timeout: number;
    readonly store: MytokenStore;
    readonly onRefused?: (error: AppError) => void;
    readonly now?: () => number;
  }) {
    this.#server = parts.server;
    this.#timeout = parts.timeout;
    this.#store = parts.store;
    this.#onRefused = parts.onRefused ?? (() => undefined);
    this.#now = parts.now ?? (() => performance.now());
    this.#wall = parts.now ?? Date.now;
  }

  /** An access token that does not end soon. @throws AppError what the store, `discover` or `exchange` throws */
  async token(): Promise<string> {
    if (this.#current && this.#isFresh(this.#current)) return this.#current.value;
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  /** Forgets a token that was refused, unless it was replaced already: of two callers, the first renews for both. */
  drop(token: string): void {
    if (this.#current?.value === token) this.#current = null;
  }

  /** Milliseconds since the request for the current token, by the clock that counts more; null when there is none. */
  ageOfToken(): number | null {
    if (!this.#current) return null;
    const { sentAt, sentOn } = this.#current;
    return Math.max(this.#now() - sentAt, this.#wall() - sentOn);
  }

  #isFresh({ sentAt, lifetime }: AccessToken): boolean {
    return lifetime - (this.#now() - sentAt) / 1000 >= Math.min(MARGIN, lifetime * MARGIN_SHARE);
  }

  async #renew(): Promise<string> {
    // Absent on plain-http hosts and in old browsers: there a rotating mytoken wants a single tab.
    if (!('locks' in navigator)) return this.#exchange();
    return navigator.locks.request(`porthole-mytoken ${this.#server}`, () => this.#exchange());
  }

  async #exchange(): Promise<string> {
    // Loaded again, because another tab may have rotated it while this one waited for the lock.
    let mytoken = await this.#store.load();
    if (this.#unstored) {
      const { sent, rotated, token } = this.#unstored;
      // Otherwise another mytoken was entered meanwhile, which must stay.
      const isOurs = mytoken === sent || mytoken === rotated;
      if (isOurs) await this.#store.replace(rotated);
      this.#unstored = null;
      if (isOurs && this.#isFresh(token)) return this.#give(token);
      if (isOurs) mytoken = rotated;
    }

    this.#endpoints ??= await discover(this.#server, this.#timeout);
    const [sentAt, sentOn] = [this.#now(), this.#wall()];
    const { accessToken, expiresIn, rotated } = await exchange(this.#endpoints, mytoken, this.#timeout).catch(
      (error: unknown) => {
        if (error instanceof AppError && error.code === 'mytoken-refused') this.#onRefused(error);
        throw error;
      },
    );
    const token = { value: accessToken, sentAt, sentOn, lifetime: expiresIn ?? ASSUMED_LIFETIME };
    if (rotated !== null) {
      // The only copy of a mytoken whose predecessor is dead: remembered here until the store has it.
      this.#unstored = { sent: mytoken, rotated, token };
      await this.#store.replace(rotated);
      this.#unstored = null;
    }
    return this.#give(token);
  }

  #give(token: AccessToken): string {
    this.#current = token;
    return token.value;
  }
}
