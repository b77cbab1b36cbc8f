import type { ImageProperties } from '../camera/job';

/** What is measured of a picture, beside its size. */
type MeasuredProperty = Exclude<keyof ImageProperties, 'width' | 'height'>;

/** One image property: whatever reads properties one by one reads this table. */
interface ImageProperty {
  readonly key: MeasuredProperty;
  /** its parameter in DriftWatch; absent where it is not sent */
  readonly recordField?: string;
  /** which rows may lack it: none, those of before it was measured, or also those where it can't be measured (null) */
  readonly lacking: 'never' | 'absent' | 'absent-or-null';
}

/** In the order of stored rows and records. */
export const IMAGE_PROPERTIES: readonly ImageProperty[] = [
  { key: 'brightness', recordField: 'brightness', lacking: 'never' },
  { key: 'contrast', recordField: 'contrast', lacking: 'never' },
  { key: 'sharpness', recordField: 'sharpness', lacking: 'never' },
  { key: 'blueMinusRed', recordField: 'blue_minus_red', lacking: 'never' },
  { key: 'greenCast', recordField: 'green_cast', lacking: 'never' },
  { key: 'haze', recordField: 'haze', lacking: 'absent' },
  { key: 'reconstructionError', lacking: 'absent-or-null' },
];

/** The properties that a snapshot has as numbers, in the order of the table. */
export function propertyNumbersOf(
  properties: ImageProperties,
  table: readonly ImageProperty[] = IMAGE_PROPERTIES,
): readonly (readonly [MeasuredProperty, number])[] {
  return table.flatMap(({ key }) => {
    const value = properties[key];
    return typeof value === 'number' && Number.isFinite(value) ? [[key, value] as const] : [];
  });
}

/** The properties as parameters of a record; one that the snapshot lacks stays undefined. */
export function propertyFieldsOf(
  properties: ImageProperties,
  table: readonly ImageProperty[] = IMAGE_PROPERTIES,
): Readonly<Record<string, number | null | undefined>> {
  return Object.fromEntries(
    table.flatMap(({ key, recordField }) =>
      recordField === undefined ? [] : [[recordField, properties[key]]],
    ),
  );
}
