// Draws each dataset's interval chart in the colours of the reader's scheme.
// The interpreter (ast: true) is used because the page's policy allows no eval.
const dark = matchMedia("(prefers-color-scheme: dark)");
const figures = [...document.querySelectorAll("figure")].map((figure) => ({
  box: figure.querySelector(".chart"),
  spec: JSON.parse(figure.querySelector(".spec").textContent),
  view: null,
}));

function config(width) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const [ink, muted, grid, accent, warn, good, bad] = ["ink", "muted", "line", "accent", "warn", "good", "bad"].map(colour);
  const axis = { labelColor: muted, labelFontSize: 12, titleColor: muted, titleFontWeight: "normal", gridColor: grid, domainColor: grid, tickColor: grid };
  return {
    background: null,
    font: style.getPropertyValue("--sans").trim(),
    view: { stroke: null },
    axis,
    axisY: { labelColor: ink, labelFontSize: 13, labelPadding: 10, labelLimit: Math.max(90, width * 0.36) },
    axisX: { labelFlush: true, ticks: false, domain: false, labelPadding: 6 },
    range: { category: [accent, muted, warn, good, bad] },
    legend: { labelColor: ink, titleColor: muted, orient: "top" },
    point: { stroke: warn },
    text: { fill: muted, fontSize: 12 },
  };
}

async function show(entry) {
  entry.view?.finalize();
  const options = { mode: "vega-lite", ast: true, actions: false, renderer: "svg", config: config(entry.box.clientWidth) };
  entry.view = await window.vegaEmbed(entry.box, entry.spec, options);
}

for (const { box, spec } of figures) box.style.minHeight = `${spec.height + 28}px`;
const watcher = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    show(figures.find((entry) => entry.box === target));
  }
}, { rootMargin: "800px" });
// A few charts are drawn at once; many would hold up the page, so each waits until it is near.
if (figures.length <= 12) figures.forEach(show);
else for (const entry of figures) watcher.observe(entry.box);
dark.addEventListener("change", () => figures.filter((entry) => entry.view).forEach(show));
addEventListener("beforeprint", () => figures.filter((entry) => !entry.view).forEach(show));
