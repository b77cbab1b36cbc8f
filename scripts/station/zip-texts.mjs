/** Reads a few texts of a zip, which may have a million other files and be larger than 4 GB. */
import { open } from 'node:fs/promises';
import { configure, Reader, TextWriter, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js';

configure({ useWebWorkers: false });

/** Parts of an open file. */
class FileParts extends Reader {
  #file;

  /** @param {import('node:fs/promises').FileHandle} file @param {number} size */
  constructor(file, size) {
    super();
    this.#file = file;
    this.size = size;
  }

  async readUint8Array(from, length) {
    const { buffer, bytesRead } = await this.#file.read(new Uint8Array(length), 0, length, from);
    return buffer.subarray(0, bytesRead);
  }
}

/**
 * @param {string} path
 * @param {(name: string) => boolean} isWanted
 * @returns {Promise<Map<string, string>>} the texts by their names
 * @throws if it is no zip, or a cut one
 */
export async function zipTexts(path, isWanted) {
  const file = await open(path);
  try {
    const zip = new ZipReader(new FileParts(file, (await file.stat()).size), { checkCrc32: true });
    const texts = new Map();
    for await (const entry of zip.getEntriesGenerator()) {
      if (isWanted(entry.filename)) texts.set(entry.filename, await entry.getData(new TextWriter()));
    }
    return texts;
  } finally {
    await file.close();
  }
}
