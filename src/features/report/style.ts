export const REPORT_STYLE = `main{max-width:1120px;margin:0 auto;padding:24px 20px 40px;display:grid;gap:14px}
main>*{min-width:0}
section{background:var(--surface);border-radius:14px;padding:16px 24px;display:grid;gap:10px;grid-template-columns:minmax(0,1fr)}
h1{font-size:30px;line-height:1.2;letter-spacing:-.02em;overflow-wrap:anywhere}
h2{font-size:19px;line-height:1.25}
h3{font-size:16px;line-height:1.3;margin-top:8px}
p,dd,td,figcaption,li{overflow-wrap:anywhere}
p{max-width:46em}
.soft,figcaption,dt{color:var(--ink-soft)}
.verdict{background:var(--wash)}
.verdict h2{font-size:16px;font-weight:400}
.word{font-size:clamp(34px,6vw,56px);line-height:1.05;font-weight:680;letter-spacing:-.03em;color:var(--tone)}
.verdict b{color:var(--tone)}
.sentence{font-size:19px}
.verdict .soft{color:var(--ink)}
header{display:grid;gap:8px}
[aria-labelledby=method]{display:block;columns:2;column-gap:32px}
[aria-labelledby=method] h2{column-span:all;margin-bottom:12px}
[aria-labelledby=method] p{margin-bottom:8px;break-inside:avoid}
.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:14px;align-items:start}
.beside>div{display:grid;gap:14px}
.origin{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:10px 32px}
table{border-collapse:collapse;width:100%;font-size:14px}
caption{text-align:left;color:var(--ink-soft);padding-bottom:6px}
th,td{padding:5px 8px;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
thead th{border:0;color:var(--ink-soft);font-weight:600;vertical-align:bottom}
tbody th{font-weight:400;white-space:nowrap}
.number{text-align:right}
.coverage{width:auto;font-size:11px;line-height:1.5}
.coverage th,.coverage td{padding:0 1px;border:0;text-align:center}
.coverage thead th{font-weight:400}
.coverage tbody th{padding-right:6px;text-align:right;color:var(--ink-soft)}
.coverage td{min-width:11px;width:24px;background:color-mix(in srgb,var(--ink) 5%,transparent);border:1px solid var(--surface)}
.coverage .seen{background:var(--normal-wash)}
.summary td{overflow-wrap:normal}
.summary th,.summary td{padding-block:1px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(200px,100%),1fr));gap:16px;list-style:none;padding:0}
.pair{grid-template-columns:repeat(2,minmax(0,320px))}
.pictures img,.nothing{display:block;width:100%;border-radius:8px}
.nothing{padding:30px 8px;text-align:center;background:var(--unknown-wash);color:var(--ink);font-size:14px}
figure{display:grid;gap:6px}
figcaption{font-size:14px}
figcaption b{font-weight:600;color:var(--ink)}
.tag{color:var(--tone);font-weight:600}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:2px 20px;font-size:14px}
.code,code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px;white-space:pre-wrap;overflow-wrap:anywhere}
.wide{position:relative}
@media (max-width:620px){[aria-labelledby=method]{columns:1}.origin{grid-template-columns:minmax(0,1fr)}main{padding:14px 8px 40px}section{padding:18px 14px}dl{grid-template-columns:minmax(0,1fr);gap:0}dd{margin-bottom:6px}.summary{font-size:12px}.summary th,.summary td{padding:4px 3px}.summary tbody th{white-space:normal}.coverage{font-size:9px}.coverage td{min-width:9px}}
@page{size:A4;margin:14mm}
@media print{body{font-size:11pt;background:#fff}:root{--surface:#fff}main{max-width:none;padding:0;gap:8mm}section{padding:0;border-radius:0}.verdict{padding:5mm;border-radius:3mm}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}figure,.coverage,.pictures li,tr,dl>*{break-inside:avoid}h2,h3{break-after:avoid}thead{display:table-header-group}.pictures{grid-template-columns:repeat(3,1fr)}a{color:inherit;text-decoration:none}table{font-size:9pt}}
`;
