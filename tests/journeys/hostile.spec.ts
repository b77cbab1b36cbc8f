import { expect, type Page } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import {
  animatedGif,
  animatedPng,
  jpegOfSize,
  npy,
  npyHeader,
  png,
  pngChunk,
  pngHeader,
  pngPixels,
  rawZip,
  withSegment,
  zip64Liar,
} from './hostile-files';
import { cyclic, describing, endless, ofIrVersion, withDims } from './hostile-models';
import {
  batchIsDone,
  choose,
  countFileDates,
  demo,
  inDatabase,
  made,
  type MadeFile,
  open,
  openWithCamera,
  read,
  results,
  test,
  unfold,
} from './support';
import { openList, openPlace } from '../open-place';

const FIXTURES = `${import.meta.dirname}/../fixtures`;
const JPEG = read(demo.snapshots[1] ?? '');
/** A conclusion of a picture that was read: most of them show no reef. */
const SCORED =
  /^(clear|murky water|clear, other light or water|another view|covered, or looks elsewhere|camera moved|too dark|(clean the lens|soon)(: .+)?)$/;
const SCRIPT = '<img src=x onerror="globalThis.wasRun = true">';

let madeSoFar = 0;
/** A picture that no other test file is the same as. */
function picture(): Buffer {
  madeSoFar += 1;
  return withSegment(JPEG, 0xfe, Buffer.from(`hostile ${String(madeSoFar)}`));
}

/** A file dropped on the Monitor, and its text in the list of jobs: null if there must be no job. */
interface HostileSnapshot {
  readonly is: string;
  readonly file: MadeFile;
  /** under which name it is listed, where that is not the file's own */
  readonly listed?: string;
  readonly says: string | RegExp | null;
}

const TOO_LARGE = 'The picture is too large to open safely';
const DAMAGED = 'The picture is damaged or cut off.';
const NO_PICTURE = 'This file is not a picture we can read.';
const NOT_TAKEN_OUT = 'The file could not be extracted from its zip file.';

function patched(path: string, at: string | number, bytes: readonly number[], skip = 0): Buffer {
  const file = Buffer.from(read(`${FIXTURES}/${path}`));
  const from = typeof at === 'number' ? at : file.indexOf(at) + at.length + skip;
  file.set(bytes, from);
  return file;
}

function hostilePictures(): HostileSnapshot[] {
  const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`;
  const rgb = (...lies: Parameters<typeof pngChunk>[2][]) =>
    png(pngHeader(64, 36), pngChunk('IDAT', pngPixels(64, 36, 120), lies[0]), pngChunk('IEND'));
  const exif = Buffer.from('Exif\0\0MM\0\x2a\xff\xff\xff\xf0', 'latin1');
  const profile = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\xff', 'latin1'), Buffer.alloc(64, 0xff)]);
  const pictures: readonly (readonly [
    is: string,
    name: string,
    content: string | Uint8Array,
    says: string | RegExp,
  ])[] = [
    [
      'a PNG header of 20,000 × 20,000 pixels',
      'huge.png',
      png(pngHeader(20_000, 20_000), pngChunk('IEND')),
      TOO_LARGE,
    ],
    [
      'a PNG header of 2³¹ × 1 pixels',
      'wide.png',
      png(pngHeader(2 ** 31 - 1, 1), pngChunk('IEND')),
      TOO_LARGE,
    ],
    ['a PNG header of no pixels', 'none.png', png(pngHeader(0, 10), pngChunk('IEND')), DAMAGED],
    ['a JPEG header of 65,535 × 65,535', 'huge.jpg', jpegOfSize(picture(), 65_535, 65_535), TOO_LARGE],
    [
      'a JPEG that is larger than its data',
      'stretched.jpg',
      jpegOfSize(picture(), 9000, 9000),
      /damaged|^(another view|clear|murky|too dark|covered|camera|clean the lens|soon)/,
    ],
    [
      'an AVIF of 65,535 × 65,535',
      'huge.avif',
      patched('images/avif.avif', 'ispe', [0, 0, 255, 255, 0, 0, 255, 255], 4),
      TOO_LARGE,
    ],
    [
      'a WebP of 16,383 × 16,383',
      'huge.webp',
      patched('images/webp-lossy.webp', 26, [0xff, 0x3f, 0xff, 0x3f]),
      TOO_LARGE,
    ],
    [
      'a WebP whose picture is larger than it says',
      'two.webp',
      patched('images/webp-exif6-icc.webp', 24, [1, 0, 0, 1, 0, 0]),
      DAMAGED,
    ],
    ['an animated PNG of 500 frames', 'frames.png', animatedPng(500), SCORED],
    ['an animated GIF of 20,000 frames', 'frames.gif', animatedGif(20_000), SCORED],
    ['no bytes', 'empty.jpg', '', 'The file is empty.'],
    ['half a picture', 'half.jpg', picture().subarray(0, 20_000), DAMAGED],
    ['text called .jpg', 'text.jpg', 'dive at nine', NO_PICTURE],
    ['a program called .png', 'program.png', Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1'), NO_PICTURE],
    ['a PNG called .jpg', 'png.jpg', rgb(), SCORED],
    ['an SVG with a script', 'script.svg', svg('<script>globalThis.wasRun = true</script>'), NO_PICTURE],
    [
      'an SVG that loads from elsewhere',
      'away.svg',
      svg('<image href="http://192.0.2.1/x.png"/>'),
      NO_PICTURE,
    ],
    ['a PNG with a wrong checksum', 'checksum.png', rgb({ crc: 1 }), DAMAGED],
    ['a PNG whose chunk says to be longer than the file', 'chunk.png', rgb({ length: 2 ** 31 }), DAMAGED],
    ['EXIF that points out of the file', 'exif.jpg', withSegment(picture(), 0xe1, exif), SCORED],
    [
      'a colour profile that lies about its parts',
      'profile.jpg',
      withSegment(picture(), 0xe2, profile),
      SCORED,
    ],
    [
      'four inks',
      'cmyk.jpg',
      withSegment(read(`${FIXTURES}/resize/src/cmyk_300x200.jpg`), 0xfe, Buffer.from('h')),
      SCORED,
    ],
    ['one pixel', 'one.png', read(`${FIXTURES}/resize/src/one_pixel.png`), SCORED],
    ['16 bits', 'sixteen.png', read(`${FIXTURES}/resize/src/gray16_300x200.png`), SCORED],
  ];
  return pictures.map(([is, name, content, says]) => ({ is, file: made(name, content, ''), says }));
}

function hostileNames(): HostileSnapshot[] {
  const names: readonly (readonly [is: string, name: string, listed?: string])[] = [
    ['markup', `${SCRIPT}.jpg`],
    ['1,000 characters', `${'n'.repeat(1000)}.jpg`, `${'n'.repeat(230)}…${'n'.repeat(20)}.jpg`],
    ['a right-to-left override', 'photo\u202egpj.exe.jpg', 'photo_gpj.exe.jpg'],
    ['only spaces', '   .jpg', '.jpg'],
    ['a spreadsheet’s formula', '=HYPERLINK("https:x","y").jpg'],
    ['another formula', '+1+cmd.jpg'],
    ['a line break', 'line\nbreak.jpg', 'line_break.jpg'],
    ['emoji', '🐟👩‍🔬🌊.jpg'],
    ['the prototype', '__proto__.jpg'],
    ['a constructor', 'constructor.jpg'],
    ['a device of Windows', 'CON.jpg'],
    ['a way out of the folder', 'etc/passwd.jpg', 'passwd.jpg'],
    ['a way out of the folder on Windows', 'C:\\windows\\boot.jpg', 'boot.jpg'],
  ];
  return names.map(([is, name, listed]) => ({
    is: `a name: ${is}`,
    file: made(name, picture()),
    says: SCORED,
    ...(listed !== undefined && { listed }),
  }));
}

/** A zip file that is dropped with them, and what the page says of it, or of a picture in it. */
interface HostileZip {
  readonly is: string;
  readonly file: MadeFile;
  /** the sentence about the zip file; null when all of it is taken */
  readonly notice: string | RegExp | null;
  /** texts in the list of jobs for its entries */
  readonly jobs?: Readonly<Record<string, string | RegExp>>;
}

function hostileZips(): HostileZip[] {
  const zeros = new Uint8Array(40 * 2 ** 20);
  const inner = zipSync({ 'deepest.zip': zipSync({ 'bottom.zip': zipSync({ 'x.jpg': strToU8('x') }) }) });
  const [twice, shared] = [picture(), picture()];
  const zips: readonly (readonly [
    string,
    string,
    Uint8Array | string,
    string | RegExp | null,
    HostileZip['jobs']?,
  ])[] = [
    [
      'a bomb',
      'bomb.zip',
      rawZip([{ name: 'bomb.jpg', data: zeros, isDeflated: true }]),
      /^bomb\.zip: 1 file would become far larger than any picture.*bomb\.jpg/,
    ],
    [
      'a size of 3 GB in the directory',
      'declares.zip',
      rawZip([{ name: 'declares.jpg', data: picture(), size: 3_000_000_000 }]),
      /^declares\.zip: 1 file would become far larger/,
    ],
    [
      'a size that is too small in the directory',
      'lies.zip',
      rawZip([{ name: 'lies.jpg', data: picture(), isDeflated: true, size: 1000 }]),
      null,
      { 'lies.jpg': NOT_TAKEN_OUT },
    ],
    [
      'another checksum than the directory’s',
      'crc.zip',
      rawZip([{ name: 'crc.jpg', data: picture(), crc: 7 }]),
      null,
      { 'crc.jpg': NOT_TAKEN_OUT },
    ],
    [
      'a way of packing that nobody knows',
      'method.zip',
      rawZip([{ name: 'method.jpg', data: picture(), method: 95 }]),
      null,
      { 'method.jpg': NOT_TAKEN_OUT },
    ],
    [
      'three zip files inside each other',
      'nested.zip',
      zipSync({ 'inner.zip': inner }),
      /^inner\.zip: Zip files deep inside .*deepest\.zip/,
    ],
    [
      'a password',
      'locked.zip',
      rawZip([{ name: 'locked.jpg', data: picture(), flags: 1 }]),
      /^locked\.zip: 1 file is locked with a password/,
    ],
    [
      'half a zip file',
      'half.zip',
      rawZip([{ name: 'a.jpg', data: picture() }]).subarray(0, 5000),
      /^half\.zip: This is not a whole zip file/,
    ],
    ['no bytes', 'zero.zip', '', /^zero\.zip: This is not a whole zip file/],
    ['no entries', 'nothing.zip', rawZip([]), /^nothing\.zip: There is no file in this zip file/],
    [
      'thousands of millions of entries',
      'many.zip',
      zip64Liar(),
      /^many\.zip: There is no file in this zip file/,
    ],
    [
      'a way out of the folder',
      'path.zip',
      rawZip([{ name: '../../../etc/escaped.jpg', data: picture() }]),
      null,
      { 'escaped.jpg': SCORED },
    ],
    [
      'the same name twice',
      'twins.zip',
      rawZip([
        { name: 'twin.jpg', data: twice },
        { name: 'twin.jpg', data: picture() },
      ]),
      null,
      { 'twin.jpg': SCORED },
    ],
    [
      'entries that share their bytes',
      'overlap.zip',
      rawZip([
        { name: 'overlap.jpg', data: shared },
        { name: 'overlap2.jpg', data: shared, sharesWith: 0 },
      ]),
      null,
      { 'overlap.jpg': SCORED },
    ],
    [
      'a name of 60,000 characters',
      'long.zip',
      rawZip([{ name: `${'z'.repeat(60_000)}.jpg`, data: picture() }]),
      null,
      { [`${'z'.repeat(230)}…${'z'.repeat(20)}.jpg`]: SCORED },
    ],
    [
      'markup in a name',
      'markup.zip',
      rawZip([{ name: `${SCRIPT}.zip.jpg`, data: Buffer.from('x') }]),
      null,
      { [`${SCRIPT}.zip.jpg`]: NO_PICTURE },
    ],
  ];
  return zips.map(([is, name, content, notice, jobs]) => ({
    is,
    file: made(name, content, 'application/zip'),
    notice,
    ...(jobs && { jobs }),
  }));
}

test('hostile pictures, names and zip files each get their message, and the good snapshot among them is scored @long', async ({
  page,
}, testInfo) => {
  test.slow();
  const [first = ''] = demo.snapshots;
  await openWithCamera(page, [first]);
  // Else what is named so would be set aside for want of a time.
  await countFileDates(page);
  const before = await stored(page);
  const [pictures, names, zips] = [hostilePictures(), hostileNames(), hostileZips()];
  const good = made('20260601-050000-DEMO.jpg', picture());
  const drop = [...pictures, ...names, ...zips].map(({ file }) => file);
  drop.splice(10, 0, good, made('notes\u202etxt.doc', 'dive at nine', 'text/plain'));

  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  const leftAlone = page.getByText('1 file was skipped because it is not a picture: notes_txt.doc.');
  await choose(page, 'Check pictures', drop);
  await expect(leftAlone).toBeVisible();
  await batchIsDone(page);
  for (const { is, file, notice } of zips) {
    const said = page.getByRole('alert').filter({ hasText: `${file.name}:` });
    if (notice) await expect.soft(page.getByText(notice), is).toBeVisible({ timeout: 3000 });
    else await expect.soft(said, is).toHaveCount(0);
  }
  await expect(leftAlone).toBeVisible();

  const large = sparse(testInfo.outputPath('20260601-060000-DEMO.jpg'), 2.1e9);
  await choose(page, 'Check pictures', [large]);
  await batchIsDone(page);

  await openList(page);
  const table = page.getByRole('table');
  const onPage = async () =>
    table.getByRole('row').evaluateAll((rows) =>
      rows.slice(1).map((row) => {
        const [name, , , verdict] = [...row.querySelectorAll('th, td')].map((cell) =>
          cell.textContent.trim(),
        );
        return { name: name ?? '', verdict: verdict ?? '' };
      }),
    );
  const rows = await onPage();
  const more = page.getByRole('button', { name: 'Next page' });
  while ((await more.getAttribute('aria-disabled')) === 'false') {
    await more.click();
    rows.push(...(await onPage()));
  }
  const expected: readonly (readonly [is: string, listed: string, says: string | RegExp])[] = [
    ...[...pictures, ...names].flatMap(({ is, file, listed, says }) =>
      says === null ? [] : [[is, listed ?? file.name, says] as const],
    ),
    ...zips.flatMap(({ is, jobs = {} }) =>
      Object.entries(jobs).map(([listed, says]) => [`a zip: ${is}`, listed, says] as const),
    ),
    ['the good one', good.name, SCORED],
    [
      'a file of 2 GB',
      basename(large),
      'The file is larger than such a file should be (2003 MB, at most 320 MB)',
    ],
  ];
  for (const [is, listed, says] of expected) {
    const found = rows.filter(({ name }) => name === listed).map(({ verdict }) => verdict);
    expect.soft(found.length, `${is}: ${listed.slice(0, 80)}`).toBeGreaterThan(0);
    for (const verdict of found) {
      if (typeof says === 'string') expect.soft(verdict, is).toContain(says);
      else expect.soft(verdict, is).toMatch(says);
    }
  }

  // Nothing else was stored, nothing ran, and nothing is counted twice.
  const jobs = await results(page);
  const after = await stored(page);
  expect(jobs).toHaveLength(rows.length);
  expect(Object.fromEntries(Object.keys(before).map((key) => [key, after[key]]))).toEqual(before);
  expect(await page.evaluate(() => 'wasRun' in globalThis)).toBe(false);
  const csv = await page.evaluate(() => globalThis.porthole.exportResults('csv'));
  expect(csv).toContain("'+1+cmd.jpg");
  expect(csv).toContain("'=HYPERLINK(");
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await expect(leftAlone).toHaveCount(0);
  await choose(page, 'Check pictures', drop);
  await expect(leftAlone).toBeVisible();
  await batchIsDone(page);
  expect(await results(page)).toHaveLength(jobs.length);
});

/** A file given on a place of the page, and the sentence that is then seen there. */
type Hostile = readonly [is: string, name: string, content: string | Uint8Array, says: string | RegExp];

const QUOTED = '    "20230730-083036-IPC608_8B64_165.jpg",\n';

const CONFIGS: readonly Hostile[] = [
  [
    '50 MB of names',
    'config.toml',
    `[camera_state]\nclean = [\n${QUOTED.repeat(1_190_000)}]`,
    'expected at most 16 MB',
  ],
  ['100,000 brackets', 'config.toml', `x = ${'['.repeat(100_000)}`, 'is not valid TOML'],
  [
    '10,000 sections inside each other',
    'config.toml',
    `${'a.'.repeat(10_000)}a = 1`,
    'expected sections at most 128 deep',
  ],
  [
    'a date for a size',
    'config.toml',
    '[transform]\nresize = 2023-07-30',
    'transform.resize: expected [height, width]',
  ],
  ['a key twice', 'config.toml', '[thresholds]\ndrift = 1\ndrift = 2', 'line 3, column 1'],
  ['a number beyond all', 'config.toml', '[transform]\nresize = [216, 1e300]', 'transform.resize: expected'],
  [
    'not a number',
    'config.toml',
    '[detector]\nsigma = nan',
    'detector.sigma: expected a number from 0.000001',
  ],
  [
    'a window of millions',
    'config.toml',
    '[detector]\nwindow_size = 9007199254740993',
    'detector.window_size: expected a whole number',
  ],
  [
    'a list that is none',
    'config.toml',
    '[camera_state]\nclean = "a.jpg"',
    'camera_state.clean: expected a list',
  ],
  [
    'a list with a number in it',
    'config.toml',
    '[camera_state]\ndirty = ["a.jpg", 3]',
    'camera_state.dirty[1]: expected a file name',
  ],
  [
    'a newer format',
    'config.toml',
    '[porthole]\nformat = 2\n[transform]\nresize = "otherwise"',
    'A newer Porthole wrote this configuration (format 2)',
  ],
  ['random bytes', 'config.toml', Buffer.from([0, 255, 254, 1, 2, 3, 0x5b]), 'is not valid TOML'],
];

function arrays(): Hostile[] {
  const numpy = (name: string) => read(`${FIXTURES}/npy/${name}`);
  const named = numpy('named-compressed.npz');
  return [
    [
      'more rows than bytes',
      'a.npy',
      npy(npyHeader('<f4', false, '(1000000, 64)'), Buffer.alloc(64)),
      'needs 256000000 bytes, the file has 64',
    ],
    [
      '2⁵³ + 1 rows',
      'a.npy',
      npy(npyHeader('<f4', false, '(9007199254740993, 64)'), Buffer.alloc(64)),
      'the file has 64',
    ],
    [
      'a negative number of rows',
      'a.npy',
      npy(npyHeader('<f4', false, '(-3, 64)'), Buffer.alloc(64)),
      'the header is not what numpy writes',
    ],
    [
      'Python code for a header',
      'a.npy',
      npy("__import__('os').system('x')"),
      'the header is not what numpy writes',
    ],
    [
      'a version that does not exist',
      'a.npy',
      npy(npyHeader('<f4', false, '(2, 2)'), Buffer.alloc(16), 9),
      'version 9.0',
    ],
    ['Python objects', 'objects.npy', numpy('objects.npy'), 'is a Python pickle, which can run code'],
    ['a pickle', 'a.pkl', Buffer.from([0x80, 4, 0x63, 0x6f, 0x73]), 'is a Python pickle, which can run code'],
    ['a structured array', 'structured.npy', numpy('structured.npy'), 'a structured array'],
    ['a number that is none', 'nan.npy', numpy('f4-nan.npy'), 'holds a number that is not finite'],
    ['a name with an override', 'a\u202eyn.npy', 'x', 'a_yn.npy: not an .npy file'],
    ['an npz that was cut off', 'cut.npz', named.subarray(0, named.length - 30), 'a damaged zip'],
    [
      'an npz that says to hold thousands of millions of arrays',
      'many.npz',
      zip64Liar(),
      'too many files in the archive',
    ],
    [
      'an npz that says to hold 600 MB',
      'declares.npz',
      rawZip([{ name: 'embeddings.npy', data: numpy('f4.npy'), size: 600 * 2 ** 20 }]),
      'more than 512 MB unpacked',
    ],
    ['an npz without an array', 'none.npz', zipSync({ 'a.txt': strToU8('x') }), 'no array in this archive'],
    ['an npz of two arrays', 'two.npz', numpy('two-arrays.npz'), 'several arrays'],
  ];
}

function models(): Hostile[] {
  const onnx = (name: string) => read(`${FIXTURES}/onnx/${name}.onnx`);
  const whole = onnx('autoencoder');
  const noise = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * i * 31 + i * 7) % 256));
  const manifest = (changes: object) => describing(whole, JSON.stringify({ ...MANIFEST, ...changes }));
  return [
    ['no bytes', 'a.onnx', '', 'the file is empty'],
    ['random bytes', 'a.onnx', noise, 'is not an ONNX model we can read'],
    ['half a model', 'a.onnx', whole.subarray(0, 5000), 'is not an ONNX model we can read'],
    ['weights in another file', 'a.onnx', onnx('external-data'), 'keeps its weights in a second file'],
    ['an operator that nobody has', 'a.onnx', onnx('unknown-operator'), 'can’t run that model: sea.deep'],
    ['a newer opset', 'a.onnx', onnx('newer-opset'), 'can’t run that model'],
    ['a newer format', 'a.onnx', ofIrVersion(whole, 99), 'can’t run that model'],
    [
      'weights that say to be 10¹² numbers',
      'a.onnx',
      withDims(whole, [1_000_000, 1_000_000]),
      'the weights conv have',
    ],
    ['two nodes that wait for each other', 'a.onnx', cyclic(whole), 'is not an ONNX model we can read'],
    ['no embedding', 'a.onnx', onnx('no-embedding'), 'No output of that model looks like an embedding'],
    ['two inputs', 'a.onnx', onnx('two-inputs'), 'does not accept pictures'],
    [
      'a description that is no JSON',
      'a.onnx',
      describing(whole, '{"id":'),
      'the description inside the file is no JSON',
    ],
    [
      'a description of another length',
      'a.onnx',
      manifest({ embeddingLength: 7 }),
      'The description of the model can’t be used',
    ],
    [
      'a description of another picture',
      'a.onnx',
      manifest({ input: { name: 'image', height: 8000, width: 8000 } }),
      'Nothing was changed',
    ],
    [
      'a description of a picture of 10¹⁸ pixels',
      'a.onnx',
      manifest({ input: { name: 'image', height: 1e9, width: 1e9 } }),
      'input.height: expected at most 8192',
    ],
    [
      'a description of an output that is not there',
      'a.onnx',
      manifest({ outputs: { embedding: 'gone', reconstruction: null } }),
      'Nothing was changed',
    ],
    [
      'a description that reaches for the prototype',
      'a.onnx',
      describing(whole, '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
      'The description of the model can’t be used: id',
    ],
  ];
}

const MANIFEST = {
  id: 'twin',
  name: `Twin ${SCRIPT}`,
  version: '1',
  description: SCRIPT,
  // A manifest's statements about its own file are not believed.
  sha256: 'f'.repeat(64),
  bytes: -1,
  file: '../../x',
  input: { name: 'image', height: 12, width: 20 },
  outputs: { embedding: 'embedding', reconstruction: 'reconstruction' },
  embeddingLength: 6,
  transform: { resize: { height: 12, width: 20 }, mean: [0, 0, 0], std: [1, 1, 1] },
  detector: { name: 'mmd-streaming', windowSize: 12, sigma: 0.3 },
  thresholds: { warning: 0.05, drift: 0.1 },
  selfTest: null,
  license: '',
};

/** An export of one camera; parts may be exchanged after their hashes were taken. */
function bundle(changes: { index?: object; after?: Record<string, string>; name?: string } = {}): Uint8Array {
  const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const json = (value: unknown) => strToU8(JSON.stringify(value));
  const camera = {
    ...{
      id: 'other',
      name: changes.name ?? 'Other',
      modelSha256: 'a'.repeat(64),
      referenceId: null,
      calibrationId: null,
    },
    ...{ transform: MANIFEST.transform, detector: MANIFEST.detector, thresholds: MANIFEST.thresholds },
    ...{ persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 }, warmUp: 'none', configToml: null },
    ...{ isDemo: false, createdAt: 1 },
  };
  const parts: Record<string, Uint8Array> = {
    'cameras/o/camera.json': json({ camera, destination: null, references: [], embeddings: [] }),
    'cameras/o/events.json': json([]),
    'cameras/o/calibrations.json': json([]),
    'cameras/o/sent.json': json([]),
    'cameras/o/jobs.json': strToU8('[\n]\n'),
  };
  const files = Object.entries(parts).map(([path, bytes]) => ({
    path,
    bytes: bytes.length,
    sha256: sha(bytes),
  }));
  const cameras = [{ id: 'other', name: camera.name, folder: 'cameras/o', snapshots: 0 }];
  const index = { format: 1, app: '1', exportedAt: '2026-11-25T00:00:00.000Z', cameras, models: [], files };
  const after = Object.entries(changes.after ?? {}).map(([path, text]) => [path, strToU8(text)]);
  return zipSync({
    ...parts,
    'porthole.json': json({ ...index, ...changes.index }),
    ...Object.fromEntries(after),
  });
}

function exports(): Hostile[] {
  const whole = bundle();
  const file = (facts: object) => ({
    files: [{ path: 'cameras/o/camera.json', bytes: 1, sha256: 'a'.repeat(64), ...facts }],
  });
  return [
    [
      'a newer format',
      'x.zip',
      bundle({ index: { format: 3, cameras: 'otherwise' } }),
      'A newer Porthole wrote this export (format 3)',
    ],
    [
      'a part of another hash',
      'x.zip',
      bundle({ after: { 'cameras/o/events.json': '[ ]' } }),
      '1 part of the export is damaged: cameras/o/events.json',
    ],
    [
      'a part that says to have 10¹² bytes',
      'x.zip',
      bundle({ index: file({ bytes: 1e12 }) }),
      '1 part of the export is damaged: cameras/o/camera.json',
    ],
    [
      'a path that leads out',
      'x.zip',
      bundle({ index: file({ path: '../../etc/passwd' }) }),
      'The export is damaged: porthole.json',
    ],
    ['no export', 'x.zip', zipSync({ 'a.txt': strToU8('a') }), 'That zip is no export of Porthole'],
    ['no zip', 'x.zip', 'no zip', 'That file is no zip'],
    ['half an export', 'x.zip', whole.slice(0, whole.length - 40), 'That file is no zip'],
    [
      'a list that is no JSON',
      'x.zip',
      bundle({ after: { 'porthole.json': '{"format":' } }),
      'The export is damaged: porthole.json',
    ],
    ['markup for a camera’s name', 'x.zip', bundle({ name: SCRIPT }), `${SCRIPT}: new`],
  ];
}

test('hostile configurations, references, models and exports are refused with the reason, and nothing stored changes @long', async ({
  page,
}, testInfo) => {
  test.slow();
  await openWithCamera(page);
  const before = await stored(page);
  const unchanged = async (what: string) => {
    expect(await stored(page), `what is stored after the ${what}`).toEqual(before);
    expect(await page.evaluate(() => 'wasRun' in globalThis || 'polluted' in {})).toBe(false);
  };
  const alert = page.getByRole('main').getByRole('alert');
  const refused = async (picker: string, is: string, file: string | MadeFile, says: string | RegExp) => {
    await choose(page, picker, [file] as MadeFile[] | string[]);
    await expect.soft(alert.first(), is).toContainText(says, { timeout: 30_000 });
    const dismiss = alert.getByRole('button', { name: 'Dismiss' });
    if (await dismiss.isVisible()) await dismiss.click();
  };

  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'New camera…' });
  await expect(page.getByRole('heading', { name: 'New camera' })).toBeVisible();
  for (const [is, name, content, says] of [...CONFIGS, ...arrays()])
    await refused('choose files', is, made(name, content, ''), says);
  await refused(
    'choose files',
    'a configuration of 70 MB',
    sparse(testInfo.outputPath('config.toml'), 70e6),
    'larger than such a file should be (67 MB, at most 64 MB)',
  );
  await refused(
    'choose files',
    'an array of 600 MB',
    sparse(testInfo.outputPath('a.npy'), 600e6),
    'larger than such a file should be (573 MB, at most 256 MB)',
  );
  await choose(page, 'choose files', [made('a.toml', '', ''), made('b.toml', '', '')]);
  await expect(alert).toContainText('2 files at once; one is needed');
  await expect(page.getByTestId('chosen')).toHaveText('No pictures chosen yet.');
  // Readable input is taken: big-endian numbers in Fortran's order; keys that reach for the prototype are only shown.
  const turned = npy(npyHeader('>f4', true, '(3, 64)'), Buffer.alloc(3 * 64 * 4));
  await choose(page, 'choose files', [made('turned.npy', turned, '')]);
  await expect(page.getByTestId('chosen')).toContainText('turned.npy: 3 embeddings of 64 numbers.');
  await page.getByRole('button', { name: 'Start over' }).click();
  const newer = '__proto__.polluted = true\n[detector]\nname = "mmd-2030"\n[future]\nx = 1\n';
  await choose(page, 'choose files', [
    made('config.toml', newer, ''),
    ...demo.reference.slice(0, 3).map(asMade),
  ]);
  await expect(page.getByText('__proto__ is kept, but Porthole has no use for it.')).toBeVisible();
  await expect(page.getByText('future is kept, but Porthole has no use for it.')).toBeVisible();
  await page.getByLabel('Name of the camera').fill('Newer');
  await page.getByRole('button', { name: /^Learn th/ }).click();
  await expect(alert).toContainText('The detector can’t work with these settings: name mmd-2030');
  await unchanged('configurations and references');

  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  for (const [is, name, content, says] of models())
    await refused('Add an .onnx autoencoder', is, made(name, content, ''), says);
  await refused(
    'Add an .onnx autoencoder',
    'a model of 600 MB',
    sparse(testInfo.outputPath('a.onnx'), 600e6),
    'larger than such a file should be (573 MB, at most 512 MB)',
  );
  // A model that would run for ever can be cancelled at once, and the page works again.
  const loop = endless(read(`${FIXTURES}/onnx/autoencoder.onnx`), 720);
  await choose(page, 'Add an .onnx autoencoder', [made('endless.onnx', loop, '')]);
  await expect(page.getByText('endless.onnx is being tried with one small picture.')).toBeVisible();
  await page.getByRole('region', { name: 'Models' }).getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('is being tried')).toHaveCount(0);
  await expect(alert).toHaveCount(0);
  await unchanged('models');

  for (const [is, name, content, says] of exports()) {
    const place = page.getByRole('region', { name: 'Export', exact: true });
    await choose(page, 'Open an export', [made(name, content, 'application/zip')]);
    await expect.soft(place, is).toContainText(says);
    const close = place.getByRole('button', { name: 'Close' });
    if (await close.isVisible()) await close.click();
  }
  await unchanged('exports');

  // A model's description is shown as the text that it is.
  const described = describing(read(`${FIXTURES}/onnx/autoencoder.onnx`), JSON.stringify(MANIFEST));
  await choose(page, 'Add an .onnx autoencoder', [made('50%#twin.onnx', described, '')]);
  await expect(page.getByRole('region', { name: 'Models' })).toContainText(`Twin ${SCRIPT}`);
  expect(await page.evaluate(() => 'wasRun' in globalThis)).toBe(false);
  await open(page);
});

function asMade(path: string): MadeFile {
  return made(basename(path), read(path));
}

/** A file that has so many bytes and takes no room. */
function sparse(path: string, size: number): string {
  const file = openSync(path, 'w');
  ftruncateSync(file, size);
  closeSync(file);
  return path;
}

/** A fingerprint of each thing that is stored. */
async function stored(page: Page): Promise<Record<string, string>> {
  return inDatabase(page, async (db) => {
    const ask = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve) => {
        request.onsuccess = () => {
          resolve(request.result);
        };
      });
    const plain = (_: string, value: unknown) => {
      if (value instanceof Float32Array) return Array.from(value);
      if (value instanceof ArrayBuffer) return [value.byteLength, ...new Uint8Array(value).subarray(0, 5000)];
      return value;
    };
    const found: Record<string, string> = {};
    for (const store of db.objectStoreNames) {
      if (store === 'settings') continue;
      const keys = await ask(db.transaction(store).objectStore(store).getAllKeys());
      const values = await ask<unknown[]>(db.transaction(store).objectStore(store).getAll());
      for (const [i, key] of keys.entries()) {
        const bytes = new TextEncoder().encode(JSON.stringify(values[i], plain));
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
        found[`${store} ${JSON.stringify(key)}`] = [...digest.subarray(0, 8)].join('.');
      }
    }
    return found;
  });
}
