import type { CycleState } from '../domain/camera/cycle';
import { ENOUGH_CLEAN } from '../domain/camera/reference-size';
import { cycleWords } from '../../words/cycle';

/** How far a camera's cycle has come; empty where that needs no word beside the verdict. */
export function cycleSentence(state: CycleState | null): string {
  switch (state?.kind) {
    case 'learning':
      return state.pictures < ENOUGH_CLEAN ? cycleWords.learning(state) : cycleWords.ready(state);
    case 'kept':
      return cycleWords.kept(state);
    default:
      return '';
  }
}
