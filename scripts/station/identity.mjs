/** A station's own id, and the cameras that it knows: kept beside the profile, whose database may be lost. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class Identity {
  #file;
  #state;
  /** ids of cameras by name; null for one that a person has removed */
  #cameras;

  /** @param {string} data - the station's folder */
  constructor(data) {
    this.#file = join(data, 'station.json');
    const isKnown = existsSync(this.#file);
    this.#state = isKnown
      ? JSON.parse(readFileSync(this.#file, 'utf8'))
      : { id: randomBytes(4).toString('hex'), cameras: [] };
    this.#cameras = new Map(this.#state.cameras);
    if (!isKnown) this.#keep();
  }

  get id() {
    return this.#state.id;
  }

  /** Goes on as the station that has made a backup; an earlier version has given it no id. */
  become({ station, cameras }) {
    this.#state.id = station ?? this.id;
    this.#cameras = new Map(cameras.map(({ id, name }) => [name, id]));
    this.#keep();
  }

  /** A camera of that name is a new one from now on. */
  forget(name) {
    this.#cameras.set(name, null);
    this.#keep();
  }

  /**
   * Notes the cameras that are followed now.
   *
   * @param {readonly string[]} names - of those that are followed
   * @param {ReadonlyMap<string, string>} present - ids of all that are there, by name
   * @param {ReadonlyMap<string, string>} backedUp - ids of cameras in backups, for those of which nothing else is known
   * @returns {Map<string, string>} ids of those that were known and are gone, by the names of the new ones in their place
   */
  follow(names, present, backedUp) {
    const there = new Set(present.values());
    const lost = new Map();
    for (const name of names) {
      const known = this.#cameras.has(name) ? this.#cameras.get(name) : backedUp.get(name);
      const isLost = Boolean(known) && !there.has(known);
      if (isLost) lost.set(name, known);
      this.#cameras.set(name, isLost ? known : present.get(name));
    }
    this.#keep();
    return lost;
  }

  #keep() {
    // In one step and on the disk: without its id a station takes its own backups for another's.
    writeFileSync(`${this.#file}.new`, JSON.stringify({ ...this.#state, cameras: [...this.#cameras] }), {
      flush: true,
    });
    renameSync(`${this.#file}.new`, this.#file);
  }
}
