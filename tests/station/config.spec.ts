import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { readConfig } from '../../scripts/station/config.mjs';
import { readToken } from '../../scripts/station/token-file.mjs';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-config-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Reads a configuration of one camera. @param names - what of it people read */
function read(names: {
  name?: string;
  experiment?: string;
  tag?: string;
  to?: string;
  corrections?: string;
  deployment?: string;
}) {
  const {
    name = 'Pier',
    experiment = 'Reef',
    tag = 'reef',
    to = 'crew@example.org',
    corrections,
    deployment = '',
  } = names;
  const path = join(folder, 'station.toml');
  writeFileSync(
    path,
    `[station]
data = "data"
[driftwatch]
address = "/driftwatch"
token_file = "mytoken"
[alerts.mail]
smtp = "smtp://127.0.0.1"
from = "station@example.org"
to = [${JSON.stringify(to)}]
[[camera]]
name = ${JSON.stringify(name)}
folder = "snapshots"
reference = "."
experiment = ${JSON.stringify(experiment)}
tags = [${JSON.stringify(tag)}]
${corrections === undefined ? '' : `corrections = ${corrections}`}
${deployment}
`,
  );
  return readConfig(path);
}

test('a name with a line break or an unseen character is refused by its key, any alphabet is taken', () => {
  expect(read({ name: 'Càmera del 海 🐟 “1”' }).cameras[0]?.name).toBe('Càmera del 海 🐟 “1”');
  const why = 'must not have a line break or another character that can’t be seen';
  for (const odd of [
    'a\nb',
    'a\r\nBcc: all@example.org',
    'a\u0000b',
    'a\u001b[2Jb',
    'a\u202eb',
    'a\u2028b',
  ]) {
    expect(() => read({ name: odd })).toThrow(`camera.0.name: ${why}`);
    expect(() => read({ experiment: odd })).toThrow(`camera.0.experiment: ${why}`);
    expect(() => read({ tag: odd })).toThrow(`camera.0.tags.0: ${why}`);
    expect(() => read({ to: odd })).toThrow(`alerts.mail.to.0: ${why}`);
  }
});

test('corrections of records in DriftWatch need a yes in the file', () => {
  expect(read({}).cameras[0]?.corrections).toBe(false);
  expect(read({ corrections: 'true' }).cameras[0]?.corrections).toBe(true);
  expect(() => read({ corrections: '"yes"' })).toThrow('camera.0.corrections');
});

test('a camera may say its position, depth and a note for the diver, within what the sea allows', () => {
  const deployment = 'latitude = 41.182\nlongitude = 1.753\ndepth = 20\nnote = "North side"';
  expect(read({ deployment }).cameras[0]).toMatchObject({ latitude: 41.182, depth: 20, note: 'North side' });
  expect(() => read({ deployment: 'latitude = 91' })).toThrow('camera.0.latitude');
  expect(() => read({ deployment: 'depth = "deep"' })).toThrow('camera.0.depth');
});

test('a camera may say what the observatory’s data say of it', () => {
  const deployment = `platform = "OBSEA"
sensor = "IPC608"
site = "Vilanova"
begin = 2026-03-01
end = 2026-05-31
licence = "CC-BY-4.0"
creators = ["Ada", "UPC"]
doi = "https://doi.org/10.1594/PANGAEA.1"`;
  expect(read({ deployment }).cameras[0]).toMatchObject({
    ...{ platform: 'OBSEA', sensor: 'IPC608', site: 'Vilanova', licence: 'CC-BY-4.0' },
    ...{ begin: Date.UTC(2026, 2, 1), end: Date.UTC(2026, 5, 1) - 1, creators: ['Ada', 'UPC'] },
    doi: '10.1594/PANGAEA.1',
  });
  for (const [line, why] of [
    ['begin = "2026-03-01"', 'camera.0.begin: must be a day such as 2026-05-31 without quotes'],
    ['begin = 2026-03-02\nend = 2026-03-01', 'Pier: its end is before its begin'],
    ['creators = "Ada"', 'camera.0.creators'],
    ['doi = "PANGAEA.1"', 'camera.0.doi: must be a DOI such as 10.1594/PANGAEA.1'],
    ['platfrom = "OBSEA"', 'camera.0.platfrom: there is no such key; is platform meant?'],
  ] as const)
    expect(() => read({ deployment: line }), line).toThrow(why);
});

/** Reads a configuration of a camera without a folder. @param lines - of its table, and after it */
function readCamera(lines: string) {
  const path = join(folder, 'station.toml');
  writeFileSync(path, `[station]\ndata = "data"\n[[camera]]\nname = "Pier"\nreference = "."\n${lines}\n`);
  return readConfig(path);
}

test('an unknown key names the nearest one that its table knows, or all of them', () => {
  expect(() => readCamera('folder = "."\nreferense = "."')).toThrow(
    'camera.0.referense: there is no such key; is reference meant?',
  );
  expect(() => readCamera('folder = "."\n[door]\nlsiten = "127.0.0.1:5000"')).toThrow(
    'door.lsiten: there is no such key; is listen meant?',
  );
  expect(() => readCamera('source = "http://a/"\n[camera.fetch]\nevry = 1')).toThrow(
    'camera.0.fetch.evry: there is no such key; is every meant?',
  );
  expect(() => readCamera('folder = "."\n[alerts.command]\nrun = ["a"]\nmost_memory = 1')).toThrow(
    'alerts.command.most_memory: there is no such key; there are run',
  );
});

test('an address of another kind is refused by name with a recipe, and no password is repeated', () => {
  const other = (key: string, address: string) => () => readCamera(`${key} = "${address}"`);
  for (const [given, named, recipe] of [
    ['rtsp://admin:secret@10.0.0.5/stream', 'rtsp://', 'ffmpeg'],
    ['RTSPS://10.0.0.5/stream', 'RTSPS://', 'deploy/rtsp-picture.sh'],
    ['onvif://admin:secret@10.0.0.5', 'onvif://', 'GetSnapshotUri'],
    ['ftp://admin:secret@10.0.0.5/a.jpg', 'ftp://', 'into a folder of this computer'],
  ] as const)
    for (const key of ['source', 'folder']) {
      expect(other(key, given)).toThrow(`Pier: ${key} can't begin with ${named}. `);
      expect(other(key, given)).toThrow(recipe);
      expect(other(key, given)).not.toThrow('secret');
    }
  expect(other('folder', 'http://cam.local/')).toThrow('Such an address is a source.');
  // A part of such a password would be taken for the host, a path or a folder.
  for (const odd of [
    'http://u:12/secret@cam/',
    'http://u:1?secret@cam/',
    'http:/u:secret@cam',
    'u:secret@cam/a',
  ]) {
    expect(other('source', odd), odd).toThrow('source has a password in it, before an @');
    expect(other('source', odd), odd).not.toThrow('secret');
  }
  for (const [lines, why] of [
    ['fetch = "http://u:secret@cam/"', 'camera.0.fetch'],
    ['[driftwatch]\naddress = "https://u:secret@a/"', 'driftwatch.address: must not have a user'],
    ['[wall]\nfolder = "www"\naddress = "https://u:secret@a/"', 'wall.address: must not have a user'],
    ['[alerts.webhook]\nurl = "https://u:secret@a/"', 'alerts.webhook.url: must not have a user'],
    ['[alerts.dead_man]\nurl = "https://u:secret@a/"', 'alerts.dead_man.url: must not have a user'],
    ['[alerts]\nmail = "smtp://u:secret@a"', 'alerts.mail'],
    ['[alerts.mail]\nfrom = "a"\nto = ["b"]\nsmtp = "smtp://u:1/secret@a"', 'alerts.mail.smtp: must be'],
  ] as const) {
    expect(other('folder', `."\n${lines}\n#`), lines).toThrow(why);
    expect(other('folder', `."\n${lines}\n#`), lines).not.toThrow('secret');
  }
});

test('two cameras have no folder in common', () => {
  const both = (folders: readonly string[]) =>
    readCamera(
      `folder = "${folders[0]!}"\n[[camera]]\nname = "Reef"\nreference = "."\nfolder = "${folders[1]!}"`,
    );
  expect(both(['a', 'b']).cameras).toHaveLength(2);
  expect(() => both(['a', './b/../a/'])).toThrow('Pier needs a folder of its own');
});

test('a source is a folder, or an address with its times and a password that lies elsewhere', () => {
  expect(readCamera('source = "pictures"').cameras[0]).toMatchObject({ folder: join(folder, 'pictures') });
  writeFileSync(join(folder, 'secret'), 'x');
  const address = (lines: string) =>
    readCamera(`source = "http://cam.local/a?b=c"\n[camera.fetch]\n${lines}`);
  expect(address('at = ["06:30"]\nuser = "u"\npassword_file = "secret"').cameras[0]).toMatchObject({
    folder: join(folder, 'data', 'pictures', 'PIER'),
    fetch: {
      shown: 'http://cam.local/a',
      every: null,
      at: [23_400_000],
      password_file: join(folder, 'secret'),
    },
  });
  for (const [lines, why] of [
    ['at = ["24:00"]', 'camera.0.fetch.at.0: must be hh:mm'],
    ['every = 60\nat = ["06:00"]', 'either every (seconds) or at'],
    ['every = 60\nuser = "u"', 'a user needs a password_file or a password_env'],
    ['every = 60\nuser = "u"\npassword_file = "gone"', 'password_file: there is no file'],
    [
      'every = 60\nuser = "u"\npassword_env = "PORTHOLE_NO_SUCH"',
      'PORTHOLE_NO_SUCH is not in the environment',
    ],
  ] as const)
    expect(() => address(lines)).toThrow(why);
  for (const [lines, why] of [
    ['', 'it needs a folder, or a source'],
    ['folder = "a"\nsource = "b"', 'it needs a folder, or a source'],
    ['folder = "a"\n[camera.fetch]\nevery = 60', 'fetch is for a source that begins with'],
    ['source = "http://u:secret@cam.local/"\n[camera.fetch]\nevery = 60', 'source has a password in it'],
    [
      'source = "http://a/"\n[camera.fetch]\nevery = 60\n[[camera]]\nname = "PIER"\nreference = "."\nsource = "http://b/"\n[camera.fetch]\nevery = 60',
      'Pier needs a folder of its own',
    ],
  ] as const) {
    expect(() => readCamera(lines)).toThrow(why);
    expect(() => readCamera(lines)).not.toThrow('secret');
  }
});

const SCRIPT = fileURLToPath(new URL('../../scripts/station.mjs', import.meta.url));

test('--check says what the station would do and what would not work, and starts nothing', () => {
  const check = () => {
    const args = [SCRIPT, '--check', '--config', join(folder, 'station.toml')];
    // No browser could be started.
    const env = { ...process.env, PORTHOLE_CHROMIUM: '/nowhere', CAMERA_PASSWORD: 'secret' };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    return { status, said: stdout + stderr };
  };
  const toml = `[station]
data = "data"
[[camera]]
name = "Pier"
folder = "pictures"
reference = "."
platform = "OBSEA"
begin = 2026-03-01
[[camera]]
name = "Reef"
source = "http://cam.local/snap?pwd={password}"
reference = "."
[camera.fetch]
at = ["06:00", "18:30"]
user = "station"
password_env = "CAMERA_PASSWORD"
[door]
[backup]
folder = "pictures"
every = 12
[alerts]
least_disk_mb = 1
[alerts.webhook]
url = "https://chat.example.org/hooks/token"
`;
  writeFileSync(join(folder, 'station.toml'), toml);
  mkdirSync(join(folder, 'pictures'));
  const { status, said } = check();
  for (const part of [
    `Camera Pier: follows the folder ${join(folder, 'pictures')};`,
    'a picture that states no time is set aside (file_dates)',
    'Deployed: platform OBSEA; begin 2026-03-01.',
    'Camera Reef: fetches http://cam.local/snap at 06:00, 18:30 UTC as station with the password in the variable CAMERA_PASSWORD',
    'Door: 127.0.0.1:5000 for this computer, under localhost, 127.0.0.1, [::1].',
    `Backup: every 12 h into ${join(folder, 'pictures')}; 7 are kept.`,
    'Alerts: a webhook at chat.example.org.',
  ])
    expect(said).toContain(part);
  expect(said).not.toMatch(/secret|hooks|^!/m);
  expect(status).toBe(0);
  expect(existsSync(join(folder, 'data'))).toBe(false);

  rmSync(join(folder, 'pictures'), { recursive: true });
  expect(check().said).toContain(`! there is no folder ${join(folder, 'pictures')} for backups.`);
  expect(check()).toMatchObject({
    status: 1,
    said: expect.stringMatching(/^! .*pictures can't be read/m),
  });
  writeFileSync(join(folder, 'station.toml'), toml.replace('[door]', '[dor]'));
  expect(check()).toMatchObject({
    status: 1,
    said: expect.stringContaining('dor: there is no such key; is door meant?'),
  });
});

test('a token file that others can read is refused with the command that repairs it', () => {
  test.skip(process.platform === 'win32', 'files have no such rights there');
  const token = join(folder, 'the token');
  writeFileSync(token, 'a-secret\n', { mode: 0o640 });
  chmodSync(token, 0o640);
  expect(() => readToken(token)).toThrow(`Others can read ${token}. Repair it: chmod 600 '${token}'`);
  chmodSync(token, 0o600);
  expect(readToken(token)).toBe('a-secret');
});

test('the token to tell is no other one, and a certificate fits its key', () => {
  for (const [name, text] of Object.entries({
    predicts: 'a'.repeat(16),
    tells: `${'b'.repeat(16)}\n`,
    same: `${'a'.repeat(16)}\n`,
    short: `${'b'.repeat(15)}\n`,
    empty: '\n',
    pem: '-',
  }))
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  const read = (door: string) => {
    const path = join(folder, 'door.toml');
    const camera = '[[camera]]\nname = "Pier"\nfolder = "snapshots"\nreference = "."\n';
    writeFileSync(path, `[station]\ndata = "data"\n[door]\ntoken_file = "predicts"\n${door}\n${camera}`);
    return readConfig(path);
  };
  expect(read('').door).toMatchObject({ token: 'a'.repeat(16), tell_token: null, tls: null });
  expect(read('tell_token_file = "tells"').door).toMatchObject({ tell_token: 'b'.repeat(16) });
  for (const file of ['same', 'short', 'empty'])
    expect(() => read(`tell_token_file = "${file}"`)).toThrow(
      'a token of its own, of at least 16 characters, must be in it',
    );
  expect(() => read('tell_token_file = "none"')).toThrow('There is no file');
  for (const half of ['certificate = "pem"', 'key = "pem"', 'certificate = "pem"\nkey = "pem"'])
    expect(() => read(half)).toThrow("certificate and key are needed and can't be used");
});

test('names and proxies of the door are what they must be, and a name in any domain can’t be guessed', () => {
  const read = (door: string) => {
    const path = join(folder, 'names.toml');
    const camera = '[[camera]]\nname = "Pier"\nfolder = "snapshots"\nreference = "."\n';
    writeFileSync(path, `[station]\ndata = "data"\n[door]\n${door}\n${camera}`);
    return readConfig(path).door;
  };
  expect(read('')).toMatchObject({ hosts: [], proxies: [] });
  const hosts = ['wall.example.org', 'lab-pc:8443', '[2001:db8::1]', `api-${'a'.repeat(28)}.*`];
  expect(read(`hosts = ${JSON.stringify([...hosts, 'Lab-PC'])}`)).toMatchObject({
    hosts: [...hosts, 'lab-pc'],
  });
  for (const wrong of [
    'https://wall.example.org',
    'wall.example.org/wall',
    '*',
    '*.example.org',
    'wall.*',
    '',
  ])
    expect(() => read(`hosts = [${JSON.stringify(wrong)}]`), wrong).toThrow('door.hosts.0: must ');
  const proxies = ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32', '::1'];
  expect(read(`proxies = ${JSON.stringify(proxies)}`)).toMatchObject({ proxies });
  for (const wrong of ['proxy.example.org', '10.0.0.0/', '10.0.0.0/33', '10.0.0', '::1/x', '127.0.0.1:80'])
    expect(() => read(`proxies = [${JSON.stringify(wrong)}]`), wrong).toThrow('door.proxies.0: must ');

  const { PORTHOLE_HOST: before } = process.env;
  process.env['PORTHOLE_HOST'] = 'Lab-PC';
  try {
    expect(read('')).toMatchObject({ hosts: ['lab-pc'] });
    expect(read('hosts = ["wall.example.org"]')).toMatchObject({ hosts: ['wall.example.org'] });
  } finally {
    if (before === undefined) delete process.env['PORTHOLE_HOST'];
    else process.env['PORTHOLE_HOST'] = before;
  }
});
