// Needed by every module of ours: the start of its free memory, and pairs of floats.

export function heapBase(): usize {
  return __heap_base;
}

/** The two floats at an address, as float64. */
export function two(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** Writes two numbers as floats. */
export function put(at: usize, numbers: v128): void {
  v128.store64_lane(at, f32x4.demote_f64x2_zero(numbers), 0);
}
