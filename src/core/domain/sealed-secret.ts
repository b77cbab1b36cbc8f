/** A secret under a passphrase, as src/features/driftwatch/remote/vault.ts makes it and IndexedDB keeps it; nothing in it is secret. */
export interface SealedSecret {
  /** 16 bytes, one for each passphrase that was set */
  readonly salt: Uint8Array<ArrayBuffer>;
  /** 12 bytes, new for each sealing: AES-GCM gives itself away when one key meets one of them twice */
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
  /** of PBKDF2; stored, so that a later version may raise it */
  readonly iterations: number;
  /** the secret's use; sealed in, so that editing it opens nothing */
  readonly context: string;
}
