import type { QuestionAnswer } from '../../../core/domain/glass/scene-answer';
import { logEvent, undoEvent } from '../../../core/session/history/log-event';
import { answerEvent, type Question } from '../../../core/session/history/scene-question';
import { eventNote } from '../../../core/i18n/log-words';
import { logWords } from '../../../words/log';
import { questionWords } from '../../../words/question';
import { partOf } from '../../../core/session/part-of';
import type { Session } from '../../../core/session/session.svelte';

/** The answer that was given last in this tab: it can be taken back where it was given. */
class Answers {
  #given = $state.raw<{ readonly id: string; readonly question: Question } | null>(null);
  isUndone = $state(false);
  #wantsFocus = false;
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Its event, and what was asked; null once it was taken back, or is put aside. */
  readonly given = $derived.by(() => {
    const given = this.#given;
    const event = this.#session.cameras.events.find(
      ({ id, scene }) => id === given?.id && scene?.liftedAt === undefined,
    );
    return given && event ? { event, question: given.question } : null;
  });

  /** The answer in a sentence, and what has to be done now; empty while nothing is given. */
  readonly note = $derived.by(() => {
    if (!this.given) return '';
    const { event, question } = this.given;
    const isUnclean = event.scene?.answer === 'in-scene' && !event.beginsCycle;
    return [
      logWords.logged({ event: logWords.kinds[event.kind], at: event.at }),
      eventNote(event),
      isUnclean ? questionWords.newView[question.newView] : '',
    ]
      .filter((part) => part !== '')
      .join(' ');
  });

  async give(question: Question, answer: QuestionAnswer): Promise<void> {
    const event = answerEvent(question, answer);
    if (!(await logEvent(this.#session, event))) return;
    const { events } = this.#session.cameras;
    const id = events.findLast(({ kind, at }) => kind === event.kind && at === event.at)?.id;
    this.#given = id === undefined ? null : { id, question };
    this.isUndone = false;
    this.#wantsFocus = true;
  }

  async undo(id: string): Promise<void> {
    // The question stands again as soon as the event is gone.
    this.#wantsFocus = true;
    this.isUndone = await undoEvent(this.#session, id);
  }

  /** Attached to what takes the place of the button that was pressed. */
  readonly focusOnce = (element: HTMLElement): void => {
    if (this.#wantsFocus) element.focus();
    this.#wantsFocus = false;
  };

  putAside(): void {
    this.#given = null;
  }
}

export const answersOf = partOf((session) => new Answers(session));
