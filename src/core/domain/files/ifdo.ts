import { utcParse } from 'd3-time-format';
import { load, YAMLException } from 'js-yaml';
import { doiIn } from '../camera/deployed.js';
import { known, LONGEST_FACT, MOST_CREATORS, type Deployment } from '../camera/deployment';
import type { CodedDetail } from '../detail';
import { AppError } from '../errors';
import { DEPTH, INSTANT, isWithin, LATITUDE, LONGITUDE, type Range } from '../ranges';
import { isObject, isText } from '../row';
import { plainText } from './plain-name';

const HEADER = 'image-set-header';

const TIME = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(\.\d{1,3})?\d*\s*(Z|[+-]\d{2}:\d{2})?$/;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The deployment that an iFDO describes, of version 1 or 2, as JSON or YAML: an event (a station) is the site, its times, or
 * else those of its images, are begin and end, and what the header leaves out is of the first image that has it.
 *
 * @throws AppError `ifdo`
 * @see https://www.ifdo-schema.org/standard/v2.2.1/ and https://marine-imaging.com/fair/ifdos/iFDO-overview/
 */
export function readIfdo(text: string): Deployment {
  const file = read(text);
  const header = isObject(file) ? file[HEADER] : null;
  if (!isObject(file) || !isObject(header)) return wrong({ code: 'ifdo-header', key: HEADER });
  const given = file['image-set-items'];
  const items = isObject(given) ? Object.values(given).flat().filter(isFields) : [];
  const field = (key: string) =>
    header[key] ?? items.find((item) => item[key] !== undefined && item[key] !== null)?.[key];
  const name = (key: string) => nameIn(field(key), key);
  const number = (key: string, range?: Range) => numberIn(field(key), key, range);

  const latitude = number('image-latitude', LATITUDE);
  const longitude = number('image-longitude', LONGITUDE);
  const altitude = number('image-altitude-meters');
  const creators = field('image-creators');
  const format = field('image-datetime-format');
  const written = isText(format) ? format : null;
  const [first, last] = spanOf(items.length > 0 ? items : [header], written);
  const stated = (key: string) => spanOf([{ 'image-datetime': header[key] }], written)[0];
  const begin = stated('image-set-start-datetime') ?? first;
  const end = stated('image-set-end-datetime') ?? last;
  return known({
    position: latitude !== undefined && longitude !== undefined ? { latitude, longitude } : undefined,
    // Above the sea, version 1 has no altitude and a negative depth.
    depth:
      altitude === undefined
        ? number('image-depth', DEPTH)
        : altitude <= 0
          ? numberIn(Math.abs(altitude), 'image-altitude-meters', DEPTH)
          : undefined,
    ...{ platform: name('image-platform'), sensor: name('image-sensor'), site: name('image-event') },
    ...{ begin, end: end === begin ? undefined : end, licence: name('image-license') },
    creators: Array.isArray(creators) ? creatorsIn(creators) : undefined,
    doi: doiIn(name('image-set-handle') ?? '') ?? undefined,
  });
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It may be YAML.
  }
  try {
    return load(text);
  } catch (error) {
    const { reason = '', mark } = error instanceof YAMLException ? error : {};
    return wrong({ code: 'ifdo-syntax', line: (mark?.line ?? 0) + 1, message: reason });
  }
}

function wrong(detail: CodedDetail): never {
  throw new AppError('ifdo', detail);
}

function isFields(value: unknown): value is Fields {
  return isObject(value);
}

/** A name, or the name in an object with `name` and `uri` of version 2. */
function nameIn(value: unknown, key: string): string | undefined {
  const name = isObject(value) ? (value['name'] ?? value['uri']) : value;
  const text = isText(name) ? plainText(name).trim() : '';
  if (text.length > LONGEST_FACT) wrong({ code: 'manifest-letters', most: LONGEST_FACT, at: `${key}:` });
  return text || undefined;
}

function creatorsIn(creators: readonly unknown[]): readonly string[] | undefined {
  const key = 'image-creators';
  if (creators.length > MOST_CREATORS) wrong({ code: 'toml-creators', most: MOST_CREATORS, at: `${key}:` });
  const names = creators.flatMap((creator) => nameIn(creator, key) ?? []);
  return names.length > 0 ? names : undefined;
}

function numberIn(value: unknown, key: string, range?: Range): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = isText(value) ? Number(value) : value;
  const { least, most } = range ?? { least: -Number.MAX_VALUE, most: Number.MAX_VALUE };
  if (isWithin({ least, most }, number)) return number;
  return wrong({
    ...(range ? { code: 'toml-between', least, most } : { code: 'manifest-finite' }),
    at: `${key}:`,
  });
}

/** The first and the last time of images, in milliseconds since 1970. */
function spanOf(images: readonly Fields[], format: string | null): [number?, number?] {
  let [begin, end] = [Infinity, -Infinity];
  const parse = format === null ? isoTime : utcParse(format);
  for (const image of images) {
    const key = 'image-datetime';
    const written = image[key];
    if (written === undefined || written === null || written === '') continue;
    const at = isText(written) ? (parse(written) ?? isoTime(written))?.valueOf() : undefined;
    if (!isWithin(INSTANT, at)) return wrong({ code: 'ifdo-time', at: `${key}:` });
    begin = Math.min(begin, at);
    end = Math.max(end, at);
  }
  return end < begin ? [] : [begin, end];
}

/** In UTC where no other zone is stated. */
function isoTime(written: string): number | undefined {
  const [, day, time, fraction = '', zone = 'Z'] = TIME.exec(written.trim()) ?? [];
  return day === undefined ? undefined : Date.parse(`${day}T${time!}${fraction}${zone}`);
}
