/** exifr without anything that it reads; its own types are of its builds. */
declare module 'exifr/src/core.mjs' {
  /** @returns the tags that are asked for, by their numbers, in any type */
  export function parse(
    bytes: ArrayBuffer,
    options: object,
  ): Promise<Readonly<Record<number, unknown>> | undefined>;
}
