import type { SyncTargetName } from '../../../core/domain/camera/delivery';
import { driftText } from './driftwatch-record';
import type { RecordWriter } from './target';

/** What each service's records are made by. */
export const RECORD_WRITERS: Readonly<Record<SyncTargetName, RecordWriter>> = {
  driftwatch: driftText,
};
