import { createContext, type Component } from 'svelte';
import type { CompletedJob, Job } from '../domain/camera/job';
import type { Follower } from '../session/follower';
import type { Session } from '../session/session.svelte';

/** The slots of the page, with what a panel is told there. */
export interface Slots {
  /** below the header, on every place */
  readonly notice: object;
  /** in place of the Monitor, until there is a camera */
  readonly welcome: object;
  /** below the reasons of the verdict, in one row: a word each, and more of it in a dialog */
  readonly 'monitor-details': object;
  /** above the verdict */
  readonly 'monitor-start': object;
  /** below the verdict, before its course */
  readonly 'monitor-verdict': object;
  /** beside the pickers of files to be judged again */
  readonly rejudge: object;
  readonly 'jobs-end': object;
  /** facts about the camera from its frozen reference */
  readonly 'reference-known': object;
  readonly 'reference-end': object;
  /** below the look of the page */
  readonly 'settings-look': object;
  /** panels between the camera's settings and the folds */
  readonly settings: object;
  /** folds after the method's */
  readonly 'settings-end': object;
  readonly 'job-why': { readonly job: CompletedJob; readonly onopen: (job: Job) => void };
  readonly 'job-end': { readonly job: CompletedJob };
  /** asks before jobs are deleted */
  readonly delete: {
    readonly jobs: readonly Job[];
    readonly ondone: () => void;
    readonly oncancel: () => void;
  };
}
export type Slot = keyof Slots;

/** A component, and its properties by what the slot gives. */
export interface SlotContent<In extends object> {
  readonly component: Component<Record<string, unknown>>;
  readonly propsOf: (given: In) => Record<string, unknown>;
}

/** Says that a component and its properties belong together; what draws it needs not know more. */
export function drawn<In extends object, Props extends object>(
  component: Component<Props>,
  propsOf: (given: In) => Props,
): SlotContent<In> {
  return { component, propsOf } as unknown as SlotContent<In>;
}

/** The same for a component that is loaded when it is wanted. */
export async function drawnLate<In extends object, Props extends object>(
  module: Promise<{ readonly default: Component<Props> }>,
  propsOf: (given: In) => Props,
): Promise<SlotContent<In>> {
  return drawn((await module).default, propsOf);
}

/** True if there is something to see now. */
export type IsWanted = (session: Session) => boolean;

export interface Panel<In extends object> {
  /** its name for a person, if it is out of reach */
  readonly name: () => string;
  /** without it there always is something to see */
  readonly isWanted?: IsWanted;
  /** true if there is nothing to see for a sensor, which has no pictures */
  readonly needsPictures?: boolean;
  /** its place in the slot; without one it comes after those with one, in the order of the features */
  readonly order?: number;
  /** true if it waits until the page has been drawn, a camera's first verdict too, and nothing else is loaded */
  readonly isPatient?: boolean;
  /** Loads it, or gives it at once. @throws AppError `fetch-failed` when the page's own host is out of reach */
  readonly open: (session: Session) => SlotContent<In> | Promise<SlotContent<In>>;
}

/** A part of the page with an address, and a link in the header or behind its gear. */
export interface Place {
  /** its address, after the #; people keep addresses, so it never changes */
  readonly name: string;
  /** an address that it had before, which still leads to it */
  readonly formerly?: string;
  /** its link and, until it is loaded, its heading; the sentence is loaded before the first paint */
  readonly title: () => string;
  /** true if it has a link and an address now; without it it always has */
  readonly isWanted?: IsWanted;
  /** true if it has a link now, where its address always leads to it; without it it always has */
  readonly isOffered?: IsWanted;
  /** true if it is loaded before anybody asks, once the page has nothing else to do */
  readonly isLikely?: boolean;
  /** the hint while files are dragged over it, if they are not simply checked */
  readonly dropHint?: () => string;
  readonly open: (session: Session) => SlotContent<object> | Promise<SlotContent<object>>;
}

/** A part of the page that no other part knows (src/features/README.md). */
export interface Feature {
  /** Makes what the feature does at each moment of the session. */
  readonly follow?: (session: Session) => Follower;
  /** work that begins once the page has been seen, and goes on as long as it is open */
  readonly beginBeside?: (session: Session) => Promise<void>;
  /** one of the page's places, which is the feature's own */
  readonly place?: Place;
  readonly panels?: { readonly [S in Slot]?: Panel<Slots[S]> | readonly Panel<Slots[S]>[] };
}

/** The page's features, for every component below App. */
export const [useFeatures, provideFeatures] = createContext<readonly Feature[]>();

/** The places of all features: those with a link in the header, in its order, and the others, behind its gear. */
export interface Places {
  readonly inHeader: readonly Place[];
  readonly behindGear: readonly Place[];
}

/** @param gear - the order behind the gear; a place that is named nowhere comes last there */
export function placesOf(
  features: readonly Feature[],
  header: readonly Feature[],
  gear: readonly Feature[],
): Places {
  const others = new Set([...gear, ...features].filter((feature) => !header.includes(feature)));
  return {
    inHeader: header.flatMap(({ place }) => place ?? []),
    behindGear: [...others].flatMap(({ place }) => place ?? []),
  };
}
