import { GROWTH_CELL } from './growth';
import { cellGrid } from './cells';
import { LossReader, type JudgedLoss } from './loss';
import type { Places } from './scene-answer';
import type { StandingAnswer } from './scene-change';

/** Cells that a snapshot is not judged by. */
export interface Mask {
  readonly growth: readonly number[];
  /** share of growth's cells that changes of the scene have left */
  readonly left: number;
  readonly reader: LossReader;
  readonly changed: Places;
}

const NOTHING: Places = { growth: [], loss: [] };

/** Leaves out what is not on the glass, and from its time on each change of the scene. */
export class SceneMasks {
  readonly #fit: JudgedLoss;
  readonly #offGlass: readonly number[];
  readonly #inScene: readonly StandingAnswer[];
  /** by the places of the answers that hold */
  readonly #known = new Map<string, Mask>();

  constructor(fit: JudgedLoss, offGlass: readonly number[], answers: readonly StandingAnswer[]) {
    this.#fit = fit;
    this.#offGlass = offGlass;
    this.#inScene = answers.filter(({ answer }) => answer === 'in-scene');
  }

  /** Of a snapshot, by its capture time. */
  at(capturedAt: number): Mask {
    const holding = this.#inScene.filter(({ from, until }) => from <= capturedAt && capturedAt < until);
    const key = holding.map((answer) => this.#inScene.indexOf(answer)).join(' ');
    const known = this.#known.get(key) ?? this.#without(holding.reduce<Places>(together, NOTHING));
    this.#known.set(key, known);
    return known;
  }

  /** The same without these places, too. */
  besides({ changed }: Mask, places: Places): Mask {
    return this.#without(together(changed, places));
  }

  #without(given: Places): Mask {
    const { height, width } = cellGrid(this.#fit, GROWTH_CELL);
    // An import may name cells of another shape; one cell is left at least.
    const changed = { ...given, growth: given.growth.filter((cell) => cell < height * width - 1) };
    return {
      growth: [...new Set([...this.#offGlass, ...changed.growth])],
      left: 1 - changed.growth.length / (height * width),
      reader: new LossReader(this.#fit, this.#offGlass, changed.loss),
      changed,
    };
  }
}

function together(one: Places, other: Places): Places {
  return {
    growth: [...new Set([...one.growth, ...other.growth])],
    loss: [...new Set([...one.loss, ...other.loss])],
  };
}
