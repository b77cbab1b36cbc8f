/** Engines for embeddings that a person can choose: the fastest right one, or ONNX Runtime on one backend. */
export const ENCODER_CHOICES = ['automatic', 'onnx-webgpu', 'onnx-wasm'] as const;
export type EncoderChoice = (typeof ENCODER_CHOICES)[number];
