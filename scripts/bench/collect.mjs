/**
 * Collects the garbage of a browser's page and its workers, and prints what the page's heap holds then, in bytes:
 * `node --experimental-websocket scripts/bench/collect.mjs PORT`, the port of its debugger. Playwright would do, but it
 * leaves a megabyte in the page each time it connects (1.65).
 */
const pages = await (await fetch(`http://127.0.0.1:${process.argv[2]}/json/list`)).json();
const page = pages.find(({ type, url }) => type === 'page' && url.startsWith('http'));
const socket = new WebSocket(page.webSocketDebuggerUrl);
await new Promise((resolve) => socket.addEventListener('open', resolve));

const answers = new Map();
const workers = [];
socket.addEventListener('message', ({ data }) => {
  const { id, method, params, result } = JSON.parse(data);
  if (method === 'Target.attachedToTarget') workers.push(params.sessionId);
  answers.get(id)?.(result);
});
let asked = 0;
const ask = (method, params = {}, sessionId = undefined) =>
  new Promise((resolve) => {
    asked += 1;
    answers.set(asked, resolve);
    socket.send(JSON.stringify({ id: asked, method, params, ...(sessionId && { sessionId }) }));
  });

await ask('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: true });
// Each worker has a heap of its own.
for (const worker of workers) await ask('HeapProfiler.collectGarbage', {}, worker);
await ask('Memory.simulatePressureNotification', { level: 'critical' });
// The second takes what the first has only found.
for (let i = 0; i < 2; i += 1) await ask('HeapProfiler.collectGarbage');
const { usedSize } = await ask('Runtime.getHeapUsage');
console.log(usedSize);
socket.close();
