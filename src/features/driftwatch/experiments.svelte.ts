import type { Destination } from '../../core/domain/camera/records/delivery';
import { AppError } from '../../core/domain/errors';
import type { Account, Owner } from './account.svelte';
import type { Experiment, Level } from './remote/driftwatch';

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

  /** Creates an experiment, or uses a writable one of that name. @throws AppError `name-taken` for one that is not */
  async create(
    wanted: Readonly<{ name: string; description: string; public: boolean }>,
  ): Promise<{ readonly experiment: Experiment; readonly existed: boolean }> {
    const { account } = this.#parts;
    const client = account.client();
    try {
      return { experiment: await client.createExperiment(wanted), existed: false };
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'name-taken')) throw error;
      const named = await client.experimentsNamed(wanted.name);
      const permitted = named.find((experiment) => mayWrite(experiment, account.me));
      if (!permitted) throw error;
      return { experiment: permitted, existed: true };
    }
  }

  /** The one experiment that has taken the name of a camera's, which is gone; null when there isn't exactly one. */
  async findRenewed({ experimentId, experimentName }: Destination): Promise<Experiment | null> {
    const named = await this.#parts.account.client().experimentsNamed(experimentName);
    const others = named.filter(({ id }) => id !== experimentId);
    return others.length === 1 ? others[0]! : null;
  }
}

function mayWrite(experiment: Experiment, me: Owner | null): boolean {
  return levelsOf(experiment, me).some((level) => level !== 'Read');
}

/** The levels that an experiment's permissions give a person. */
export function levelsOf({ permissions }: Experiment, me: Owner | null): readonly Level[] {
  return permissions
    .filter(({ entity }) => me && (entity === me.id || me.entitlements.includes(entity)))
    .map(({ level }) => level);
}
