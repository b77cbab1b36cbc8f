/** A part of the page that is loaded when it is first looked at, and is drawn at once from then on. */
export class LazyPart<T> {
  readonly #load: () => Promise<T>;
  #loaded: T | null = null;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /** The part itself where it is there already, so that it is drawn without a frame between. */
  open(): T | Promise<T> {
    return this.#loaded ?? this.#load().then((part) => (this.#loaded = part));
  }

  /** Fetches it ahead of time; what fails then is tried again when it is looked at. */
  preload(): void {
    Promise.resolve(this.open()).catch(() => undefined);
  }
}
