import type { Detail } from '../detail';
import type { ErrorCode } from '../errors';
import { DARK } from '../glass/glass-facts';
import type { ImageProperties } from '../picture/property-table';

/** A snapshot that did not become an embedding of its own, and why. */
export type UnusedFile =
  | { readonly kind: 'failed'; readonly name: string; readonly code: ErrorCode; readonly detail: Detail }
  | { readonly kind: 'same-picture'; readonly name: string; readonly as: string }
  | { readonly kind: 'too-dark' | 'only-noise' | 'foreign'; readonly name: string };

/**
 * Sharpness as a share of contrast, above which neighbouring pixels have nothing in common. White noise has 0.71 or more
 * in files of 320 pixels and wider; 1,515 snapshots of OBSEA 2014, OBSEA 2023 and the demo have at most 0.22, and below
 * 0.33 for models that read as few as 16 × 16 pixels (2026-11).
 */
const NOISE = 0.5;

/** Why a picture shows no scene; null when it may show one. */
export function withoutSceneAs({
  brightness,
  contrast,
  sharpness,
}: ImageProperties): 'too-dark' | 'only-noise' | null {
  if (255 * brightness < DARK) return 'too-dark';
  return sharpness > NOISE * contrast ? 'only-noise' : null;
}
