const PICTURE = /\.(jpe?g|png|webp|gif|bmp|avif|tiff?|svg|heic|heif|jfif)$/i;

/** Whether a file of this name may be a picture; only its content proves it. */
export function isPictureName(name: string): boolean {
  return PICTURE.test(name);
}
