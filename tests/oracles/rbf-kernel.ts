import { kernelScale, kernelSum, packSamples, type Sample } from '../../src/core/domain/drift/kernel';

/** The kernel of two samples, exp(-|a - b|² / 2σ²), as a detector computes it. @see Frouros `rbf_kernel` */
export function rbfKernel(a: Sample, b: Sample, sigma: number): number {
  const scale = kernelScale(sigma);
  const { values, length } = packSamples([a, b]);
  return kernelSum(values, 1, values.subarray(length), scale);
}
