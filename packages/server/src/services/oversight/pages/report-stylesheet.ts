import { withTokens } from '@gatehouse/kernel/design'

/**
 * Contains no quotes or angle brackets, because it is inlined in the page: a report is one file without external
 * resources.
 */
export const reportStylesheet = withTokens(`
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:var(--text-14)/1.55 var(--font);-webkit-text-size-adjust:100%}
main{max-width:52rem;margin:0 auto;padding:var(--space-48) var(--space-16)}
h1{font-size:var(--text-28);line-height:1.25;letter-spacing:-.015em;margin:0 0 var(--space-24)}
h2{font-size:var(--text-20);margin:var(--space-48) 0 var(--space-12);padding-top:var(--space-24);border-top:1px solid var(--line)}
.verdict{display:flex;flex-wrap:wrap;gap:var(--space-4) var(--space-12);align-items:baseline;margin:0 0 var(--space-24);padding:var(--space-12) var(--space-16);background:var(--side);border:1px solid var(--line);border-radius:var(--radius-card)}
.verdict span{color:var(--soft)}
.verdict strong{font-size:var(--text-20)}
.wording{margin:var(--space-24) 0 0;padding-left:var(--space-12);border-left:3px solid var(--line);color:var(--soft)}
.note{color:var(--soft);margin:0 0 var(--space-12)}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:var(--space-8) var(--space-24);margin:0 0 var(--space-16)}
dt{color:var(--soft);font-size:var(--text-13)}
dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:var(--text-14)}
th,td{text-align:left;padding:var(--space-8) var(--space-12) var(--space-8) 0;border-bottom:1px solid var(--line);vertical-align:top;font-variant-numeric:tabular-nums}
thead th{color:var(--soft);font-weight:var(--weight-label);font-size:var(--text-13)}
tbody th{font-weight:var(--weight-label)}
ol{margin:0;padding-left:var(--space-24)}
li{margin:var(--space-8) 0}
@media print{
@page{size:A4;margin:18mm 16mm}
body{font-size:var(--text-13)}
main{max-width:none;padding:0}
h2{break-after:avoid}
section,tr,.verdict{break-inside:avoid}
.wide{overflow:visible}
}
`)
