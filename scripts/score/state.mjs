/**
 * State that `npm run score -- --state DIR` keeps from run to run. The browser's profile holds camera, window and
 * results in its database. The list of given files only saves hashing, because the page knows snapshots by their
 * content. The database belongs to the page's origin, so the port stays the same.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { placeOf } from '../folder.mjs';
import { stop } from '../prepare.mjs';
import { markOf } from './watch.mjs';

const FORMAT = 1;
/** The options that define the camera. */
const DECIDING = ['reference', 'model', 'sigma', 'window', 'warm-up', 'shards'];

export class State {
  #folder;
  /** of the camera that is to be set up */
  #camera = null;
  #kept = { format: FORMAT, port: 0, camera: null, given: {} };

  /** Ends the program where the folder is of another camera than these options. */
  constructor(options, files) {
    this.#folder = placeOf(options.state);
    if (existsSync(this.#path)) this.#kept = JSON.parse(readFileSync(this.#path, 'utf8'));
    if (this.#kept.format !== FORMAT) stop(`${options.state} was written by another Porthole.`, 2);
    const camera = cameraOf(options, files);
    // Without --warm-up it was the reference's once.
    const earlier = cameraOf({ ...options, 'warm-up': options['warm-up'] ?? 'reference' }, files);
    const isOther = ![camera, earlier].includes(this.#kept.camera);
    if (this.isSetUp && options.reference !== undefined && isOther) {
      stop(
        `${options.state} keeps a camera of another reference or other settings. Leave --reference out to go on with it, or name another folder.`,
        2,
      );
    }
    if (!this.isSetUp) {
      if (options.reference === undefined)
        stop(`${options.state} keeps no camera yet: --reference is missing.`, 2);
      this.#camera = camera;
      // A set-up that was killed leaves half a camera.
      rmSync(this.profile, { recursive: true, force: true });
    }
    mkdirSync(this.#folder, { recursive: true });
  }

  get #path() {
    return join(this.#folder, 'state.json');
  }

  get profile() {
    return join(this.#folder, 'browser');
  }

  get isSetUp() {
    return this.#kept.camera !== null;
  }

  /** 0 before the first run. */
  get port() {
    return this.#kept.port;
  }

  /** The camera is there from now on. */
  keepCamera(address) {
    if (this.isSetUp) return;
    this.#kept = { ...this.#kept, port: Number(new URL(address).port), camera: this.#camera };
    this.#write();
  }

  /** Those of these files that were not given yet, or may have changed since. @param {readonly string[]} files */
  fresh(files) {
    return files.filter((file) => this.#kept.given[file] !== markOf(file));
  }

  /** They were scored. @param {readonly { file: string, mark: string }[]} looked - as they were before */
  keepGiven(looked) {
    for (const { file, mark } of looked) this.#kept.given[file] = mark;
    this.#write();
  }

  #write() {
    const next = `${this.#path}.next`;
    writeFileSync(next, JSON.stringify(this.#kept));
    renameSync(next, this.#path);
  }
}

function cameraOf(options, files) {
  const hash = createHash('sha256');
  const decided = DECIDING.map((name) => options[name] ?? null);
  // Before --shards version 1 had three more, for adapting the model: its folders go on, as they were without them.
  hash.update(JSON.stringify(decided.toSpliced(-1, 0, false, null, false)));
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}
