import { AppError } from '../../core/domain/errors';
import type { Account, Owner } from './account.svelte';
import type { Experiment } from './remote/driftwatch';

interface Collaborators {
  readonly account: Account;
  /** called with an experiment as it is there */
  readonly onRead: (experiment: Experiment) => Promise<void>;
}

/** The experiments that the token's owner may send to. */
export class Experiments {
  /** null until they were asked for */
  writable = $state.raw<readonly Experiment[] | null>(null);
  readonly #parts: Collaborators;

  constructor(parts: Collaborators) {
    this.#parts = parts;
  }

  async loadWritable(): Promise<void> {
    const { account, onRead } = this.#parts;
    const client = account.client();
    const found: Experiment[] = [];
    for await (const { items } of client.experiments()) {
      found.push(...items.filter((experiment) => mayWrite(experiment, account.me)));
      if (client !== account.client()) return;
      for (const experiment of items) await onRead(experiment);
    }
    this.writable = found.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** The token belongs to another user from now on. */
  forget(): void {
    this.writable = null;
  }

  /** @throws AppError `name-taken` when there is one of that name; if it may be used, it is listed by then */
  async create(
    wanted: Readonly<{ name: string; description: string; public: boolean }>,
  ): Promise<Experiment> {
    try {
      return await this.#parts.account.client().createExperiment(wanted);
    } catch (error) {
      if (error instanceof AppError && error.code === 'name-taken') await this.loadWritable();
      throw error;
    }
  }
}

function mayWrite({ permissions }: Experiment, me: Owner | null): boolean {
  return permissions.some(
    ({ entity, level }) =>
      level !== 'Read' && me !== null && (entity === me.id || me.entitlements.includes(entity)),
  );
}
