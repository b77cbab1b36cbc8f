const PICTURE = /\.(jpe?g|png|webp|gif|bmp|avif|tiff?|svg|heic|heif|jfif)$/i;

/** True for a name of a picture file; only the content proves it. */
export function isPictureName(name: string): boolean {
  return PICTURE.test(name);
}
