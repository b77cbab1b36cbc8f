import { AppError } from '../../core/domain/errors';

/**
 * A question that is asked again whenever its facts change. A running one finishes, only the newest waiting one is
 * asked, and the last answer stays until there is another.
 */
export class Question<T> {
  value = $state.raw<T | null>(null);
  /** why there is no answer */
  problem = $state.raw<AppError | null>(null);
  isAsking = $state(false);
  #turn = 0;
  #work: Promise<void> = Promise.resolve();

  /** @param question - null when there is nothing to ask, and so no answer */
  async ask(question: (() => Promise<T | null>) | null): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.isAsking = question !== null;
    this.#work = this.#work.then(async () => {
      if (turn !== this.#turn) return;
      const answer = await answerOf(question);
      if (turn !== this.#turn) return;
      this.value = answer.value;
      this.problem = answer.problem;
      this.isAsking = false;
    });
    await this.#work;
  }
}

/** A failure is an answer too; an unexpected one goes on to the console. */
async function answerOf<T>(
  question: (() => Promise<T | null>) | null,
): Promise<{ readonly value: T | null; readonly problem: AppError | null }> {
  try {
    return { value: question && (await question()), problem: null };
  } catch (error) {
    if (error instanceof AppError) return { value: null, problem: error };
    console.error(error);
    const detail = error instanceof Error ? error.message : '';
    return { value: null, problem: new AppError('unexpected', detail, { cause: error }) };
  }
}
