import { v5 } from 'uuid';
import type { SceneAnswer } from '../core/domain/glass/scene-answer';
import { tellingHistory } from '../core/session/history/history';
import { logEvents } from '../core/session/history/log-event';
import { answerEvent } from '../core/session/history/scene-question';
import { tellingOf, verdictNow } from '../core/session/history/verdict-now';
import type { Session } from '../core/session/session.svelte';
import type { EventRow } from './event-rows';

/** Ids of events are made of their rows, within this name. */
const IDS = 'f0a4a1b6-5d0e-4e0b-8a53-2d3f7f3c1c52';

type AnswerRow = EventRow & { readonly kind: SceneAnswer };

/** A file of events of a camera and answers of its person: logged once, however often it is given. */
export class EventLog {
  /** in order of their times, whatever that of the rows */
  readonly #rows: readonly EventRow[];
  readonly #session: Session;

  constructor(session: Session, rows: readonly EventRow[]) {
    this.#session = session;
    this.#rows = [...rows].sort((a, b) => a.at - b.at);
  }

  /** Lines of answers that no question stood for. */
  get unasked(): readonly number[] {
    return this.#fresh.filter(isAnswer).map(({ line }) => line);
  }

  /** Logs all that is no answer. @throws AppError when it can't be stored */
  async log(): Promise<void> {
    const events = new Map(
      this.#fresh.flatMap((row) => {
        const { kind, at, note } = row;
        return kind === 'cleaned' || kind === 'clean' ? [[this.#idOf(row), { kind, at, note }] as const] : [];
      }),
    );
    if (events.size > 0) await this.#store([...events].map(([id, event]) => ({ ...event, id })));
  }

  /**
   * Answers the questions that stood at the times of the answers, each as if nothing had come after it.
   *
   * @throws AppError when it can't be stored
   */
  async answer(): Promise<void> {
    for (const row of this.#fresh.filter(isAnswer)) {
      const question = this.#questionAt(row.at);
      if (!question) continue;
      await this.#store([{ ...answerEvent(question, row.kind), note: row.note, id: this.#idOf(row) }]);
    }
  }

  /** The rows that the chosen camera has no event of yet. */
  get #fresh(): readonly EventRow[] {
    const known = new Set(this.#session.cameras.events.map(({ id }) => id));
    return this.#rows.filter((row) => !known.has(this.#idOf(row)));
  }

  #idOf({ kind, at, note }: EventRow): string {
    return v5(JSON.stringify([this.#session.cameras.chosen?.id, kind, at, note]), IDS);
  }

  async #store(events: Parameters<typeof logEvents>[1]): Promise<void> {
    const { work } = this.#session;
    if (!(await logEvents(this.#session, events))) throw work.problem ?? new Error('not logged');
  }

  /** The question of the chosen camera's page at a capture time. */
  #questionAt(at: number) {
    const { cameras, history } = this.#session;
    const { chosen: camera, reference } = cameras;
    if (!camera) return null;
    const events = cameras.events.filter((event) => event.at <= at);
    const jobs = history.stored.filter(({ capturedAt }) => capturedAt <= at);
    const telling = tellingHistory(jobs, camera, events);
    const latest = tellingOf(telling, events, at).at(-1);
    const asking = { jobs: telling, camera, reference };
    return verdictNow(latest, events, at, null, null, undefined, null, asking).question;
  }
}

function isAnswer(row: EventRow): row is AnswerRow {
  return row.kind !== 'cleaned' && row.kind !== 'clean';
}
