import type { CameraEvent } from '../../core/domain/camera/job';
import { partOf } from '../../core/session/part-of';

/** What a person is about to log; the verdict's own button begins it, too. */
class Log {
  logging = $state<CameraEvent['kind'] | null>(null);
}

export const logOf = partOf(() => new Log());
