import { inParallel } from '../../core/browser/in-parallel';
import { AppError } from '../../core/domain/errors';
import { unpacked } from '../../core/encoder/packed-file';

/** So many bytes at its beginning have the header of an iFDO: other YAML and JSON is none. */
const HEAD = 65_536;
const AT_ONCE = 6;

/** The iFDO among files of YAML and JSON; null without one. @throws AppError `ifdo` if there are several */
export async function ifdoAmong(descriptions: readonly File[]): Promise<File | null> {
  const found = await inParallel(AT_ONCE, descriptions, async (file) => {
    // One that can't be read stays among the skipped ones.
    const head = await unpacked(file).then(
      (plain) => plain.slice(0, HEAD).text(),
      () => '',
    );
    return head.includes('image-set-header') ? [file] : [];
  });
  const [ifdo = null, ...others] = found.flat();
  if (others.length > 0) throw new AppError('ifdo', { code: 'files-need-one', count: others.length + 1 });
  return ifdo;
}
