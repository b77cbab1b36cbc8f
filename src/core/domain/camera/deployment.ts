import { DEPTH, isWithin, LATITUDE, LONGITUDE } from '../ranges';
import { instant, listOf, matching, number, optional, row, text, type RowOf } from '../row';

/** In degrees, WGS 84: north and east are positive. */
const POSITION = row({ latitude: number(LATITUDE), longitude: number(LONGITUDE) });
export type Position = RowOf<typeof POSITION>;

const LONGEST_DIVER_NOTE = 1000;
/** Letters of a name or an address, and creators of one deployment. */
export const LONGEST_FACT = 200;
export const MOST_CREATORS = 50;

/**
 * A camera's position, a note for the diver, and its metadata in an observatory. A person enters all of it; no
 * verdict depends on it.
 */
export const DEPLOYMENT = row({
  position: optional(POSITION),
  /** metres below the surface */
  depth: optional(number(DEPTH)),
  /** for the diver */
  note: optional(text(LONGEST_DIVER_NOTE)),
  /** ids or names in the observatory's data */
  platform: optional(text(LONGEST_FACT)),
  sensor: optional(text(LONGEST_FACT)),
  site: optional(text(LONGEST_FACT)),
  /** begin and end of the deployment, milliseconds since 1970 */
  begin: optional(instant),
  end: optional(instant),
  /** of the pictures: an SPDX id such as `CC-BY-4.0`, or an address */
  licence: optional(text(LONGEST_FACT)),
  /** persons or institutions, in their order */
  creators: optional(
    listOf(text(LONGEST_FACT), MOST_CREATORS, { code: 'toml-creators', most: MOST_CREATORS }),
  ),
  /** without `https://doi.org/` */
  doi: optional(matching(/^10\.\d{4,9}\/\S+$/, LONGEST_FACT)),
});
export type Deployment = RowOf<typeof DEPLOYMENT>;

/** Facts that are one text each. */
export const TEXT_FACTS = ['platform', 'sensor', 'site', 'licence'] as const;

/** The known facts of these. */
export function known(facts: { readonly [K in keyof Deployment]: Deployment[K] | undefined }): Deployment {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined));
}

/** `41.182, 1.753`, as charts and GPS receivers take it. */
export function positionText({ latitude, longitude }: Position): string {
  return `${latitude}, ${longitude}`;
}

const NUMBER = String.raw`([+-]?\d+(?:[.,]\d+)?)`;
const WRITTEN = new RegExp(String.raw`^\s*${NUMBER}\s*[,;\s]\s*${NUMBER}\s*$`);

/** Reads `41.182, 1.753`, and `41,182; 1,753` with decimal commas; null for anything else. */
export function positionIn(written: string): Position | null {
  const [latitude = NaN, longitude = NaN] = (WRITTEN.exec(written) ?? [])
    .slice(1)
    .map((number) => Number(number.replace(',', '.')));
  return isWithin(LATITUDE, latitude) && isWithin(LONGITUDE, longitude) ? { latitude, longitude } : null;
}
