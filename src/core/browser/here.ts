/** IANA name of this device's time zone. */
export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
