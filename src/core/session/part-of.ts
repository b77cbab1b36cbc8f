import type { Session } from './session.svelte';

/**
 * Gives a feature's own state for a session, made at the first call and the same from then on. If the page reads this
 * state, call it once in `follow`: Svelte does not track state in the reaction that made it.
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
