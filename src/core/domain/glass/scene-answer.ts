import { count, id, instant, listOf, oneOf, optional, row, type RowOf } from '../row';
import { MOVE } from './move';

/** Cells in the tallest picture: growth has 16 × 32 of them. */
export const CELLS = listOf(count(), 512);

/** Cells of a reference's picture, in scene coordinates: of 12 × 12 pixels for growth, of 18 × 18 for loss. */
const PLACES = row({ growth: CELLS, loss: CELLS });
export type Places = RowOf<typeof PLACES>;

/** Something compact that changed in a window: on the glass, or in the scene. */
export const SCENE_CHANGE = row({
  ...PLACES.fields,
  /** capture time of the first counted snapshot of the window that shows it */
  since: instant,
});
export type SceneChange = RowOf<typeof SCENE_CHANGE>;

export const SCENE_ANSWERS = ['in-scene', 'on-glass', 'unknown'] as const;
export type SceneAnswer = (typeof SCENE_ANSWERS)[number];

/** Answers to the question what happened, in the order in which they are offered. */
export const QUESTION_ANSWERS = ['cleaned', ...SCENE_ANSWERS] as const;
export type QuestionAnswer = (typeof QUESTION_ANSWERS)[number];

/** The answer to a change, as an event keeps it. */
export const ANSWERED_CHANGE = row({
  ...PLACES.fields,
  /** the one whose cells these are */
  referenceId: id,
  answer: oneOf(SCENE_ANSWERS),
  /** the camera's position when it was answered */
  position: MOVE,
  /** capture time from which on the cells are judged again; absent while the answer holds */
  liftedAt: optional(instant),
});
export type AnsweredChange = RowOf<typeof ANSWERED_CHANGE>;
