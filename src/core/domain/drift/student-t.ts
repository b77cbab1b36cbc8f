/**
 * Quantile of Student's t distribution.
 *
 * Inverts the distribution function by bisection; that function comes from the continued fraction of the
 * incomplete beta function, which npm has only inside libraries of 100 kB and more.
 *
 * @param p - 0.5 to below 1
 * @param degrees - degrees of freedom, > 0, not necessarily whole
 * @returns within 1e-9 relative
 * @throws RangeError
 * @see Abramowitz and Stegun 1964, 26.7.1 and 26.5.8
 */
export function studentTQuantile(p: number, degrees: number): number {
  if (!(p >= 0.5 && p < 1) || !(degrees > 0)) throw new RangeError(`no t quantile of ${p} with ${degrees}`);
  let low = 0;
  let high = 1;
  while (upperTail(high, degrees) > 1 - p) high *= 2;
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2;
    if (upperTail(middle, degrees) > 1 - p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(T > t) for t ≥ 0: half of the regularised incomplete beta function I_x(degrees / 2, 1 / 2). */
function upperTail(t: number, degrees: number): number {
  const x = degrees / (degrees + t * t);
  return incompleteBeta(x, degrees / 2, 0.5) / 2;
}

function incompleteBeta(x: number, a: number, b: number): number {
  if (x >= 1) return 1;
  if (x <= 0) return 0;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** The continued fraction of the incomplete beta function by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const awayFromZero = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const numerator of [even, odd]) {
      d = 1 / awayFromZero(1 + numerator * d);
      c = awayFromZero(1 + numerator / c);
      fraction *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return fraction;
}

/** Stirling's series, after the argument was raised to where it is exact to the last digits. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 12; z++) shift -= Math.log(z);
  const series = 1 / 12 - 1 / (360 * z * z) + 1 / (1260 * z ** 4) - 1 / (1680 * z ** 6);
  return shift + (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series / z;
}
