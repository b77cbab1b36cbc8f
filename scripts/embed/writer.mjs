/**
 * Writes a shard into the folder of a lease, which gets the shard's name when it is whole: what was killed is not taken
 * for a shard, and the next run goes on with it.
 */
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Bytes before the values of an array, filled in at the end. */
const HEADER = 128;
const GLASS_WIDTH = 192;
const ROWS = 'rows.jsonl';
const EMBEDDINGS = 'embeddings.npy';
const THUMBNAILS = 'thumbnails.bin';
const picturesOf = (height) => `pictures-${height}.npy`;

export class ShardWriter {
  #folder;
  #lease;
  #facts;
  #rows = 0;
  #unreadable = 0;
  #embeddings = 0;
  #thumbnailsEnd = 0;
  /** @type {Map<number, number>} how many pictures of each height */
  #pictures = new Map();
  #lastPath = null;

  /**
   * @param {string} folder - of the shard
   * @param {import('./lease.mjs').Lease} lease
   * @param {object} facts - what its manifest begins with; a part that was begun with other ones is begun anew
   * @param {(path: string) => { bytes: number, modified: number } | null} fileNow - rows are kept until the first whose
   *   file is another one now
   */
  constructor(folder, lease, facts, fileNow) {
    this.#folder = folder;
    this.#lease = lease;
    this.#facts = facts;
    lease.takeWork();
    if (!this.#takeUp(fileNow)) this.#begin();
  }

  get #part() {
    return this.#lease.work;
  }

  /** The last path that has a row, or null: what comes before it needs not be done again. */
  get lastPath() {
    return this.#lastPath;
  }

  get rows() {
    return this.#rows;
  }

  get unreadable() {
    return this.#unreadable;
  }

  /**
   * @param {object} part - of the page's `Archive.nextPart`
   * @param {readonly { path: string, bytes: number }[]} files - that the rows' indices are of
   */
  add({ rows, embeddings, pictures, thumbnails }, files) {
    this.#lease.check();
    const bytes = Buffer.from(pictures, 'base64');
    let from = 0;
    const lines = rows.map(({ index, sizes, ...facts }) => {
      const { path, bytes: size } = files[index];
      const places = { embedding: null, picture: null, thumbnail: null };
      if (sizes) {
        const length = 3 * sizes.height * GLASS_WIDTH;
        const row = this.#pictures.get(sizes.height) ?? 0;
        this.#append(picturesOf(sizes.height), bytes.subarray(from, from + length), row === 0);
        from += length;
        places.embedding = this.#embeddings++;
        places.picture = { height: sizes.height, row };
        places.thumbnail = { at: this.#thumbnailsEnd, bytes: sizes.thumbnail };
        this.#pictures.set(sizes.height, row + 1);
        this.#thumbnailsEnd += sizes.thumbnail;
      } else this.#unreadable += 1;
      this.#lastPath = path;
      return JSON.stringify({ path, bytes: size, ...facts, ...places });
    });
    this.#append(EMBEDDINGS, Buffer.from(embeddings, 'base64'));
    this.#append(THUMBNAILS, Buffer.from(thumbnails, 'base64'));
    this.#rows += rows.length;
    // Embeddings without a line count as not written.
    if (lines.length > 0) this.#append(ROWS, `${lines.join('\n')}\n`);
  }

  /**
   * Makes the shard whole and gives it its name.
   *
   * @param {(descr: string, shape: readonly number[]) => Promise<number[]>} headerOf - bytes of an array's header
   */
  async finish(headerOf) {
    this.#lease.check();
    const length = this.#facts.embedding_length;
    await this.#head(EMBEDDINGS, await headerOf('<f4', [this.#embeddings, length]));
    for (const [height, count] of this.#pictures) {
      await this.#head(picturesOf(height), await headerOf('|u1', [count, height, GLASS_WIDTH, 3]));
    }
    const names = [ROWS, EMBEDDINGS, THUMBNAILS, ...[...this.#pictures.keys()].map(picturesOf)];
    const files = {};
    for (const name of names) {
      const path = join(this.#part, name);
      const file = openSync(path, 'r+');
      fsyncSync(file);
      closeSync(file);
      files[name] = { bytes: statSync(path).size, sha256: await sha256Of(path) };
    }
    const manifest = { ...this.#facts, rows: this.#rows, unreadable: this.#unreadable, files };
    rmSync(join(this.#part, 'begun.json'));
    writeFileSync(join(this.#part, 'shard.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    renameSync(this.#part, this.#folder);
  }

  #begin() {
    rmSync(this.#part, { recursive: true, force: true });
    mkdirSync(this.#part, { recursive: true });
    this.#append(EMBEDDINGS, Buffer.alloc(HEADER));
    for (const name of [THUMBNAILS, ROWS]) this.#append(name, '');
    writeFileSync(join(this.#part, 'begun.json'), JSON.stringify(this.#facts));
  }

  /** @returns whether there was something to go on with */
  #takeUp(fileNow) {
    const begun = join(this.#part, 'begun.json');
    if (!existsSync(begun) || readFileSync(begun, 'utf8') !== JSON.stringify(this.#facts)) return false;
    const text = readFileSync(join(this.#part, ROWS), 'utf8');
    let end = 0;
    for (const line of text.slice(0, text.lastIndexOf('\n')).split('\n')) {
      const row = rowIn(line);
      const { path, embedding, picture, thumbnail } = row ?? {};
      if (!row || !isOf(row, fileNow(path))) break;
      end += Buffer.byteLength(line) + 1;
      this.#rows += 1;
      this.#lastPath = path;
      if (embedding === null) this.#unreadable += 1;
      else {
        this.#embeddings = embedding + 1;
        this.#pictures.set(picture.height, picture.row + 1);
        this.#thumbnailsEnd = thumbnail.at + thumbnail.bytes;
      }
    }
    const length = this.#facts.embedding_length;
    const ends = [
      [ROWS, end],
      [EMBEDDINGS, HEADER + 4 * length * this.#embeddings],
      [THUMBNAILS, this.#thumbnailsEnd],
      ...[...this.#pictures].map(([height, count]) => [
        picturesOf(height),
        HEADER + 3 * height * GLASS_WIDTH * count,
      ]),
    ];
    // A machine that went down may have lost what its files were said to hold.
    const isWhole = ends.every(
      ([name, end]) => (statSync(join(this.#part, name), { throwIfNoEntry: false })?.size ?? -1) >= end,
    );
    if (!isWhole) {
      [this.#rows, this.#unreadable, this.#embeddings, this.#thumbnailsEnd] = [0, 0, 0, 0];
      this.#pictures.clear();
      this.#lastPath = null;
      return false;
    }
    for (const [name, end] of ends) {
      const file = openSync(join(this.#part, name), 'r+');
      ftruncateSync(file, end);
      closeSync(file);
    }
    return true;
  }

  #append(name, content, isNew = false) {
    const path = join(this.#part, name);
    // Of an earlier run there may be pictures that no row is of.
    if (isNew) writeFileSync(path, Buffer.alloc(HEADER));
    appendFileSync(path, content);
  }

  async #head(name, bytes) {
    if (bytes.length !== HEADER) throw new Error(`a header of ${bytes.length} bytes`);
    const file = openSync(join(this.#part, name), 'r+');
    writeSync(file, Buffer.from(bytes), 0, HEADER, 0);
    closeSync(file);
  }
}

/** @returns {object | null} null for a line that a machine which went down did not write */
function rowIn(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** True if a row was made of the file as it is now. Browsers give dates in whole milliseconds. */
function isOf({ bytes, modified_ms }, file) {
  return file?.bytes === bytes && Math.abs(file.modified - modified_ms) < 1;
}

async function sha256Of(path) {
  const sha256 = createHash('sha256');
  for await (const chunk of createReadStream(path)) sha256.update(chunk);
  return sha256.digest('hex');
}
