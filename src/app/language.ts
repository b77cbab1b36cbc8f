import type { Formats } from './format';
import type { Messages } from './messages';
import type { AdaptMessages } from './messages-adapt';
import type { AlertMessages } from './messages-alerts';
import type { BundleMessages } from './messages-bundle';
import type { CalibrateMessages } from './messages-calibrate';
import type { CareMessages } from './messages-care';
import type { ClockMessages } from './messages-clock';
import type { CompareMessages } from './messages-compare';
import type { DeckMessages } from './messages-deck';
import type { DeleteMessages } from './messages-delete';
import type { DrillMessages } from './messages-drill';
import type { FleetMessages } from './messages-fleet';
import type { FoulingNames } from './messages-fouling';
import type { IntakeMessages } from './messages-intake';
import type { JudgingMessages } from './messages-judging';
import type { ModelMessages } from './messages-models';
import type { OfflineMessages } from './messages-offline';
import type { OutlookMessages } from './messages-outlook';
import type { ReportMessages } from './messages-report';
import type { SharedMessages } from './messages-shared';
import type { SyncMessages } from './messages-sync';
import type { TableMessages } from './messages-table';
import type { WhyMessages } from './messages-why';

/** The type of an English table without its English: every string is any string, every sentence takes the same facts. */
export type Widened<T> = T extends string
  ? string
  : T extends (...facts: infer Facts) => infer Sentence
    ? (...facts: Facts) => Widened<Sentence>
    : T extends object
      ? { readonly [Key in keyof T]: Widened<T[Key]> }
      : T;

/** What a language has for the parts of the page that are loaded when they are looked at, by part. */
export interface Parts {
  readonly adapt: AdaptMessages;
  readonly alerts: AlertMessages;
  readonly bundle: BundleMessages;
  readonly calibrate: CalibrateMessages;
  readonly care: CareMessages;
  readonly clock: ClockMessages;
  readonly compare: CompareMessages;
  readonly deck: DeckMessages;
  readonly delete: DeleteMessages;
  readonly drill: DrillMessages;
  readonly fleet: FleetMessages;
  readonly fouling: FoulingNames;
  readonly intake: IntakeMessages;
  readonly judging: JudgingMessages;
  readonly models: ModelMessages;
  readonly offline: OfflineMessages;
  readonly outlook: OutlookMessages;
  readonly report: ReportMessages;
  readonly shared: SharedMessages;
  readonly sync: SyncMessages;
  readonly table: TableMessages;
  readonly why: WhyMessages;
}

/** Everything that a language has. */
export interface Tables {
  readonly formats: Formats;
  readonly messages: Messages;
  readonly parts: Parts;
}

let spoken: Partial<Parts> = {};

/** Puts another language's parts in force: once, before any part is loaded. */
export function speakParts(parts: Parts): void {
  spoken = parts;
}

/** The table of a part in the language of the page; its English one is loaded with the part. */
export function inLanguage<Part extends keyof Parts>(part: Part, english: Parts[Part]): Parts[Part] {
  return spoken[part] ?? english;
}
