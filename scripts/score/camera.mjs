/** The camera that scores: set up from a reference. */
import { extname } from 'node:path';
import { handFiles, modelGiven } from '../drive.mjs';
import { filesIn, placeOf } from '../folder.mjs';
import { filesFor, isOfRows, pathsOf, UNUSABLE } from '../reference.mjs';
import { spanIn } from './options.mjs';

/** The window's content before the first snapshot. */
const STARTS = {
  snapshots: (count) => `The window begins with ${count} clean snapshots that are not in it.`,
  reference: () => 'The window begins with the newest of them.',
  none: () => 'The window begins empty.',
};

/** Sources of a camera's reference: files, and for an archive its own snapshots too. */
export class ReferenceGiven {
  /** a span of the archive's own snapshots, or null */
  span;
  /** @type {string[]} */
  files;
  /** true if a configuration names snapshots that only the archive has */
  isListed = false;
  warmUp;
  #options;

  /** Ends the program where a folder is missing. @param {import('./options.mjs').Options} options */
  constructor(options) {
    this.#options = options;
    const { reference } = options;
    this.span = options.shards === undefined ? null : spanIn(reference);
    this.files = this.span ? [] : filesFor(reference);
    this.isListed = options.shards !== undefined && extname(reference) === '.toml' && this.files.length === 1;
    const given = options['warm-up'];
    this.warmUp = ['reference', 'none', undefined].includes(given) ? null : filesIn(given);
  }

  /**
   * @param {string | undefined} modelSha256 - of an archive; else the one that was named, or the shipped one
   * @returns {Promise<number>} an exit code; 0 when the camera is there
   */
  async setUp(page, modelSha256) {
    const { model: named, sigma, window: windowSize, 'time-zone': timeZone } = this.#options;
    const detector = {
      ...(sigma === undefined ? {} : { sigma: Number(sigma) }),
      ...(windowSize === undefined ? {} : { windowSize: Number(windowSize) }),
    };
    const wrong = await page.evaluate((detector) => globalThis.porthole.settingsProblem(detector), detector);
    if (wrong) {
      const option = wrong.field === 'sigma' ? 'sigma' : 'window';
      console.error(`--${option} is ${this.#options[option]}: ${wrong.why}.`);
      return 2;
    }
    const model = await modelGiven(page, named?.endsWith('.onnx') ? placeOf(named) : named);
    if (model.unknown) {
      console.error(`There is no model ${named}. There are: ${model.unknown.join(', ')}.`);
      return 2;
    }
    const reference = await handFiles(page, this.files);
    const warmUp = await handFiles(page, this.warmUp ?? []);
    const chosen = modelSha256 ?? model.sha256;
    const choices = {
      name: 'score',
      paths: this.span ? [] : pathsOf(this.#options.reference, this.files),
      ...this.#start(),
      ...(chosen === null ? {} : { modelSha256: chosen }),
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(this.#options['file-dates'] && { countsFileDates: true }),
      isSensor: isOfRows(this.#options.snapshots ?? ''),
      detector,
    };
    const built = await page.evaluate(
      ([given, warmUp, choices, of]) =>
        globalThis.porthole.tryTo(async () => {
          const archive = of.span || of.isListed ? await globalThis.porthole.archive() : null;
          const known = of.span
            ? archive.between(of.span.from, of.span.to, choices)
            : (archive?.namedIn(await given.files[0].text()) ?? []);
          return globalThis.porthole.setUpCamera([...given.files, ...known], {
            ...choices,
            warmUpFiles: [...warmUp.files],
          });
        }),
      [reference, warmUp, choices, { span: this.span, isListed: this.isListed }],
    );
    if ('problem' in built) {
      console.error(built.problem);
      return UNUSABLE.includes(built.code) ? 2 : 1;
    }
    for (const note of built.value.notes) console.error(note);
    const { clean, warmUp: beside, start } = built.value;
    console.error(`Reference: ${clean} clean snapshots. ${STARTS[start](beside)}`);
    return 0;
  }

  /** As it was asked for; else the page chooses. */
  #start() {
    if (this.warmUp) return { warmUp: 'snapshots' };
    return this.#options['warm-up'] === undefined ? {} : { warmUp: this.#options['warm-up'] };
  }
}
