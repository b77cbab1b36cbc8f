import type { Move } from './move';

/** Cells of a reference's picture, in scene coordinates: of 12 × 12 pixels for growth, of 18 × 18 for loss. */
export interface Places {
  readonly growth: readonly number[];
  readonly loss: readonly number[];
}

/** Something compact that changed in a window: on the glass, or in the scene. */
export interface SceneChange extends Places {
  /** capture time of the first counted snapshot that shows it, as far as the window tells */
  readonly since: number;
}

export type SceneAnswer = 'in-scene' | 'on-glass' | 'unknown';

/** The answer to a change, as an event keeps it. */
export interface AnsweredChange extends Places {
  /** the one whose cells these are */
  readonly referenceId: string;
  readonly answer: SceneAnswer;
  /** the camera's position when it was answered */
  readonly position: Move;
  /** capture time from which on the cells are judged again; absent while the answer holds */
  readonly liftedAt?: number;
}
