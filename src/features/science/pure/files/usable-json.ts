import { isoSeconds } from '../../../../core/domain/camera/summary';
import { tableRow } from '../../../../core/domain/files/csv';
import { hoursOf, UNITS } from '../usable/hours';
import { INTERVALS, viewOf, type UsableSource } from './tables';
import { HOURS } from './usable-csv';

/** All of it as JSON, as `docs/schemas/usable.schema.json` describes it. */
export function usableJson(source: UsableSource): string {
  const { camera, time, byHand, madeBy } = source;
  const usableTime = {
    made_by: madeBy,
    camera: { id: camera.id, name: camera.name },
    spans: time.spans.map((span) => tableRow(INTERVALS, span, source)),
    found: time.found.map((span) => tableRow(INTERVALS, span, { ...source, byHand: [] })),
    by_hand: byHand.map(({ usability, begin, end, note, madeAt }) => ({
      usability,
      begin: isoSeconds(begin),
      end: isoSeconds(end),
      note,
      made_at: isoSeconds(madeAt),
    })),
    onsets: time.onsets.map((onset) => ({
      suspect_since: isoSeconds(onset.at),
      earliest: isoSeconds(onset.low),
      latest: isoSeconds(onset.high),
      drift_at: isoSeconds(onset.alarmAt),
      view: viewOf(onset, source),
    })),
    hours: Object.fromEntries(
      UNITS.map((unit) => [
        unit,
        hoursOf(time.spans, time.efforts, unit).map((each) => tableRow(HOURS, each, null)),
      ]),
    ),
  };
  return `${JSON.stringify(usableTime, null, 2)}\n`;
}
