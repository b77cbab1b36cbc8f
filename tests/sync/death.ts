import { unwrap } from 'idb';
import { AppError } from '../../src/core/domain/errors';
import type { Database } from '../../src/core/storage/database';

/** From now on nothing is stored, as by a page that has crashed: not even the answer to its last request. */
export function storeNoMore(db: Database): void {
  unwrap(db).transaction = () => {
    throw new AppError('storage-failed');
  };
}
