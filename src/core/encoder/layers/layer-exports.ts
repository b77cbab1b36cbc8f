import type { OutputAddress } from './value';

/** Exports of layers/assembly/index.ts; addresses and distances are in bytes. */
export interface LayerExports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  log(x: number): number;
  interleave(from: number, to: number, row: number, height: number, width: number): void;
  convolve(
    ...parameters: [
      ...[from: number, row: number, down: number, step: number, rows: number, taps: number],
      ...[weight: number, bias: number, ...result: OutputAddress, mask: number, least: number],
    ]
  ): void;
  average(
    ...parameters: [
      ...[from: number, row: number, pixel: number, down: number, step: number],
      ...[rows: number, columns: number, ...result: OutputAddress],
    ]
  ): void;
  multiply(from: number, weight: number, bias: number, to: number, inputs: number, outputs: number): void;
}
