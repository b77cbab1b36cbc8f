import { html, Markup, plain } from '../domain/files/markup';
import { FILE_STYLE } from './file-style';

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
