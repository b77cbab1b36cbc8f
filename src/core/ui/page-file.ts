import { html, Markup, plain } from '../domain/files/markup';
import { staysWords } from '../../words/stays';
import type { Stays } from '../session/pictures/what-stays';

/** The look of files that the page writes: the tokens of its themes, light or dark as the device is, light on paper. */
export const FILE_STYLE = `
:root{color-scheme:light dark;--paper:#f6f4ee;--surface:#fffdf8;--ink:#14232b;--ink-soft:#4b5c65;--line:#d9d6cb;--accent:#0b6e7f;--accent-ink:#ffffff;--normal:#2a7348;--normal-wash:#e4f0e6;--warning:#8f5500;--warning-wash:#f8ecd3;--drift:#b3261e;--drift-wash:#f9e1dd;--unknown:#5d6570;--unknown-wash:#eceae4;--s1:4px;--s2:8px;--s3:16px;--s4:24px;--s5:40px;--t1:14px;--t3:20px;--t5:40px;--radius:20px;--corner:12px}
@media screen and (prefers-color-scheme:dark){:root{--paper:#0c161b;--surface:#132028;--ink:#e8eef0;--ink-soft:#a6b8c0;--line:#2a3b45;--accent:#4fb7c8;--accent-ink:#06222a;--normal:#62c08a;--normal-wash:#14302a;--warning:#e0a542;--warning-wash:#33280f;--drift:#ff7a6e;--drift-wash:#3a1a18;--unknown:#9aa5ad;--unknown-wash:#1c2830}}
*{box-sizing:border-box;margin:0}
body{font:16px/1.5 Inter,"Segoe UI",system-ui,sans-serif;font-feature-settings:"tnum","lnum";background:var(--paper);color:var(--ink)}
a{color:var(--accent)}
[data-verdict=normal]{--tone:var(--normal);--wash:var(--normal-wash)}
[data-verdict=warning]{--tone:var(--warning);--wash:var(--warning-wash)}
[data-verdict=drift]{--tone:var(--drift);--wash:var(--drift-wash)}
[data-verdict=warming-up],[data-verdict=not-checked],[data-verdict=silent]{--tone:var(--unknown);--wash:var(--unknown-wash)}
[data-verdict=asking]{--tone:var(--accent);--wash:var(--unknown-wash)}
`;

interface PageFile {
  readonly lang: string;
  readonly title: string;
  readonly version: string;
  /** CSS after what all such files look like */
  readonly style: string;
  /** seconds after which a browser that shows it reads it again; absent for what stays as it is */
  readonly refresh?: number;
  readonly content: Markup;
}

/** A page as one HTML file that needs nothing else: no script, nothing fetched. */
export function pageFile({ lang, title, version, style, refresh, content }: PageFile): string {
  return html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        />
        ${refresh === undefined ? null : html`<meta http-equiv="refresh" content="${refresh}" />`}
        <meta name="viewport" content="width=device-width" />
        <meta name="generator" content="Porthole ${version}" />
        <title>${plain(title)}</title>
        <style>
          ${new Markup(FILE_STYLE + style)}
        </style>
      </head>
      <body>
        <main>${content}</main>
      </body>
    </html> `.text;
}

/** The pictures of WhatStays.svelte in a file, beside each other; null if there is none. */
export function staysMarkup({ at, own, clean }: Stays): Markup | null {
  const picture = (src: string, alt: string, caption: string) =>
    html`<li>
      <img src="${src}" alt="${alt}" />
      <p class="soft">${caption}</p>
    </li>`;
  return (
    own &&
    html`<ul class="pictures pair">
      ${picture(own.address, staysWords.nowAlt({ count: own.count, at }), staysWords.now({ count: own.count, at }))}
      ${clean ? picture(clean.address, staysWords.cleanAlt(clean), staysWords.clean(clean)) : null}
    </ul>`
  );
}
