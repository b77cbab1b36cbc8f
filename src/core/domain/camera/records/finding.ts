import type { Delivery } from './delivery';
import { textsOf, verifiedFinding, type Finding } from './next-state';
import { MOST_ATTEMPTS } from './retry';

/** A record there. */
interface There {
  /** true if that is its text */
  says(body: string): boolean;
}

/** A record of the same picture, by another device. */
interface Other {
  /** true if its verdict is that of this text */
  agrees(body: string): boolean;
}

/**
 * The records of a job that this device may change: all, once it has sent one. Before that only those with the text
 * that it would send, such as one uploaded from an export: a job id from a file may be that of another user's record.
 */
export function ownOf<T extends There>(delivery: Delivery, there: readonly T[]): readonly T[] {
  const hasSent = delivery.remoteId !== null || delivery.sentAt !== null;
  return hasSent ? there : there.filter((record) => saysOurs(delivery, record));
}

/** True if a record there has this device's text, or a person wants it to. */
export function isOurs(delivery: Delivery, record: There): boolean {
  return delivery.isOverwriting === true || saysOurs(delivery, record);
}

function saysOurs(delivery: Delivery, record: There): boolean {
  return textsOf(delivery).some((text) => record.says(text));
}

/** True if a record there was changed by others and a person has left it so. */
function isLeftSo({ kept }: Delivery, record: There): boolean {
  return kept !== undefined && record.says(kept);
}

/** @returns `an earlier text` also for others' text that a person wants replaced */
export function findingOf(delivery: Delivery, record: There): Finding<'unknown'> & Finding<'sent'> {
  if (isOurs(delivery, record)) return record.says(delivery.body) ? 'as sent' : 'an earlier text';
  return isLeftSo(delivery, record) ? 'changed, left so' : 'changed by others';
}

/** @param there - records of that id which this device never sent */
export function findingWithoutOwn(delivery: Delivery, there: readonly There[]): Finding<'unknown'> {
  if (there.some((record) => isLeftSo(delivery, record))) return 'put there, left so';
  if (there.length > 0) return 'put there by others';
  if (delivery.isCorrecting && delivery.remoteId !== null) return 'deleted there';
  if (delivery.attempts >= MOST_ATTEMPTS) return 'nothing after five failures';
  return delivery.failure?.code === 'server-failed' ? 'nothing after a failure' : 'nothing';
}

/** @param other - another device's record of the picture */
export function auditFinding(
  delivery: Delivery,
  record: There | null,
  other: { readonly record: Other; readonly isOlder: boolean } | null,
): Finding<'sent'> {
  if (!record) return 'deleted there';
  const finding = findingOf(delivery, record);
  if (!isOurs(delivery, record)) return finding;
  if (other?.isOlder)
    return other.record.agrees(delivery.body)
      ? 'an older one of the same verdict'
      : 'an older one of another verdict';
  if (finding !== 'as sent') return finding;
  return other ? 'a younger one, too' : verifiedFinding(delivery);
}

/** @param other - another device's record of the picture */
export function pictureFinding(
  { body, isOverwriting }: Delivery,
  other: Other | undefined,
): Finding<'queued'> {
  if (!other) return 'nothing';
  if (other.agrees(body)) return 'the same verdict';
  return isOverwriting ? 'one to overwrite' : 'another verdict';
}
