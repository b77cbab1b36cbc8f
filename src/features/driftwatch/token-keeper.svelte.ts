import { AppError } from '../../core/domain/errors';
import type { Database } from '../../core/storage/database';
import { loadSetting, saveSetting } from '../../core/storage/settings';
import type { MytokenStore } from './remote/access';
import { isVaultAvailable, openVault, reopen, reseal, seal } from './remote/vault';

/**
 * Where the mytoken is: nowhere, in this page's memory until it is closed, or on the device under a passphrase,
 * locked or open.
 */
export type TokenPlace = 'none' | 'memory' | 'locked' | 'open';

/**
 * Keeps the mytoken for one DriftWatch address: in memory, or on the device under a passphrase. Its changes go one
 * after the other, since sealing takes a while and an exchange may rotate the mytoken meanwhile.
 */
export class TokenKeeper {
  place = $state.raw<TokenPlace>('none');
  readonly canKeep = isVaultAvailable();

  readonly #db: Database;
  #context = '';
  #mytoken: string | null = null;
  #key: CryptoKey | null = null;
  /** raised when another mytoken is meant, or none */
  #generation = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Turns to another address. A token is for one only: a mistyped address must not receive it.
   *
   * @param context - DriftWatch's address and the mytoken server's
   */
  async turnTo(context: string): Promise<void> {
    await this.#inTurn(async () => {
      if (context === this.#context) return;
      this.#context = context;
      this.#drop();
      const sealed = await loadSetting(this.#db, 'mytoken');
      this.place = sealed?.context === context ? 'locked' : 'none';
    });
  }

  /** Holds a mytoken in memory; one that is kept on the device is forgotten for it. */
  async give(mytoken: string): Promise<void> {
    await this.#inTurn(async () => {
      if (this.place === 'locked' || this.place === 'open') await saveSetting(this.#db, 'mytoken', null);
      this.#drop();
      this.#mytoken = mytoken.trim();
      this.place = 'memory';
    });
  }

  /**
   * Keeps the mytoken on the device, under a passphrase that is asked for after each reload.
   *
   * @throws AppError `token-missing`, `no-web-crypto`, `disk-full`, …; then it is in memory as before
   */
  async keep(passphrase: string): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#mytoken === null) throw new AppError('token-missing');
      const sealed = await seal(this.#mytoken, passphrase, this.#context);
      const { key } = await openVault(sealed, passphrase, this.#context);
      await saveSetting(this.#db, 'mytoken', sealed);
      this.#key = key;
      this.#mytoken = null;
      this.place = 'open';
    });
  }

  /** @throws AppError `passphrase` */
  async unlock(passphrase: string): Promise<void> {
    await this.#inTurn(async () => {
      const sealed = await loadSetting(this.#db, 'mytoken');
      if (!sealed) throw new AppError('token-missing');
      const { key } = await openVault(sealed, passphrase, this.#context);
      this.#key = key;
      this.place = 'open';
    });
  }

  /** Forgets the mytoken here; at its server it stays valid until it expires or is revoked. */
  async forget(): Promise<void> {
    await this.#inTurn(async () => {
      this.#drop();
      this.place = 'none';
      await saveSetting(this.#db, 'mytoken', null);
    });
  }

  /** The present mytoken. @throws AppError `token-missing` or `token-locked` */
  async load(): Promise<string> {
    return this.#inTurn(() => this.#load());
  }

  /**
   * A door to the present mytoken and to those that take its place by rotation. When another is given, or it is
   * forgotten, or the address changes, the door is shut: an exchange that is still under way must not bring it back.
   */
  store(): MytokenStore {
    const generation = this.#generation;
    return {
      load: () =>
        this.#inTurn(async () => {
          if (generation !== this.#generation) throw new AppError('token-missing');
          return this.#load();
        }),
      replace: (mytoken) =>
        this.#inTurn(async () => {
          if (generation === this.#generation) await this.#replace(mytoken);
        }),
    };
  }

  async #load(): Promise<string> {
    if (this.#mytoken !== null) return this.#mytoken;
    if (this.place === 'locked') throw new AppError('token-locked');
    // Read again each time: another tab may have stored a rotated one, or forgotten it.
    const sealed = this.#key && (await loadSetting(this.#db, 'mytoken'));
    if (!this.#key || !sealed) throw new AppError('token-missing');
    return reopen(sealed, this.#key);
  }

  async #replace(mytoken: string): Promise<void> {
    if (!this.#key) {
      this.#mytoken = mytoken;
      return;
    }
    const sealed = await loadSetting(this.#db, 'mytoken');
    // Otherwise another tab has forgotten it.
    if (sealed) await saveSetting(this.#db, 'mytoken', await reseal(mytoken, this.#key, sealed));
  }

  #drop(): void {
    this.#generation += 1;
    this.#mytoken = null;
    this.#key = null;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
