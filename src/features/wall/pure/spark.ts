import { heightOf, LIMIT_HEIGHTS } from '../../../core/domain/camera/course';

/** How high what is so far from its limit floats on the tide line, 0..1: the wave, in its middle, is the limit. */
export function tideOf(times: number | null): number {
  const limit = LIMIT_HEIGHTS.drift;
  const height = heightOf({ distance: times ?? 0, thresholds: { warning: limit, drift: 1 } });
  return (height < limit ? height / limit : 1 + (height - limit) / (1 - limit)) / 2;
}
