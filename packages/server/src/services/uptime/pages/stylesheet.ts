import { createHash } from 'node:crypto'

const css = `
:root{color-scheme:light dark;--bg:#fff;--ink:#16181d;--soft:#5c6370;--line:#e3e6ea;--card:#f7f8fa;--up:#1a7f4b;--warn:#96690a;--bad:#c2362b;--blue:#2f62c9;--grey:#767d88;--bar:#2f9e68}
@media (prefers-color-scheme:dark){:root{--bg:#101216;--ink:#e9ebee;--soft:#a0a7b2;--line:#2a2e36;--card:#181b21;--up:#4ac284;--warn:#dfae45;--bad:#f0776c;--blue:#7ea6f7;--grey:#8d95a1;--bar:#2f9e68}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans JP",sans-serif;-webkit-text-size-adjust:100%}
header,main,footer{max-width:46rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
.brand{font-size:1.375rem;font-weight:650;letter-spacing:-.01em;margin:0}
.about{margin:.25rem 0 0;color:var(--soft)}
h1.banner{display:flex;gap:.75rem;align-items:center;margin:1.5rem 0 2.5rem;padding:1.125rem 1.25rem;border:1px solid var(--line);border-left:6px solid var(--tone);border-radius:10px;background:var(--card);font-size:1.25rem;line-height:1.35;font-weight:600;overflow-wrap:anywhere}
h2{font-size:1rem;margin:2.5rem 0 .75rem;font-weight:600}
h3,h4{margin:0;font-size:1rem;font-weight:550;overflow-wrap:anywhere}
.none,.up{--tone:var(--up)}.minor,.degraded{--tone:var(--warn)}.major,.critical,.down{--tone:var(--bad)}.maintenance{--tone:var(--blue)}.unknown,.paused{--tone:var(--grey)}
.mark{flex:none;width:.75rem;height:.75rem;border-radius:50%;background:var(--tone)}
.down .mark,.major .mark,.critical .mark{border-radius:2px}.degraded .mark,.minor .mark{border-radius:2px;transform:rotate(45deg) scale(.85)}.maintenance .mark{border-radius:2px;height:.35rem}.unknown .mark,.paused .mark{background:0 0;border:2px solid var(--tone)}
.components{list-style:none;margin:0;padding:0;border:1px solid var(--line);border-radius:10px}
.components>li{padding:1rem 1.25rem}
.components>li+li{border-top:1px solid var(--line)}
.head{display:flex;justify-content:space-between;gap:1rem;align-items:baseline}
.state{display:inline-flex;gap:.45rem;align-items:center;color:var(--tone);font-size:.875rem;font-weight:600;white-space:nowrap}
.state .mark{width:.6rem;height:.6rem}
.bars{display:block;width:100%;height:2rem;margin:.625rem 0 .375rem}
.bars .base{fill:var(--bar)}.brief{fill:var(--warn)}.long{fill:#d9622b}.severe{fill:var(--bad)}rect.maintenance{fill:var(--blue)}.empty{fill:var(--grey)}
.scale{display:flex;justify-content:space-between;gap:.75rem;color:var(--soft);font-size:.8125rem}
.figure{color:var(--ink);text-align:center}
details{margin-top:.5rem;font-size:.875rem}
summary{cursor:pointer;color:var(--soft)}
table{border-collapse:collapse;margin-top:.5rem}
th,td{text-align:left;padding:.2rem 1.5rem .2rem 0;font-variant-numeric:tabular-nums}
th{color:var(--soft);font-weight:500}
.incident{margin:.5rem 0 1rem;padding:.875rem 1.125rem;border:1px solid var(--line);border-left:4px solid var(--tone);border-radius:8px}
.incident p{margin:.25rem 0}
.when,.quiet{color:var(--soft);font-size:.875rem}
.updates{list-style:none;margin:.5rem 0 0;padding:0}
.updates li{padding:.375rem 0;white-space:pre-line;overflow-wrap:anywhere}
.day{padding:.5rem 0;border-top:1px solid var(--line)}
.day h3{font-size:.875rem;color:var(--soft);font-weight:550}
.day .quiet{margin:.125rem 0}
footer{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;margin-top:3rem;padding-bottom:2.5rem;color:var(--soft);font-size:.8125rem}
a{color:inherit}
a:focus-visible,summary:focus-visible{outline:2px solid var(--blue);outline-offset:2px;border-radius:2px}
.missing{padding-top:5rem;text-align:center}
@media (max-width:28rem){.head{flex-wrap:wrap;gap:.125rem 1rem}.scale{flex-wrap:wrap}.figure{order:3;flex-basis:100%;text-align:left}.bars{height:1.75rem}}
@media (forced-colors:active){.mark,.bars *{forced-color-adjust:none}}
@media print{.bars{print-color-adjust:exact}}
`.trim()

/** Named by its content, so that it can be kept for ever; below `/status/assets/`. */
export const stylesheet = {
  body: css,
  file: `${createHash('sha256').update(css).digest('hex').slice(0, 16)}.css`,
}
