import type { Session } from './session.svelte';

/**
 * What gives a feature's own state for a session: made when it is first asked for, and the same from then on. Where the
 * page reads its state, it must be asked for once in `follow`: Svelte does not track state in the reaction that made it.
 *
 * @param make - what makes it
 */
export function partOf<T>(make: (session: Session) => T): (session: Session) => T {
  const parts = new WeakMap<Session, { readonly part: T }>();
  return (session) => {
    let made = parts.get(session);
    if (!made) {
      made = { part: make(session) };
      parts.set(session, made);
    }
    return made.part;
  };
}
