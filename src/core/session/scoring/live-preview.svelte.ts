/** Milliseconds that each picture is seen at least: drawing takes time from the work that the pictures come from. */
const PACE = 1_000;
/** The same for a person who wants little motion. */
const SLOW_PACE = 1_500;

/** Number of pictures that wait to be seen; the others are left out. */
const LONGEST_LINE = 12;

/** A snapshot that is being looked at by the page. */
interface PreviewedSnapshot {
  readonly address: string;
  /** milliseconds since 1970; null if not known yet */
  readonly capturedAt: number | null;
}

interface Offer {
  /** a JPEG's bytes: a `Blob` makes the page wait for the browser, so only those that are seen become one */
  readonly picture: ArrayBuffer;
  readonly capturedAt: number | null;
}

/**
 * A live preview of snapshots while they are fetched, learned or scored, to show progress. Many are left out, because
 * the work is faster than a person can look.
 */
export class LivePreview {
  /** the one that is seen and the one before it, which it covers; empty when nothing passes */
  frames = $state.raw<readonly PreviewedSnapshot[]>([]);
  #line: Offer[] = [];
  #waiting: ReturnType<typeof setTimeout> | undefined;

  /** Shows a new picture, at once or when the picture before has been seen, unless a newer one comes until then. */
  offer(picture: ArrayBuffer, capturedAt: number | null): void {
    if (document.hidden) return;
    this.#line = [{ picture, capturedAt }];
    if (this.#waiting === undefined) this.#show();
  }

  /** Shows a picture after those that wait, for a time in which nothing becomes done. */
  lineUp(picture: ArrayBuffer, capturedAt: number | null): void {
    if (this.#line.length < LONGEST_LINE) this.#line.push({ picture, capturedAt });
    if (this.#waiting === undefined) this.#show();
  }

  /** Nothing passes any more. */
  end(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#line = [];
    for (const { address } of this.frames) URL.revokeObjectURL(address);
    this.frames = [];
  }

  #show(): void {
    this.#waiting = undefined;
    const next = this.#line.shift();
    if (!next) return;
    const { picture, capturedAt } = next;
    const [before, seen] = this.frames.length < 2 ? [undefined, this.frames[0]] : this.frames;
    if (before) URL.revokeObjectURL(before.address);
    const address = URL.createObjectURL(new Blob([picture], { type: 'image/jpeg' }));
    const now = { address, capturedAt };
    this.frames = seen ? [seen, now] : [now];
    const pace = matchMedia('(prefers-reduced-motion: reduce)').matches ? SLOW_PACE : PACE;
    this.#waiting = setTimeout(() => {
      this.#show();
    }, pace);
  }
}
