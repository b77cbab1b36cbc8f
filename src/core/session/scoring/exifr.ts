/** The parts of exifr that read EXIF: a third of its only build that knows PNG. */
import 'exifr/src/file-parsers/heif.mjs';
import 'exifr/src/file-parsers/jpeg.mjs';
import 'exifr/src/file-parsers/png.mjs';
import 'exifr/src/file-parsers/tiff.mjs';
import 'exifr/src/segment-parsers/tiff-exif.mjs';

export { parse } from 'exifr/src/core.mjs';
