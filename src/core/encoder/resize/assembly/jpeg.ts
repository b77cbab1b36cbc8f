// A baseline JPEG, decoded as libjpeg-turbo does and narrowed as Pillow's resize does, a band of eight rows at a time.
// ../jpeg.ts reads the headers, and ../resizer.ts lays out the memory.

import { convertFull, convertGrey, convertHalved, convertNarrow, resizeBand } from './row-bands';
import { begin, bitsRead, block, readBlock } from './entropy';
import { clear, flatSamples, samples } from './idct';

export { unstuff } from './entropy';

/** Memory for one picture; every pointer is 16-byte aligned. The fields are i32, in this order. */
@unmanaged
class Frame {
  width: i32;
  height: i32;
  /** 1 for grey, else 3: Y, Cb, Cr */
  components: i32;
  /** blocks of luma to one of chroma, 1 or 2 */
  across: i32;
  down: i32;
  /** MCUs from one restart marker to the next */
  restart: i32;
  /** for each interval of the entropy-coded data its address and its length in bits, u32 */
  intervals: usize;
  dcTable0: usize;
  dcTable1: usize;
  dcTable2: usize;
  acTable0: usize;
  acTable1: usize;
  acTable2: usize;
  steps0: usize;
  steps1: usize;
  steps2: usize;
  /** two rows of MCUs, each of `down` bands */
  luma: usize;
  /** three bands each, used in turn; with a column at either end */
  cb: usize;
  cr: usize;
  /** bytes of a band of luma, and of a band of chroma */
  lumaBytes: usize;
  chromaBytes: usize;
  /** output of convertHalved for two bands, and the bytes of one */
  pairs: usize;
  pairsBytes: usize;
  outWidth: i32;
  weights: usize;
  groups: i32;
  first: usize;
  factors: usize;
  /** receives the rows, and up to 7 more */
  out: usize;
}

/** The DC coefficient of each component's last block, i32. */
const predictions = memory.data(16, 4);

/** Reads one block to `out`. @returns whether it is sound */
function decodeBlock(dcTable: usize, acTable: usize, steps: usize, prediction: usize, out: usize): bool {
  const last = readBlock(dcTable, acTable, steps, prediction);
  if (last < 0) return false;
  if (last == 0) return flatSamples(out);
  // Zigzag places up to 9 stand in the upper left 4 x 4.
  const isSound = samples(last <= 9, out);
  clear(block);
  return isSound;
}

/** Reads one MCU: `across` x `down` blocks of luma, and one of each chroma. */
function decodeMcu(frame: Frame, luma: usize, cb: usize, cr: usize): bool {
  for (let row = 0; row < frame.down; row++) {
    for (let column = 0; column < frame.across; column++) {
      const out = luma + <usize>row * frame.lumaBytes + <usize>(column << 6);
      if (!decodeBlock(frame.dcTable0, frame.acTable0, frame.steps0, predictions, out)) return false;
    }
  }
  if (frame.components == 1) return true;
  return (
    decodeBlock(frame.dcTable1, frame.acTable1, frame.steps1, predictions + 4, cb) &&
    decodeBlock(frame.dcTable2, frame.acTable2, frame.steps2, predictions + 8, cr)
  );
}

/** Copies one row of a band of chroma to another row, of the same band or another. */
function copyRow(from: usize, to: usize, columns: i32): void {
  for (let column = -1; column <= columns; column++) {
    store<u8>(to + <usize>(column << 3), load<u8>(from + <usize>(column << 3)));
  }
}

/** Repeats the first and last column left and right of the picture, for upsampling. */
function repeatSides(band: usize, columns: i32): void {
  store<u64>(band - 8, load<u64>(band));
  store<u64>(band + <usize>(columns << 3), load<u64>(band + <usize>((columns - 1) << 3)));
}

/** Makes eight rows of `out`, from `row` on. */
function narrow(frame: Frame, row: i32, pairs: usize): void {
  const out = frame.out + <usize>(row * frame.outWidth * 4);
  resizeBand(pairs, frame.outWidth, frame.weights, frame.groups, frame.first, frame.factors, out);
}

/** Finishes a row of MCUs if chroma has half the rows, when the row after it has been read as well. */
function finishHalved(frame: Frame, mcuRow: i32): void {
  const columns = (frame.width + 1) >> 1;
  const size = <i32>frame.chromaBytes;
  const here = <usize>((mcuRow % 3) * size);
  const above = <usize>(((mcuRow + 2) % 3) * size);
  const below = <usize>(((mcuRow + 1) % 3) * size);
  const cb = frame.cb,
    cr = frame.cr;
  // The first row of chroma is repeated above itself, and the last below.
  if (mcuRow == 0) {
    copyRow(cb + here, cb + above + 7, columns);
    copyRow(cr + here, cr + above + 7, columns);
  }
  const rows = ((frame.height + 1) >> 1) - mcuRow * 8;
  if (rows <= 8) {
    const last = here + <usize>(rows - 1);
    const after = rows == 8 ? below : last + 1;
    copyRow(cb + last, cb + after, columns);
    copyRow(cr + last, cr + after, columns);
  }
  const luma = frame.luma + <usize>(mcuRow & 1) * 2 * frame.lumaBytes;
  const lower = frame.pairs + frame.pairsBytes;
  convertHalved(
    luma,
    luma + frame.lumaBytes,
    cb + here,
    cr + here,
    above - here,
    below - here,
    columns,
    frame.pairs,
    lower,
  );
  narrow(frame, mcuRow * 16, frame.pairs);
  if (rows > 4) narrow(frame, mcuRow * 16 + 8, lower);
}

/** Finishes a row of MCUs if chroma has all rows, or there is none. */
function finishWhole(frame: Frame, mcuRow: i32): void {
  const pairs = (frame.width + 1) >> 1;
  const cb = frame.cb,
    cr = frame.cr;
  if (frame.components == 1) convertGrey(frame.luma, pairs, frame.pairs);
  else if (frame.across == 2) convertNarrow(frame.luma, cb, cr, pairs, frame.pairs);
  else convertFull(frame.luma, cb, cr, pairs, frame.pairs);
  narrow(frame, mcuRow * 8, frame.pairs);
}

/**
 * Decodes a picture and narrows its rows.
 *
 * @param at address of a {@link Frame}, whose entropy-coded data were unstuffed to `found` intervals
 * @returns whether all of it is sound: exactly as many intervals, and bits in each, as the MCUs take
 */
export function decodeJpeg(at: usize, found: i32): bool {
  const frame = changetype<Frame>(at);
  const width = frame.across * 8,
    height = frame.down * 8;
  const mcuColumns = (frame.width + width - 1) / width,
    mcuRows = (frame.height + height - 1) / height;
  const all = mcuColumns * mcuRows;
  const restart = frame.restart ? frame.restart : all;
  if (found != (all + restart - 1) / restart) return false;
  clear(block);
  let interval = frame.intervals;
  let from: usize = 0;
  let bits = 0;
  let left = 0;
  for (let mcuRow = 0; mcuRow < mcuRows; mcuRow++) {
    const isHalved = frame.down == 2;
    let luma = frame.luma + (isHalved ? <usize>(mcuRow & 1) * 2 * frame.lumaBytes : 0);
    const band = isHalved ? <usize>(mcuRow % 3) * frame.chromaBytes : 0;
    let cb = frame.cb + band;
    let cr = frame.cr + band;
    for (let column = 0; column < mcuColumns; column++) {
      if (left == 0) {
        if (from && !isRead(from, bits)) return false;
        from = load<u32>(interval);
        bits = load<i32>(interval, 4);
        interval += 8;
        left = restart;
        begin(from, from + (((bits + 31) >> 5) << 2));
        store<i32>(predictions, 0);
        store<i32>(predictions, 0, 4);
        store<i32>(predictions, 0, 8);
      }
      left -= 1;
      if (!decodeMcu(frame, luma, cb, cr)) return false;
      luma += <usize>(frame.across << 6);
      cb += 64;
      cr += 64;
    }
    if (frame.across == 2) {
      repeatSides(frame.cb + band, (frame.width + 1) >> 1);
      repeatSides(frame.cr + band, (frame.width + 1) >> 1);
    }
    if (!isHalved) finishWhole(frame, mcuRow);
    else if (mcuRow > 0) finishHalved(frame, mcuRow - 1);
  }
  if (frame.down == 2) finishHalved(frame, mcuRows - 1);
  return isRead(from, bits);
}

/** True if an interval's bits were read to the last byte, which may have up to seven to fill it. */
function isRead(from: usize, bits: i32): bool {
  const left = bits - bitsRead(from);
  return left >= 0 && left < 8;
}
