import { WINDOW_SIZE } from '../ranges';
import { matching, oneOrMore, positive, row, single, type RowOf } from '../row';

/** Memory is asked for by it. */
const side = oneOrMore({ least: 1, most: 8192 });

/** Height and width in pixels, always named: the field mixes both orders. */
const SIZE = row({ height: side, width: side });
export type Size = RowOf<typeof SIZE>;

type Triple = readonly [number, number, number];
const triple = single<Triple>(
  (value) => Array.isArray(value) && value.length === 3 && value.every(Number.isFinite),
  (value) => value.every((number) => Math.abs(number) <= 1e6),
);

/** The tutorial's `[transform]`: torchvision `Resize(resize)`, `ToTensor`, `Normalize(mean, std)`. */
export const TRANSFORM = row({
  resize: SIZE,
  /** per channel, red, green, blue, in units of the 0..1 tensor */
  mean: triple,
  std: triple,
});
export type Transform = RowOf<typeof TRANSFORM>;

/**
 * Sigma is in Frouros' convention, exp(-d² / 2σ²). Earlier pages took any sigma above 0. Settings that nobody can judge by
 * are taken in too: the page says so of every snapshot, and a copy that holds a year of them is not lost for one number.
 */
export const DETECTOR_SETTINGS = row({
  name: matching(/./su, 100),
  /** as in the configuration file */
  windowSize: oneOrMore({ least: WINDOW_SIZE.least, most: 1_000_000 }),
  sigma: positive(1e6),
});
export type DetectorSettings = RowOf<typeof DETECTOR_SETTINGS>;

/** A known answer: the embedding of a picture that every build can make, to see that a backend computes rightly. */
interface SelfTest {
  /** the rule that makes the picture, see src/core/encoder/self-test.ts */
  readonly picture: 'xor-gradient';
  readonly embedding: readonly number[];
  /** largest absolute difference allowed in any number */
  readonly tolerance: number;
}

/** `public/models/<id>/model.json`, or what Porthole wrote for a model that a user brought. */
export interface ModelManifest {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly input: { readonly name: string } & Size;
  /** `reconstruction` is never run here; earlier versions of the page want to find it in an exported model */
  readonly outputs: { readonly embedding: string; readonly reconstruction: string | null };
  readonly embeddingLength: number;
  readonly transform: Transform;
  readonly detector: DetectorSettings;
  readonly thresholds: { readonly warning: number; readonly drift: number };
  /** null for a model that came without a known answer: Porthole then compares backends with each other */
  readonly selfTest: SelfTest | null;
  readonly license: string;
  /** names the parts of a condition head; absent from models without one, see own-model.ts */
  readonly adaptable?: Readonly<Record<string, unknown>>;
  /** the data, and how it was trained and judged: for people, from any version of Porthole */
  readonly training?: Readonly<Record<string, unknown>>;
  readonly judged?: Readonly<Record<string, unknown>>;
}
