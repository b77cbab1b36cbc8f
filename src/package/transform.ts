/** `porthole/transform`: Pillow's 8-bit BILINEAR resize to the byte, torchvision's ToTensor and Normalize. */
import resizeUrl from '../core/encoder/resize/resize.wasm?url';
import { Resizer } from '../core/encoder/resize/resizer';
import { openFile } from './open-file';

export { AppError, type ErrorCode } from '../core/domain/errors';
export type { Size, Transform } from '../core/domain/model/model';
export {
  resizeCoefficients,
  tensorValues,
  toTensor,
  type ResizeCoefficients,
} from '../core/domain/model/transform';
export type { PixelLayout, Resizer } from '../core/encoder/resize/resizer';

/** @returns a resizer, which keeps memory for one kind of picture. @throws AppError as `openWasm` */
export async function openResizer(): Promise<Resizer> {
  return new Resizer(await openFile(resizeUrl));
}
