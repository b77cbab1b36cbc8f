import { isoSeconds } from '../../../../core/domain/camera/summary';
import { tableRow } from '../../../../core/domain/files/csv';
import { hoursOf, UNITS } from '../usable/hours';
import { INTERVALS, type UsableSource } from './tables';
import { HOURS } from './usable-csv';

/** All of it as JSON, as `docs/schemas/usable.schema.json` describes it. */
export function usableJson(source: UsableSource): string {
  const { camera, time, byHand, references, madeBy } = source;
  const view = (referenceId: string) => references.find(({ id }) => id === referenceId)?.version ?? null;
  const told = {
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
    onsets: time.onsets.map(({ at, low, high, alarmAt, referenceId }) => ({
      suspect_since: isoSeconds(at),
      earliest: isoSeconds(low),
      latest: isoSeconds(high),
      drift_at: isoSeconds(alarmAt),
      view: view(referenceId),
    })),
    hours: Object.fromEntries(
      UNITS.map((unit) => [
        unit,
        hoursOf(time.spans, time.efforts, unit).map((each) => tableRow(HOURS, each, null)),
      ]),
    ),
  };
  return `${JSON.stringify(told, null, 2)}\n`;
}
