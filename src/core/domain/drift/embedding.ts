/** One snapshot as the encoder sees it: float32 values, of one length for all snapshots of a model. */
export type Embedding = Float32Array;
