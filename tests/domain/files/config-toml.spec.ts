import { expect, test } from '@playwright/test';
import { parseConfig, TUTORIAL_TRANSFORM, writeConfig } from '../../../src/core/domain/files/config-toml';
import { matchFiles } from '../../../src/features/setup/pure/match-files';
import { told } from '../../told';

// the tutorial's shape
const TUTORIAL = `# Which snapshots show a clean lens.
[transform]
resize = [216, 384]
mean = [0.00, 0.00, 0.00]
std = [1.00, 1.00, 1.00]

[camera_state]
clean = [
    "20230730-090036-A.jpg",
    "20230730-083036-A.jpg", # early
]
dirty = ["20230720-083036-A.jpg"]
`;

const CAMERA = {
  name: 'OBSEA "165"',
  transform: { resize: { height: 216, width: 384 }, mean: [0, 0.5, 0], std: [1, 1, 0.25] },
  detector: { name: 'mmd', windowSize: 12, sigma: 0.3 },
  thresholds: { warning: 0.05, drift: 0.1 },
  persistence: { raiseAfter: 1, clearAfter: 3, clearBelow: 0.8 },
} as const;

const CALIBRATION = {
  modelSha256: 'ab12',
  referenceSize: 2,
  judging: {
    detector: { name: 'mmd', windowSize: 12, sigma: 0.3 },
    thresholds: { warning: 0.05, drift: 0.1 },
    persistence: { raiseAfter: 1, clearAfter: 3, clearBelow: 0.8 },
  },
  evidence: {
    snapshots: 60,
    days: 11,
    windows: 49,
    effectiveWindows: 4.083,
    highestDistance: 0.0081,
    measured: true,
    heldOutEvents: 1,
    heldOutDaysInAlarm: 2,
    heldOutDays: 10,
    independentDrift: 0.003,
    independentFalseAlarmEvents: 4,
    independentFalseAlarmDays: 9,
    dirtySnapshots: 0,
    dirtyDelay: null,
  },
} as const;

const refusal = (text: string) => {
  try {
    parseConfig(text);
  } catch (error) {
    return told(error);
  }
  return 'accepted';
};

test("the tutorial's file is read without a notice", () => {
  expect(parseConfig(TUTORIAL)).toEqual({
    transform: TUTORIAL_TRANSFORM,
    clean: ['20230730-090036-A.jpg', '20230730-083036-A.jpg'],
    dirty: ['20230720-083036-A.jpg'],
    cameraName: null,
    time: {},
    countsFileDates: false,
    renewsReference: true,
    deployment: {},
    detector: {},
    thresholds: {},
    persistence: {},
    calibration: null,
    notices: [],
  });
});

test('an empty file is all defaults, and says so', () => {
  const { notices, ...config } = parseConfig('');
  expect(config).toMatchObject({ transform: TUTORIAL_TRANSFORM, clean: [], dirty: [] });
  expect(notices.map(({ kind, key }) => `${kind} ${key}`)).toEqual([
    'default transform.resize',
    'default transform.mean',
    'default transform.std',
    'default camera_state.clean',
    'default camera_state.dirty',
  ]);
});

test("a model's transform can be the default", () => {
  const transform = { ...TUTORIAL_TRANSFORM, resize: { height: 64, width: 112 } };
  expect(parseConfig('[transform]\nmean = [1, 2, 3]', transform).transform).toEqual({
    ...transform,
    mean: [1, 2, 3],
  });
});

test("Porthole's own sections are read, whole or in part", () => {
  const config = parseConfig('detector.sigma = 1\n[thresholds]\ndrift = 0.2\n[camera]\nname = "A"');
  expect(config).toMatchObject({ cameraName: 'A', detector: { sigma: 1 }, thresholds: { drift: 0.2 } });
  expect(Object.keys(config.detector)).toEqual(['sigma']);
});

test('a wrong value names its key and what was expected', () => {
  for (const [text, detail] of [
    [
      '[transform]\nresize = [216]',
      'transform.resize: expected [height, width], two whole numbers from 1 to 8192',
    ],
    ['[transform]\nresize = [216.5, 384]', 'transform.resize: expected'],
    ['[transform]\nresize = 216', 'transform.resize: expected'],
    ['[transform]\nresize = [216, 1e300]', 'transform.resize: expected'],
    ['[transform]\nmean = [0, 0, nan]', 'transform.mean: expected [red, green, blue], three numbers'],
    [`[transform]\nmean = [0, 0, ${'9'.repeat(400)}]`, 'transform.mean: expected'],
    ['[transform]\nstd = [1, 1, 0]', 'transform.std: expected [red, green, blue], three numbers above 0'],
    ['transform = 3', 'transform: expected a section [transform]'],
    ['[[transform]]\nmean = 1', 'transform: expected a section [transform]'],
    ['transform = 2023-07-30', 'transform: expected a section [transform]'],
    ['[camera_state]\nclean = "a.jpg"', 'camera_state.clean: expected a list of file names in quotes'],
    ['[camera_state]\ndirty = ["a.jpg", 3]', 'camera_state.dirty[1]: expected a file name in quotes'],
    ['[detector]\nwindow_size = 1', 'detector.window_size: expected a whole number from 2 to 1000'],
    ['[detector]\nsigma = inf', 'detector.sigma: expected a number from 0.000001 to 1000000'],
    ['[thresholds]\nwarning = "0.1"', 'thresholds.warning: expected a number'],
    [
      '[thresholds]\nwarning = 0.2\ndrift = 0.1',
      'thresholds.warning: expected less than thresholds.drift (0.1)',
    ],
  ] as const) {
    expect(refusal(text), text).toContain(`config-value: ${detail}`);
  }
});

test('a file of a newer format is refused before anything of it is understood wrongly', () => {
  expect(refusal('[porthole]\nformat = 2\n[transform]\nresize = "otherwise"')).toBe('config-newer: 2');
  expect(refusal('[porthole]\nformat = "newest"')).toBe(
    'config-value: porthole.format: expected a whole number',
  );
  expect(parseConfig('[porthole]\nformat = 1').notices.map(({ key }) => key)).not.toContain('porthole');
});

test('a syntax error names line and column', () => {
  expect(refusal('[transform]\nresize = [216, 384]\nmean = x')).toBe(
    'config-syntax: line 3, column 8: invalid value',
  );
  expect(refusal('a = 1\na = 2')).toMatch(/^config-syntax: line 2, column 1: /);
});

test('unknown keys are listed and survive a round trip with their types', () => {
  const original = `# kept\n[transform]\nresize = [1, 2]\ncrop = 1.0\n[camera_state]\nclean = ["a.jpg"]\nfoggy = ["b.jpg"]\n[site]\ndepth = 20\nsince = 2023-07-30T00:00:00Z\n[[site.lens]]\nid = 12345678901234567890\n`;
  expect(parseConfig(original).notices.filter(({ kind }) => kind === 'unknown')).toEqual([
    { kind: 'unknown', key: 'transform.crop' },
    { kind: 'unknown', key: 'camera_state.foggy' },
    { kind: 'unknown', key: 'site' },
  ]);
  const text = writeConfig(CAMERA, original);
  for (const line of [
    '# kept',
    'crop = 1.0',
    'foggy = [ "b.jpg" ]',
    'depth = 20',
    'since = 2023-07-30T00:00:00.000Z',
    'id = 12345678901234567890',
    'mean = [ 0.0, 0.5, 0.0 ]',
    'resize = [ 216, 384 ]',
    '    "a.jpg",',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(writeConfig(CAMERA, text)).toBe(text);
});

test('a camera written from nothing reads back as itself', () => {
  const clean = ['20230730-083036-A.jpg', 'quote " and \\ and \u{1F41F}.jpg'];
  const config = parseConfig(writeConfig({ ...CAMERA, clean, dirty: [] }, null));
  expect(config).toEqual({
    transform: CAMERA.transform,
    clean,
    dirty: [],
    cameraName: CAMERA.name,
    time: {},
    countsFileDates: false,
    renewsReference: true,
    deployment: {},
    detector: CAMERA.detector,
    thresholds: CAMERA.thresholds,
    persistence: CAMERA.persistence,
    calibration: null,
    notices: [],
  });
});

test('the zone of a camera and its offset travel, and go when the camera has none', () => {
  const time = { timeZone: 'Europe/Madrid', timeOffset: -90_500 };
  const text = writeConfig({ ...CAMERA, ...time }, '[camera]\nsite = "Reef"\n');
  for (const line of ['site = "Reef"', 'time_zone = "Europe/Madrid"', 'time_offset = -90.5']) {
    expect(text.split('\n')).toContain(line);
  }
  expect(parseConfig(text).time).toEqual(time);
  expect(parseConfig(writeConfig(CAMERA, text)).time).toEqual({});
  expect(refusal('[camera]\ntime_zone = "Reef"')).toContain(
    'camera.time_zone: expected the name of a time zone',
  );
  expect(refusal('[camera]\ntime_zone = 2')).toContain('camera.time_zone');
  expect(refusal('[camera]\ntime_offset = 1e300')).toContain('camera.time_offset: expected seconds');
});

test('a reference that stays after each cleaning travels, and goes when the camera renews it', () => {
  const text = writeConfig({ ...CAMERA, renewsReference: false }, '');
  expect(text.split('\n')).toContain('renew_reference = false');
  expect(parseConfig(text).renewsReference).toBe(false);
  expect(writeConfig(CAMERA, text)).not.toContain('renew_reference');
  expect(refusal('[camera]\nrenew_reference = "no"')).toContain(
    'camera.renew_reference: expected true or false',
  );
});

test('the word on the dates of files travels, and goes when the camera has none', () => {
  const text = writeConfig({ ...CAMERA, fileDatesUntil: Date.UTC(2200, 0, 1) }, '');
  expect(text.split('\n')).toContain('file_dates = true');
  expect(parseConfig(text).countsFileDates).toBe(true);
  expect(parseConfig(writeConfig({ ...CAMERA, fileDatesUntil: 5 }, text)).countsFileDates).toBe(false);
  expect(refusal('[camera]\nfile_dates = 1')).toContain('camera.file_dates: expected true or false');
});

test('what is said of a deployment travels beside keys of others, and goes when the camera has none', () => {
  const deployment = {
    position: { latitude: -41.182, longitude: 1.753 },
    depth: 20,
    note: 'Bring a "brush".\nTwo.',
    ...{ platform: 'OBSEA', sensor: 'IPC608', site: 'Vilanova', licence: 'CC-BY-4.0' },
    begin: Date.UTC(2023, 6, 1),
    end: Date.UTC(2023, 6, 31) - 1,
    creators: ['Ada', 'UPC, "SARTI"'],
    doi: '10.1594/PANGAEA.1',
  };
  const text = writeConfig({ ...CAMERA, deployment }, '[deployment]\nplatform = "Pier"\nmooring = "B2"\n');
  for (const line of [
    ...['mooring = "B2"', 'latitude = -41.182', 'depth = 20.0', 'platform = "OBSEA"'],
    ...['begin = 2023-07-01', 'end = 2023-07-30', String.raw`creators = [ "Ada", "UPC, \"SARTI\"" ]`],
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(parseConfig(text).deployment).toEqual(deployment);
  const without = writeConfig(CAMERA, text);
  expect(parseConfig(without).deployment).toEqual({});
  expect(without).toContain('mooring = "B2"');
  expect(without).not.toContain('IPC608');
  expect(writeConfig(CAMERA, null)).not.toContain('[deployment]');
  // An earlier page, which did not understand the section, kept it.
  expect(writeConfig(CAMERA, '[deployment]\nlatitude = "north"\n')).not.toContain('north');
});

test('a deployment with a wrong fact is refused by its key', () => {
  const read = (lines: string) => parseConfig(`[deployment]\n${lines}`).deployment;
  expect(read('begin = 2023-07-01T10:00:00.5+02:00\nend = 2023-07-01')).toEqual({
    begin: Date.UTC(2023, 6, 1, 8, 0, 0, 500),
    end: Date.UTC(2023, 6, 1, 23, 59, 59, 999),
  });
  expect(read('doi = "https://doi.org/10.1594/PANGAEA.1"')).toEqual({ doi: '10.1594/PANGAEA.1' });
  for (const [line, why] of [
    ['latitude = 91', 'deployment.latitude: expected a number from -90 to 90'],
    ['depth = -1', 'deployment.depth'],
    ['note = 3', 'deployment.note: expected at most 1000 characters'],
    ['site = 3', 'deployment.site: expected at most 200 characters'],
    ['begin = "2023-07-01"', 'deployment.begin: expected a day such as 2026-05-31'],
    ['begin = 07:32:00', 'deployment.begin'],
    ['end = 1969-12-31', 'deployment.end'],
    ['begin = 2023-07-02\nend = 2023-07-01', 'deployment.end: expected no earlier than deployment.begin'],
    ['creators = "Ada"', 'deployment.creators: expected a list of at most 50 names'],
    ['creators = ["Ada", 3]', 'deployment.creators[1]'],
    ['doi = "PANGAEA.1"', 'deployment.doi: expected a DOI such as 10.1594/PANGAEA.1'],
  ] as const)
    expect(refusal(`[deployment]\n${line}`), line).toContain(why);
});

test('a calibration travels with its numbers, and one that came with the original goes when the camera has none', () => {
  const text = writeConfig({ ...CAMERA, calibration: CALIBRATION }, null);
  expect(text.split('\n')).toContain('snapshots = 60');
  const read = parseConfig(text);
  expect(read.calibration).toEqual(CALIBRATION);
  expect(read.notices).toEqual([]);
  expect(parseConfig(writeConfig(CAMERA, text)).calibration).toBeNull();
});

test('half a calibration is none', () => {
  const text = writeConfig({ ...CAMERA, calibration: CALIBRATION }, null);
  expect(parseConfig(text.replace(/^windows = .*$/m, '')).calibration).toBeNull();
  for (const wrong of ['"many"', '-5', '1.5', 'inf']) {
    expect(parseConfig(text.replace(/^days = .*$/m, `days = ${wrong}`)).calibration, wrong).toBeNull();
  }
});

test('a persistence that no alarm can have is refused', () => {
  const head = '[transform]\n[persistence]\n';
  expect(refusal(`${head}raise_after = 0`)).toContain('raise_after: expected a whole number from 1 to 1000');
  expect(refusal(`${head}clear_after = 2.5`)).toContain('clear_after: expected a whole number');
  expect(refusal(`${head}clear_below = 1.1`)).toContain('persistence.clear_below');
  expect(refusal(`${head}clear_below = 0`)).toContain('persistence.clear_below');
  expect(parseConfig(`${head}raise_after = 3`).persistence).toEqual({ raiseAfter: 3 });
});

test('given lists replace those of the original', () => {
  const written = parseConfig(writeConfig({ ...CAMERA, clean: ['new.jpg'] }, TUTORIAL));
  expect(written.clean).toEqual(['new.jpg']);
  expect(written.dirty).toEqual(['20230720-083036-A.jpg']);
});

test('prototype keys are plain unknown keys and pollute nothing', () => {
  const original =
    '__proto__.polluted = 1\nconstructor = 2\n[transform.__proto__]\nresize = 3\n[__proto__.deep]\nx = 1\n';
  expect(parseConfig(original).transform).toEqual(TUTORIAL_TRANSFORM);
  expect(parseConfig(original).notices).toContainEqual({ kind: 'unknown', key: '__proto__' });
  expect(writeConfig(CAMERA, original)).toContain('polluted = 1');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('hostile files are refused, not suffered', () => {
  test.setTimeout(30_000);
  expect(refusal(`x = ${'['.repeat(100_000)}`)).toMatch(/^config-syntax/);
  expect(refusal(`x = ${'{a='.repeat(30_000)}`)).toMatch(/^config-syntax/);
  expect(refusal(`${'a.'.repeat(10_000)}a = 1`)).toMatch(/^config-value: file: expected sections at most/);
  expect(refusal(`${'a.'.repeat(5_000_000)}a = 1`)).toMatch(/^config-value: file/);
  expect(refusal(`x = [${'{},'.repeat(3_000_000)}]`)).toMatch(/^config-value: file/);
  expect(refusal('"'.repeat(100_000))).toMatch(/^config-syntax/);
  expect(refusal('"'.repeat(10_000_000))).toMatch(/^config-value: file/);
  expect(refusal(' '.repeat(20_000_000))).toMatch(/^config-value: file/);
});

test('what would take the parser long is refused at once, and names are read', () => {
  const most = 'config-value: file: expected at most';
  for (const [text, says] of [
    ['a.a.a.'.repeat(1_600_000), `${most} 128 kB besides the names`],
    [Array.from({ length: 40_000 }, (_, i) => `k${i}=1`).join('\n'), `${most} 128 kB besides the names`],
    // A pattern would look for the end of each of these quotes again, or run out of stack.
    [`x = "${'\\"'.repeat(5_000_000)}`, `${most} 128 kB besides the names`],
    [`x = [${'"",'.repeat(3_000_000)}]`, `${most} 50000 names`],
  ] as const) {
    expect(refusal(text)).toBe(says);
  }
  const name = (i: number) => `    "20230730-083036-IPC608_8B64_${i}.jpg",\n`;
  const names = Array.from({ length: 49_000 }, (_, i) => name(i)).join('');
  const config = parseConfig(`# ${'c'.repeat(5_000_000)}\n[camera_state]\nclean = [\n${names}]\n`);
  expect(config.clean).toHaveLength(49_000);
  expect(matchFiles(config, []).problems).toHaveLength(49_000);
  const quoted = `x = """a "quoted" ${'#'.repeat(200_000)}\n"""\ny = 'C:\\'\n[detector]\nsigma = 0.5 # "\n`;
  expect(parseConfig(quoted).detector).toEqual({ sigma: 0.5 });
});

test('quotes that never end take no time, and hide nothing', () => {
  test.setTimeout(30_000);
  // One pattern for all quotes took minutes for a megabyte of these.
  expect(refusal('\\"'.repeat(4_000_000))).toMatch(/^config-(syntax|value)/);
  expect(refusal(`x = "${'\\"'.repeat(4_000_000)}`)).toMatch(/^config-(syntax|value)/);
  const keys = `${'a.'.repeat(600_000)}a`;
  for (const text of ['"""\n"""', '"""a""""', "'''\n'''", "'''a'b''''"]) {
    expect(refusal(`x = [${text}, { ${keys} = "x" }]`), text).toMatch(
      /^config-value: file: expected at most 128 kB/,
    );
  }
});

test('files match names behind folders, Roboflow suffixes and other cases of the extension, in capture order', () => {
  const files = ['d/20230730-090036-A_jpg.rf.0a1b.jpg', 'd/20230730-083036-A.JPG', '20230720-083036-A.jpg'];
  expect(matchFiles(parseConfig(TUTORIAL), files)).toEqual({
    clean: [files[1], files[0]],
    dirty: [files[2]],
    problems: [],
  });
});

test('capture order is that of the times, whatever the names begin with; names without a time come last', () => {
  const clean = ['fish.jpg', 'a-20230730-083037.jpg', 'b-20230730-083036.jpg'];
  expect(matchFiles({ clean, dirty: [] }, clean).clean).toEqual([clean[2], clean[1], clean[0]]);
});

test('every disagreement between lists and folder is reported once, and the rest is used', () => {
  const config = {
    clean: ['both.jpg', 'both.jpg', 'b.jpg', 'a.jpg', 'a.JPG', 'gone.jpg'],
    dirty: ['both.jpg', 'd.jpg'],
  };
  const copy = structuredClone(config);
  const files = [
    'both.jpg',
    'a_jpg.rf.1.jpg',
    'z/a.jpg',
    'b_jpg.rf.2.jpg',
    'b_jpg.rf.1.jpg',
    'd.jpg',
    'x/new.jpg',
  ];
  expect(matchFiles(config, files)).toEqual({
    clean: ['b_jpg.rf.1.jpg', 'z/a.jpg'],
    dirty: ['d.jpg'],
    problems: [
      { kind: 'in-both', name: 'both.jpg' },
      { kind: 'duplicate-name', name: 'both.jpg' },
      { kind: 'duplicate-file', name: 'b_jpg.rf.2.jpg' },
      { kind: 'duplicate-file', name: 'a_jpg.rf.1.jpg' },
      { kind: 'duplicate-name', name: 'a.JPG' },
      { kind: 'missing', name: 'gone.jpg' },
    ],
  });
  expect(config).toEqual(copy);
});
