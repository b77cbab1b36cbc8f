/** Distances from UTC that clocks have, `-12:00` … `+14:00`. */
export const FIXED: readonly string[] = [
  ...Array.from({ length: 27 }, (_, i) => i - 12),
  ...[-9.5, -3.5, 3.5, 4.5, 5.5, 5.75, 6.5, 8.75, 9.5, 10.5, 12.75],
]
  .sort((a, b) => a - b)
  .map((hours) => {
    const minutes = Math.round(Math.abs(hours) * 60);
    const two = (value: number) => String(value).padStart(2, '0');
    return `${hours < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  });

/** The zone of this device. */
export function zoneHere(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Names of zones that the browser knows. */
export function zoneNames(): readonly string[] {
  return Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC');
}
