import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { ROOT } from '../../../scripts/prepare.mjs';

const run = promisify(execFile);

/** Without a browser, cameras and a build. */
async function refused(script: string, args: readonly string[]) {
  const env = { ...process.env, PORTHOLE_CAMERAS: '/nowhere', PORTHOLE_CHROMIUM: '/nowhere' };
  const command = [`scripts/${script}.mjs`, ...args];
  const { code, stdout, stderr } = await run(process.execPath, command, { cwd: ROOT, env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
  const [sentence, ...more] = stderr.split('\n\n');
  return { code, stdout, sentence: sentence!.trim(), usage: more.join('\n\n') };
}

for (const script of ['bench', 'driftwatch', 'judge', 'release', 'report', 'serve'])
  test(`${script} refuses an option that there is not, and shows those that there are`, async () => {
    const { code, stdout, sentence, usage } = await refused(script, ['--nonsense']);
    expect([code, stdout]).toEqual([2, '']);
    expect(sentence).toMatch(/^Unknown option '--nonsense'[^\n]*$/);
    expect(usage).toContain('  --');
  });

for (const [script, args, sentence] of [
  ['bench', ['stays', 'toString'], /^There is no part toString\. Parts: detector, glass, [^\n]*$/],
  ['bench', ['--intake', 'ten'], /^--intake is ten: expected a number of snapshots\.$/],
  ['bench', ['--intake', '10', 'stays'], /^--intake and stays don’t go together\.$/],
  ['driftwatch', ['--port', '70000'], /^--port is 70000: expected a port, 0 to 65535\.$/],
  ['driftwatch', ['--mytoken-port', ''], /^--mytoken-port is : expected a port, 0 to 65535\.$/],
  ['judge', ['--made', '--page'], /^--made and --page don’t go together\.$/],
  ['judge', ['--compared', '--page'], /^--compared and --page don’t go together\.$/],
  ['judge', ['--drawn', '--out', 'x.csv'], /^--drawn and --out don’t go together\.$/],
  ['judge', ['--write', '--only', '2014'], /^--write takes every cycle, and no method from a file\.$/],
  ['serve', ['--port', 'x'], /^--port is x: expected a port, 0 to 65535\.$/],
  ['serve', ['--under', 'reef'], /^--under is reef: expected a path that begins and ends with \/\.$/],
] as const)
  test(`${script} refuses ${args.join(' ')} in one sentence`, async () => {
    const refusal = await refused(script, args);
    expect(refusal.sentence).toMatch(sentence);
    expect(refusal).toMatchObject({ code: 2, stdout: '', usage: '' });
  });
