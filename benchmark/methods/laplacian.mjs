/** How much less sharp a window is than the reference, by the variance of the Laplacian, as a logarithm. */
const known = new WeakMap();

/** @param reference - clean pictures @returns a function from a window of pictures to a number */
export default function fit(reference) {
  const clean = median(reference.map(sharpness));
  return (window) => clean - median(window.map(sharpness));
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1];
}

/** Of green. Computed once for each picture. */
function sharpness(picture) {
  if (known.has(picture)) return known.get(picture);
  const { width, height, data } = picture.decode();
  const [right, below] = [3, 3 * width];
  let [sum, squares, count] = [0, 0, 0];
  for (let y = 1; y + 1 < height; y++) {
    for (let x = 1; x + 1 < width; x++) {
      const at = y * below + 3 * x + 1;
      const value = data[at - right] + data[at + right] + data[at - below] + data[at + below] - 4 * data[at];
      sum += value;
      squares += value * value;
      count++;
    }
  }
  const found = Math.log(squares / count - (sum / count) ** 2 + 1);
  known.set(picture, found);
  return found;
}
