import type { CodedDetail } from './coded-detail';
import { plainName } from './files/plain-name';
import { COUNT, INSTANT, isWithin, type Range } from './ranges';

/**
 * Kind of a value in a stored row: one description gives its type, the check of rows that are read from storage, and the
 * check of rows that come from elsewhere.
 */
export interface Kind<out T> {
  /**
   * True for a stored value that the page can work with: a number is one, a text is a text. It asks for no more, because
   * earlier versions stored other values than this one.
   */
  readonly isUsable: (value: unknown) => boolean;
  /** Path of the first field that makes a stored value unusable; empty for the value itself. */
  readonly faultIn: (value: unknown) => string;
  /**
   * A value of somebody else's file as it is kept here: within its bounds, names without tricks. Keys that this page
   * doesn't know are kept, so what a newer one wrote survives.
   *
   * @throws Misfit at the first field that can't be used
   */
  readonly taken: (value: unknown) => T;
}

export type RowOf<K extends Kind<unknown>> = K extends Kind<infer T> ? T : never;

/** A field that rows of earlier versions lack, or that is left out for a usual value. */
export interface Optional<out T> extends Kind<T> {
  readonly isOptional: true;
}

type Fields = Readonly<Record<string, Kind<unknown>>>;

type Flat<T> = { readonly [K in keyof T]: T[K] };
type FieldsOf<F extends Fields> = Flat<
  { readonly [K in keyof F as F[K] extends Optional<unknown> ? never : K]: RowOf<F[K]> } & {
    readonly [K in keyof F as F[K] extends Optional<unknown> ? K : never]?: RowOf<F[K]>;
  }
>;

export interface Row<F extends Fields> extends Kind<FieldsOf<F>> {
  readonly fields: F;
}

/** A value of somebody else's file can't be used. */
export class Misfit extends Error {
  override readonly name = 'Misfit';

  /**
   * @param path - of the field, such as `thresholds.drift`; empty for the value itself
   * @param expected - there, where its kind can say it
   */
  constructor(
    readonly path: string,
    readonly expected?: CodedDetail,
  ) {
    super(path);
  }
}

/** A row or a part of one: its fields are looked at in this order. */
export function row<F extends Fields>(fields: F): Row<F> {
  const entries = Object.entries<Kind<unknown>>(fields);
  return {
    fields,
    // Every field of 100,000 jobs passes here when a camera is opened.
    isUsable: (value) => {
      if (!isObject(value)) return false;
      for (const [field, kind] of entries) if (!kind.isUsable(value[field])) return false;
      return true;
    },
    faultIn: (value) => {
      if (!isObject(value)) return '';
      const [field, kind] = entries.find(([field, kind]) => !kind.isUsable(value[field]))!;
      return below(field, kind.faultIn(value[field]));
    },
    taken: (value) => {
      if (!isObject(value)) throw new Misfit('');
      // A key of that name is data in JSON, and would become the prototype where it is assigned.
      const { ['__proto__']: _, ...kept }: Record<string, unknown> = value;
      for (const [field, kind] of entries) {
        if (value[field] === undefined && 'isOptional' in kind) continue;
        kept[field] = inField(field, () => kind.taken(value[field]));
      }
      return kept as FieldsOf<F>;
    },
  };
}

/** A row of one of several kinds, told apart by the text in one field. */
export function either<C extends Fields>(field: string, cases: C): Kind<RowOf<C[keyof C]>> {
  const kinds = new Map<unknown, Kind<unknown>>(Object.entries(cases));
  const kindOf = (value: unknown) => (isObject(value) ? kinds.get(value[field]) : undefined);
  return {
    isUsable: (value) => kindOf(value)?.isUsable(value) ?? false,
    faultIn: (value) => kindOf(value)?.faultIn(value) ?? field,
    taken: (value) => {
      const kind = kindOf(value);
      if (!kind) throw new Misfit(field);
      return kind.taken(value) as RowOf<C[keyof C]>;
    },
  };
}

/**
 * A value without fields.
 *
 * @param isUsable - true for a stored one that can be used
 * @param isTaken - true if one from elsewhere, which is usable, is within its bounds
 * @param kept - one from elsewhere as it is kept
 * @param expected - of one from elsewhere, for a person
 */
export function single<T>(
  isUsable: (value: unknown) => boolean,
  isTaken: (value: T) => boolean = () => true,
  kept: (value: T) => T = (value) => value,
  expected?: CodedDetail,
): Kind<T> {
  return {
    isUsable,
    faultIn: () => '',
    taken: (value) => {
      if (!isUsable(value) || !isTaken(value as T)) throw new Misfit('', expected);
      return kept(value as T);
    },
  };
}

export function optional<T>(kind: Kind<T>): Optional<T> {
  return {
    isOptional: true,
    isUsable: (value) => value === undefined || kind.isUsable(value),
    faultIn: kind.faultIn,
    taken: kind.taken,
  };
}

export function orNull<T>(kind: Kind<T>): Kind<T | null> {
  return {
    isUsable: (value) => value === null || kind.isUsable(value),
    faultIn: kind.faultIn,
    taken: (value) => (value === null ? null : kind.taken(value)),
  };
}

/** @param most - how many come from elsewhere */
export function listOf<T>(kind: Kind<T>, most = Infinity, expected?: CodedDetail): Kind<readonly T[]> {
  return {
    isUsable: (value) => Array.isArray(value) && value.every(kind.isUsable),
    faultIn: () => '',
    taken: (value) => {
      if (!Array.isArray(value) || value.length > most) throw new Misfit('', expected);
      return value.map((item, i) => inField(String(i), () => kind.taken(item)));
    },
  };
}

/** A kind of which the page depends on less in stored rows than it takes in. */
export function loosely<T>(isUsable: (value: unknown) => boolean, kind: Kind<T>): Kind<T> {
  return { isUsable, faultIn: () => '', taken: kind.taken };
}

export function oneOf<const T extends string>(values: readonly T[]): Kind<T> {
  const known = new Set<unknown>(values);
  return single<T>((value) => known.has(value));
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export const isText = (value: unknown): value is string => typeof value === 'string';
const isFlag = (value: unknown) => typeof value === 'boolean';
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isOneOrMore = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1;

/** @param longest - of what comes from elsewhere, in characters */
export const text = (longest = Infinity) =>
  single<string>(isText, ({ length }) => length <= longest, undefined, {
    code: 'manifest-letters',
    most: longest,
  });
export const matching = (pattern: RegExp, longest = 1000) =>
  single<string>(isText, (value) => value.length <= longest && pattern.test(value));
/** Text of somebody else's file is shown without tricks; what was written here has none. */
export const name = single<string>(isText, ({ length }) => length <= 1000, plainName);
/** A person's own words. */
export const note = text(20_000);
// Ids become names of folders on the device, by way of encodeURIComponent, which no lone surrogate passes.
export const id = matching(/^(?!\.+$)[^/\\\p{Cc}\p{Surrogate}]+$/u, 200);
export const sha256 = matching(/^[0-9a-f]{64}$/);

export const number = (range: Range) =>
  single<number>(Number.isFinite, (value) => isWithin(range, value), undefined, {
    code: 'toml-between',
    ...range,
  });
export const positive = (most: number) =>
  single<number>(
    (value) => Number.isFinite(value) && (value as number) > 0,
    (value) => value <= most,
  );
export const count = (most = Infinity) => single<number>(isCount, (value) => value <= most);
/** @param most - of what comes from elsewhere; memory may be asked for by it */
export const oneOrMore = ({ least, most }: Range) =>
  single<number>(isOneOrMore, (value) => value >= least && value <= most);
export const amount = number(COUNT);
/** 1, 2, 3 … for one camera */
export const version = single<number>(isCount, (value) => value >= 1 && value <= 1_000_000);
/** A moment that can be written, in milliseconds since 1970. */
export const instant = single<number>((value) => isWithin(INSTANT, value));
/** A moment that earlier versions did not look at before it was stored. */
export const anyInstant = number(INSTANT);
export const flag = single<boolean>(isFlag);
/** True, or left out. */
export const yes = optional(single<true>(isFlag, (value) => value));

function below(field: string, path: string): string {
  return path === '' ? field : `${field}.${path}`;
}

function inField<T>(field: string, take: () => T): T {
  try {
    return take();
  } catch (error) {
    if (error instanceof Misfit) throw new Misfit(below(field, error.path), error.expected);
    throw error;
  }
}
