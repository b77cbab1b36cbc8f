/** A shipped model's file with another condition head: the same graph, the same names, the same types. */

/**
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @param {{ manifest: object, bytes: Uint8Array }} base
 * @param {object} head - of `fitHead`
 * @param {number} contentScale - a power of two, so that no content number is rounded anew
 * @param {Float32Array} usual - mean statistics of clean snapshots: the hidden biases make up for what float16 rounds there
 * @returns {Promise<Uint8Array>} as large as the base
 */
export async function withHead(load, { manifest, bytes }, head, contentScale, usual) {
  const { openModel, readFloats, scan, last, FLOAT16, TENSOR } = await load('core/domain/model/onnx-wire');
  const { condition, content } = manifest.adaptable;
  const made = bytes.slice();
  const tensors = new Map(openModel(made).graph.initializers.map((tensor) => [tensor.name, tensor]));

  /** Writes a tensor's numbers where they stand in the file. @returns them as they are read again */
  function write(name, change) {
    const tensor = tensors.get(`${name}.half`) ?? tensors.get(name);
    const values = readFloats(tensor).map(change);
    const raw = last(scan(tensor.payload), TENSOR.raw).payload;
    if (tensor.type === FLOAT16) raw.set(new Uint8Array(Uint16Array.from(values, float16).buffer));
    else raw.set(new Uint8Array(values.buffer));
    return readFloats(tensor);
  }

  const written = write(condition.hiddenWeight, (_, i) => head.hiddenWeight[i]);
  const bias = head.hiddenBias.map((value, o) => {
    const row = o * usual.length;
    return usual.reduce(
      (sum, mean, i) => sum + (head.hiddenWeight[row + i] - written[row + i]) * mean,
      value,
    );
  });
  write(condition.hiddenBias, (_, o) => bias[o]);
  write(condition.outWeight, (_, i) => head.outWeight[i]);
  write(condition.outBias, (_, i) => head.outBias[i]);
  write(condition.reach, () => head.reach);
  write(content.weight, (value) => value * contentScale);
  write(content.bias, (value) => value * contentScale);
  write(content.gain, (value) => value / contentScale);
  return made;
}

/** The nearest IEEE 754 binary16, ties to even, of a number that is finite there. */
function float16(value) {
  const size = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const steps = size / 2 ** (exponent - 10);
  const below = Math.floor(steps);
  const isUp = steps - below > 0.5 || (steps - below === 0.5 && below % 2 === 1);
  // A fraction that is rounded up to the next power of two carries into the exponent by itself.
  return sign + (exponent + 14) * 1024 + below + (isUp ? 1 : 0);
}
