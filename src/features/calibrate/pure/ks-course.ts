import { KsStreaming, type KsResult } from '../../../core/domain/drift/detectors/ks-streaming';
import { spreadSample } from '../../../core/domain/drift/sets';
import {
  IMAGE_PROPERTIES,
  type ImageProperties,
  type MeasuredProperty,
} from '../../../core/domain/picture/property-table';

/** A snapshot as far as the test needs it. */
interface Described {
  /** milliseconds since 1970 */
  readonly capturedAt: number;
  readonly properties: ImageProperties;
}

/** The test's answer for the window that ends with a snapshot. */
export interface KsPoint<T> extends KsResult {
  readonly snapshot: T;
  readonly value: number;
}

/** Most reference values that the exact test takes. */
const MOST_VALUES = 10_000;

/**
 * What the Kolmogorov-Smirnov test can look at, one at a time, in the order in which it is offered: the properties that
 * every snapshot of the reference has, and at least one of the others.
 */
export function ksPropertiesOf(
  reference: readonly ImageProperties[],
  snapshots: readonly Described[],
  table = IMAGE_PROPERTIES,
): readonly MeasuredProperty[] {
  return table
    .flatMap(({ key, ksPlace }) => (ksPlace === undefined ? [] : [{ key, ksPlace }]))
    .sort((a, b) => a.ksPlace - b.ksPlace)
    .map(({ key }) => key)
    .filter(
      (property) =>
        reference.length > 0 &&
        reference.every((properties) => Number.isFinite(properties[property])) &&
        snapshots.some(({ properties }) => Number.isFinite(properties[property])),
    );
}

/**
 * Runs `KsStreaming` on one property over a camera's history; a cleaning empties the window, as for the verdict.
 *
 * @param snapshots - in capture order; one that lacks the property is passed over
 * @param cleanings - milliseconds since 1970, ascending
 * @returns one point for each full window
 * @throws AppError `detector-settings`, `reference-too-small`
 */
export function ksCourse<T extends Described>(
  reference: readonly ImageProperties[],
  snapshots: readonly T[],
  {
    property,
    windowSize,
    cleanings,
  }: {
    readonly property: MeasuredProperty;
    readonly windowSize: number;
    readonly cleanings: readonly number[];
  },
): KsPoint<T>[] {
  const detector = new KsStreaming({ windowSize });
  const values = reference.flatMap((properties) => properties[property] ?? []);
  detector.fit(spreadSample(values, MOST_VALUES));
  const course: KsPoint<T>[] = [];
  let next = 0;
  for (const snapshot of snapshots) {
    const value = snapshot.properties[property];
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    while (next < cleanings.length && cleanings[next]! <= snapshot.capturedAt) {
      detector.empty();
      next += 1;
    }
    const result = detector.update(value);
    if (result) course.push({ ...result, snapshot, value });
  }
  return course;
}
