import { MURKY } from './conclusion';
import type { GlassFacts } from './glass-facts';
import { turnOf, type Turn } from './turn';

/** The camera's position against its reference's; `unknown` where the picture shows too little of the scene. */
export type Stand =
  | { readonly stands: 'in-place' | 'elsewhere' | 'unknown'; readonly turn: null }
  | { readonly stands: 'turned'; readonly turn: Turn };

/** The camera's position at a snapshot: every place that says it asks here. */
export function standOf(glass: GlassFacts | null | undefined): Stand {
  if (glass?.view.isAside) return { stands: 'elsewhere', turn: null };
  const turn = turnOf(glass);
  if (turn) return { stands: 'turned', turn };
  const isSeen = glass?.growth && !(glass.visible !== null && glass.visible < MURKY);
  return { stands: isSeen ? 'in-place' : 'unknown', turn: null };
}
