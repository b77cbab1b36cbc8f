import {
  blueMinusRed,
  brightness,
  contrast,
  greenCast,
  haze,
  sharpness,
  type MeasuredPicture,
} from './measures';
import { PICTURE_FACT, PICTURE_SIDE } from '../ranges';
import { count, number, optional, row, type Kind } from '../row';

export interface PropertyComparison {
  /** only the sides that hint at a problem: a sharper, clearer picture needs no remark */
  readonly sides: readonly Side[];
  /** the least that a standard deviation counts as: smaller changes nobody sees */
  readonly floor: number;
  /** the same as a share of the usual value, for numbers whose scale depends on the scene */
  readonly relativeFloor?: number;
  /** another possible cause than a dirty lens */
  readonly hintsAt: 'murk' | 'light';
}

/** The side of the reference on which a picture lies. */
export type Side = 'above' | 'below';

/** One image property: whatever reads properties one by one reads this table. */
export interface ImageProperty<Key extends string = MeasuredProperty> {
  readonly key: Key;
  /** its parameter in DriftWatch, where a record has room for it */
  readonly recordField: string;
  /** absent if the second opinion does not look at it */
  readonly compared?: PropertyComparison;
  /** measures it as a snapshot is scored */
  readonly measure: (picture: MeasuredPicture) => number;
  /** which rows may lack it: none, or those of before it was measured */
  readonly lacking: 'never' | 'absent';
}

/** In the order of stored rows and records; each has its sentences in the catalog `properties`. */
const ROWS = [
  {
    key: 'brightness',
    measure: brightness,
    recordField: 'brightness',
    lacking: 'never',
    compared: { sides: ['above', 'below'], floor: 0.02, hintsAt: 'light' },
  },
  {
    key: 'contrast',
    measure: contrast,
    recordField: 'contrast',
    lacking: 'never',
    compared: { sides: ['below'], floor: 0.01, hintsAt: 'murk' },
  },
  {
    key: 'sharpness',
    measure: sharpness,
    recordField: 'sharpness',
    lacking: 'never',
    compared: { sides: ['below'], floor: 0, relativeFloor: 0.1, hintsAt: 'murk' },
  },
  {
    key: 'blueMinusRed',
    measure: blueMinusRed,
    recordField: 'blue_minus_red',
    lacking: 'never',
    compared: { sides: ['above', 'below'], floor: 0.02, hintsAt: 'light' },
  },
  {
    key: 'greenCast',
    measure: greenCast,
    recordField: 'green_cast',
    lacking: 'never',
    compared: { sides: ['above'], floor: 0.02, hintsAt: 'murk' },
  },
  {
    key: 'haze',
    measure: haze,
    recordField: 'haze',
    lacking: 'absent',
    compared: { sides: ['above'], floor: 0.02, hintsAt: 'murk' },
  },
] as const satisfies readonly ImageProperty<string>[];

type Row = (typeof ROWS)[number];
type KeyOf<Lacking> = Extract<Row, { readonly lacking: Lacking }>['key'];

/** Measured of a picture, beside its size. */
export type MeasuredProperty = Row['key'];

export const IMAGE_PROPERTIES: readonly ImageProperty[] = ROWS;

/** A row without its sentences does not compile. */
export type PropertyWords = {
  readonly [R in Row as R['key']]: { readonly name: string } & {
    readonly [S in R['compared']['sides'][number]]: string;
  };
};

type Always = { readonly [Key in KeyOf<'never'>]: number };
type SinceMeasured = { readonly [Key in KeyOf<'absent'>]?: number };

/** Facts about the picture itself, beside what the model sees in it: its size, and a number for each row of the table. */
export interface ImageProperties extends Always, SinceMeasured {
  readonly width: number;
  readonly height: number;
}

/** Image properties by a table. The reconstruction error, which earlier versions stored and nothing reads, is dropped. */
export function propertiesRow(table = IMAGE_PROPERTIES): Kind<ImageProperties> {
  const size = count(PICTURE_SIDE.most);
  const fact = number(PICTURE_FACT);
  const facts = table.map(({ key, lacking }) => [key, lacking === 'never' ? fact : optional(fact)] as const);
  const { taken, ...checks } = row({ width: size, height: size, ...Object.fromEntries(facts) });
  return { ...checks, taken: (value) => presentProperties(taken(value) as unknown as ImageProperties) };
}

/** The properties that a snapshot has as numbers, in the order of the table. */
export function propertyNumbersOf(
  properties: ImageProperties,
  table = IMAGE_PROPERTIES,
): readonly (readonly [MeasuredProperty, number])[] {
  return table.flatMap(({ key }) => {
    const value = properties[key];
    return typeof value === 'number' && Number.isFinite(value) ? [[key, value] as const] : [];
  });
}

/** The properties as parameters of a record; one that the snapshot lacks stays undefined. */
export function propertyFieldsOf(
  properties: ImageProperties,
  table = IMAGE_PROPERTIES,
): Readonly<Record<string, number | undefined>> {
  return Object.fromEntries(table.map(({ key, recordField }) => [recordField, properties[key]]));
}

export function presentProperties(properties: ImageProperties): ImageProperties {
  const { reconstructionError: _, ...present } = properties as ImageProperties & {
    readonly reconstructionError?: unknown;
  };
  return present;
}
