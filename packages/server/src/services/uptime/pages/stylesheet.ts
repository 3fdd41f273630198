import { createHash } from 'node:crypto'
import { toFontCss, withTokens } from '@gatehouse/kernel/design'
import { publicFonts } from '../../../service/public-fonts.ts'

const css = `${toFontCss((name) => publicFonts[name].file)}
${withTokens(`
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:var(--text-16)/1.5 var(--font);-webkit-text-size-adjust:100%}
:lang(ja) :is(h1,h2,h3,p,li){word-break:auto-phrase}
header,main,footer{max-width:46rem;margin:0 auto;padding:0 var(--space-16)}
header{padding-top:var(--space-48)}
.brand{font-size:var(--text-20);font-weight:var(--weight-title);letter-spacing:-.01em;margin:0}
.brand img{display:block;width:auto;height:auto;max-width:100%;max-height:4rem}
.about{margin:var(--space-4) 0 0;color:var(--soft)}
h1.banner{display:flex;gap:var(--space-12);align-items:center;margin:var(--space-24) 0 var(--space-48);padding:var(--space-16) var(--space-24);border:1px solid var(--line);border-left:6px solid var(--tone);border-radius:var(--radius-card);background:var(--card);font-size:var(--text-20);line-height:1.35;font-weight:var(--weight-title);overflow-wrap:anywhere}
h1.banner small{display:block;color:var(--soft);font-size:var(--text-14);font-weight:var(--weight-text)}
h2{font-size:var(--text-16);margin:var(--space-48) 0 var(--space-12);font-weight:var(--weight-title)}
h3,h4{margin:0;font-size:var(--text-16);font-weight:var(--weight-label);overflow-wrap:anywhere}
.none,.up{--tone:var(--ok)}.minor,.degraded{--tone:var(--degraded)}.major,.critical,.down{--tone:var(--down)}.maintenance{--tone:var(--maintenance)}.unknown,.nothing,.paused{--tone:var(--unknown)}
.mark{flex:none;width:.75rem;height:.75rem;border-radius:50%;background:var(--tone)}
.down .mark,.major .mark,.critical .mark{border-radius:2px}.degraded .mark,.minor .mark{border-radius:2px;transform:rotate(45deg) scale(.85)}.maintenance .mark{border-radius:2px;height:.35rem}.unknown .mark,.nothing .mark,.paused .mark{background:0 0;border:2px solid var(--tone)}
.components{list-style:none;margin:0;padding:0;border:1px solid var(--line);border-radius:var(--radius-card)}
.components>li{padding:var(--space-16) var(--space-24)}
.components>li+li{border-top:1px solid var(--line)}
.section{margin:var(--space-24) 0 var(--space-8);font-size:var(--text-16);font-weight:var(--weight-title)}
.what{margin:var(--space-4) 0 0;color:var(--soft);font-size:var(--text-14);overflow-wrap:anywhere}
.head{display:flex;justify-content:space-between;gap:var(--space-16);align-items:baseline}
.state{display:inline-flex;gap:var(--space-8);align-items:center;color:var(--tone);font-size:var(--text-14);font-weight:var(--weight-title);white-space:nowrap}
.state .mark{width:.6rem;height:.6rem}
.bars{display:block;width:100%;height:2rem;margin:var(--space-8) 0}
.bars .base{fill:var(--ok)}.brief{fill:var(--degraded)}.long{fill:var(--series-3)}.severe{fill:var(--down)}rect.maintenance{fill:var(--maintenance)}.empty{fill:var(--gray-8)}
.scale{display:flex;justify-content:space-between;gap:var(--space-12);color:var(--soft);font-size:var(--text-13)}
.figure{color:var(--ink);text-align:center}
details{margin-top:var(--space-8);font-size:var(--text-14)}
summary{cursor:pointer;color:var(--soft)}
table{border-collapse:collapse;margin-top:var(--space-8)}
th,td{text-align:left;padding:var(--space-4) var(--space-24) var(--space-4) 0;font-variant-numeric:tabular-nums}
th{color:var(--soft);font-weight:var(--weight-label)}
.incident{margin:var(--space-8) 0 var(--space-16);padding:var(--space-12) var(--space-16);border:1px solid var(--line);border-left:4px solid var(--tone);border-radius:var(--radius-card)}
.incident p{margin:var(--space-4) 0}
.when,.quiet{color:var(--soft);font-size:var(--text-14)}
.updates{list-style:none;margin:var(--space-8) 0 0;padding:0}
.updates li{padding:var(--space-8) 0;white-space:pre-line;overflow-wrap:anywhere}
.day{padding:var(--space-8) 0;border-top:1px solid var(--line)}
.day h3{font-size:var(--text-14);color:var(--soft);font-weight:var(--weight-label)}
.day .quiet{margin:var(--space-2) 0}
footer{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 var(--space-16);margin-top:var(--space-48);padding-bottom:var(--space-48);color:var(--soft);font-size:var(--text-13)}
a{color:inherit}
a:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
.missing{padding-top:var(--space-48);text-align:center}
.missing h1{margin:0 0 var(--space-8);font-size:var(--text-20);line-height:1.35}
form{display:grid;gap:var(--space-8);max-width:20rem;margin:var(--space-24) auto 0;text-align:left}
form label{font-weight:var(--weight-label)}
form p{margin:0;color:var(--down)}
input,button{font:inherit;min-height:2.5rem;padding:var(--space-4) var(--space-12);border:1px solid var(--gray-8);border-radius:var(--radius-control);background:var(--card);color:var(--ink)}
fieldset{display:grid;gap:var(--space-8);margin:0;padding:var(--space-12);border:1px solid var(--line);border-radius:var(--radius-card)}
form .pick{display:flex;gap:var(--space-8);align-items:center;font-weight:var(--weight-text);overflow-wrap:anywhere}.pick input{min-height:0}
dd{margin:0 0 var(--space-12);overflow-wrap:anywhere}
form .quiet{color:var(--soft)}
.ask{margin:0;max-width:28rem}.ask div{display:flex;flex-wrap:wrap;gap:var(--space-8)}.ask input{flex:1 1 12rem;min-width:0}
button{border-color:transparent;background:var(--accent);color:var(--on-accent);font-weight:var(--weight-title);cursor:pointer}
button:hover{background:var(--accent-hover)}
input:focus-visible,button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
@media (max-width:28rem){.head{flex-wrap:wrap;gap:var(--space-2) var(--space-16)}.scale{flex-wrap:wrap}.figure{order:3;flex-basis:100%;text-align:left}.bars{height:1.75rem}}
@media (forced-colors:active){.mark,.bars *{forced-color-adjust:none}}
@media print{.bars,.mark{print-color-adjust:exact}.components>li,.incident,.day{break-inside:avoid}h2,h3{break-after:avoid}.aside{display:none}}
`)}`

/** Named by its content hash, so that it can be cached forever; served below `/status/assets/`. */
export const stylesheet = {
  body: css,
  file: `${createHash('sha256').update(css).digest('hex').slice(0, 16)}.css`,
}
