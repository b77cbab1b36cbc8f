/** Compares heads: clean days after the learned ones, real and drawn dirt, and the demo camera. */

/** From which of five on dirt of a kind raises drift through both of its lenses. */
const SEVERITIES = [1, 2, 3, 4, 5];

/**
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @param {object} manifest - of the base, by whose sigma and limits heads are judged
 * @param {import('./cameras.mjs').Learned[]} cameras
 * @returns {Promise<(embed: (look: import('./seen.mjs').Look) => Float32Array) => { highest: number, row: Record<string, string> }[]>}
 *   gives for each camera the highest distance of a clean window by one head, and all figures as a row of a table
 */
export async function judgeOf(load, { detector, thresholds }, cameras) {
  const { createDetector } = await load('core/domain/drift/detectors/index');

  /** @returns the distance after each of `stream`; null while the window fills */
  function distances(reference, stream) {
    const known = createDetector(detector);
    known.fit(reference);
    return stream.map((embedding) => known.update(embedding) ?? null);
  }

  return (embed) =>
    cameras.map(({ name, names, learned, later, fouled, cleaned, seen }) => {
      const embeddings = seen.plain.map(embed);
      const at = (places) => places.map((place) => embeddings[place]);
      const reference = at(learned);
      const clean = distances(reference, at(later)).flatMap((distance, i) =>
        distance === null ? [] : [{ distance, day: names[later[i]].slice(4, 8) }],
      );
      const calm = later.slice(1 - detector.windowSize);
      const soiled = distances(reference, at([...calm, ...fouled])).slice(calm.length);
      // Until the window is full the page empties it after a cleaning.
      const afterwards = distances(reference, at(cleaned)).flatMap((distance) =>
        distance === null ? [] : [{ distance }],
      );
      const drawn = seen.lenses.map(({ kind, severity, looks }) => ({
        kind,
        severity,
        distance: distances(reference, looks.map(embed)).at(-1),
      }));
      const weathers = seen.weathers.map((looks) => distances(reference, looks.map(embed)).at(-1));
      const row = {
        camera: name,
        'half lie within (σ)': (medianSpread(reference) / detector.sigma).toFixed(2),
        'clean windows above': `${percent(clean, thresholds.warning)} / ${percent(clean, thresholds.drift)} of ${clean.length}`,
        'highest, by day': [...new Set(clean.map(({ day }) => day))]
          .map((day) => `${day} ${highestOf(clean.filter((each) => each.day === day)).toFixed(3)}`)
          .join(', '),
        'drift at dirty': String(1 + soiled.findIndex((distance) => distance > thresholds.drift) || 'never'),
        'after the last': soiled.at(-1).toFixed(2),
        'highest once cleaned': afterwards.length > 0 ? highestOf(afterwards).toFixed(3) : '-',
        'in other weather': `${weathers.filter((distance) => distance > thresholds.warning).length} / ${
          weathers.filter((distance) => distance > thresholds.drift).length
        } of ${weathers.length}`,
        'drawn dirt from': [...new Set(drawn.map(({ kind }) => kind))]
          .map((kind) => `${kind} ${seenFrom(drawn.filter((each) => each.kind === kind))}`)
          .join(', '),
      };
      return { highest: highestOf(clean), row };
    });

  function seenFrom(lenses) {
    const isSeen = (severity) =>
      lenses.filter((lens) => lens.severity >= severity).every(({ distance }) => distance > thresholds.drift);
    return SEVERITIES.find(isSeen) ?? '-';
  }
}

function percent(clean, limit) {
  return `${((100 * clean.filter(({ distance }) => distance > limit).length) / clean.length).toFixed(0)} %`;
}

/** Median distance to the mean, as `isMadeFor` of src/core/domain/model/own-model.ts measures it. */
function medianSpread(embeddings) {
  const mean = embeddings[0].map((_, k) => embeddings.reduce((sum, e) => sum + e[k], 0) / embeddings.length);
  const away = embeddings.map((embedding) => Math.hypot(...embedding.map((value, k) => value - mean[k])));
  return away.sort((a, b) => a - b)[away.length >> 1];
}

function highestOf(windows) {
  return Math.max(...windows.map(({ distance }) => distance));
}
