import { AppError } from '../../core/domain/errors';
import type { Database } from '../../core/storage/database';
import { loadSetting, saveSetting } from '../../core/storage/settings';
import type { MytokenStore } from './remote/access';
import type { SealedSecret } from '../../core/domain/sealed-secret';
import { isVaultAvailable, openVault, reopen, reseal, seal } from './remote/vault';

/** The mytoken is nowhere, in memory until the page is closed, or on the device under a passphrase, locked or open. */
export type TokenPlace = 'none' | 'memory' | 'locked' | 'open';

interface HeldToken {
  readonly context: string;
  mytoken: string | null;
  /** key of the vault, while that is open */
  key: CryptoKey | null;
}

/**
 * Keeps the mytoken for one DriftWatch address: in memory, or on the device under a passphrase. A token for another
 * address stays with it until that is used again. Changes are made one after the other, because sealing takes a while
 * and an exchange may rotate the mytoken meanwhile.
 */
export class TokenKeeper {
  place = $state.raw<TokenPlace>('none');
  readonly canKeep = isVaultAvailable();
  /** stores a mytoken that replaced the one given, if that is kept outside the page; null for nowhere */
  onReplaced: ((mytoken: string) => Promise<void>) | null = null;

  readonly #db: Database;
  /** by context; another mytoken, or none, is another object */
  readonly #all = new Map<string, HeldToken>();
  #held: HeldToken = { context: '', mytoken: null, key: null };
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
      if (context === this.#held.context) return;
      this.#held = this.#all.get(context) ?? this.#hold(context, null);
      if (this.#held.mytoken !== null) this.place = 'memory';
      else this.place = (await this.#sealed(context)) ? 'locked' : 'none';
    });
  }

  /** Holds a mytoken in memory; one that is kept on the device is forgotten for it. */
  async give(mytoken: string): Promise<void> {
    await this.#inTurn(async () => {
      const { context } = this.#held;
      if (this.place === 'locked' || this.place === 'open') await this.#saveSealed(context, null);
      this.#held = this.#hold(context, mytoken.trim());
      this.place = 'memory';
    });
  }

  /**
   * Keeps the mytoken on the device, under a passphrase that is needed after each reload.
   *
   * @throws AppError `token-missing`, `no-web-crypto`, `disk-full`, …; then it is in memory as before
   */
  async keep(passphrase: string): Promise<void> {
    await this.#inTurn(async () => {
      const { context, mytoken } = this.#held;
      if (mytoken === null) throw new AppError('token-missing');
      const sealed = await seal(mytoken, passphrase, context);
      const { key } = await openVault(sealed, passphrase, context);
      await this.#saveSealed(context, sealed);
      Object.assign(this.#held, { key, mytoken: null });
      this.place = 'open';
    });
  }

  /** @throws AppError `passphrase` */
  async unlock(passphrase: string): Promise<void> {
    await this.#inTurn(async () => {
      const { context } = this.#held;
      const sealed = await this.#sealed(context);
      if (!sealed) throw new AppError('token-missing');
      this.#held.key = (await openVault(sealed, passphrase, context)).key;
      this.place = 'open';
    });
  }

  /** Forgets the mytoken of this address here; at its server it stays valid until it expires or is revoked. */
  async forget(): Promise<void> {
    await this.#inTurn(async () => {
      const { context } = this.#held;
      this.#held = this.#hold(context, null);
      this.place = 'none';
      await this.#saveSealed(context, null);
    });
  }

  async forgetAll(): Promise<void> {
    await this.#inTurn(async () => {
      this.#all.clear();
      this.#held = this.#hold(this.#held.context, null);
      this.place = 'none';
      await saveSetting(this.#db, 'otherMytokens', {});
      await saveSetting(this.#db, 'mytoken', null);
    });
  }

  /** The present mytoken. @throws AppError `token-missing` or `token-locked` */
  async load(): Promise<string> {
    return this.#inTurn(() => this.#load());
  }

  /**
   * A door to the present mytoken and to its successors by rotation. When another is given, or it is forgotten, the
   * door is shut: an exchange still under way must not bring it back. While another address is in use, nothing comes
   * out of it; the result of an exchange is held until the address is used again.
   */
  store(): MytokenStore {
    const held = this.#held;
    return {
      load: () =>
        this.#inTurn(async () => {
          if (held !== this.#held) throw new AppError('token-missing');
          return this.#load();
        }),
      replace: (mytoken) =>
        this.#inTurn(async () => {
          if (this.#all.get(held.context) === held) await this.#replace(held, mytoken);
        }),
    };
  }

  async #load(): Promise<string> {
    const { context, mytoken, key } = this.#held;
    if (mytoken !== null) return mytoken;
    if (this.place === 'locked') throw new AppError('token-locked');
    // Read again each time: another tab may have stored a rotated one, or forgotten it.
    const sealed = key && (await this.#sealed(context));
    if (!key || !sealed) throw new AppError('token-missing');
    return reopen(sealed, key);
  }

  async #replace(held: HeldToken, mytoken: string): Promise<void> {
    await this.onReplaced?.(mytoken);
    if (!held.key) {
      held.mytoken = mytoken;
      return;
    }
    const sealed = await this.#sealed(held.context);
    // Otherwise another tab has forgotten it.
    if (sealed) await this.#saveSealed(held.context, await reseal(mytoken, held.key, sealed));
  }

  #hold(context: string, mytoken: string | null): HeldToken {
    const held: HeldToken = { context, mytoken, key: null };
    this.#all.set(context, held);
    return held;
  }

  async #sealed(context: string): Promise<SealedSecret | null> {
    const sealed = await loadSetting(this.#db, 'mytoken');
    if (sealed?.context === context) return sealed;
    return (await loadSetting(this.#db, 'otherMytokens'))?.[context] ?? null;
  }

  /** Saves it in the place of its address, or in a free one: beside the first there is a place for others. */
  async #saveSealed(context: string, sealed: SealedSecret | null): Promise<void> {
    const first = await loadSetting(this.#db, 'mytoken');
    const others = (await loadSetting(this.#db, 'otherMytokens')) ?? {};
    const { [context]: before, ...rest } = others;
    if (first !== null && first.context !== context) {
      const next = sealed === null ? rest : { ...rest, [context]: sealed };
      if (before || sealed) await saveSetting(this.#db, 'otherMytokens', next);
      return;
    }
    await saveSetting(this.#db, 'mytoken', sealed);
    if (before) await saveSetting(this.#db, 'otherMytokens', rest);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
