/** The look of the wall as a file: that of the wall in the page. */
export const WALL_STYLE = `main{max-width:1280px;margin:0 auto;padding:24px 32px 40px;display:grid;gap:18px}
header{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,420px);gap:12px 40px;align-items:center}
h1{font-size:clamp(24px,2.6vw,32px);line-height:1.2;font-weight:560;letter-spacing:-.02em}
h2{font-size:16px;line-height:1.2;font-weight:640;letter-spacing:-.01em}
h1,h2,p{overflow-wrap:anywhere}
.soft{color:var(--ink-soft)}
.written{font-size:14px;max-width:46em}
main>ul{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:12px;padding:0;list-style:none}
.tile{display:grid;grid-template:"ring says" auto "ring spark" minmax(36px,1fr) "text text" auto / 76px minmax(0,1fr);gap:4px 14px;padding:14px 16px;border-radius:18px;background:var(--wash)}
.tile[data-verdict=normal]{background:var(--surface)}
.tile[data-verdict=drift]{grid-column:span 2;grid-template:"ring says" auto "ring spark" minmax(48px,1fr) "ring text" auto / 176px minmax(0,1fr);gap:6px 22px;padding:16px 18px}
.ring{grid-area:ring;align-self:center}
.ring>svg{display:block;width:100%}
[data-verdict=silent] .ring{filter:grayscale(1);opacity:.75}
.wash{fill:var(--unknown-wash)}
.way{fill:none;stroke:var(--line);stroke-width:16}
.filled{stroke:var(--tone);stroke-linecap:round}
.shape{color:var(--tone);fill:currentColor;flex:none}
.says{grid-area:says;min-width:0}
.word{display:flex;flex-wrap:wrap;gap:0 7px;align-items:baseline;font-size:14px;line-height:1.35;color:var(--tone)}
.word>span:first-child{display:flex;gap:7px;align-items:center}
[data-verdict=drift] .says{display:flex;flex-direction:column-reverse}
[data-verdict=drift] h2{font-size:18px}
[data-verdict=drift] .word>span:first-child{font-size:26px;letter-spacing:-.02em}
figure{grid-area:spark;align-self:center}
.wave path{vector-effect:non-scaling-stroke}
.text{grid-area:text;font-size:14px;line-height:1.45}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:8px;padding:6px 0;list-style:none}
.pair img{display:block;width:100%;border-radius:8px}
.files{display:flex;flex-wrap:wrap;gap:0 18px;padding:6px 0 0;list-style:none}
.files a{display:inline-block;padding:4px 0}
.tide{position:relative;height:72px}
.camera{position:absolute;display:grid;place-items:center;width:28px;height:28px;transform:translateX(-50%)}
.wave{position:absolute;top:calc(50% - 5px);width:100%;height:10px;fill:none;stroke:var(--accent);stroke-width:1.5}
.tide .limit{position:absolute;right:0;top:calc(50% - 26px);font-size:13px;font-weight:600;color:var(--accent)}
footer{display:grid;gap:6px;font-size:14px}
@media (max-width:1100px){main>ul{grid-template-columns:repeat(2,minmax(0,1fr))}header{grid-template-columns:minmax(0,1fr)}}
@media (max-width:620px){main{padding:16px 16px 32px}main>ul{grid-template-columns:minmax(0,1fr);gap:10px}.tile[data-verdict=drift]{grid-column:auto;grid-template:"ring says" auto "ring spark" minmax(40px,1fr) "text text" auto / 116px minmax(0,1fr);gap:4px 14px;padding:14px 16px}[data-verdict=drift] .word>span:first-child{font-size:21px}.files a{padding:11px 0}}
@media (forced-colors:active){.tile{border:1px solid CanvasText}}
@media print{*{print-color-adjust:exact;-webkit-print-color-adjust:exact}.tile{break-inside:avoid}}
`;
