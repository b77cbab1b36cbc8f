/** Address at which Vite serves the modules that specs import inside a page (tests/servers.ts). */
export const VITE = process.env['PORTHOLE_VITE'] ?? '';

/** A page of Vite's origin with nothing in it. */
export const BLANK = `${VITE}/tests/blank.html`;

/** The built page, on a static host under a sub-path. */
export const PAGE = process.env['PORTHOLE_PAGE'] ?? '';
