// The slow parts of a fit (src/features/adapt/pure/fit-kernels.ts), in WebAssembly SIMD. AssemblyScript, compiled
// by scripts/build-wasm.mjs. The same numbers as tests/oracles/fit-kernels.ts, to the last bit: float64 between float32
// arrays, in the same order. The caller (src/features/adapt/workers/simd-fit-kernels.ts) lays out the memory.

import { put, two } from '../../../../../core/encoder/assembly/memory';

export { heapBase } from '../../../../../core/encoder/assembly/memory';

/** As the two would be read back from floats. */
function rounded(numbers: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(numbers));
}

/** A float as float64. */
function one(at: usize): f64 {
  return <f64>load<f32>(at);
}

export function noisy(from: usize, noise: usize, kept: usize, to: usize, count: usize): void {
  const end = (count & ~1) << 2;
  for (let i: usize = 0; i < end; i += 8) {
    put(to + i, f64x2.mul(f64x2.add(two(from + i), two(noise + i)), two(kept + i)));
  }
  if (count & 1) store<f32>(to + end, <f32>((one(from + end) + one(noise + end)) * one(kept + end)));
}

/** `forward`, two rows and eight outputs at a time. @param turned receives the weights as inputs × outputs float64 */
export function forward(
  weight: usize,
  bias: usize,
  from: usize,
  to: usize,
  count: usize,
  inputs: usize,
  outputs: usize,
  turned: usize,
): void {
  for (let o: usize = 0; o < outputs; o++) {
    for (let i: usize = 0; i < inputs; i++) {
      store<f64>(turned + ((i * outputs + o) << 3), one(weight + ((o * inputs + i) << 2)));
    }
  }
  const row = inputs << 2;
  const step = outputs << 3;
  const pairs = count & ~1;
  const eights = outputs & ~7;
  for (let k: usize = 0; k < pairs; k += 2) {
    const p = from + k * row;
    for (let o: usize = 0; o < eights; o += 8) {
      const b = bias + (o << 2);
      let a0 = two(b);
      let a1 = two(b + 8);
      let a2 = two(b + 16);
      let a3 = two(b + 24);
      let b0 = a0;
      let b1 = a1;
      let b2 = a2;
      let b3 = a3;
      let w = turned + (o << 3);
      for (let i: usize = 0; i < row; i += 4, w += step) {
        const x = f64x2.splat(<f64>load<f32>(p + i));
        const y = f64x2.splat(<f64>load<f32>(p + row + i));
        const w0 = v128.load(w);
        const w1 = v128.load(w, 16);
        const w2 = v128.load(w, 32);
        const w3 = v128.load(w, 48);
        a0 = f64x2.add(a0, f64x2.mul(w0, x));
        a1 = f64x2.add(a1, f64x2.mul(w1, x));
        a2 = f64x2.add(a2, f64x2.mul(w2, x));
        a3 = f64x2.add(a3, f64x2.mul(w3, x));
        b0 = f64x2.add(b0, f64x2.mul(w0, y));
        b1 = f64x2.add(b1, f64x2.mul(w1, y));
        b2 = f64x2.add(b2, f64x2.mul(w2, y));
        b3 = f64x2.add(b3, f64x2.mul(w3, y));
      }
      const q = to + ((k * outputs + o) << 2);
      put(q, a0);
      put(q + 8, a1);
      put(q + 16, a2);
      put(q + 24, a3);
      const r = q + (outputs << 2);
      put(r, b0);
      put(r + 8, b1);
      put(r + 16, b2);
      put(r + 24, b3);
    }
  }
  for (let k: usize = 0; k < count; k++) {
    for (let o = k < pairs ? eights : 0; o < outputs; o++) {
      let sum = one(bias + (o << 2));
      for (let i: usize = 0; i < row; i += 4) sum += one(weight + o * row + i) * one(from + k * row + i);
      store<f32>(to + ((k * outputs + o) << 2), <f32>sum);
    }
  }
}

/** `addGradient`, sixteen inputs at a time, to stay cached. @param list room for outputs × (count + 1) × 16 bytes */
export function addGradient(
  from: usize,
  error: usize,
  weights: usize,
  biases: usize,
  count: usize,
  inputs: usize,
  outputs: usize,
  list: usize,
): void {
  const row = inputs << 2;
  const each = (count + 1) << 4;
  // For each output the rows whose error is not 0, the end marked by a row of 0.
  for (let o: usize = 0; o < outputs; o++) {
    let entry = list + o * each;
    let bias = load<f32>(biases + (o << 2));
    for (let k: usize = 0; k < count; k++) {
      const slope = <f64>load<f32>(error + ((k * outputs + o) << 2));
      if (slope == 0) continue;
      bias = <f32>(<f64>bias + slope);
      store<f64>(entry, slope);
      store<usize>(entry, from + k * row, 8);
      entry += 16;
    }
    store<usize>(entry, 0, 8);
    store<f32>(biases + (o << 2), bias);
  }
  const sixteens = row & ~63;
  for (let i: usize = 0; i < sixteens; i += 64) {
    for (let o: usize = 0; o < outputs; o++) {
      const w = weights + o * row + i;
      let s0 = two(w);
      let s1 = two(w + 8);
      let s2 = two(w + 16);
      let s3 = two(w + 24);
      let s4 = two(w + 32);
      let s5 = two(w + 40);
      let s6 = two(w + 48);
      let s7 = two(w + 56);
      for (let entry = list + o * each; ; entry += 16) {
        const start = load<usize>(entry, 8);
        if (start == 0) break;
        const slope = v128.load64_splat(entry);
        const p = start + i;
        s0 = rounded(f64x2.add(s0, f64x2.mul(slope, two(p))));
        s1 = rounded(f64x2.add(s1, f64x2.mul(slope, two(p + 8))));
        s2 = rounded(f64x2.add(s2, f64x2.mul(slope, two(p + 16))));
        s3 = rounded(f64x2.add(s3, f64x2.mul(slope, two(p + 24))));
        s4 = rounded(f64x2.add(s4, f64x2.mul(slope, two(p + 32))));
        s5 = rounded(f64x2.add(s5, f64x2.mul(slope, two(p + 40))));
        s6 = rounded(f64x2.add(s6, f64x2.mul(slope, two(p + 48))));
        s7 = rounded(f64x2.add(s7, f64x2.mul(slope, two(p + 56))));
      }
      put(w, s0);
      put(w + 8, s1);
      put(w + 16, s2);
      put(w + 24, s3);
      put(w + 32, s4);
      put(w + 40, s5);
      put(w + 48, s6);
      put(w + 56, s7);
    }
  }
  for (let i = sixteens; i < row; i += 4) {
    for (let o: usize = 0; o < outputs; o++) {
      const w = weights + o * row + i;
      let sum = load<f32>(w);
      for (let entry = list + o * each; ; entry += 16) {
        const start = load<usize>(entry, 8);
        if (start == 0) break;
        sum = <f32>(<f64>sum + load<f64>(entry) * one(start + i));
      }
      store<f32>(w, sum);
    }
  }
}

/** `adamW`; of an odd count the number behind the last is changed too. */
export function adamW(
  values: usize,
  gradient: usize,
  mean: usize,
  square: usize,
  count: usize,
  rate: f64,
  decay: f64,
  unbiasedMean: f64,
  unbiasedSquare: f64,
): void {
  const rates = f64x2.splat(rate);
  const decays = f64x2.splat(decay);
  const means = f64x2.splat(unbiasedMean);
  const squares = f64x2.splat(unbiasedSquare);
  const least = f64x2.splat(1e-8);
  const most = f64x2.splat(0.9);
  const rest = f64x2.splat(0.1);
  const mostSquare = f64x2.splat(0.999);
  const restSquare = f64x2.splat(0.001);
  for (let i: usize = 0; i < count << 2; i += 8) {
    const slope = two(gradient + i);
    const m = f64x2.add(f64x2.mul(most, two(mean + i)), f64x2.mul(rest, slope));
    const v = f64x2.add(
      f64x2.mul(mostSquare, two(square + i)),
      f64x2.mul(f64x2.mul(restSquare, slope), slope),
    );
    put(mean + i, m);
    put(square + i, v);
    const value = two(values + i);
    const way = f64x2.div(f64x2.mul(m, means), f64x2.add(f64x2.sqrt(f64x2.mul(v, squares)), least));
    put(values + i, f64x2.sub(value, f64x2.mul(rates, f64x2.add(way, f64x2.mul(decays, value)))));
  }
  memory.fill(gradient, 0, count << 2);
}
