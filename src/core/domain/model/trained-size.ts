import type { Size } from './model';

/** 216 × 384 is the size of training's pictures; its numbers of pixels are meant in them. */
export const TRAINED_WIDTH = 384;

export function pixels(trained: number, { width }: Size): number {
  return (trained * width) / TRAINED_WIDTH;
}
