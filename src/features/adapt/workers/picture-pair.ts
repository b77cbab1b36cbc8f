import { paled } from '../pure/chroma';
import type { Size } from '../../../core/domain/model/model';
import { naturalView, OWN_WEATHER, sensorNoise } from '../pure/natural-variation';
import type { BlurPicture, Random } from '../../../core/domain/picture/noise';
import { randomDirt } from '../pure/random-dirt';

/** A view of a clean picture and the same one dirtied; each height × width × 3 bytes. */
interface PicturePair {
  readonly clean: Uint8Array;
  readonly dirty: Uint8Array;
  /** severity / 5 of the dirt */
  readonly strength: number;
}

/**
 * A pair that a head learns from: the picture at another hour, without dirt and with it.
 *
 * @param colours - share of drawn colours that the camera shows, see src/features/adapt/pure/chroma.ts
 */
export function picturePair(
  picture: Uint8Array,
  size: Size,
  colours: number,
  random: Random,
  blurBy: BlurPicture,
): PicturePair {
  const weather = { ...OWN_WEATHER, cast: OWN_WEATHER.cast * colours };
  const { view } = naturalView(picture, size, random, weather, blurBy);
  const dirt = randomDirt(size, random);
  const dirty = paled(view, dirt.apply(view, blurBy), colours);
  // Noise comes last, on both: added before, its absence would give the dirt away.
  return {
    clean: sensorNoise(view, random),
    dirty: sensorNoise(dirty, random),
    strength: dirt.strength,
  };
}
