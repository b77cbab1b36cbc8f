import type { Camera } from '../../core/domain/camera/camera';
import { timeOfName } from '../../core/domain/camera/time/reference-times';
import { PackedFile } from '../../core/encoder/packed-file';
import { setupWords } from '../../words/setup';
import { usualView, type ChosenClean } from './choose-reference';
import { viewSentence } from './setup-sentences';
import { contactSheet, type ContactSheet } from './pure/contact-sheet';
import type { CleanLook, Look } from './clean-look.svelte';
import type { GivenClean } from './given-clean.svelte';

/** Rows of a sheet under a line that says what becomes of their pictures. */
export interface SheetGroup {
  readonly id: string;
  readonly sheet: ContactSheet;
  /** of its only row; absent if each day has one */
  readonly name?: string;
  /** each with the name of a button that takes these pictures, or gives them up */
  readonly says: readonly { readonly text: string; readonly take?: string }[];
  readonly isKept?: boolean;
}

interface SheetPage {
  readonly file?: File;
  readonly capturedAt: number | null;
  readonly thumbnail?: ArrayBuffer | null;
}

const noSheet = contactSheet([]);

/**
 * All that was given, by day and hour, with what becomes of it.
 *
 * @param look - null before the pictures were looked at: then their names tell the time
 * @param chosen - null if all of them are used, or before that is known
 */
export function givenSheet(
  { given, look: looking }: { readonly given: GivenClean; readonly look: CleanLook },
  look: Look | null,
  chosen: ChosenClean | null,
  existing: Camera | null,
) {
  const timed = (file: File): SheetPage => ({ file, capturedAt: timeOfName(file.name, existing ?? given) });
  const { lists, clean } = given;
  const shown: readonly SheetPage[] = look ? [...look.snapshots, ...look.dark] : clean.map(timed);
  const all = [...shown, ...lists.dirty.map(timed)];
  const used = new Set(chosen?.clean ?? look?.snapshots ?? shown);
  const traced = new Set<SheetPage>(chosen?.traced);
  const views = (chosen?.views ?? []).map((view) => ({ view, pictures: new Set<SheetPage>(view.pictures) }));
  const isApart = (picture: SheetPage) =>
    traced.has(picture) || views.some(({ pictures }) => pictures.has(picture));
  const sheetOf = (isIn: (picture: SheetPage, place: number) => boolean) =>
    contactSheet(all.map((picture, place) => (isIn(picture, place) ? picture.capturedAt : null)));
  const isDirty = (place: number) => place >= shown.length;
  const { says } = setupWords;
  const begins = chosen?.begins ?? null;
  const taken =
    looking.takesTraced && look?.sorted
      ? look.sorted.views[usualView(look.sorted, looking)]!.traced.length
      : 0;
  const spare = (chosen?.spare ?? 0) + (chosen?.unseen.length ?? 0);
  const rest = [
    ...(look?.dark.length ? [{ text: says.dark({ count: look.dark.length }) }] : []),
    ...(spare > 0 ? [{ text: says.spare({ count: spare }) }] : []),
  ];
  const groups: readonly SheetGroup[] = [
    {
      id: 'clean',
      sheet: sheetOf((picture, place) => !isDirty(place) && !isApart(picture)),
      says: taken > 0 ? [{ text: says.taken({ count: taken }), take: says.leave }] : [],
    },
    {
      id: 'traced',
      sheet: sheetOf((picture) => traced.has(picture)),
      says:
        begins === null ? [] : [{ text: says.traced({ at: begins, count: traced.size }), take: says.take }],
    },
    ...views.map(({ view, pictures }, i) => ({
      id: `view ${String(i)}`,
      sheet: sheetOf((picture) => pictures.has(picture)),
      says: [{ text: viewSentence(says, view) }],
    })),
    {
      id: 'dirty',
      sheet: sheetOf((_, place) => isDirty(place)),
      name: lists.folders.dirty[0] ?? says.dirty,
      says: lists.dirty.length > 0 ? [{ text: says.kept({ count: lists.dirty.length }) }] : [],
      isKept: true,
    },
    { id: 'rest', sheet: noSheet, says: rest },
  ];
  return {
    spare,
    groups: groups.filter(({ sheet, says }) => sheet.days.length + says.length > 0),
    perHour: contactSheet([...used].map(({ capturedAt }) => capturedAt)).perHour,
    out: new Set([...shown.keys()].filter((place) => !used.has(shown[place]!))),
    load: (places: readonly number[]) =>
      Promise.resolve(places.map((place) => addressOf(all[place]!, isDirty(place)))),
  };
}

/** A file itself is read only where no look was taken at it. */
function addressOf({ file, thumbnail }: SheetPage, isUnread: boolean): string | null {
  if (thumbnail) return URL.createObjectURL(new Blob([thumbnail], { type: 'image/jpeg' }));
  return isUnread && file && !(file instanceof PackedFile) ? URL.createObjectURL(file) : null;
}
