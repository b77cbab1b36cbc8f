/** The look of the wall as a file: that of the wall in the page. */
export const WALL_STYLE = `main{max-width:1280px;margin:0 auto;padding:var(--s4) var(--s5) var(--s5);display:grid;gap:var(--s4)}
h1{font-size:var(--t5);line-height:1.2;letter-spacing:-.02em}
h2{font-size:var(--t3);line-height:1.2;letter-spacing:-.01em}
h1,h2,p{overflow-wrap:anywhere}
.soft{color:var(--ink-soft)}
.lead{font-size:var(--t3)}
.fine{font-size:var(--t1)}
.unguarded{max-width:60em;margin-top:var(--s2);padding-inline-start:var(--s3);border-inline-start:4px solid currentColor;font-weight:600}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,360px),1fr));gap:var(--s4);padding:0;list-style:none}
.tile{display:grid;grid-template-rows:auto 1fr;overflow:hidden;border-radius:var(--radius);background:var(--surface)}
.glass{position:relative;aspect-ratio:16/9;background:var(--unknown-wash)}
.glass>img,.covers{position:absolute;width:100%;height:100%;object-fit:cover}
.silent .glass>img{filter:grayscale(1)}
.covers path{fill:none;stroke:#fff;stroke-width:2;vector-effect:non-scaling-stroke}
.covers .under{fill:rgb(179 38 30/.5);stroke:rgb(0 0 0/.55);stroke-width:4}
.tag{position:absolute;left:var(--s3);bottom:var(--s3);max-width:calc(100% - 2*var(--s3));padding:var(--s1) var(--s3);border-radius:var(--radius);background:var(--wash);color:var(--tone);font-weight:700}
.sign{display:flex;gap:var(--s2);align-items:center}
.shape{fill:currentColor;flex:none}
.tag.seen{background:var(--surface)}
.tag.seen{inset:var(--s3) var(--s3) auto auto;color:var(--ink);font-weight:600}
.group{display:grid;gap:var(--s2);padding:var(--s3) var(--s4);border-radius:var(--radius);background:var(--surface)}
.group.silent{background:var(--unknown-wash)}
.group .shape{color:var(--tone)}
.group>ul{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr));gap:var(--s2) var(--s4);padding:0;list-style:none}
.group>ul>li{display:grid;grid-template-columns:96px minmax(0,1fr);gap:var(--s3);align-items:start;break-inside:avoid}
.group .glass{overflow:hidden;border-radius:6px}
.say{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:0 var(--s3);align-content:start;align-items:baseline;padding:var(--s2) var(--s3) var(--s3)}
.say>:nth-child(n+3){grid-column:1/-1}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:var(--s2);padding:var(--s2) 0;list-style:none;font-size:var(--t1)}
.pair img{display:block;width:100%;border-radius:var(--corner)}
.files{display:flex;flex-wrap:wrap;gap:0 var(--s3);padding:var(--s2) 0 0;list-style:none}
.files a{display:inline-block;padding:var(--s2) 0}
@media (max-width:620px){main{padding:var(--s3)}}
@media (forced-colors:active){.tile,.tag{border:1px solid CanvasText}}
@media print{*{print-color-adjust:exact;-webkit-print-color-adjust:exact}.tile{break-inside:avoid}}
`;

/** The look of its forms, as those of the page: parts.css and tokens.css. */
export const FORM_STYLE = `.told{padding:var(--s3);border-radius:var(--radius);background:var(--surface);border:2px solid var(--accent)}
.tell{display:grid;gap:0;padding-top:var(--s2)}
.tell form{display:grid;gap:var(--s3);padding:var(--s2) 0 var(--s3)}
.tell summary{padding:var(--s2) 0;color:var(--accent);font-weight:600;cursor:pointer}
.tell label{display:grid;gap:var(--s1);max-width:34em}
.tell input,.tell button{min-height:44px;min-width:0;width:100%;padding:var(--s2) var(--s3);border:1px solid var(--unknown);border-radius:var(--corner);background:var(--surface);color:var(--ink);font:inherit}
.tell button{width:auto;justify-self:start;border-color:var(--accent);background:var(--accent);color:var(--accent-ink);font-weight:600;cursor:pointer}
.answers{display:grid;gap:var(--s2)}
.tell .answers button{width:100%;border-color:var(--unknown);background:var(--surface);color:var(--ink)}
.answers small{display:block;font-size:var(--t1);font-weight:400;color:var(--ink-soft)}
.tell :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
`;
