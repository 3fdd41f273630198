/** Without quotes or angle brackets, since it stands in the page itself: a report is one file that fetches nothing. */
export const reportStylesheet = `
:root{color-scheme:light dark;--bg:#fff;--ink:#16181d;--soft:#5c6370;--line:#d9dde3;--card:#f5f6f8}
@media (prefers-color-scheme:dark){:root{--bg:#101216;--ink:#e9ebee;--soft:#a0a7b2;--line:#2f343d;--card:#181b21}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,Segoe UI,Roboto,Noto Sans JP,Hiragino Sans,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:52rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font-size:1.75rem;line-height:1.25;letter-spacing:-.015em;margin:0 0 1.25rem}
h2{font-size:1.125rem;margin:2.5rem 0 .75rem;padding-top:1.25rem;border-top:1px solid var(--line)}
.verdict{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:baseline;margin:0 0 1.25rem;padding:.875rem 1.125rem;background:var(--card);border:1px solid var(--line);border-radius:8px}
.verdict span{color:var(--soft)}
.verdict strong{font-size:1.125rem}
.wording{margin:1.25rem 0 0;padding-left:.875rem;border-left:3px solid var(--line);color:var(--soft)}
.note{color:var(--soft);margin:0 0 .75rem}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.625rem 1.5rem;margin:0 0 1rem}
dt{color:var(--soft);font-size:.8125rem}
dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.875rem}
th,td{text-align:left;padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:top;font-variant-numeric:tabular-nums}
thead th{color:var(--soft);font-weight:500;font-size:.8125rem}
tbody th{font-weight:500}
ol{margin:0;padding-left:1.25rem}
li{margin:.4rem 0}
@media print{
:root{color-scheme:light;--bg:#fff;--ink:#000;--soft:#444;--line:#bbb;--card:#fff}
@page{size:A4;margin:18mm 16mm}
body{font-size:10pt}
main{max-width:none;padding:0}
h2{break-after:avoid}
section,tr,.verdict{break-inside:avoid}
.wide{overflow:visible}
}
`
