export interface StorageState {
  /** true if the browser promised not to evict them; null when it can't say */
  readonly isPersisted: boolean | null;
  /** bytes, as the browser estimates them */
  readonly usage: number | null;
  readonly quota: number | null;
}

/** Asks the browser to keep the data until the person deletes them; browsers may refuse without a question. */
export async function requestPersistence(): Promise<void> {
  const storage = storageManager();
  if (storage && !(await storage.persisted())) await storage.persist();
}

/** The browser's own figures. */
export async function storageState(): Promise<StorageState> {
  const storage = storageManager();
  if (!storage) return { isPersisted: null, usage: null, quota: null };
  const [isPersisted, estimate] = await Promise.all([storage.persisted(), storage.estimate()]);
  return { isPersisted, usage: estimate.usage ?? null, quota: estimate.quota ?? null };
}

/** `navigator.storage` exists in secure contexts only, although its type always does. */
function storageManager(): StorageManager | null {
  return (navigator as Partial<Navigator>).storage ?? null;
}
