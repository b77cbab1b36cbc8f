/** Watches the results' way to DriftWatch: the token, the experiments, what waits and what was refused. */
import { ConfigError, DRIFT_MONITOR_MYTOKEN, readToken, replaceToken } from './token-file.mjs';

const DAY = 86_400_000;
/** Between two tries to connect, in milliseconds. */
const CONNECT_AGAIN = 30_000;
/** Between two looks at what waits, in milliseconds, at most. */
const LOOK_EVERY = 60_000;
/** Records that wait for so long, while none arrives, are told, in milliseconds. */
const PATIENCE = 3_600_000;
/** Keys of the problems that a look finds, and are over when it finds them no more. */
const FOUND = /^(token$|sending |refused |waiting )/;
const CONNECTING = /^(driftwatch|token file)$/;

export class Outbox {
  #config;
  #station;
  #stand = { tokenEnds: null, problem: null, cameras: [] };
  /** the mytoken that the page was given last, or the successor that was kept */
  #given = null;
  #isConnected = false;
  /** by `performance.now` */
  #connectedAt = -Infinity;
  #checkedAt = -Infinity;
  #lookedAt = -Infinity;
  /** by camera: how many had arrived, and when one did last */
  #arrivals = new Map();

  /** @param config - of `readConfig` @param {import('./station.mjs').Station} station */
  constructor(config, station) {
    this.#config = config;
    this.#station = station;
  }

  /** As the page said at the last look: when the token ends, and by camera what waits, was set aside and refused. */
  get stand() {
    return this.#stand;
  }

  /** Tells a page that was opened what it needs to send; scoring goes on without, and what is to be sent waits in it. */
  async connect(page) {
    if (!this.#config.driftwatch) return;
    await page.exposeFunction('keepMytoken', (mytoken) => this.#keepMytoken(mytoken));
    await this.#connectAgain(page);
  }

  /** Connects again what could not be connected or has got another token, and looks what became of the results. */
  async mind() {
    const { driftwatch } = this.#config;
    if (!driftwatch) return this.#tellAll(new Map(), CONNECTING);
    const now = performance.now();
    const isDue = this.#station.problems.has('driftwatch') && now - this.#connectedAt >= CONNECT_AGAIN;
    if (isDue || this.#isReplaced()) await this.#station.ask((page) => this.#connectAgain(page));
    const every = driftwatch.check_every * 1000;
    if (now - this.#lookedAt < Math.min(every, LOOK_EVERY)) return;
    this.#lookedAt = now;
    const isChecking = this.#isConnected && now - this.#checkedAt >= every;
    if (isChecking) this.#checkedAt = now;
    this.#stand = await this.#station.ask((page) => page.evaluate(sendingNow, isChecking));
    // Without a connection it would hide what stands in its way.
    if (this.#isConnected && this.#stand.problem !== null)
      this.#station.tell('driftwatch', `DriftWatch: ${this.#stand.problem}`);
    this.#tellAll(new Map(this.#found()));
  }

  async #connectAgain(page) {
    const { driftwatch, cameras } = this.#config;
    this.#connectedAt = performance.now();
    this.#isConnected = false;
    try {
      this.#given = this.#mytoken();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.#station.tell('driftwatch', `DriftWatch: ${error.message}`);
      return;
    }
    const answer = await page.evaluate(connectAll, {
      connection: {
        baseUrl: driftwatch.address,
        mytokenServer: driftwatch.mytoken_server,
        timeout: driftwatch.timeout,
      },
      mytoken: this.#given,
      sending: cameras.filter(({ experiment }) => experiment !== undefined),
    });
    this.#lookedAt = -Infinity;
    this.#isConnected = !('problem' in answer);
    if (!this.#isConnected) this.#station.tell('driftwatch', `DriftWatch: ${answer.problem}`);
    else this.#station.solve('driftwatch');
  }

  #mytoken() {
    const { token_file: file } = this.#config.driftwatch;
    // Its successor, where its server has replaced it.
    return file === undefined ? (this.#given ?? DRIFT_MONITOR_MYTOKEN) : readToken(file);
  }

  #isReplaced() {
    try {
      return this.#mytoken() !== this.#given;
    } catch {
      // The one that the page has may still be good; when it is needed again, it is told.
      return false;
    }
  }

  /** A mytoken that its server replaces with each use is worth nothing at the next start, unless the new one is kept. */
  #keepMytoken(mytoken) {
    const { token_file: file } = this.#config.driftwatch;
    try {
      if (file !== undefined) replaceToken(file, mytoken);
      this.#given = mytoken;
      if (file === undefined) throw new Error('the configuration names no token_file');
      this.#station.solve('token file');
    } catch (error) {
      this.#station.tell(
        'token file',
        `The mytoken for DriftWatch was replaced by its server, and ${file ?? 'its successor'} can't be written (${error.code ?? error.message}). Results go on being sent until the station ends; put a new mytoken there before it is started again.`,
      );
    }
  }

  /** Says what was found, and that all other is over. */
  #tellAll(found, over = FOUND) {
    for (const [key, sentence] of found) this.#station.tell(key, sentence);
    for (const key of this.#station.problems.keys())
      if ((FOUND.test(key) || over.test(key)) && !found.has(key)) this.#station.solve(key);
  }

  /** Keys and sentences. */
  *#found() {
    const { driftwatch, cameras, alerts } = this.#config;
    const { tokenEnds, cameras: sending } = this.#stand;
    if (tokenEnds !== null && tokenEnds - Date.now() < alerts.token_days * DAY) {
      const day = new Date(tokenEnds).toISOString().slice(0, 10);
      const word = tokenEnds < Date.now() ? 'has ended' : 'ends';
      const place = driftwatch.token_file ?? 'DRIFT_MONITOR_MYTOKEN and start the station again';
      yield [
        'token',
        `The mytoken for DriftWatch ${word} on ${day}. Put a new one into ${place}; what is not sent waits.`,
      ];
    }
    for (const { name, experiment, arrived, waiting, setAside, refused, why, held } of sending) {
      if (!cameras.some((camera) => camera.name === name && camera.experiment !== undefined)) continue;
      if (held !== null) yield [`sending ${name}`, `${name}: nothing is sent to ${experiment}. ${held}`];
      if (refused + setAside > 0)
        yield [
          `refused ${name}`,
          `${name}: DriftWatch did not take some records. Refused: ${refused}, set aside: ${setAside}. ${why ?? ''} They are kept; look at them in the station's profile.`,
        ];
      const before = this.#arrivals.get(name);
      if (!before || before.arrived !== arrived || waiting === 0)
        this.#arrivals.set(name, { arrived, at: performance.now() });
      else if (performance.now() - before.at > PATIENCE)
        yield [
          `waiting ${name}`,
          `${name}: nothing has reached ${experiment} for an hour. Records wait (now ${waiting}), and nothing is lost. Can DriftWatch be reached?`,
        ];
    }
  }
}

// The rest runs in the page.

async function connectAll({ connection, mytoken, sending }) {
  const { porthole } = globalThis;
  const station = await porthole.station();
  return porthole.tryTo(async () => {
    await station.connect(connection, mytoken, globalThis.keepMytoken);
    for (const { name, experiment, tags } of sending) {
      // A yes is given for the whole experiment.
      const corrects = sending.some((other) => other.experiment === experiment && other.corrections);
      await station.sendTo(name, experiment, tags, corrects);
    }
  });
}

async function sendingNow(isChecking) {
  return (await globalThis.porthole.station()).sending(isChecking);
}
