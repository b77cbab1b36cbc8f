/** In place of request-frame.ts (tests/in-node.mjs): no policy holds Node's requests back. Its own spec is in a browser. */
export async function send<T>(
  url: URL,
  init: RequestInit,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  return read(await fetch(url, init));
}
