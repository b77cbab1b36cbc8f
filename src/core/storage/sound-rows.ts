import { faultIn, type GuardedRows, type GuardedStore } from '../domain/camera/stored-rows';

/** Checks a stored row at run time, without trust in its type. */
export function isSound(store: GuardedStore, row: unknown): boolean {
  return faultIn(store, row) === null;
}

/** The rows that can be used: one that can't is left out, so that it takes nothing else with it. */
export function soundRows<S extends GuardedStore>(
  store: S,
  rows: readonly GuardedRows[S][],
): GuardedRows[S][] {
  return rows.filter((row) => isSound(store, row));
}
