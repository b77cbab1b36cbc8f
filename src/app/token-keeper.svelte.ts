import { AppError } from '../domain/errors';
import type { Database } from '../storage/database';
import { loadSetting, saveSetting } from '../storage/settings';
import type { MytokenStore } from '../sync/access';
import { isVaultAvailable, openVault, reopen, reseal, seal } from '../sync/vault';

/**
 * Where the mytoken is: nowhere, in this page's memory until it is closed, or on the device under a passphrase,
 * locked or open.
 */
export type TokenPlace = 'none' | 'memory' | 'locked' | 'open';

/** Keeps the mytoken for one DriftWatch address: in memory, or on the device under a passphrase. */
export class TokenKeeper implements MytokenStore {
  place = $state.raw<TokenPlace>('none');
  readonly canKeep = isVaultAvailable();

  readonly #db: Database;
  #context = '';
  #mytoken: string | null = null;
  #key: CryptoKey | null = null;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Turns to another address. A token is for one only: a mistyped address must not receive it.
   *
   * @param context - DriftWatch's address and the mytoken server's
   */
  async turnTo(context: string): Promise<void> {
    if (context === this.#context) return;
    this.#context = context;
    this.#mytoken = null;
    this.#key = null;
    const sealed = await loadSetting(this.#db, 'mytoken');
    this.place = sealed?.context === context ? 'locked' : 'none';
  }

  /** Holds a mytoken in memory; one that is kept on the device is forgotten for it. */
  async give(mytoken: string): Promise<void> {
    if (this.place === 'locked' || this.place === 'open') await this.forget();
    this.#mytoken = mytoken.trim();
    this.place = 'memory';
  }

  /**
   * Keeps the mytoken on the device, under a passphrase that is asked for after each reload.
   *
   * @throws AppError `token-missing`, `no-web-crypto`, `disk-full`, …; then it is in memory as before
   */
  async keep(passphrase: string): Promise<void> {
    if (this.#mytoken === null) throw new AppError('token-missing');
    const sealed = await seal(this.#mytoken, passphrase, this.#context);
    const { key } = await openVault(sealed, passphrase, this.#context);
    await saveSetting(this.#db, 'mytoken', sealed);
    this.#key = key;
    this.#mytoken = null;
    this.place = 'open';
  }

  /** @throws AppError `passphrase` */
  async unlock(passphrase: string): Promise<void> {
    const sealed = await loadSetting(this.#db, 'mytoken');
    if (!sealed) throw new AppError('token-missing');
    const { key } = await openVault(sealed, passphrase, this.#context);
    this.#key = key;
    this.place = 'open';
  }

  /** Forgets the mytoken here; at its server it stays valid until it expires or is revoked. */
  async forget(): Promise<void> {
    this.#mytoken = null;
    this.#key = null;
    this.place = 'none';
    await saveSetting(this.#db, 'mytoken', null);
  }

  async load(): Promise<string> {
    if (this.#mytoken !== null) return this.#mytoken;
    if (this.place === 'locked') throw new AppError('token-locked');
    // Read again each time: another tab may have stored a rotated one, or forgotten it.
    const sealed = this.#key && (await loadSetting(this.#db, 'mytoken'));
    if (!this.#key || !sealed) throw new AppError('token-missing');
    return reopen(sealed, this.#key);
  }

  async replace(mytoken: string): Promise<void> {
    const sealed = this.#key && (await loadSetting(this.#db, 'mytoken'));
    if (this.#key && sealed) await saveSetting(this.#db, 'mytoken', await reseal(mytoken, this.#key, sealed));
    else this.#mytoken = mytoken;
  }
}
