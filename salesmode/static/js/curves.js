// Lines drawn from the tables beside them: courses over months, and the Lorenz curve. Without this file the tables stay.
(() => {
  "use strict";
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const percent = (value) => (value === null || value === undefined ? "—" : `${Math.round(value * 1000) / 10}%`);
  const open = [];

  function read(box) {
    const rows = [...box.querySelectorAll("tr[data-point]")].map((row) => ({
      label: row.dataset.point,
      values: row.dataset.values.split(";").map((text) => (text === "" ? null : Number(text))),
    }));
    const names = [...box.querySelectorAll("thead th.numeric")].map((cell) => cell.textContent);
    return { rows, names };
  }

  function draw(box) {
    const { rows, names } = read(box);
    const canvas = box.querySelector("[data-canvas]");
    if (!rows.length || !canvas || !window.echarts) return;
    canvas.hidden = false;
    box.querySelector("[data-chart-table]").open = false;
    const [ink, ink2, line, accent, grey, surface] = ["ink", "ink-2", "line", "accent", "line-strong", "raised"].map(token);
    const text = { color: ink2, fontFamily: token("font"), fontSize: 12 };
    const isLorenz = box.dataset.curve === "lorenz";
    const colours = isLorenz ? [accent, grey] : [accent, ink2, grey];
    const share = (row) => Number.parseFloat(row.label.replace(",", ".")) / 100;
    const chart = window.echarts.init(canvas, null, { renderer: "canvas" });
    chart.setOption({
      textStyle: text,
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
      legend: { type: "scroll", top: 0, textStyle: text, icon: "roundRect", itemHeight: 3 },
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: percent, backgroundColor: surface, borderColor: line, textStyle: { ...text, color: ink } },
      xAxis: isLorenz
        ? { type: "value", min: 0, max: 1, axisLabel: { ...text, formatter: percent }, splitLine: { show: false }, axisLine: { lineStyle: { color: line } } }
        : { type: "category", data: rows.map((row) => row.label), axisLabel: text, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } },
      yAxis: { type: "value", min: 0, max: 1, axisLabel: { ...text, formatter: percent }, splitLine: { lineStyle: { color: line } } },
      series: names.map((name, place) => ({
        name, type: "line", symbolSize: 5, showSymbol: !isLorenz, connectNulls: false, color: colours[place],
        lineStyle: { width: 2, type: isLorenz && place === 1 ? "dashed" : "solid" },
        areaStyle: isLorenz && place === 0 ? { opacity: 0.08 } : undefined,
        data: rows.map((row) => (isLorenz ? [share(row), row.values[place]] : row.values[place])),
      })),
    });
    open.push(chart);
  }

  function drawAll() {
    open.splice(0).forEach((chart) => chart.dispose());
    document.querySelectorAll("[data-curve]").forEach(draw);
  }

  document.addEventListener("change", ({ target }) => target.closest("form.pickers")?.requestSubmit());
  addEventListener("resize", () => open.forEach((chart) => chart.resize()));
  new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", drawAll);
  else drawAll();
})();
