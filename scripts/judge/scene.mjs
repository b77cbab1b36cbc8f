/** Made changes of the scene: when the page asks, and what is judged after the answer. */

const WINDOW = 12;
const FRESH = { raiseAfter: 1, clearAfter: 1, clearBelow: 1 };
/** The same in all jobs here: nothing is learned. */
const JOB = {
  jobStatus: 'Completed',
  distance: null,
  thresholds: { warning: 0.05, drift: 0.1 },
};
/** Between two snapshots, milliseconds. */
const STEP = 3_600_000;
/** Snapshots that come after a made gap. */
const AFTER_GAP = 24;
/** A warning that comes so many snapshots later than without the rule is in time. */
const IN_TIME = 2;

/**
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @param {Awaited<ReturnType<typeof import('./scene-cases.mjs').sceneSights>>} looked
 * @returns {Promise<Record<string, Record<string, string | number>[]>>} tables by their titles
 */
export async function sceneTables(load, looked) {
  const { GlassJudge } = await load('core/domain/glass/glass-judge');
  const { conclusionOf } = await load('core/domain/camera/verdict');
  const tables = { changes: [], real: [], drawn: [], grows: [] };
  for (const camera of [...new Set(looked.map((each) => each.camera))]) {
    const courses = looked.filter((each) => each.camera === camera);
    const runs = courses.map(({ fit, sequences }) => ({
      fit,
      sequences: sequences.map((each) => runOf(fit, each)),
    }));
    const all = runs.flatMap(({ fit, sequences }) => sequences.map((each) => ({ fit, ...each })));
    for (const isTurned of [false, true]) {
      for (const kind of ['none', 'removed', 'added']) {
        tables.changes.push(
          changesRow(
            camera,
            kind,
            isTurned,
            all.filter((each) => each.kind === kind && each.isTurned === isTurned),
          ),
        );
      }
    }
    tables.real.push(realRow(camera, runs));
    tables.drawn.push(
      ...drawnRows(
        camera,
        all.filter(({ kind }) => kind === 'drawn'),
      ),
    );
  }
  for (const { camera, cycle, fit, sequences } of looked) {
    tables.grows.push(
      growsRow(
        camera,
        cycle,
        runOf(
          fit,
          sequences.find(({ kind }) => kind === 'grows'),
        ),
      ),
    );
  }
  return tables;

  /** @returns of each snapshot of the sequence its facts, and its levels with the rule and without it */
  function judged(fit, { sights, times }, answers = []) {
    const judge = new GlassJudge(fit, {
      windowSize: WINDOW,
      persistence: FRESH,
      offGlass: fit.captions,
      isOwnModel: false,
      isWarm: false,
      answers,
    });
    return sights.map((sight, i) => {
      const glass = judge.update({ ...sight, capturedAt: times?.[i] ?? i * STEP }, 'normal');
      const { changed, visit, ...facts } = glass;
      const { level, code } = conclusionOf({ ...JOB, glass });
      const isFull = facts.growth !== null && facts.growth.distance !== null;
      return {
        changed,
        visit,
        code,
        level,
        today: conclusionOf({ ...JOB, glass: facts }).level,
        isFull,
        isCounted: facts.growth !== null,
      };
    });
  }

  function runOf(fit, sequence) {
    const said = judged(fit, sequence);
    return { ...sequence, said, after: said.slice(sequence.before).filter(({ isFull }) => isFull) };
  }

  function answerOf({ said }) {
    const asked = said.filter(({ code }) => code === 'changed');
    const { growth, loss } = asked.findLast(({ changed }) => changed)?.changed ?? { growth: [], loss: [] };
    const from = Math.min(...asked.map(({ visit, changed }) => visit?.since ?? changed.since));
    return { answer: 'in-scene', growth, loss, from, until: Infinity };
  }

  function changesRow(camera, kind, isTurned, cases) {
    const warned = cases.filter(({ after }) => after.some(({ today }) => isRaised(today)));
    const asked = warned.filter(({ after }) => after.some(({ code }) => code === 'changed'));
    const late = asked.filter(({ after }) => {
      const first = after.findIndex(({ code }) => code === 'changed');
      return after.slice(0, first).some(({ level }) => level === 'drift');
    });
    const whole = cases.flatMap(({ after }) => after);
    // Each further question is answered, too.
    const answered = asked.map((each) => {
      const answers = [answerOf(each)];
      let again = judged(each.fit, each, answers);
      for (let n = 0; n < 3 && again.some(({ code }) => code === 'changed'); n++) {
        answers.push(answerOf({ said: again }));
        again = judged(each.fit, each, answers);
      }
      const once = judged(each.fit, each, answers.slice(0, 1));
      const kept = (said) => said.slice(each.before).filter(({ isFull }) => isFull);
      return { once: kept(once), all: kept(again), questions: answers.length };
    });
    const once = answered.flatMap((each) => each.once);
    const again = answered.flatMap((each) => each.all);
    return {
      camera,
      change: `${kind}, ${isTurned ? 'turned by 5 %' : 'in place'}`,
      made: cases.length,
      'windows above .05 / .10, no rule %': `${percent(whole, ({ today }) => isRaised(today))} / ${percent(whole, ({ today }) => today === 'drift')}`,
      'with the rule %': shares(whole),
      'changes that warn': warned.length,
      asked: asked.length,
      'drift before the question': late.length,
      'windows after the first answer': once.length,
      'of these warn / drift %': shares(once),
      'after all answers %': shares(again),
      questions: answered.reduce((sum, { questions }) => sum + questions, 0),
    };
  }

  function realRow(camera, runs) {
    const sets = { fouled: [], fouledMasked: [], clean: [], cleanMasked: [] };
    let [changed, all, cleanAsked, clean, behind, behindChanged] = [0, 0, 0, 0, 0, 0];
    for (const { fit, sequences } of runs) {
      const real = sequences.find(({ kind }) => kind === 'real');
      const isWhole = wholeWindows(real.said, real.truths);
      const of = (truth, said) => said.filter((each, i) => isWhole[i] === truth && each.isFull);
      const fouled = (said) => of('fouled', said);
      all += fouled(real.said).length;
      changed += fouled(real.said).filter(({ code }) => code === 'changed').length;
      clean += real.said.filter((each, i) => isWhole[i] === 'clean' && each.isFull).length;
      cleanAsked += real.said.filter((each, i) => isWhole[i] === 'clean' && each.code === 'changed').length;
      for (const said of behindGaps(fit, sequences[0], real)) {
        behind += said.length;
        behindChanged += said.filter(({ code }) => code === 'changed').length;
      }
      const masks = sequences.filter(
        ({ kind, said }) =>
          ['removed', 'added'].includes(kind) && said.some(({ code }) => code === 'changed'),
      );
      for (const each of masks) {
        const answers = [{ ...answerOf(each), from: -Infinity }];
        const masked = judged(fit, real, answers);
        sets.fouled.push(...fouled(real.said));
        sets.fouledMasked.push(...fouled(masked));
        sets.clean.push(...of('clean', real.said));
        sets.cleanMasked.push(...of('clean', masked));
      }
    }
    return {
      camera,
      'fouled windows': all,
      'called a change': changed,
      'behind a made gap': behind,
      'of these called a change': behindChanged,
      'clean windows': clean,
      'asked of these': cleanAsked,
      'fouled windows under masks': sets.fouled.length,
      'without / with the mask, above .05 / .10 %': `${shares(sets.fouled)}, ${shares(sets.fouledMasked)}`,
      'clean windows, likewise': `${shares(sets.clean)}, ${shares(sets.cleanMasked)}`,
    };
  }

  /** Clean snapshots, nothing for three days, then fouled ones: of each place to begin the windows that are full of these. */
  function behindGaps(fit, clean, real) {
    const fouled = real.sights.filter((_, i) => real.truths[i] === 'fouled');
    return Array.from({ length: Math.floor(fouled.length / AFTER_GAP) }, (_, n) => {
      const before = clean.sights.slice(0, clean.before);
      const sights = [...before, ...fouled.slice(n * AFTER_GAP, (n + 1) * AFTER_GAP)];
      const times = sights.map((_, i) => (i < before.length ? i : i + 72) * STEP);
      return judged(fit, { sights, times })
        .slice(before.length)
        .filter(({ isFull }) => isFull);
    });
  }

  function growsRow(camera, cycle, { said, before }) {
    const grows = said.slice(before);
    const first = grows.findIndex(({ level }) => isRaised(level));
    const since = grows.slice(first);
    return {
      camera,
      cycle,
      'first alarm': first + 1,
      'growth since': `${since.filter(({ code }) => code === 'growth').length} of ${since.length}`,
      'another view': since.filter(({ isCounted }) => !isCounted).length,
      'of the last dozen growth': grows.slice(-WINDOW).filter(({ code }) => code === 'growth').length,
    };
  }

  function drawnRows(camera, all) {
    const kinds = [...new Set(all.map(({ name }) => name.split(' ').slice(0, 2).join(' ')))];
    return kinds.map((name) => {
      const runs = all.filter((each) => each.name.startsWith(`${name} `));
      const first = (each, isSo) => each.said.slice(each.before).findIndex(isSo);
      const warnings = runs.map((each) => [
        first(each, ({ today }) => isRaised(today)),
        first(each, ({ level }) => isRaised(level)),
      ]);
      const drifts = runs.map((each) => [
        first(each, ({ today }) => today === 'drift'),
        first(each, ({ level }) => level === 'drift'),
      ]);
      const told = (pairs, k) => pairs.map((pair) => (pair[k] < 0 ? '-' : pair[k] + 1)).join(' ');
      const later = (pairs) =>
        pairs.filter(([one, other]) => one >= 0 && (other < 0 || other > one + IN_TIME)).length;
      const windows = runs.flatMap(({ after }) => after);
      return {
        camera,
        drawn: name,
        'windows called a change %': percent(windows, ({ code }) => code === 'changed'),
        'first warning, no rule': told(warnings, 0),
        'with it': told(warnings, 1),
        'first drift, no rule': told(drifts, 0),
        'with the rule': told(drifts, 1),
        'later by more than 2 or never': `${later(warnings)} / ${later(drifts)}`,
      };
    });
  }
}

function wholeWindows(said, truths) {
  const counted = [];
  return said.map(({ isCounted }, i) => {
    if (!isCounted) return null;
    counted.push(truths[i]);
    const window = counted.slice(-WINDOW);
    return window.length === WINDOW && window.every((truth) => truth === window[0]) ? window[0] : null;
  });
}

function isRaised(level) {
  return level === 'warning' || level === 'drift';
}

function percent(items, isSo) {
  return items.length === 0 ? '-' : Math.round((100 * items.filter(isSo).length) / items.length).toString();
}

function shares(set) {
  return `${percent(set, ({ level }) => isRaised(level))} / ${percent(set, ({ level }) => level === 'drift')}`;
}
