import { MURKY } from './conclusion';
import type { GlassFacts, ViewState, VisitFacts } from './glass-facts';
import { turnOf, type Turn } from './turn';

/** The camera's position against its reference's; `unknown` where the picture shows too little of the scene. */
export type Stand =
  | { readonly stands: 'in-place' | 'elsewhere' | 'unknown'; readonly turn: null }
  | { readonly stands: 'turned'; readonly turn: Turn };

/** The camera's position at a snapshot: every place that says it asks here. */
export function standOf(glass: GlassFacts | null | undefined): Stand {
  if (glass?.view.isAside) {
    return { stands: glass.view.state === 'unseen' ? 'unknown' : 'elsewhere', turn: null };
  }
  const turn = turnOf(glass);
  if (turn) return { stands: 'turned', turn };
  const isSeen = glass?.growth && !(glass.visible !== null && glass.visible < MURKY);
  return { stands: isSeen ? 'in-place' : 'unknown', turn: null };
}

/** The answer to where the camera looks, beside the lens's. */
export interface ViewAnswer {
  /** null unless it is known */
  readonly name: string | null;
  readonly state: ViewState;
  /** it looks elsewhere, or can't be seen, and that is no fish */
  readonly isAlarm: boolean;
}

/** @returns null if nobody has looked */
export function viewAnswerOf(glass: GlassFacts | null | undefined): ViewAnswer | null {
  if (!glass) return null;
  const { isAside, isAlarming } = glass.view;
  const isHidden = glass.unseenSince !== undefined && (glass.visible ?? 0) < MURKY;
  // Facts of 2.0.0 and earlier don't say it.
  const { state = glass.isDark || (!isAside && isHidden) ? 'unseen' : isAside ? 'new' : 'known' } =
    glass.view;
  return { name: state === 'known' ? 'View 1' : null, state, isAlarm: isAlarming };
}

/** The alarm of the view: it looks where it was not seen clean, or can't be seen. */
type ViewKind = 'elsewhere' | 'unseen';
export type QuestionKind = VisitFacts['kind'] | ViewKind;

/** True of the view's alarm, which the lens has no part in. */
export function isOfView<T extends { readonly kind: QuestionKind }>(
  question: T,
): question is T & { readonly kind: ViewKind } {
  return question.kind === 'elsewhere' || question.kind === 'unseen';
}
