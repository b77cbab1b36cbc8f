import { GROWTH_CELL } from './growth';
import { cellGrid } from './cells';
import { LossReader, type JudgedLoss } from './loss';
import type { Places } from './scene-answer';
import { heldAt, type StandingAnswer } from './scene-change';

/** Cells left out of a snapshot's judgement, and the answers that exclude them. */
export interface Mask {
  readonly growth: readonly number[];
  /** share of growth's cells that these are */
  readonly masked: number;
  readonly reader: LossReader;
  readonly inScene: readonly Places[];
  /** still judged, but never asked about again */
  readonly onGlass: readonly Places[];
}

/** Masks cells that are not on the glass, and each change of the scene from its time on. */
export class SceneMasks {
  readonly #fit: JudgedLoss;
  readonly #offGlass: readonly number[];
  readonly #answers: readonly StandingAnswer[];
  /** by the indices of the answers in force */
  readonly #known = new Map<string, Mask>();

  constructor(fit: JudgedLoss, offGlass: readonly number[], answers: readonly StandingAnswer[]) {
    this.#fit = fit;
    this.#offGlass = offGlass;
    this.#answers = answers;
  }

  /** Of a snapshot, by its capture time. */
  at(capturedAt: number): Mask {
    const inScene = heldAt(this.#answers, 'in-scene', capturedAt);
    const onGlass = heldAt(this.#answers, 'on-glass', capturedAt);
    const key = [...inScene, ...onGlass].map((answer) => this.#answers.indexOf(answer)).join(' ');
    const known = this.#known.get(key) ?? this.#without(inScene, onGlass);
    this.#known.set(key, known);
    return known;
  }

  /** The same with these cells left out too. */
  besides({ inScene, onGlass }: Mask, places: Places): Mask {
    return this.#without([...inScene, places], onGlass);
  }

  #without(inScene: readonly Places[], onGlass: readonly Places[]): Mask {
    const { height, width } = cellGrid(this.#fit, GROWTH_CELL);
    const cells = height * width;
    const named = new Set([...this.#offGlass, ...inScene.flatMap(({ growth }) => growth)]);
    // An import may name cells of another shape.
    const growth = [...named].filter((cell) => cell < cells);
    return {
      growth,
      masked: growth.length / cells,
      reader: new LossReader(
        this.#fit,
        this.#offGlass,
        inScene.flatMap(({ loss }) => loss),
      ),
      inScene,
      onGlass,
    };
  }
}
