import type { Camera } from '../../../core/domain/camera/camera';
import type { Job } from '../../../core/domain/camera/job';
import type { Reference } from '../../../core/domain/camera/reference';
import type { Destination } from '../../../core/domain/camera/records/delivery';
import { AppError } from '../../../core/domain/errors';
import type { Database } from '../../../core/storage/database';
import type { Account } from '../account.svelte';
import type { Outbox } from '../outbox/outbox.svelte';

/** The source of a camera's records, without its jobs. */
export interface Origin {
  readonly camera: Pick<Camera, 'name'>;
  readonly references: readonly Reference[];
}

/** The camera that the page shows. */
export interface ShownCamera extends Origin {
  readonly camera: Camera;
  /** all of them that are stored by then, once they have been read */
  readonly jobs: () => Promise<readonly Job[]>;
}

/** Parts that all who write records share. */
export interface RecordParts {
  readonly db: Database;
  readonly account: Account;
  readonly outbox: Outbox;
  readonly isWriter: () => boolean;
  readonly followed: () => ShownCamera | null;
  /** the destination of the followed camera */
  readonly destination: () => Destination | null;
  /** called after records have changed */
  readonly onChange: () => void;
  /** called with failures of work without a caller */
  readonly onError: (error: unknown) => void;
}

/** @throws AppError `not-fitted` when no camera is shown */
export function mustFollow({ followed }: Pick<RecordParts, 'followed'>): ShownCamera {
  const shown = followed();
  if (!shown) throw new AppError('not-fitted');
  return shown;
}
