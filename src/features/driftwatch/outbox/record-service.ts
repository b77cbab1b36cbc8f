import type { DriftWatch } from '../remote/driftwatch';

/**
 * All that the outbox asks of a service: it need not be DriftWatch. One that can't tell records of the same picture gets
 * each device's.
 */
export type RecordService = Pick<DriftWatch, 'find' | 'send' | 'replace' | 'remove'> &
  Partial<Pick<DriftWatch, 'ofPictures'>>;
