import { expect, test, type Page } from '@playwright/test';
import { BLANK } from '../addresses';
import { exifTime } from '../../src/core/domain/camera/time/capture-time';

declare const captureOrder: typeof import('../../src/core/session/scoring/capture-order');

const TIME = '2023:07:30 08:30:36';
const AT = Date.UTC(2023, 6, 30, 8, 30, 36);
/** The file's own date, which is taken when EXIF says nothing. */
const DATE = Date.UTC(2020, 0, 1);

const u16 = (value: number) => [(value >> 8) & 255, value & 255];
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)];
const latin1 = (text: string) => [...Buffer.from(text, 'latin1')];

/** Faults to write into an EXIF. */
interface Lies {
  readonly type?: number;
  readonly count?: number;
  readonly exifAt?: number;
  readonly nextAt?: number;
  readonly entries?: number;
}

/**
 * EXIF of one time: a header, IFD0 at 8 with a pointer to the EXIF IFD, and the time in there. Big-endian; places count
 * from the header.
 *
 * @see CIPA DC-008, 4.6
 */
function exifTaken(time: string, lies: Lies = {}): number[] {
  const { type = 2, count = time.length, exifAt = 26, nextAt = 0, entries = 1 } = lies;
  const entry = (tag: number, kind: number, size: number, value: number) => [
    ...u16(tag),
    ...u16(kind),
    ...u32(size),
    ...u32(value),
  ];
  const pointer = entry(0x8769, 4, 1, exifAt);
  const ifd0 = [...u16(entries), ...Array.from({ length: entries }, () => pointer).flat(), ...u32(nextAt)];
  const exif = [...u16(1), ...entry(0x9003, type, count, 44), ...u32(nextAt)];
  return [...latin1('Exif\0\0MM\0\x2a'), ...u32(8), ...ifd0, ...exif, ...latin1(time)];
}

/** A JPEG without a picture whose EXIF has one time. */
function jpegTaken(time: string, lies?: Lies): number[] {
  const exif = exifTaken(time, lies);
  return [0xff, 0xd8, 0xff, 0xe1, ...u16(exif.length + 2), ...exif, 0xff, 0xda, 0, 2, 0, 0xff, 0xd9];
}

/**
 * A HEIF or AVIF file of one item, its EXIF, after the boxes that say where it is.
 *
 * @see ISO/IEC 14496-12, 8.11.3 and 8.11.6; ISO/IEC 23008-12, A.2.1
 */
function heifTaken(time: string, brand: 'avif' | 'heic'): number[] {
  const box = (kind: string, ...content: number[]) => [
    ...u32(8 + content.length),
    ...latin1(kind),
    ...content,
  ];
  const item = [...u32(6), ...exifTaken(time)];
  const version = (of: number) => u32(of << 24);
  const meta = (at: number) => {
    const entry = box('infe', ...version(2), ...u16(1), ...u16(0), ...latin1('Exif\0'));
    const place = [
      ...u16(0x4400),
      ...u16(1),
      ...u16(1),
      ...u16(0),
      ...u16(1),
      ...u32(at),
      ...u32(item.length),
    ];
    const boxes = [
      ...box('iinf', ...version(0), ...u16(1), ...entry),
      ...box('iloc', ...version(0), ...place),
    ];
    return box('meta', ...version(0), ...boxes);
  };
  const head = box('ftyp', ...latin1(brand), ...u32(0), ...latin1(`${brand}mif1`));
  return [...head, ...meta(head.length + meta(0).length + 8), ...box('mdat', ...item)];
}

/**
 * A PNG without a picture whose EXIF has one time. Nobody looks at the sums of its chunks.
 *
 * @see PNG (W3C, third edition), 5.3 and 11.3.5.2
 */
function pngTaken(time: string): number[] {
  const chunk = (kind: string, content: readonly number[]) => [
    ...u32(content.length),
    ...latin1(kind),
    ...content,
    ...u32(0),
  ];
  const header = chunk('IHDR', [...u32(1), ...u32(1), 8, 2, 0, 0, 0]);
  const exif = exifTaken(time).slice('Exif\0\0'.length);
  return [...latin1('\x89PNG\r\n\x1a\n'), ...header, ...chunk('eXIf', exif), ...chunk('IEND', [])];
}

const FILES: readonly (readonly [is: string, bytes: readonly number[], at: number])[] = [
  ['a time', jpegTaken(`${TIME}\0`), AT],
  ['a time and 60,000 NULs', jpegTaken(TIME + '\0'.repeat(60_000)), AT],
  ['60,000 NULs that are not the end', jpegTaken(`${'\0'.repeat(60_000)}x`), DATE],
  ['60,000 blanks', jpegTaken(`${' '.repeat(60_000)}x`), DATE],
  ['60,000 digits of a second', jpegTaken(`${TIME}.${'9'.repeat(60_000)}`), AT + 999],
  ['a control character in it', jpegTaken('2023:07:30\x0708:30:36\0'), DATE],
  ['an impossible day', jpegTaken('2023:02:30 08:30:36\0'), DATE],
  ['another calendar', jpegTaken('9999:99:99 99:99:99\0'), DATE],
  ['markup', jpegTaken('<img src=x onerror=alert()>'), DATE],
  ['a number for a text', jpegTaken(TIME, { type: 4, count: 1 }), DATE],
  ['fractions for a text', jpegTaken(TIME, { type: 5, count: 2 }), DATE],
  ['bytes for a text', jpegTaken(TIME, { type: 7 }), DATE],
  ['a type that does not exist', jpegTaken(TIME, { type: 99 }), DATE],
  ['a text of 4 GB', jpegTaken(TIME, { count: 0xffffffff }), DATE],
  ['four thousand million fractions', jpegTaken(TIME, { type: 10, count: 0xffffffff }), DATE],
  ['a pointer to itself', jpegTaken(TIME, { exifAt: 8 }), DATE],
  ['a next part that is the first', jpegTaken(TIME, { nextAt: 8 }), AT],
  ['a pointer out of the file', jpegTaken(TIME, { exifAt: 0xfffffff0 }), DATE],
  ['5,000 pointers to themselves', jpegTaken(TIME, { exifAt: 8, entries: 5000 }), DATE],
  ['only a beginning', jpegTaken(TIME).slice(0, 40), DATE],
  ['nothing', [], DATE],
];

test('whatever a picture’s EXIF says, it has a time, and the page goes on @long', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(BLANK);
  await page.evaluate(async () => {
    Object.assign(globalThis, { captureOrder: await import('/src/core/session/scoring/capture-order.ts') });
  });
  const found = await page.evaluate(
    async ({ files, date }) => {
      const read = async (name: string, bytes: BlobPart[]) => {
        const file = new File(bytes, name, { lastModified: date });
        const [snapshot] = await captureOrder.inCaptureOrder([file], {}, new AbortController().signal);
        return snapshot?.capturedAt;
      };
      const times: (number | undefined)[] = [];
      for (const bytes of files) times.push(await read('a.jpg', [Uint8Array.from(bytes)]));

      // 10 MB of empty boxes, each of which exifr opens.
      const boxes = new DataView(new ArrayBuffer(10_000_000));
      const text = (at: number, four: string) => {
        for (let i = 0; i < four.length; i++) boxes.setUint8(at + i, four.charCodeAt(i));
      };
      boxes.setUint32(0, 24);
      for (const [i, four] of ['ftyp', 'heic', '\0\0\0\0', 'heic', 'mif1'].entries()) text(4 + 4 * i, four);
      boxes.setUint32(24, 9_999_976);
      text(28, 'meta');
      for (let at = 36; at + 8 <= boxes.byteLength; at += 8) {
        boxes.setUint32(at, 8);
        text(at + 4, 'free');
      }
      let numbers = 0;
      Object.assign(DataView.prototype, {
        getUint32: new Proxy(Reflect.get(DataView.prototype, 'getUint32'), {
          apply(read, view, given) {
            numbers += 1;
            return Reflect.apply(read, view, given);
          },
        }),
      });
      times.push(await read('a.heic', [boxes.buffer]));
      return { times, numbers };
    },
    { files: FILES.map(([, bytes]) => bytes), date: DATE },
  );
  for (const [i, [is, , at]] of FILES.entries()) expect.soft(found.times[i], is).toBe(at);
  expect(found.times.at(-1), 'boxes').toBe(DATE);
  // Of more than a million boxes few are opened.
  expect(found.numbers).toBeLessThan(300_000);
  expect(errors).toEqual([]);
});

test('a file of each kind has the time of its EXIF', async ({ page }) => {
  const files = {
    'a.avif': heifTaken(`${TIME}\0`, 'avif'),
    'a.heic': heifTaken(`${TIME}\0`, 'heic'),
    'a.jpg': jpegTaken(`${TIME}\0`),
    'a.png': pngTaken(`${TIME}\0`),
    'a.tiff': exifTaken(`${TIME}\0`).slice('Exif\0\0'.length),
  };
  expect(await statedTimes(page, files)).toEqual(Object.keys(files).map(() => [AT, 'exif']));
});

test('a HEIF or AVIF file whose boxes lead nowhere has its date, and the page goes on', async ({ page }) => {
  test.setTimeout(30_000);
  const head = (length: number) => [...u32(length), ...latin1('ftypavif'), ...u32(0), ...latin1('avifmif1')];
  const box = (length: number, kind: string) => [...u32(length), ...latin1(kind), ...u32(0), ...u32(0)];
  const files = {
    'a box without a length.avif': [...head(24), ...box(0, 'free'), ...box(16, 'meta')],
    'a first box without a length.avif': [...head(0), ...box(16, 'meta')],
    'a length of 64 bits that are none.avif': [...head(24), ...box(1, 'free'), ...box(16, 'meta')],
    'boxes that end before any says what they hold.avif': [...head(24), ...box(16, 'free')],
    'a box that is longer than the file.avif': [...head(24), ...box(0x7fffffff, 'free')],
  };
  const times = await statedTimes(page, files);
  expect(times).toEqual(Object.keys(files).map(() => [DATE, 'file-date']));
});

/** When the page says that files were taken, milliseconds since 1970, and by what. */
async function statedTimes(page: Page, files: Readonly<Record<string, readonly number[]>>) {
  await page.goto(BLANK);
  return page.evaluate(
    async ({ files, date }) => {
      const { inCaptureOrder } = await import('/src/core/session/scoring/capture-order.ts');
      const given = Object.entries(files).map(
        ([name, bytes]) => new File([Uint8Array.from(bytes)], name, { lastModified: date }),
      );
      const snapshots = await inCaptureOrder(given, {}, new AbortController().signal);
      return snapshots.map(({ capturedAt, capturedAtSource }) => [capturedAt, capturedAtSource]);
    },
    { files, date: DATE },
  );
}

test('a time that can not be stored is none', () => {
  expect(exifTime('1970:01:01 00:00:00', '+14:00')).toBeNull();
  expect(exifTime('2199:12:31 23:59:59', '-99:59')).toBeNull();
});
