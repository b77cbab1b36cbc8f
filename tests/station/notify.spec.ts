import { spawn, spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { pingAfterLoops, systemdOf } from '../../scripts/station/notify.mjs';

const LISTENER = `
import socket, sys
own = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
own.bind(sys.argv[1])
while True: print(own.recv(4096).decode(), flush=True)
`;

const has = (program: string, argument: string) => spawnSync(program, [argument]).status === 0;

test('systemd hears that the station is ready, that it is alive while it is, and that it ends', async () => {
  test.skip(!has('systemd-notify', '--version') || !has('python3', '--version'), 'needs both');
  const folder = mkdtempSync(join(tmpdir(), 'porthole-notify-'));
  const socket = join(folder, 'socket');
  const listener = spawn('python3', ['-c', LISTENER, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let heard = '';
    listener.stdout.on('data', (text) => (heard += String(text)));
    const words = () => heard.split('\n').filter((line) => /^(READY|WATCHDOG|STOPPING)=1$/.test(line));
    await expect.poll(() => existsSync(socket)).toBe(true);

    const asked = { isLive: true, times: 0, alive: 0 };
    const isLive = () => {
      asked.times += 1;
      if (asked.isLive) asked.alive += 1;
      return asked.isLive;
    };
    const problems: string[] = [];
    const given = {
      ...process.env,
      NOTIFY_SOCKET: socket,
      WATCHDOG_USEC: '600000',
      WATCHDOG_PID: `${process.pid}`,
    };
    const systemd = systemdOf(isLive, (sentence: string) => problems.push(sentence), given);
    systemd.ready();
    await expect.poll(() => asked.alive).toBeGreaterThan(1);
    asked.isLive = false;
    await expect.poll(() => words().length).toBe(1 + asked.alive);
    const until = asked.times + 2;
    await expect.poll(() => asked.times).toBeGreaterThanOrEqual(until);
    systemd.end();
    await expect.poll(() => words().at(-1)).toBe('STOPPING=1');
    expect(words().slice().sort()).toEqual([
      'READY=1',
      'STOPPING=1',
      ...Array.from({ length: asked.alive }, () => 'WATCHDOG=1'),
    ]);
    expect(problems).toEqual([]);
  } finally {
    listener.kill();
    rmSync(folder, { recursive: true });
  }
});

test('a dead man’s switch that does not answer is told after three tries, without its secret, and once it answers', async () => {
  const state = { status: 404, pings: 0 };
  const server = createServer((_, response) => {
    state.pings += 1;
    response.writeHead(state.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const told: string[] = [];
    const station = Object.assign(new EventEmitter(), {
      tell: (key: string, sentence: string) => told.push(`${key}: ${sentence}`),
      solve: (key: string) => told.push(`over: ${key}`),
    });
    const { port } = server.address() as AddressInfo;
    pingAfterLoops(station, { url: `http://127.0.0.1:${port}/a-secret`, every: 0 });
    const ping = async () => {
      const before = state.pings;
      station.emit('loop');
      await expect.poll(() => state.pings).toBe(before + 1);
    };
    for (let i = 0; i < 2; i += 1) await ping();
    expect(told).toEqual([]);
    await ping();
    await expect.poll(() => told).toHaveLength(1);
    expect(told[0]).toMatch(/^ping: .* at 127\.0\.0\.1:\d+ can't be reached \(it answered 404\)/);
    expect(told[0]).not.toContain('a-secret');
    state.status = 200;
    await ping();
    await expect.poll(() => told.at(-1)).toBe('over: ping');
  } finally {
    server.close();
  }
});
